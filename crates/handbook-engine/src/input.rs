use crate::Located;
use handbook_book::Host;
use handbook_text::include::{ReadError, ReadFiles};
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
    /// The text as mdBook hands it to preprocessors.
    pub received: Arc<str>,
    /// The text of the file; `None` if there is no file, as for a chapter that another
    /// preprocessor made.
    pub disk: Option<Arc<str>>,
}

/// Files as they would be with changes that are not written yet.
pub struct Overlay<'a> {
    files: &'a dyn ReadFiles,
    changed: BTreeMap<PathBuf, Arc<str>>,
}

impl<'a> Overlay<'a> {
    /// The files as they are.
    pub fn new(files: &'a dyn ReadFiles) -> Self {
        Self { files, changed: BTreeMap::new() }
    }

    /// Lets `path` hold `text` from now on.
    pub fn set(&mut self, path: &Path, text: Arc<str>) {
        self.changed.insert(normalised(path), text);
    }

    /// The files that were set, with their texts.
    pub fn changed(&self) -> &BTreeMap<PathBuf, Arc<str>> {
        &self.changed
    }
}

impl ReadFiles for Overlay<'_> {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        match self.changed.get(&normalised(path)) {
            Some(text) => Ok(Arc::clone(text)),
            None => self.files.read(path),
        }
    }
}

/// The path without `.` and `..`, so that one file has one name.
pub(crate) fn normalised(path: &Path) -> PathBuf {
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

    struct Nothing;

    impl ReadFiles for Nothing {
        fn read(&self, _: &Path) -> Result<Arc<str>, ReadError> {
            Err(ReadError::NotFound)
        }
    }

    #[test]
    fn a_changed_file_is_found_by_every_name() {
        let mut overlay = Overlay::new(&Nothing);
        overlay.set(Path::new("book/./a.md"), "x".into());
        assert_eq!(overlay.read(Path::new("book/sub/../a.md")).as_deref(), Ok("x"));
    }
}
