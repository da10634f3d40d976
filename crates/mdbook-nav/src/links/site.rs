//! What the finished book has beside the pages of its chapters.

use handbook_book::slashed;
use handbook_pass::{Places, Setup};
use handbook_text::include::ReadError;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Pages that mdBook makes of its own.
const MADE: [&str; 4] = ["404.html", "index.html", "print.html", "toc.html"];

pub(crate) struct Site {
    /// The folder of the chapters.
    src: PathBuf,
    /// Addresses that lead on to others, from the root of the book, some with `#` and a fragment.
    redirects: BTreeSet<String>,
}

/// What lies at a path of the finished book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lies {
    /// A file or page.
    There,
    /// Nothing; a file of Markdown with that name is no chapter.
    Unlisted,
    /// Nothing; a file's name differs in large and small letters.
    Otherwise(String),
    /// Nothing, and no name near it.
    Nowhere,
}

impl Site {
    pub(crate) fn new(setup: &Setup<'_>) -> Self {
        let value = |path: &[&str]| path.iter().try_fold(setup.config, |value, key| value.get(key));
        let redirects = value(&["output", "html", "redirect"]).and_then(Value::as_object);
        let redirects = redirects.into_iter().flat_map(|map| map.keys());
        let redirects =
            redirects.map(|from| from.trim_start_matches("./").trim_start_matches('/').to_owned());
        Self { src: setup.src(), redirects: redirects.collect() }
    }

    /// Whether a redirect takes care of an address.
    pub(crate) fn redirects(&self, page: &Path, fragment: Option<&str>) -> bool {
        let page = slashed(page);
        match fragment {
            None => self.redirects.contains(&page),
            Some(fragment) => self.redirects.contains(&format!("{page}#{fragment}")),
        }
    }

    /// What lies at `page`, `source` below the folder of the chapters; `None` if nobody knows.
    pub(crate) fn lies(&self, folders: &Folders<'_>, page: &Path, source: &Path) -> Option<Lies> {
        if self.redirects(page, None) || MADE.iter().any(|made| page == Path::new(made)) {
            return Some(Lies::There);
        }
        let name =
            |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(folder) = folders.at(page.parent().unwrap_or(Path::new("")))? else {
            return Some(Lies::Nowhere);
        };
        let wanted = name(page);
        if folder.names.contains(&wanted) && !wanted.ends_with(".md") {
            return Some(Lies::There);
        }
        // Servers show what a folder has under this name.
        if folder.names.contains(&format!("{wanted}/")) {
            let inside = folders.at(page)?;
            let is_front = inside.is_some_and(|inside| inside.names.contains("index.html"));
            return Some(if is_front { Lies::There } else { Lies::Nowhere });
        }
        let written = name(source);
        if written.ends_with(".md") && folder.names.contains(&written) {
            return Some(Lies::Unlisted);
        }
        let other = folder.copied.get(&wanted.to_lowercase());
        Some(other.map_or(Lies::Nowhere, |other| Lies::Otherwise(other.clone())))
    }

    /// The folders of the chapters.
    pub(crate) fn folders<'a>(&'a self, places: &'a dyn Places) -> Folders<'a> {
        Folders { src: &self.src, places, known: RefCell::default() }
    }
}

/// What the folders of the book hold, each looked through once.
pub(crate) struct Folders<'a> {
    src: &'a Path,
    places: &'a dyn Places,
    known: RefCell<BTreeMap<PathBuf, Known>>,
}

/// What is known of a folder: none if there is no such folder, `None` if nobody knows.
type Known = Option<Option<Rc<Folder>>>;

/// What a folder holds.
pub(crate) struct Folder {
    /// All names, those of folders with a slash behind.
    pub(crate) names: BTreeSet<String>,
    /// The names of what mdBook copies, by the same in lower case.
    copied: BTreeMap<String, String>,
}

impl Folders<'_> {
    /// The folder at a path below that of the chapters.
    pub(crate) fn at(&self, path: &Path) -> Known {
        if let Some(known) = self.known.borrow().get(path) {
            return known.clone();
        }
        let found = self.look(path);
        self.known.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    fn look(&self, path: &Path) -> Known {
        // Each step is looked up by name: some systems take `A` for `a`, servers do not.
        if let (Some(outer), Some(name)) = (path.parent(), path.file_name()) {
            let Some(outer) = self.at(outer)? else { return Some(None) };
            if !outer.names.contains(&format!("{}/", name.to_string_lossy())) {
                return Some(None);
            }
        }
        match self.places.list(&self.src.join(path)) {
            Ok(names) => Some(Some(Rc::new(Folder::of(&names)))),
            Err(ReadError::NotFound) => Some(None),
            Err(_) => None,
        }
    }
}

impl Folder {
    fn of(names: &str) -> Self {
        let names: BTreeSet<String> = names.lines().map(str::to_owned).collect();
        let copied = names.iter().filter(|name| !name.ends_with(".md")).rev();
        let copied = copied.map(|name| (name.to_lowercase(), name.clone())).collect();
        Self { names, copied }
    }
}
