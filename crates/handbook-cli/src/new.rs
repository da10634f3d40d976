//! Writes a new chapter from the template of its kind, and puts it where readers find it.
//!
//! 1. The kind gives the text; [`name`] makes the file's name after those beside it.
//! 2. `handbook-mdbook` finds the line of SUMMARY, [`hub`] the list on the parent's page.
//! 3. The [journal](Journal) makes the change as a whole.

mod hub;
mod name;

use crate::Outcome;
use crate::arguments::{New, Shared};
use crate::journal::Journal;
use crate::open::OpenBook;
use crate::place;
use crate::report::line;
use anyhow::{Context, anyhow, bail};
use handbook_book::{Document, Host, HostVersion, between};
use handbook_engine::{Input, normalised};
use handbook_mdbook::{DiskFiles, Draft, Entry, Summary, link};
use handbook_template::{Facts, Pattern};
use handbook_text::EditSet;
use handbook_text::include::ReadFiles;
use mdbook_adr::{Kind, Kinds, Settings};
use name::Style;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Writes a chapter, and links it in SUMMARY and on its parent's page.
pub(crate) fn new(shared: &Shared, new: &New) -> anyhow::Result<Outcome> {
    let (book, lock) = OpenBook::open_to_change(shared, &DiskFiles)?;
    let input = book.input(&DiskFiles)?;
    let host = Host { front_matter: true, ..book.config.host(HostVersion::V0_5) };
    let kinds = kinds(&book, &new.kind, host)?;
    let kind = kind(&kinds, &new.kind)?;
    let new_chapter = NewChapter::new(&book, &input, &kinds, kind, host)?;
    let chapter = new_chapter.chapter(new)?;

    let file = new_chapter.src.join(&chapter.path);
    let name = |file: &Path| file.strip_prefix(&book.root).unwrap_or(file).display().to_string();
    let mut journal = Journal::new(format!("writing `{}`", name(&file)));
    journal.add(&book.root, &file, None, Some(&chapter.text))?;
    new_chapter.list(&chapter, &mut journal)?;
    let by_hand = new_chapter.link(&chapter, &mut journal)?;
    if new.dry_run {
        journal.show()?;
        return Ok(Outcome::Clean);
    }
    journal.perform(&book.root, &lock)?;
    journal.tell()?;

    line("\nNext:")?;
    if let Some((hub, link)) = by_hand {
        line(&format!("- link it where readers of {} look for it: {link}", name(&hub)))?;
    }
    let document = Document::parse(chapter.text.as_str(), host);
    match kind.template.match_document(&document).placeholders.len() {
        0 => {}
        1 => line("- fill in what stands in brackets, 1 placeholder")?,
        many => line(&format!("- fill in what stands in brackets, {many} placeholders"))?,
    }
    let dir = shared.dir.as_ref().map(|dir| format!(" --dir {}", dir.display()));
    let dir = dir.unwrap_or_default();
    line(&format!("- `handbook check{dir} {file}` says what is still owed", file = name(&file)))?;
    Ok(Outcome::Clean)
}

/// The kinds of the book. A problem with the one that is asked for is an error.
fn kinds(book: &OpenBook, asked: &str, host: Host) -> anyhow::Result<Kinds> {
    let settings: Settings = book.settings(&mdbook_adr::RECIPE)?;
    if settings.kinds.is_empty() {
        bail!("the book names no kinds of chapters; `handbook init` gives it some");
    }
    let (kinds, problems) = Kinds::read(&settings, &book.root, host, &DiskFiles);
    match problems.unread.get(asked) {
        Some(message) => bail!("{message}"),
        None => Ok(kinds),
    }
}

fn kind<'k>(kinds: &'k Kinds, name: &str) -> anyhow::Result<&'k Kind> {
    let unknown = || match kinds.near(name) {
        Some(near) => anyhow!("no kind `{name}`; did you mean `{near}`?"),
        None => {
            let names: Vec<String> = kinds.names().map(|name| format!("`{name}`")).collect();
            anyhow!("no kind `{name}`; the book has {}", names.join(", "))
        }
    };
    kinds.get(name).ok_or_else(unknown)
}

/// What a new chapter is made from.
struct NewChapter<'a> {
    book: &'a OpenBook,
    input: &'a Input,
    kinds: &'a Kinds,
    kind: &'a Kind,
    host: Host,
    /// The source folder.
    src: PathBuf,
    summary: Summary,
    summary_text: std::sync::Arc<str>,
}

