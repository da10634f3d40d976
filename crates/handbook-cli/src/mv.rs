//! Moves a chapter, or gives a heading another text, and lets all links follow.
//!
//! 1. [`rewrite`], [`included`] and [`heading`] say what every text holds afterwards; nothing is
//!    written.
//! 2. [`journal`] makes the change as a whole, also where it is interrupted.

mod heading;
mod included;
pub(crate) mod journal;
mod reviews;
mod rewrite;

use crate::Outcome;
use crate::arguments::{Mv, Shared};
use crate::open::OpenBook;
use crate::report::{line, remark};
use anyhow::{Context, anyhow, bail};
use handbook_book::{Address, Book, Chapter, ChapterId, Document, HostVersion, Span};
use handbook_engine::{Input, normalised, patch};
use handbook_mdbook::{BookConfig, DiskFiles, Summary};
use handbook_text::include::ReadFiles;
use included::Link;
use journal::{Journal, Step};
use rewrite::{Move, Renamed};
use std::path::{Path, PathBuf};

/// Moves a chapter or renames a heading.
pub(crate) fn mv(shared: &Shared, mv: &Mv) -> anyhow::Result<Outcome> {
    let (book, lock) = OpenBook::open_to_change(shared, &DiskFiles)?;
    let input = book.input(&DiskFiles)?;
    if let Some(unread) = input.findings.first() {
        bail!("a chapter cannot be read: {}", unread.finding.message);
    }
    let desk = Desk::new(&book, &input);
    let (Change { journal, by_hand }, mentioned) = match mv.old.split_once('#') {
        Some((chapter, anchor)) => (desk.heading(chapter, anchor, &mv.new)?, None),
        None => {
            let old = normalised(&book.chapter(&input, Path::new(&mv.old))?);
            (desk.chapter(&old, Path::new(&mv.new))?, Some(old))
        }
    };
    if mv.dry_run {
        show(&journal)?;
        by_hand.iter().for_each(|left| remark(left));
        return Ok(Outcome::Clean);
    }
    journal.perform(&book.root, &lock)?;
    for step in &journal.steps {
        let file = step.file.display();
        match (&step.before, &step.after) {
            (None, _) => line(&format!("wrote {file}"))?,
            (_, None) => line(&format!("removed {file}"))?,
            _ => line(&format!("changed {file}"))?,
        }
    }
    by_hand.iter().for_each(|left| remark(left));
    if let Some(old) = mentioned {
        desk.tell_mentions(&old)?;
    }
    Ok(Outcome::Clean)
}

/// What is to be done.
struct Change {
    journal: Journal,
    /// What is left to do by hand, a sentence each.
    by_hand: Vec<String>,
}

/// The book, and what has to be known to change it.
struct Desk<'a> {
    open: &'a OpenBook,
    input: &'a Input,
    /// The chapters as they lie on disk, includes and all.
    book: Book,
    /// The source folder.
    src: PathBuf,
}

impl<'a> Desk<'a> {
    fn new(open: &'a OpenBook, input: &'a Input) -> Self {
        let host = open.config.host(HostVersion::V0_5);
        let chapters = input.chapters.iter().map(|chapter| Chapter {
            path: normalised(&chapter.path),
            name: chapter.name.clone(),
            parent: chapter.parent.map(ChapterId),
            document: Document::parse(chapter.received.clone(), host),
        });
        let book = Book::new(host, chapters.collect());
        Self { open, input, book, src: normalised(&input.src) }
    }

    /// The change that moves a chapter.
    fn chapter(&self, old: &Path, new: &Path) -> anyhow::Result<Change> {
        let (id, _) =
            self.book.iter().find(|(_, chapter)| chapter.path == old).context("no chapter")?;
        let new = self.destination(new)?;
        self.is_free(old, &new)?;
        let file = self.src.join(old);
        let is_link = std::fs::symlink_metadata(&file).is_ok_and(|file| file.is_symlink());
        if is_link {
            bail!("`{}` is a symbolic link; move what it leads to", file.display());
        }
        let moved = Move { book: &self.book, chapter: id, old, new: &new };
        let text = |from: ChapterId| moved.text(from, &self.book[from].document);
        let create = self.step(&new, None, Some(self.whole(id, text(id)?)))?;
        let remove = self.step(old, Some(self.disk(id)), None)?;
        let mut steps = Vec::new();
        // On some systems both are one file.
        let is_same = old.to_string_lossy().to_lowercase() == new.to_string_lossy().to_lowercase();
        let (first, last) = if is_same { (remove, create) } else { (create, remove) };
        steps.push(first);
        for (other, _) in self.book.iter().filter(|(other, _)| *other != id) {
            steps.extend(self.replaced(other, text(other)?)?);
        }
        let link = |from: ChapterId, document: &Document, span: Span, destination: &str| {
            moved.link(from, document, span, destination)
        };
        let by_hand = self.included(&link, &mut steps)?;
        steps.push(self.summary(old, &new)?);
        steps.extend(self.reviews(old, &new)?);
        steps.push(last);
        let folders = self.folders(&new)?;
        let what = format!("moving `{}` to `{}`", old.display(), new.display());
        Ok(Change { journal: Journal { what, folders, steps }, by_hand })
    }

