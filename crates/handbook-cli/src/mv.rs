//! Moves a chapter, or gives a heading another text, and lets all links follow.
//!
//! 1. [`rewrite`], [`included`] and [`heading`] say what every text holds afterwards; nothing is
//!    written.
//! 2. The [journal](Journal) makes the change as a whole, also where it is interrupted.

mod heading;
mod included;
mod reviews;
mod rewrite;

use crate::Outcome;
use crate::arguments::{Mv, Shared};
use crate::journal::Journal;
use crate::open::OpenBook;
use crate::place;
use crate::report::{line, remark};
use anyhow::{Context, anyhow, bail};
use handbook_book::{Address, Book, Chapter, ChapterId, Document, HostVersion, Span};
use handbook_engine::{Input, normalised};
use handbook_mdbook::{BookConfig, DiskFiles, Summary};
use handbook_text::include::ReadFiles;
use included::Link;
use rewrite::{Move, Renamed};
use std::path::{Path, PathBuf};

/// Moves a chapter or renames a heading.
pub(crate) fn mv(shared: &Shared, mv: &Mv) -> anyhow::Result<Outcome> {
    let (book, lock) = OpenBook::open_to_change(shared, &DiskFiles)?;
    let input = book.input(&DiskFiles)?;
    if let Some(unread) = input.findings.first() {
        bail!("a chapter cannot be read: {}", unread.finding.message);
    }
    let moving = Moving::new(&book, &input);
    let (Change { journal, by_hand }, mentioned) = match mv.old.split_once('#') {
        Some((chapter, anchor)) => (moving.heading(chapter, anchor, &mv.new)?, None),
        None => {
            let old = normalised(&book.chapter(&input, Path::new(&mv.old))?);
            (moving.chapter(&old, Path::new(&mv.new))?, Some(old))
        }
    };
    if mv.dry_run {
        journal.show()?;
        by_hand.iter().for_each(|left| remark(left));
        return Ok(Outcome::Clean);
    }
    journal.perform(&book.root, &lock)?;
    journal.tell()?;
    by_hand.iter().for_each(|left| remark(left));
    if let Some(old) = mentioned {
        moving.tell_mentions(&old)?;
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
struct Moving<'a> {
    open: &'a OpenBook,
    input: &'a Input,
    /// The chapters as they lie on disk, includes and all.
    book: Book,
    /// The source folder.
    src: PathBuf,
}

impl<'a> Moving<'a> {
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
        let new = place::destination(self.open, &self.src, new)?;
        let chapters = self.book.iter().map(|(_, chapter)| chapter.path.as_path());
        place::is_free(&self.src, chapters, &new, Some(old))?;
        let file = self.src.join(old);
        let is_link = std::fs::symlink_metadata(&file).is_ok_and(|file| file.is_symlink());
        if is_link {
            bail!("`{}` is a symbolic link; move what it leads to", file.display());
        }
        let moved = Move { book: &self.book, chapter: id, old, new: &new };
        let text = |from: ChapterId| moved.text(from, &self.book[from].document);
        let mut journal =
            Journal::new(format!("moving `{}` to `{}`", old.display(), new.display()));
        let after = self.whole(id, text(id)?);
        let disk = self.disk(id);
        let create = (new.as_path(), None, Some(after.as_str()));
        let remove = (old, Some(disk.as_str()), None);
        // On some systems both are one file.
        let is_same = old.to_string_lossy().to_lowercase() == new.to_string_lossy().to_lowercase();
        let (first, last) = if is_same { (remove, create) } else { (create, remove) };
        let (path, before, after) = first;
        self.add(&mut journal, path, before, after)?;
        for (other, _) in self.book.iter().filter(|(other, _)| *other != id) {
            self.replace(&mut journal, other, text(other)?)?;
        }
        let link = |from: ChapterId, document: &Document, span: Span, destination: &str| {
            moved.link(from, document, span, destination)
        };
        let by_hand = self.included(&link, &mut journal)?;
        self.summary(&mut journal, old, &new)?;
        if let Some((file, before, after)) = reviews::moved(self.open, old, &new)? {
            journal.add(&self.open.root, &file, Some(&before), Some(&after))?;
        }
        let (path, before, after) = last;
        self.add(&mut journal, path, before, after)?;
        Ok(Change { journal, by_hand })
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
        let mut journal = Journal::new(format!("renaming `{}#{anchor}`", path.display()));
        for (other, chapter) in self.book.iter() {
            let after = if other == id {
                let document = Document::parse(headed.text.as_str(), self.book.host);
                renamed.text(id, &document)
            } else {
                renamed.text(other, &chapter.document)
            };
            self.replace(&mut journal, other, after)?;
        }
        let link = |from: ChapterId, document: &Document, span: Span, destination: &str| {
            renamed.link(from, document, span, destination)
        };
        let by_hand = self.included(&link, &mut journal)?;
        Ok(Change { journal, by_hand })
    }

    /// Changes included files. What is left to do by hand comes back.
    fn included(&self, link: &Link<'_>, journal: &mut Journal) -> anyhow::Result<Vec<String>> {
        let included = included::follow(&self.open.root, &self.src, &self.book, link);
        for (file, before, after) in included.changed {
            journal.add(&self.open.root, &file, Some(&before), Some(&after))?;
        }
        Ok(included.by_hand)
    }

    fn summary(&self, journal: &mut Journal, old: &Path, new: &Path) -> anyhow::Result<()> {
        let file = self.src.join("SUMMARY.md");
        let before = DiskFiles.read(&file).with_context(|| file.display().to_string())?;
        let summary = Summary::read(&before).map_err(|message| anyhow!(message))?;
        let after = summary.moved(old, new).context("cannot change SUMMARY.md")?;
        self.add(journal, Path::new("SUMMARY.md"), Some(&before), Some(&after))
    }

    /// Gives a chapter's file another text, if it is another.
    fn replace(&self, journal: &mut Journal, id: ChapterId, after: String) -> anyhow::Result<()> {
        let (before, after) = (self.disk(id), self.whole(id, after));
        self.add(journal, &self.book[id].path, Some(&before), Some(&after))
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

    /// Adds a file below the source folder.
    fn add(
        &self,
        journal: &mut Journal,
        path: &Path,
        before: Option<&str>,
        after: Option<&str>,
    ) -> anyhow::Result<()> {
        journal.add(&self.open.root, &self.src.join(path), before, after)
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
