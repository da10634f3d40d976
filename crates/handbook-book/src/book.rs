use crate::{Document, Host, address, parallel};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The chapters of a book, parsed.
#[derive(Clone, Debug)]
pub struct Book {
    /// The mdBook it is written for.
    pub host: Host,
    /// The chapters in reading order, drafts left out.
    pub chapters: Vec<Chapter>,
    /// Whose page is at a path of the finished book.
    pages: BTreeMap<PathBuf, ChapterId>,
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
    /// A book of these chapters.
    pub fn new(host: Host, chapters: Vec<Chapter>) -> Self {
        let mut pages = BTreeMap::new();
        for (id, chapter) in chapters.iter().enumerate() {
            // Of two chapters with one page the later one's is what stays.
            pages.insert(address::page_of(&chapter.path), ChapterId(id));
        }
        // mdBook shows the first chapter at the front, too.
        if !chapters.is_empty() {
            pages.entry(address::FRONT.into()).or_insert(ChapterId(0));
        }
        Self { host, chapters, pages }
    }

    /// Where the page of a chapter with this file is in the finished book.
    pub fn page_of(file: &Path) -> PathBuf {
        address::page_of(file)
    }

    /// Where the page of a chapter is in the finished book.
    pub fn page_path(&self, id: ChapterId) -> PathBuf {
        address::page_of(&self[id].path)
    }

    /// The chapter whose page is at a path of the finished book.
    pub fn chapter_at(&self, page: &Path) -> Option<ChapterId> {
        self.pages.get(page).copied()
    }

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