    /// The change that gives a heading another text.
    fn heading(&self, chapter: &str, anchor: &str, title: &str) -> anyhow::Result<Change> {
        if title.split_once('#').is_some_and(|(path, _)| path.ends_with(".md")) {
            bail!("`{title}` is an address; write the heading's new text");
        }
        let path = self.open.chapter(self.input, Path::new(chapter))?;
        let path = normalised(&path);
        let (id, chapter) =
            self.book.iter().find(|(_, chapter)| chapter.path == path).context("no chapter")?;
        let headed = heading::rename(&chapter.document, self.book.host, anchor, title)?;
        let renamed = Renamed { book: &self.book, chapter: id, anchors: &headed.anchors };
        let mut steps = Vec::new();
        for (other, chapter) in self.book.iter() {
            let after = if other == id {
                let document = Document::parse(headed.text.as_str(), self.book.host);
                renamed.text(id, &document)
            } else {
                renamed.text(other, &chapter.document)
            };
            steps.extend(self.replaced(other, after)?);
        }
        let link = |from: ChapterId, document: &Document, span: Span, destination: &str| {
            renamed.link(from, document, span, destination)
        };
        let by_hand = self.included(&link, &mut steps)?;
        let what = format!("renaming `{}#{anchor}`", path.display());
        Ok(Change { journal: Journal { what, folders: Vec::new(), steps }, by_hand })
    }

    /// Adds the steps that change included files. What is left to do by hand comes back.
    fn included(&self, link: &Link<'_>, steps: &mut Vec<Step>) -> anyhow::Result<Vec<String>> {
        let included = included::follow(&self.open.root, &self.src, &self.book, link);
        for (file, before, after) in included.changed {
            steps.push(self.step(&file, Some(before), Some(after))?);
        }
        Ok(included.by_hand)
    }

    /// The path below the source folder that somebody means by `new`: from here, from the book's
    /// root, or from the source folder.
    fn destination(&self, new: &Path) -> anyhow::Result<PathBuf> {
        let from = [&self.open.environment.directory, &self.open.root, &self.src];
        let files = from.map(|folder| normalised(&folder.join(new)));
        let below = files.iter().find_map(|file| file.strip_prefix(&self.src).ok());
        let path = below.with_context(|| {
            format!("`{}` lies outside of `{}`", new.display(), self.src.display())
        })?;
        let is_markdown = path.extension().is_some_and(|extension| extension == "md");
        if !is_markdown || path == Path::new("SUMMARY.md") {
            bail!("`{}` is no name for a chapter; write `NAME.md`", new.display());
        }
        if path.to_string_lossy().contains('#') {
            bail!("`{}` is no name for a chapter: behind `#`, links name a heading", new.display());
        }
        Ok(path.to_owned())
    }

    /// Refuses to write over a file, or to make a page that another chapter has.
    fn is_free(&self, old: &Path, new: &Path) -> anyhow::Result<()> {
        let lower = |path: &Path| path.to_string_lossy().to_lowercase();
        let is_same = lower(old) == lower(new);
        let there = std::fs::symlink_metadata(self.src.join(new)).is_ok();
        if old == new || there && !is_same {
            bail!("`{}` is there already", new.display());
        }
        let others = self.book.iter().filter(|(_, chapter)| chapter.path != old);
        let page = Book::page_of(new);
        for (id, other) in others {
            if lower(&self.book.page_path(id)) == lower(&page) {
                let other = other.path.display();
                bail!("`{}` would be the same page as `{other}`", new.display());
            }
        }
        Ok(())
    }

