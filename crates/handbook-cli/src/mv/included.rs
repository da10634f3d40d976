//! Links in files that chapters include. They are relative to whoever includes them, so each of these
//! chapters has a wish for how they are written afterwards; where all wish the same, it is done.

use super::rewrite::addresses;
use crate::journal::is_inside;
use handbook_book::{Book, ChapterId, Document};
use handbook_engine::normalised;
use handbook_mdbook::DiskFiles;
use handbook_text::include::{ReadFiles, expand};
use handbook_text::{Copied, Disk, Edit, EditSet, Expanded, SourceMap, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The edit that a chapter's link to a destination, written at a place of a text, needs.
pub(crate) type Link<'a> =
    dyn Fn(ChapterId, &Document, Span<Expanded>, &str) -> Option<Edit<Expanded>> + 'a;

/// What becomes of included files.
#[derive(Debug, Default)]
pub(crate) struct Included {
    /// The files that change, with what they hold and what they are to hold.
    pub(crate) changed: Vec<(PathBuf, String, String)>,
    /// What is left to do by hand, a sentence each.
    pub(crate) by_hand: Vec<String>,
}

/// The links in included files, by file and place, with what each chapter wishes.
#[derive(Default)]
struct Wishes(BTreeMap<(PathBuf, Span<Disk>), Vec<Wish>>);

struct Wish {
    from: ChapterId,
    /// `None` if the link is right as it is.
    edit: Option<Edit<Disk>>,
}

/// What `link` wants of the files that the chapters of the book at `root`, with its source folder
/// `src`, include.
pub(crate) fn follow(root: &Path, src: &Path, book: &Book, link: &Link<'_>) -> Included {
    let wishes = Wishes::of(src, book, link);
    // What changes anyway, by its own links.
    let names = book.iter().map(|(_, chapter)| chapter.path.as_path());
    let names = names.chain([Path::new("SUMMARY.md")]);
    let own: BTreeSet<PathBuf> = names.map(|path| normalised(&src.join(path))).collect();
    let mut included = Included::default();
    let mut edits: BTreeMap<&Path, Vec<Edit<Disk>>> = BTreeMap::new();
    for ((file, place), wishes) in &wishes.0 {
        let Some(wanted) = wishes.iter().find_map(|wish| wish.edit.as_ref()) else { continue };
        let name = file.strip_prefix(root);
        let differs = wishes.iter().any(|wish| wish.edit.as_ref() != Some(wanted));
        let why = match name {
            _ if own.contains(file) && !differs => continue,
            _ if differs => {
                let names: BTreeSet<_> = wishes.iter().map(|wish| &book[wish.from].path).collect();
                let names: Vec<_> =
                    names.into_iter().map(|path| format!("`{}`", path.display())).collect();
                format!("it would have to differ for {}", names.join(", "))
            }
            Ok(name) if is_inside(root, name) => {
                edits.entry(file).or_default().push(wanted.clone());
                continue;
            }
            _ => "it lies outside of the book's folder, or is hidden".to_owned(),
        };
        included.by_hand.push(by_hand(name.unwrap_or(file), file, *place, &why));
    }
    for (file, edits) in edits {
        let Ok(before) = DiskFiles.read(file) else { continue };
        let after = EditSet::first_come(edits).0.apply(&before);
        included.changed.push((file.to_owned(), before.to_string(), after));
    }
    included
}

impl Wishes {
    fn of(src: &Path, book: &Book, link: &Link<'_>) -> Self {
        let mut wishes = Self::default();
        for (id, chapter) in book.iter() {
            let file = src.join(&chapter.path);
            let text = &chapter.document.text;
            let expansion = expand(text, file.parent().unwrap_or(src), &DiskFiles);
            if expansion.text != **text {
                let document = Document::parse(expansion.text, book.host);
                let copied = |span| included(&expansion.map, span);
                wishes.add(id, &document, &copied, link);
            }
        }
        // A chapter that others include has wishes for its own links.
        let files: BTreeSet<PathBuf> = wishes.0.keys().map(|(file, _)| file.clone()).collect();
        for (id, chapter) in book.iter() {
            let file = normalised(&src.join(&chapter.path));
            if !files.contains(&file) {
                continue;
            }
            let mark = DiskFiles.read(&file).map_or(0, |text| {
                text.len() - text.strip_prefix('\u{feff}').unwrap_or(&text).len()
            });
            let own = |span: Span<Expanded>| {
                Some((file.clone(), Span::new(span.start() + mark, span.end() + mark)))
            };
            let mut others = Self::default();
            others.add(id, &chapter.document, &own, link);
            for (place, own) in others.0 {
                wishes.0.entry(place).and_modify(|wishes| wishes.extend(own));
            }
        }
        wishes
    }

    /// Adds what the chapter `from` wishes; `copied` says which file a place of the text is from.
    fn add(
        &mut self,
        from: ChapterId,
        document: &Document,
        copied: &dyn Fn(Span<Expanded>) -> Option<(PathBuf, Span<Disk>)>,
        link: &Link<'_>,
    ) {
        for (span, destination) in addresses(document) {
            let Some(place) = copied(span) else { continue };
            let edit = link(from, document, span, destination);
            let edit =
                edit.and_then(|edit| Some(Edit::replace(copied(edit.span)?.1, edit.replacement)));
            self.0.entry(place).or_default().push(Wish { from, edit });
        }
    }
}

/// The included file from which a place was copied.
fn included(map: &SourceMap, span: Span<Expanded>) -> Option<(PathBuf, Span<Disk>)> {
    match map.copied(span)? {
        Copied::Received(_) => None,
        Copied::File { path, span } => Some((normalised(&path), span)),
    }
}

fn by_hand(name: &Path, file: &Path, place: Span<Disk>, why: &str) -> String {
    let text = DiskFiles.read(file).unwrap_or_default();
    let line = 1 + text.get(..place.start()).unwrap_or_default().matches('\n').count();
    let link = text.get(place.range()).unwrap_or_default();
    format!("{}:{line}: the link to `{link}` is to be changed by hand: {why}", name.display())
}
