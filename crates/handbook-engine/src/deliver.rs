//! Stage seven: takes edits back to the text that mdBook handed over, findings and fixes to the
//! disk.

use crate::derive::Filled;
use crate::input::normalised;
use crate::load::WayBack;
use crate::{FileFix, Located, rules};
use handbook_book::{Book, ChapterId, Node, NodeKind};
use handbook_pass::{Findings, Found, Places, Related};
use handbook_text::include::{ReadError, ReadFiles};
use handbook_text::{
    Copied, Disk, Edit, EditSet, Expanded, Finding, Fix, LineIndexes, Place, Safety, Span,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Knows the way from a chapter's expanded text to the disk.
pub(crate) struct Locator<'a> {
    pub(crate) root: &'a Path,
    pub(crate) book: &'a Book,
    pub(crate) ways: &'a [WayBack],
    pub(crate) files: &'a dyn ReadFiles,
    /// A book may be asked for thousands of its lines.
    lines: RefCell<LineIndexes>,
}

/// A place on disk.
struct OnDisk {
    file: PathBuf,
    text: Option<Arc<str>>,
    span: Option<Span<Disk>>,
    /// Whether the bytes there are the ones that were asked for.
    exact: bool,
}

impl OnDisk {
    /// The file and the line, from one, where the place starts.
    fn file_and_line(self, lines: &mut LineIndexes) -> (PathBuf, usize) {
        let offset = self.span.map_or(0, Span::start);
        let line = self.text.as_ref().map_or(1, |text| lines.of(text).line(offset));
        (self.file, line)
    }
}

/// Turns what the stages left behind into findings, those from `before` first, pages and fixes, as an
/// [`Analysis`](crate::Analysis) holds them.
pub(crate) fn deliver(
    locator: &Locator<'_>,
    before: Vec<Located>,
    mut findings: Findings,
    broken_includes: Vec<(ChapterId, Finding<Expanded>, Place)>,
    filled: Vec<Filled>,
) -> (Vec<Located>, Vec<Option<String>>, Vec<FileFix>) {
    let mut pages = Vec::new();
    let mut write_downs = Vec::new();
    for (index, mut filled) in filled.into_iter().enumerate() {
        let id = ChapterId(index);
        let fixes = std::mem::take(&mut filled.write_downs).into_iter();
        write_downs.extend(fixes.map(|(rule, fix)| (id, rule, fix)));
        pages.push(page(locator, id, filled, &mut findings));
    }

    let mut found: Vec<(usize, usize, Located)> = Vec::new();
    let mut fixes = Vec::new();
    for (id, finding, place) in broken_includes {
        let offset = finding.span.map_or(0, Span::start);
        found.push((id.0, offset, locator.located(id, finding, Some(&place))));
    }
    for Found { chapter: id, finding, related, also_about } in findings {
        let offset = finding.span.map_or(0, Span::start);
        let rule = finding.rule;
        let wanted = finding.fix.clone();
        let mut located = locator.located(id, finding, None);
        located.chapters.extend(also_about);
        located.related = related.into_iter().map(|related| locator.related(related)).collect();
        if let Some(wanted) = wanted {
            let fix = locator.fix(id, rule, &wanted);
            let help = &mut located.finding.help;
            help.get_or_insert_with(|| fix_help(fix.as_ref()).to_owned());
            located.finding.fix = fix.as_ref().map(|fix| fix.fix.clone());
            fixes.extend(fix);
        }
        found.push((id.0, offset, located));
    }
    let write_downs = write_downs.iter();
    fixes.extend(write_downs.filter_map(|(id, rule, fix)| locator.fix(*id, rule, fix)));

    found.sort_by(|(chapter, offset, _), (other, place, _)| (chapter, offset).cmp(&(other, place)));
    let found = found.into_iter().map(|(_, _, located)| located);
    let all = merged(before.into_iter().chain(found));
    (all, pages, fixes)
}

/// What to do about a finding with a remedy that is, or is not, to be had on disk.
fn fix_help(fix: Option<&FileFix>) -> &'static str {
    match fix.map(|fix| fix.fix.safety) {
        Some(Safety::Safe) => "`handbook fix` writes down what the book gives now",
        Some(Safety::Unsafe) => "`handbook fix --unsafe` makes a start",
        None => "edit it by hand: the text is put together from several places",
    }
}

