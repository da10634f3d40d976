//! Links whose text names another chapter than the one they lead to.

use super::MISLEADING_LINK_TEXT;
use crate::links::Outgoing;
use handbook_book::{Book, ChapterId, Target};
use handbook_text::{Expanded, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// What chapters are called: by SUMMARY, by their titles, by their files.
pub(crate) struct Names<'a> {
    book: &'a Book,
    /// `None` where several chapters are called so.
    chapters: BTreeMap<String, Option<ChapterId>>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(book: &'a Book) -> Self {
        let mut chapters = BTreeMap::new();
        for (id, _) in book.iter() {
            for name in names(book, id) {
                let known = chapters.entry(name).or_insert(Some(id));
                if *known != Some(id) {
                    *known = None;
                }
            }
        }
        Self { book, chapters }
    }

    /// Whether all words of a text stand in a chapter's names or path, so that it may well be meant.
    fn describes(&self, text: &str, id: ChapterId) -> bool {
        let path = self.book[id].path.to_string_lossy().into_owned();
        let called = names(self.book, id).into_iter().chain([path]);
        let called = called.collect::<Vec<_>>().join(" ");
        let called: BTreeSet<String> = words(&called).collect();
        words(text).all(|word| called.contains(&word))
    }

    /// The finding that a link of the chapter `from` is called after another chapter. A link to a
    /// place on a page is called after the place.
    pub(crate) fn check(&self, link: &Outgoing<'_>, from: ChapterId) -> Option<Finding<Expanded>> {
        let Target::Chapter { id: to, fragment: None } = self.book.target(from, link.destination)
        else {
            return None;
        };
        let text = plain(link.text);
        let named = self.chapters.get(&text).copied().flatten().filter(|named| *named != to)?;
        if link.image || to == from || self.describes(&text, to) {
            return None;
        }
        let path = |id: ChapterId| self.book[id].path.display().to_string();
        let message = format!("`{text}` is `{}`, but this leads to `{}`", path(named), path(to));
        let finding = link.finding(&MISLEADING_LINK_TEXT, message);
        Some(finding.help("correct the address, or call the link after what it leads to"))
    }
}

/// The words of a text, in one form for one and for many.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|ch: char| !ch.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.map(|word| match word.strip_suffix('s') {
        Some(one) if one.chars().count() > 2 => one.to_owned(),
        _ => word,
    })
}

/// What a chapter is called.
fn names(book: &Book, id: ChapterId) -> Vec<String> {
    let chapter = &book[id];
    let title = chapter.document.title().map(|(_, heading)| plain(&heading.text));
    let file = chapter.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let names = [Some(plain(&chapter.name)), title, file];
    names.into_iter().flatten().filter(|name| !name.is_empty()).collect()
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