    /// The folders that have to be made for a file, outer ones first.
    fn folders(&self, new: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let file = self.src.join(new);
        let missing = file.ancestors().skip(1).take_while(|folder| !folder.exists());
        let mut folders = missing.map(|folder| self.name(folder)).collect::<Result<Vec<_>, _>>()?;
        folders.reverse();
        Ok(folders)
    }

    fn summary(&self, old: &Path, new: &Path) -> anyhow::Result<Step> {
        let file = self.src.join("SUMMARY.md");
        let before = DiskFiles.read(&file).with_context(|| file.display().to_string())?;
        let summary = Summary::read(&before).map_err(|message| anyhow!(message))?;
        let after = summary.moved(old, new).context("cannot change SUMMARY.md")?;
        self.step(Path::new("SUMMARY.md"), Some(before.to_string()), Some(after))
    }

    fn reviews(&self, old: &Path, new: &Path) -> anyhow::Result<Option<Step>> {
        let moved = reviews::moved(self.open, old, new)?;
        let step = |(file, before, after)| Step { file, before: Some(before), after: Some(after) };
        Ok(moved.map(step))
    }

    /// The step that gives a chapter's file another text, if it is another.
    fn replaced(&self, id: ChapterId, after: String) -> anyhow::Result<Option<Step>> {
        let (before, after) = (self.disk(id), self.whole(id, after));
        let path = &self.book[id].path;
        (before != after).then(|| self.step(path, Some(before), Some(after))).transpose()
    }

    /// What a chapter's file holds.
    fn disk(&self, id: ChapterId) -> String {
        let chapter = &self.input.chapters[id.0];
        chapter.disk.as_deref().unwrap_or(&chapter.received).to_owned()
    }

    /// A chapter's text as its file holds it: with the byte order mark that it had.
    fn whole(&self, id: ChapterId, text: String) -> String {
        if self.disk(id).starts_with('\u{feff}') { format!("\u{feff}{text}") } else { text }
    }

    fn step(
        &self,
        path: &Path,
        before: Option<String>,
        after: Option<String>,
    ) -> anyhow::Result<Step> {
        Ok(Step { file: self.name(&self.src.join(path))?, before, after })
    }

    /// A path from the book's root.
    fn name(&self, path: &Path) -> anyhow::Result<PathBuf> {
        let path = path.strip_prefix(&self.open.root).with_context(|| {
            format!("`{}` lies outside of the book's folder, which is not changed", path.display())
        })?;
        Ok(path.to_owned())
    }

    /// Tells where the old path is still named in the book's settings, which are the author's.
    fn tell_mentions(&self, old: &Path) -> anyhow::Result<()> {
        let names = DiskFiles.list(&self.open.root).unwrap_or_default();
        let shown = old.to_string_lossy().replace('\\', "/");
        for name in names.lines().filter(|name| name.ends_with(".toml")) {
            let Ok(text) = DiskFiles.read(&self.open.root.join(name)) else { continue };
            let lines = text.lines().enumerate().filter(|(_, line)| line.contains(&shown));
            for (number, _) in lines {
                line(&format!("{name}:{} still names `{shown}`: change it by hand", number + 1))?;
            }
        }
        for (from, to) in redirects(&self.open.config, old) {
            line(&format!(
                "book.toml: the redirect from `{from}` to `{to}` leads to where `{shown}` was: \
                 change it by hand"
            ))?;
        }
        Ok(())
    }
}

/// The redirects of `book.toml` that lead to a chapter's page.
fn redirects(config: &BookConfig, old: &Path) -> Vec<(String, String)> {
    let map = config.get(&["output", "html", "redirect"]).and_then(serde_json::Value::as_object);
    let pairs = map.into_iter().flatten();
    let pairs = pairs.filter_map(|(from, to)| Some((from.as_str(), to.as_str()?)));
    let leads = |(from, to): &(&str, &str)| {
        let from = Path::new(from.trim_start_matches("./").trim_start_matches('/'));
        Address::of_page(to).page(from).is_some_and(|page| page == Book::page_of(old))
    };
    pairs.filter(leads).map(|(from, to)| (from.to_owned(), to.to_owned())).collect()
}

/// Prints what would be written, as `patch` takes it.
fn show(journal: &Journal) -> anyhow::Result<()> {
    for step in &journal.steps {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let shown =
            patch(&step.file.display().to_string(), &text(&step.before), &text(&step.after));
        line(shown.trim_end())?;
    }
    Ok(())
}
