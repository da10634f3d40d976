//! What an address that leads nowhere may have meant.

use super::ids::Ids;
use super::outgoing::Outgoing;
use super::planned::Planned;
use super::site::Folders;
use handbook_book::{Book, ChapterId, between, decoded, encoded, slashed};
use handbook_text::Budget;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Looks for what was meant.
pub(crate) struct Meant<'a> {
    book: &'a Book,
    planned: &'a Planned,
    /// The files that somebody may have meant.
    files: OnceCell<Vec<String>>,
    /// Their places in that list, by name in lower case.
    called: OnceCell<BTreeMap<String, Vec<usize>>>,
    /// What was found to be meant by a path that is not there.
    known: RefCell<BTreeMap<String, Option<(PathBuf, bool)>>>,
    /// How much may still be compared to find what is meant.
    budget: Budget,
}

impl<'a> Meant<'a> {
    pub(super) fn new(book: &'a Book, planned: &'a Planned) -> Self {
        let (files, called, known, budget) = Default::default();
        Self { book, planned, files, called, known, budget }
    }

    /// The address that is meant by a link of the chapter `from` to an id that the page of `to` does
    /// not have, and whether no other may be: one near it there, or the same on another page.
    pub(crate) fn anchor(
        &self,
        from: ChapterId,
        link: &Outgoing<'_>,
        to: ChapterId,
        fragment: &str,
        ids: &Ids<'_>,
    ) -> Option<(String, bool)> {
        let there = ids.of(to).into_iter().flatten().copied();
        if let Some((near, only)) = self.budget.nearest(fragment, there) {
            let path = link.destination.split('#').next().unwrap_or_default();
            return Some((format!("{path}#{}", encoded(near)), only));
        }
        let home = self.book.page_path(ids.home(fragment)?).with_extension("md");
        Some((self.written(from, &home, Some(fragment)), true))
    }

    /// The file that may be meant, and whether no other may be: of the same name elsewhere, or of
    /// nearly the same.
    pub(crate) fn file(
        &self,
        link: &Outgoing<'_>,
        source: &Path,
        folders: &Folders<'_>,
    ) -> Option<(PathBuf, bool)> {
        if link.image {
            let folder = folders.at(source.parent()?)??;
            let name = source.file_name()?.to_string_lossy();
            let names = folder.names.iter().map(String::as_str);
            let (near, only) = self.budget.nearest(&name, names)?;
            return Some((source.with_file_name(near), only));
        }
        let shown = slashed(source);
        let shown = match shown.strip_suffix(".html") {
            Some(stem) => format!("{stem}.md"),
            None => shown,
        };
        // Looking through all files takes long, and many links lead to one that has gone.
        let mut known = self.known.borrow_mut();
        known.entry(shown).or_insert_with_key(|shown| self.meant_by(shown)).clone()
    }

    /// An address for `path` below the source folder in a link of the chapter `from`.
    pub(crate) fn written(&self, from: ChapterId, path: &Path, fragment: Option<&str>) -> String {
        let address = encoded(&between(&self.book.page_path(from), path));
        match fragment {
            Some(fragment) => format!("{address}#{}", encoded(&decoded(fragment))),
            None => address,
        }
    }

    fn meant_by(&self, shown: &str) -> Option<(PathBuf, bool)> {
        let files = self.files();
        if let Some(same) = self.called().get(&name(shown)) {
            return Some((files.get(*same.first()?)?.into(), same.len() == 1));
        }
        let (near, only) = self.budget.nearest(shown, files.iter().map(String::as_str))?;
        Some((near.into(), only))
    }

    fn called(&self) -> &BTreeMap<String, Vec<usize>> {
        self.called.get_or_init(|| {
            let mut called: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (index, file) in self.files().iter().enumerate() {
                called.entry(name(file)).or_default().push(index);
            }
            called
        })
    }

    fn files(&self) -> &[String] {
        self.files.get_or_init(|| {
            // Pages, because a link to README.md would miss its page.
            let chapters = self.book.iter();
            let chapters = chapters.map(|(id, _)| self.book.page_path(id).with_extension("md"));
            let planned = self.planned.paths().map(Path::to_owned);
            chapters.chain(planned).map(|path| slashed(&path)).collect()
        })
    }
}

/// What a path's file is called, in lower case.
fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}
