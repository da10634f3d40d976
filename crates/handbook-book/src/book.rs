use crate::{Document, Host, parallel};
use std::path::PathBuf;

/// The chapters of a book, parsed.
#[derive(Clone, Debug)]
pub struct Book {
    /// The mdBook it is written for.
    pub host: Host,
    /// The chapters in reading order, drafts left out.
    pub chapters: Vec<Chapter>,
}

/// One Markdown file of a book.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The file below the book's source folder.
    pub path: PathBuf,
    /// The title that SUMMARY gives it.
    pub name: String,
    /// The chapter that SUMMARY nests it under; drafts on the way are skipped.
    pub parent: Option<ChapterId>,
    /// Its text, includes expanded, parsed.
    pub document: Document,
}

/// A chapter's place in [`Book::chapters`], from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChapterId(pub usize);

impl Book {
    /// The chapters with their ids, in reading order.
    pub fn iter(&self) -> impl Iterator<Item = (ChapterId, &Chapter)> {
        self.chapters.iter().enumerate().map(|(index, chapter)| (ChapterId(index), chapter))
    }

    /// What `of` says of each chapter, in reading order. Several are looked at at once.
    pub fn map<'a, T: Send>(
        &'a self,
        of: impl Fn(ChapterId, &'a Chapter) -> T + Send + Sync,
    ) -> Vec<T> {
        parallel::map(self.iter().collect(), |(id, chapter)| of(id, chapter))
    }
}

impl std::ops::Index<ChapterId> for Book {
    type Output = Chapter;

    fn index(&self, id: ChapterId) -> &Chapter {
        &self.chapters[id.0]
    }
}