/// A chapter that is not written yet.
struct Chapter {
    /// Its topic, as Markdown.
    topic: String,
    /// Its file, below the source folder.
    path: PathBuf,
    /// The file of the chapter that it stands under, below the source folder.
    parent: Option<PathBuf>,
    /// Where SUMMARY names it already, without a file.
    draft: Option<Draft>,
    text: String,
}

impl<'a> NewChapter<'a> {
    fn new(
        book: &'a OpenBook,
        input: &'a Input,
        kinds: &'a Kinds,
        kind: &'a Kind,
        host: Host,
    ) -> anyhow::Result<Self> {
        let src = normalised(&input.src);
        let file = src.join("SUMMARY.md");
        let summary_text = DiskFiles.read(&file).with_context(|| file.display().to_string())?;
        let summary = Summary::read(&summary_text).map_err(|message| anyhow!(message))?;
        Ok(Self { book, input, kinds, kind, host, src, summary, summary_text })
    }

    fn chapter(&self, new: &New) -> anyhow::Result<Chapter> {
        let title = new.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let pattern = self.kind.template.title();
        let topic = pattern.and_then(|pattern| pattern.wildcards(&title));
        let topic = topic.filter(|topic| !topic.is_empty()).unwrap_or_else(|| title.clone());
        if topic.is_empty() {
            bail!("a chapter needs a title");
        }
        let parent = new.parent.as_deref().map(|parent| self.book.chapter(self.input, parent));
        let mut parent = parent.transpose()?.map(|parent| normalised(&parent));
        let draft = self.summary.draft(&[&topic, &title], parent.as_deref());
        parent = parent.or_else(|| draft.as_ref().and_then(|draft| draft.parent.clone()));
        let path = match &new.file {
            Some(file) => place::destination(self.book, &self.src, file)?,
            None => self.folder(parent.as_deref()).join(self.name(&topic, parent.as_deref())?),
        };
        let chapters = self.summary.chapters().filter_map(|entry| entry.path.as_deref());
        place::is_free(&self.src, chapters, &path, None)
            .map_err(|taken| anyhow!("{taken}; name another file, `--file PATH`"))?;
        if parent.is_none() {
            parent = self.summary.parent(&path).and_then(|entry| entry.path.clone());
        }
        let topic = without_brackets(&topic);
        let text = self.text(&topic, &path, parent.as_deref());
        Ok(Chapter { topic, path, parent, draft, text })
    }

    /// The folder of the new chapter, below the source folder: that of its kind, if it has one, or
    /// the one that all chapters beside it share, or else its parent's.
    fn folder(&self, parent: Option<&Path>) -> PathBuf {
        let kin = if parent.is_none() { self.kin() } else { Vec::new() };
        let beside = self.summary.children(parent).into_iter();
        let beside = beside.filter_map(|entry| entry.path.clone()).collect();
        let shared = [kin, beside].iter().find_map(|paths| shared_folder(paths));
        let of_parent = || parent.and_then(Path::parent).map(Path::to_owned);
        self.kind.folder.clone().or(shared).or_else(of_parent).unwrap_or_default()
    }

    fn name(&self, topic: &str, parent: Option<&Path>) -> anyhow::Result<String> {
        let names = |paths: Vec<PathBuf>| -> Vec<String> {
            let stems = paths.iter().filter_map(|path| path.file_stem());
            let names = stems.map(|stem| stem.to_string_lossy().into_owned());
            names.filter(|name| !name::is_reserved(name)).collect()
        };
        let beside = self.summary.children(parent).into_iter().filter_map(|one| one.path.clone());
        let all = self.input.chapters.iter().map(|chapter| chapter.path.clone());
        let candidates = [names(self.kin()), names(beside.collect()), names(all.collect())];
        let like = candidates.into_iter().find(|names| !names.is_empty()).unwrap_or_default();
        let title = self.kind.template.title().map(Pattern::text).unwrap_or_default();
        let suffix = title.rsplit_once([']', '}']).map(|(_, suffix)| suffix).unwrap_or_default();
        Ok(Style::of(&like, suffix).name(topic)? + ".md")
    }

    /// The chapters of the same kind, in the order of the book.
    fn kin(&self) -> Vec<PathBuf> {
        let is_kin = |path: &Path, text: &str| {
            let document = Document::parse(text, self.host);
            let kind = self.kinds.of(path, &document).ok().flatten();
            kind.is_some_and(|kind| kind.name == self.kind.name)
        };
        let chapters = self.input.chapters.iter();
        let kin = chapters.filter(|chapter| is_kin(&chapter.path, &chapter.received));
        kin.map(|chapter| normalised(&chapter.path)).collect()
    }

