use crate::Located;
use handbook_book::Host;
use handbook_text::include::{ReadError, ReadFiles};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A book as a front end hands it over.
#[derive(Clone, Debug)]
pub struct Input {
    /// The book's root folder: nothing outside is ever fixed.
    pub root: PathBuf,
    /// The folder of the chapters, `root` included.
    pub src: PathBuf,
    /// The mdBook that renders the book.
    pub host: Host,
    /// The chapters in reading order, drafts left out.
    pub chapters: Vec<ChapterInput>,
    /// What was wrong before any chapter was read: configuration, unreadable files.
    pub findings: Vec<Located>,
}

/// A chapter as a front end hands it over.
#[derive(Clone, Debug)]
pub struct ChapterInput {
    /// The file below the source folder.
    pub path: PathBuf,
    /// The title that SUMMARY gives it.
    pub name: String,
    /// The chapter that SUMMARY nests it under, by its place in [`Input::chapters`].
    pub parent: Option<usize>,
    /// The text as mdBook hands it to preprocessors.
    pub received: Arc<str>,
    /// The text of the file; `None` if there is no file, as for a chapter that another
    /// preprocessor made.
    pub disk: Option<Arc<str>>,
}

/// Files as they were when first read, with changes that are not written yet: whoever asks twice
/// gets one answer, even if an author saves in between.
pub struct Overlay<'a> {
    files: &'a dyn ReadFiles,
    read: RefCell<BTreeMap<PathBuf, Result<Arc<str>, ReadError>>>,
    listed: RefCell<BTreeMap<PathBuf, Result<Arc<str>, ReadError>>>,
    changed: BTreeMap<PathBuf, Arc<str>>,
}

impl<'a> Overlay<'a> {
    /// The files as they are.
    pub fn new(files: &'a dyn ReadFiles) -> Self {
        Self {
            files,
            read: RefCell::default(),
            listed: RefCell::default(),
            changed: BTreeMap::new(),
        }
    }

    /// Lets `path` hold `text` from now on.
    pub fn set(&mut self, path: &Path, text: Arc<str>) {
        self.changed.insert(normalised(path), text);
    }

    /// The files that were set: what was read first, and what they hold now.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Path, Arc<str>, &Arc<str>)> {
        let changed = self.changed.iter();
        changed.filter_map(|(path, after)| Some((&**path, self.original(path).ok()?, after)))
    }

    fn original(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let mut read = self.read.borrow_mut();
        read.entry(normalised(path)).or_insert_with(|| self.files.read(path)).clone()
    }
}

impl ReadFiles for Overlay<'_> {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        match self.changed.get(&normalised(path)) {
            Some(text) => Ok(Arc::clone(text)),
            None => self.original(path),
        }
    }

    fn list(&self, folder: &Path) -> Result<Arc<str>, ReadError> {
        let mut listed = self.listed.borrow_mut();
        listed.entry(normalised(folder)).or_insert_with(|| self.files.list(folder)).clone()
    }
}

/// The path without `.` and `..`, so that one file has one name. Links are not followed.
pub fn normalised(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(out.components().next_back(), Some(Component::Normal(_))) =>
            {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A disk that has another text each time.
    struct Restless(Cell<u32>);

    impl ReadFiles for Restless {
        fn read(&self, _: &Path) -> Result<Arc<str>, ReadError> {
            self.0.set(self.0.get() + 1);
            Ok(self.0.get().to_string().into())
        }
    }

    #[test]
    fn a_changed_file_is_found_by_every_name() {
        let disk = Restless(Cell::new(0));
        let mut overlay = Overlay::new(&disk);
        overlay.set(Path::new("book/./a.md"), "x".into());
        assert_eq!(overlay.read(Path::new("book/sub/../a.md")).as_deref(), Ok("x"));
    }

    #[test]
    fn a_file_that_is_saved_meanwhile_stays_as_it_was_read() {
        let disk = Restless(Cell::new(0));
        let overlay = Overlay::new(&disk);
        let read = || overlay.read(Path::new("a.md")).unwrap();
        assert_eq!([read(), read()], ["1".into(), "1".into()] as [Arc<str>; 2]);
    }
}
