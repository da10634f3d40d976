//! What was read, to be compared with what is there later.

use handbook_engine::normalised;
use handbook_text::include::{ReadError, ReadFiles};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What reading a file came to.
pub(crate) type Read = Result<Arc<str>, ReadError>;

/// Files as they are, and as they were when first read.
pub(crate) struct Record<'a> {
    files: &'a dyn ReadFiles,
    read: RefCell<BTreeMap<PathBuf, Read>>,
    listed: RefCell<BTreeMap<PathBuf, Read>>,
}

impl ReadFiles for Record<'_> {
    fn read(&self, path: &Path) -> Read {
        let text = self.files.read(path);
        self.read.borrow_mut().entry(normalised(path)).or_insert_with(|| text.clone());
        text
    }

    fn list(&self, folder: &Path) -> Read {
        let mut listed = self.listed.borrow_mut();
        listed.entry(normalised(folder)).or_insert_with(|| self.files.list(folder)).clone()
    }
}

impl<'a> Record<'a> {
    /// Reads through `files`.
    pub(crate) fn of(files: &'a dyn ReadFiles) -> Self {
        Self { files, read: RefCell::default(), listed: RefCell::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.read.borrow().is_empty()
    }

    /// The files that were read, or looked for, sorted.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.read.borrow().keys().cloned().collect()
    }

    /// What was read first, sorted by file.
    pub(crate) fn all(&self) -> BTreeMap<PathBuf, Read> {
        self.read.borrow().clone()
    }

    /// The folders that were looked into and what was in them, sorted.
    pub(crate) fn folders(&self) -> BTreeMap<PathBuf, Read> {
        self.listed.borrow().clone()
    }

    /// A file that is not as it was.
    pub(crate) fn changed(&self) -> Option<PathBuf> {
        let read = self.read.borrow();
        let mut files = read.iter();
        files.find(|(path, text)| self.files.read(path) != **text).map(|(path, _)| path.clone())
    }
}