/// The findings without repetitions: a file that several chapters include is judged in each.
fn merged(findings: impl Iterator<Item = Located>) -> Vec<Located> {
    let mut places = BTreeMap::new();
    let mut all: Vec<Located> = Vec::new();
    for located in findings {
        let finding = &located.finding;
        let key = (located.file.clone(), finding.span, finding.rule, finding.message.clone());
        match places.entry(key) {
            Entry::Vacant(place) => {
                place.insert(all.len());
                all.push(located);
            }
            Entry::Occupied(place) => {
                let first = &mut all[*place.get()];
                first.chapters.extend(located.chapters);
                for related in located.related {
                    if !first.related.contains(&related) {
                        first.related.push(related);
                    }
                }
            }
        }
    }
    all
}

/// The received text with a chapter's page edits; `None` if there are none.
fn page(
    locator: &Locator<'_>,
    id: ChapterId,
    mut filled: Filled,
    findings: &mut Findings,
) -> Option<String> {
    filled.edits.sort_by_key(|edit| edit.order);
    let (edits, contested) = EditSet::first_come(filled.edits.into_iter().map(|edit| edit.edit));
    for edit in contested {
        let rule = rules::CONTESTED_TEXT;
        let finding = Finding::new(rule.id, rule.level, rule.summary).at(edit.span);
        findings.push(id, finding);
    }
    if edits.is_empty() {
        return None;
    }
    let way = &locator.ways[id.0];
    let expanded = &locator.book[id].document.text;
    match way.map.page_edits(&way.received, expanded, edits) {
        Ok(edits) => Some(edits.apply(&way.received)),
        Err(error) => {
            let rule = rules::UNESCAPABLE;
            findings.push(id, Finding::new(rule.id, rule.level, error.to_string()));
            None
        }
    }
}

impl<'a> Locator<'a> {
    pub(crate) fn new(
        root: &'a Path,
        book: &'a Book,
        ways: &'a [WayBack],
        files: &'a dyn ReadFiles,
    ) -> Self {
        Self { root, book, ways, files, lines: RefCell::default() }
    }
}

impl Locator<'_> {
    /// A finding at its place on disk. `place` stands in for its span where that says too little.
    fn located(&self, id: ChapterId, finding: Finding<Expanded>, place: Option<&Place>) -> Located {
        let way = &self.ways[id.0];
        let place = place.cloned().or_else(|| finding.span.map(|span| way.map.locate(span)));
        let (on_disk, included_from) = match &place {
            Some(place) => (self.on_disk(id, &place.at), &place.included_from[..]),
            None => (self.on_disk(id, &Copied::Received(Span::at(0))), &[][..]),
        };
        let mut lines = self.lines.borrow_mut();
        let included_from = included_from.iter();
        let included_from =
            included_from.map(|from| self.on_disk(id, from).file_and_line(&mut lines)).collect();
        let section = finding
            .span
            .map_or_else(Vec::new, |span| headings(&self.book[id].document.root, span.start()));
        let mut finding: Finding<Disk> = finding.without_place();
        finding.span = on_disk.span.filter(|_| place.is_some());
        if !on_disk.exact {
            finding.notes.push(match on_disk.text {
                Some(_) => {
                    "another preprocessor changed this text first: the place is the nearest \
                            line in the file"
                        .to_owned()
                }
                None => "another preprocessor made this chapter: there is no file to point into"
                    .to_owned(),
            });
        }
        let (file, text) = (Some(on_disk.file), on_disk.text);
        let located = Located::of_file(finding, file, text);
        Located { included_from, chapters: vec![id], section, ..located }
    }

    fn related(&self, related: Related) -> (String, PathBuf, usize) {
        let Related { what, chapter, span } = related;
        let (file, line) = self.line(chapter, span);
        (what, file, line)
    }

    fn on_disk(&self, id: ChapterId, copied: &Copied) -> OnDisk {
        let way = &self.ways[id.0];
        match copied {
            Copied::File { path, span } => OnDisk {
                file: normalised(path),
                text: self.files.read(path).ok(),
                span: Some(*span),
                exact: true,
            },
            Copied::Received(span) => match &way.disk {
                Some((text, map)) => {
                    let (span, exact) = map.nearest(*span);
                    let text = Some(Arc::clone(text));
                    OnDisk { file: way.file.clone(), text, span: Some(span), exact }
                }
                None => OnDisk { file: way.file.clone(), text: None, span: None, exact: false },
            },
        }
    }

    /// A fix on disk, if every byte that it replaces was copied from one file of the book.
    fn fix(&self, id: ChapterId, rule: &'static str, fix: &Fix<Expanded>) -> Option<FileFix> {
        let mut file: Option<PathBuf> = None;
        let mut edits = Vec::new();
        for edit in &fix.edits {
            let (path, span) = self.exact(id, edit.span)?;
            if file.get_or_insert_with(|| path.clone()) != &path {
                return None;
            }
            edits.push(Edit::replace(span, edit.replacement.clone()));
        }
        let file = file.filter(|file| file.starts_with(self.root))?;
        if self.files.read(&file).is_ok_and(|text| has_windows_lines(&text)) {
            for edit in &mut edits {
                edit.replacement = edit.replacement.replace("\r\n", "\n").replace('\n', "\r\n");
            }
        }
        let fix = Fix { edits, safety: fix.safety, rewrites: fix.rewrites.clone() };
        Some(FileFix { file, fix, rule, chapter: id })
    }

    /// The bytes on disk that `span` was copied from.
    fn exact(&self, id: ChapterId, span: Span<Expanded>) -> Option<(PathBuf, Span<Disk>)> {
        let way = &self.ways[id.0];
        let to_disk = |copied: Copied| match copied {
            Copied::File { path, span } => Some((normalised(&path), span)),
            Copied::Received(span) => {
                let (_, map) = way.disk.as_ref()?;
                Some((way.file.clone(), map.exact(span)?))
            }
        };
        if !span.is_empty() {
            return to_disk(way.map.copied(span)?);
        }
        // What is inserted belongs to the text before it, where the block stands that asks for it.
        let text = &self.book[id].document.text;
        let Some(before) = text[..span.start()].chars().next_back() else {
            return to_disk(way.map.copied(span)?);
        };
        let before = Span::new(span.start() - before.len_utf8(), span.start());
        let (file, before) = to_disk(way.map.copied(before)?)?;
        Some((file, Span::at(before.end())))
    }
}