    fn text(&self, topic: &str, path: &Path, parent: Option<&Path>) -> String {
        let parent = parent.and_then(|parent| self.summary.chapter(parent));
        let parent = parent.and_then(|entry| {
            let name = without_brackets(&entry.name);
            Some(link(&name, Some(between(path, entry.path.as_deref()?).as_ref())))
        });
        let text = self.kind.template.filled(&Facts {
            title: topic.to_owned(),
            parent,
            built: self.built(),
        });
        let document = Document::parse(text.as_str(), self.host);
        match self.kinds.of(path, &document) {
            Ok(Some(kind)) if kind.name == self.kind.name => text,
            // Neither its title nor its place says of which kind it is.
            _ => {
                let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
                let name = serde_json::Value::from(self.kind.name.as_str());
                format!("---{ending}kind: {name}{ending}---{ending}{ending}{text}")
            }
        }
    }

    /// The blocks that the book's passes build.
    fn built(&self) -> BTreeSet<String> {
        let (engine, _) = self.book.engine(&DiskFiles);
        let provided = engine.passes.iter().flat_map(|pass| pass.provides());
        provided.map(|provides| provides.slot.to_owned()).collect()
    }

    /// Adds the chapter to SUMMARY, unless it is named there already.
    fn list(&self, chapter: &Chapter, journal: &mut Journal) -> anyhow::Result<()> {
        if self.summary.chapter(&chapter.path).is_some() {
            return Ok(());
        }
        let entry = Entry { name: chapter.topic.clone(), path: Some(chapter.path.clone()) };
        let after = match &chapter.draft {
            Some(draft) => self.summary.filled(draft, &chapter.path),
            None => self.summary.with(&entry, chapter.parent.as_deref()),
        };
        let after = after.with_context(|| {
            let line = link(&entry.name, entry.path.as_deref());
            format!("cannot put `- {line}` into SUMMARY.md")
        })?;
        let file = self.src.join("SUMMARY.md");
        journal.add(&self.book.root, &file, Some(&self.summary_text), Some(&after))
    }

    /// Links the chapter on its parent's page. What is left to do by hand comes back: the parent's
    /// file, and the link.
    fn link(
        &self,
        chapter: &Chapter,
        journal: &mut Journal,
    ) -> anyhow::Result<Option<(PathBuf, String)>> {
        let Some(parent) = &chapter.parent else { return Ok(None) };
        let file = self.src.join(parent);
        let before = DiskFiles.read(&file).with_context(|| file.display().to_string())?;
        let hub = Document::parse(before.clone(), self.host);
        let lists = hub.directives.iter().map(|directive| &directive.name);
        let mut lists = lists.chain(hub.regions.iter().map(|region| &region.name));
        if lists.any(|name| name == mdbook_nav::DEEP_DIVES) {
            return Ok(None);
        }
        let link = link(&chapter.topic, Some(between(parent, &chapter.path).as_ref()));
        let children = self.summary.children(Some(parent));
        let children: Vec<&Path> =
            children.into_iter().filter_map(|entry| entry.path.as_deref()).collect();
        let Some(edit) = hub::add_link(&hub, parent, &children, &link) else {
            return Ok(Some((file, link)));
        };
        let after = EditSet::first_come([edit]).0.apply(&before);
        journal.add(&self.book.root, &file, Some(&before), Some(&after))?;
        Ok(None)
    }
}

/// The folder in which all of `paths` lie, if it is the same for all.
fn shared_folder(paths: &[PathBuf]) -> Option<PathBuf> {
    let folder = paths.first()?.parent()?;
    paths.iter().all(|path| path.parent() == Some(folder)).then(|| folder.to_owned())
}

/// Markdown in which no bracket opens or closes a link.
fn without_brackets(markdown: &str) -> String {
    let (mut out, mut in_code, mut escaped) = (String::new(), false, false);
    for ch in markdown.chars() {
        if ['[', ']'].contains(&ch) && !in_code && !escaped {
            out.push('\\');
        }
        in_code ^= ch == '`' && !escaped;
        escaped = ch == '\\' && !escaped;
        out.push(ch);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_open_no_link() {
        assert_eq!(without_brackets(r"[a] \[b\] `c[0]`"), r"\[a\] \[b\] `c[0]`");
    }
}
