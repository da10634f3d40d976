//! The real `links`, of both mdBooks, run on one chapter of a book on disk.

use crate::tree::Tree;
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_0_4::preprocess as preprocess_0_4;
use mdbook_driver::book::{Book, BookItem, Chapter};
use mdbook_driver::builtin_preprocessors::LinkPreprocessor;
use mdbook_driver::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) const CHAPTER_NAME: &str = "the chapter";

/// What `links` makes of a chapter.
pub(crate) struct Links {
    pub(crate) text: String,
    pub(crate) title: String,
}

/// A folder with the files of a tree. Each test has one, and writes only what differs from the tree
/// before: files are most of what these tests cost.
struct Folder {
    root: TempDir,
    files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    fn new() -> Self {
        let root = TempDir::new().expect("a temporary folder");
        fs::create_dir_all(root.path().join("src/sub")).expect("a folder in it");
        Self { root, files: BTreeMap::new() }
    }

    fn hold(&mut self, tree: &Tree) {
        let place = |path: &str| self.root.path().join("src").join(path);
        let files: BTreeMap<_, _> = tree.files.iter().cloned().collect();
        for path in self.files.keys().filter(|path| !files.contains_key(*path)) {
            fs::remove_file(place(path)).expect("a file of the tree before");
        }
        for (path, text) in files.iter().filter(|(path, text)| self.files.get(*path) != Some(text))
        {
            fs::write(place(path), text).expect("a file of this tree");
        }
        self.files = files;
    }
}

thread_local! {
    static FOLDER: RefCell<Folder> = RefCell::new(Folder::new());
}

/// A tree on disk, until the next one is written by the same test.
pub(crate) struct OnDisk {
    root: PathBuf,
}

impl OnDisk {
    pub(crate) fn write(tree: &Tree) -> Self {
        FOLDER.with_borrow_mut(|folder| {
            folder.hold(tree);
            Self { root: folder.root.path().to_owned() }
        })
    }

    pub(crate) fn chapter_dir(&self, tree: &Tree) -> PathBuf {
        let src = self.root.join("src");
        if tree.nested { src.join("sub") } else { src }
    }

    pub(crate) fn text(&self, path: &Path) -> Arc<str> {
        self.read(path).expect("what was included can be read")
    }
}

impl ReadFiles for OnDisk {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let bytes = fs::read(path).map_err(|error| ReadError::Io(error.to_string()))?;
        let text = String::from_utf8(bytes);
        text.map(Into::into)
            .map_err(|error| ReadError::NotUtf8 { offset: error.utf8_error().valid_up_to() })
    }
}

fn chapter_path(tree: &Tree) -> &'static str {
    if tree.nested { "sub/chapter.md" } else { "chapter.md" }
}

pub(crate) fn links_0_5(disk: &OnDisk, tree: &Tree, chapter: &str) -> Links {
    let path = chapter_path(tree);
    let context = PreprocessorContext::new(disk.root.clone(), Config::default(), "html".to_owned());
    let chapter = Chapter::new(CHAPTER_NAME, chapter.to_owned(), path, Vec::new());
    let book = Book::new_with_items(vec![BookItem::Chapter(chapter)]);
    let book = LinkPreprocessor::new().run(&context, book).expect("links never fails");
    let text = book.chapters().next().expect("the chapter is still there").content.clone();
    let title = context.chapter_titles.borrow().get(Path::new(path)).cloned();
    Links { text, title: title.unwrap_or_else(|| CHAPTER_NAME.to_owned()) }
}

pub(crate) fn links_0_4(disk: &OnDisk, tree: &Tree, chapter: &str) -> String {
    // The constructor is private; its JSON is not.
    let context = serde_json::json!({
        "root": disk.root,
        "config": { "book": { "src": "src" } },
        "renderer": "html",
        "mdbook_version": mdbook_0_4::MDBOOK_VERSION,
    });
    let context: preprocess_0_4::PreprocessorContext =
        serde_json::from_value(context).expect("a context as mdBook writes it");
    let chapter = mdbook_0_4::book::Chapter::new(
        CHAPTER_NAME,
        chapter.to_owned(),
        chapter_path(tree),
        Vec::new(),
    );
    let mut book = mdbook_0_4::book::Book::new();
    book.push_item(chapter);
    let links = preprocess_0_4::LinkPreprocessor::new();
    let book =
        preprocess_0_4::Preprocessor::run(&links, &context, book).expect("links never fails");
    match book.iter().next() {
        Some(mdbook_0_4::book::BookItem::Chapter(chapter)) => chapter.content.clone(),
        _ => panic!("the chapter is gone"),
    }
}