impl Places for Locator<'_> {
    fn on_disk(&self, chapter: ChapterId, span: Span<Expanded>) -> Option<(PathBuf, usize)> {
        self.exact(chapter, span).map(|(file, span)| (file, span.start()))
    }

    fn line(&self, chapter: ChapterId, span: Span<Expanded>) -> (PathBuf, usize) {
        let place = self.ways[chapter.0].map.locate(span);
        self.on_disk(chapter, &place.at).file_and_line(&mut self.lines.borrow_mut())
    }

    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        self.files.read(path)
    }

    fn list(&self, folder: &Path) -> Result<Arc<str>, ReadError> {
        self.files.list(folder)
    }
}

/// The headings of the sections around `offset`, outermost first.
fn headings(root: &Node, offset: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut around = Some(root);
    while let Some(node) = around.filter(|node| node.span.range().contains(&offset)) {
        if let NodeKind::Section(heading) = &node.kind {
            found.push(heading.text.clone());
        }
        // Children stand in order and apart.
        let until = node.children.partition_point(|child| child.span.start() <= offset);
        around = node.children[..until].last();
    }
    found
}

/// Whether the lines of a file end as on Windows: the first one decides.
fn has_windows_lines(text: &str) -> bool {
    text.find('\n').is_some_and(|end| text[..end].ends_with('\r'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::{Document, Host};

    #[test]
    fn headings_are_those_of_all_nodes_around() {
        let nested = "# A\n\n> ## B\n>\n> - c\n>\n>   ### D\n>   text\n\nTerm\n: told\n\n## E\n\n\
                      **F:** g\n\n- h\n  - i\n\n    > j\n\n[^k]: l\n\n    ## M\n\n| n |\n|---|\n| o |\n";
        for text in [nested, include_str!("../../../book/src/guide.md")] {
            let document = Document::parse(text, Host::default());
            for offset in (0..=text.len()).step_by(7) {
                let around = document.root.walk();
                let around = around.filter(|node| node.span.range().contains(&offset));
                let expected: Vec<&str> = around
                    .filter_map(|node| match &node.kind {
                        NodeKind::Section(heading) => Some(heading.text.as_str()),
                        _ => None,
                    })
                    .collect();
                assert_eq!(headings(&document.root, offset), expected, "{offset}");
            }
        }
    }
}
