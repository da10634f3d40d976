//! Real mdBooks, as libraries: the last 0.4 and the current 0.5.

use crate::Book;
use crate::book::tree;
use crate::programs::printed_places;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A generation of mdBook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The last one in which mdBook was one crate.
    V0_4,
    /// The current one.
    V0_5,
}

impl Host {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V0_4, Self::V0_5];

    /// Builds a book as its `book.toml` says.
    pub fn build(self, book: &Book) -> Rendered {
        self.build_with(book, &book.read("book.toml"))
    }

    /// Builds a book as `config` says, into a folder of its own beside the book.
    pub fn build_with(self, book: &Book, config: &str) -> Rendered {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = book.beside(&format!("built-{number}"));
        let (root, config) = (book.root(), book.with_commands(config));
        book.take_log();
        let error = match self {
            Self::V0_4 => {
                let mut config: mdbook_0_4::Config = config.parse().expect("a configuration");
                config.build.build_dir.clone_from(&folder);
                let built = mdbook_0_4::MDBook::load_with_config(root, config);
                built.and_then(|book| book.build()).err().map(|error| format!("{error:#}"))
            }
            Self::V0_5 => {
                let mut config: mdbook_driver::config::Config =
                    config.parse().expect("a configuration");
                config.build.build_dir.clone_from(&folder);
                let built = mdbook_driver::MDBook::load_with_config(root, config);
                built.and_then(|book| book.build()).err().map(|error| format!("{error:#}"))
            }
        };
        Rendered { folder, log: book.take_log(), error }
    }

    /// What `mdbook test` does, with the current generation. Returns what our preprocessor wrote,
    /// and mdBook's error if there was one.
    pub fn test(book: &Book) -> Rendered {
        book.take_log();
        let tested = mdbook_driver::MDBook::load(book.root());
        let tested = tested.and_then(|mut book| book.test(Vec::new()));
        let error = tested.err().map(|error| format!("{error:#}"));
        Rendered { folder: PathBuf::new(), log: book.take_log(), error }
    }
}

/// What a host made of a book.
pub struct Rendered {
    folder: PathBuf,
    /// What our preprocessors wrote to standard error.
    pub log: String,
    /// Why the host gave up, if it did.
    pub error: Option<String>,
}

impl Rendered {
    /// This, if the host did not give up.
    #[must_use]
    pub fn ok(self) -> Self {
        assert_eq!(self.error, None, "the host gave up; our preprocessors say:\n{}", self.log);
        self
    }

    /// What was built at `folder` by other means than a host of the harness.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder, log: String::new(), error: None }
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> String {
        let text = fs::read_to_string(self.folder.join(path));
        text.unwrap_or_else(|error| panic!("cannot read the built `{path}`: {error}"))
    }

    /// The texts of the elements of a page that a CSS selector means.
    pub fn select(&self, path: &str, selector: &str) -> Vec<String> {
        self.elements(path, selector, |element| element.text().collect())
    }

    /// The `class` attributes of the elements of a page that a CSS selector means.
    pub fn classes(&self, path: &str, selector: &str) -> Vec<String> {
        self.attributes(path, selector, "class")
    }

    /// One attribute of the elements of a page that a CSS selector means.
    pub fn attributes(&self, path: &str, selector: &str, name: &str) -> Vec<String> {
        self.elements(path, selector, |element| {
            element.value().attr(name).unwrap_or_default().to_owned()
        })
    }

    /// What a reader sees of the code blocks of a page, without the lines that mdBook hides.
    pub fn visible_code(&self, path: &str) -> Vec<String> {
        self.elements(path, "pre code", |code| {
            let shown = code.children().filter(|child| {
                let element = ElementRef::wrap(*child);
                !element.is_some_and(|element| element.value().classes().any(|it| it == "boring"))
            });
            let texts = shown.flat_map(|node| node.descendants());
            texts.filter_map(|node| Some(node.value().as_text()?.to_string())).collect()
        })
    }

    fn elements(
        &self,
        path: &str,
        selector: &str,
        take: impl Fn(ElementRef<'_>) -> String,
    ) -> Vec<String> {
        let page = Html::parse_document(&self.text(path));
        let selector = Selector::parse(selector).expect("a CSS selector");
        page.select(&selector).map(take).collect()
    }

    /// Every file with its contents.
    pub fn tree(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        tree(&self.folder)
    }

    /// The findings that our preprocessors printed, in short: level, rule, file, line, column.
    pub fn places(&self) -> Vec<String> {
        printed_places(&self.log)
    }
}
