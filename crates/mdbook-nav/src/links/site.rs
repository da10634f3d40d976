//! What the finished book has beside the pages of its chapters.

use handbook_pass::{Places, Setup};
use handbook_text::include::ReadError;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Pages that mdBook makes of its own.
const MADE: [&str; 4] = ["404.html", "index.html", "print.html", "toc.html"];

pub(super) struct Site {
    /// The folder of the chapters.
    src: PathBuf,
    /// Addresses that lead on to others, from the root of the book, some with `#` and a fragment.
    redirects: BTreeSet<String>,
}

/// What lies at a path of the finished book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lies {
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
    pub(super) fn new(setup: &Setup<'_>) -> Self {
        let value = |path: &[&str]| path.iter().try_fold(setup.config, |value, key| value.get(key));
        let src = value(&["book", "src"]).and_then(Value::as_str).unwrap_or("src");
        let redirects = value(&["output", "html", "redirect"]).and_then(Value::as_object);
        let redirects = redirects.into_iter().flat_map(|map| map.keys());
        let redirects =
            redirects.map(|from| from.trim_start_matches("./").trim_start_matches('/').to_owned());
        Self { src: setup.root.join(src), redirects: redirects.collect() }
    }

    /// Whether a redirect takes care of an address.
    pub(super) fn redirects(&self, page: &Path, fragment: Option<&str>) -> bool {
        let page = page.to_string_lossy().replace('\\', "/");
        match fragment {
            None => self.redirects.contains(&page),
            Some(fragment) => self.redirects.contains(&format!("{page}#{fragment}")),
        }
    }

    /// What lies at `page`, `source` below the folder of the chapters; `None` if nobody knows.
    pub(super) fn lies(&self, places: &dyn Places, page: &Path, source: &Path) -> Option<Lies> {
        if self.redirects(page, None) || MADE.iter().any(|made| page == Path::new(made)) {
            return Some(Lies::There);
        }
        let name =
            |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(names) = self.names(places, page.parent().unwrap_or(Path::new("")))? else {
            return Some(Lies::Nowhere);
        };
        let wanted = name(page);
        if names.contains(&wanted) && !wanted.ends_with(".md") {
            return Some(Lies::There);
        }
        // Servers show what a folder has under this name.
        if names.contains(&format!("{wanted}/")) {
            let inside = self.names(places, page)?.unwrap_or_default();
            let is_front = |name: &String| name == "index.html";
            return Some(if inside.iter().any(is_front) { Lies::There } else { Lies::Nowhere });
        }
        let written = name(source);
        if written.ends_with(".md") && names.contains(&written) {
            return Some(Lies::Unlisted);
        }
        let mut others = names.into_iter().filter(|other| !other.ends_with(".md"));
        let other = others.find(|other| other.to_lowercase() == wanted.to_lowercase());
        Some(other.map_or(Lies::Nowhere, Lies::Otherwise))
    }

    /// The names in a folder of the book: none if there is no such folder, `None` if nobody knows.
    #[expect(clippy::option_option, reason = "not to know is another answer than none")]
    pub(super) fn names(
        &self,
        places: &dyn Places,
        folder: &Path,
    ) -> Option<Option<BTreeSet<String>>> {
        // Each step is looked up by name: some systems take `A` for `a`, servers do not.
        let mut path = self.src.clone();
        for part in folder.components() {
            let part = part.as_os_str().to_string_lossy();
            match places.list(&path) {
                Ok(names) if names.lines().any(|name| name.strip_suffix('/') == Some(&part)) => {}
                Ok(_) | Err(ReadError::NotFound) => return Some(None),
                Err(_) => return None,
            }
            path.push(&*part);
        }
        match places.list(&path) {
            Ok(names) => Some(Some(names.lines().map(str::to_owned).collect())),
            Err(ReadError::NotFound) => Some(None),
            Err(_) => None,
        }
    }
}
