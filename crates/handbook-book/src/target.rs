use crate::{Address, Book, ChapterId, address, decoded};
use std::path::{Path, PathBuf};

/// Where a link leads. Fragments are what stands behind `#`, percent signs decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An address with a scheme or a host, which is somebody else's.
    Web,
    /// The page of a chapter.
    Chapter {
        /// The chapter.
        id: ChapterId,
        /// A place on its page.
        fragment: Option<String>,
    },
    /// Anything else below the source folder, which may be there or not.
    File {
        /// The path below the source folder.
        path: PathBuf,
        /// A place in it.
        fragment: Option<String>,
    },
    /// A path that leaves the source folder, or starts at the site's root.
    Outside,
}

impl Book {
    /// Where `destination`, as a link of the chapter `from` names it, leads.
    pub fn target(&self, from: ChapterId, destination: &str) -> Target {
        self.target_of(from, destination, &Address::of_source(destination))
    }

    /// The same for an address that is read already.
    pub fn target_of(&self, from: ChapterId, destination: &str, address: &Address<'_>) -> Target {
        if destination.starts_with("//") || address::has_scheme(destination) {
            return Target::Web;
        }
        if destination.starts_with(['/', '\\']) {
            return Target::Outside;
        }
        let fragment = address.fragment.as_deref().map(decoded);
        if address.path.is_empty() {
            return Target::Chapter { id: from, fragment };
        }
        let Some(page) = address.page(&self.page_path(from)) else { return Target::Outside };
        if let Some(id) = self.shown_at(&page).or_else(|| self.index_for(&page)) {
            return Target::Chapter { id, fragment };
        }
        let path = decoded(&Address::of_page(destination).path.replace('\\', "/"));
        match address::joined(&self[from].path, &path) {
            Some(path) => Target::File { path, fragment },
            None => Target::Outside,
        }
    }

    /// Whether the chapter's page is where an address leads, and not only its file: mdBook makes
    /// `README.html` of a link to `README.md`, whose page is `index.html`.
    pub fn is_page_of(&self, id: ChapterId, from: ChapterId, address: &Address<'_>) -> bool {
        address.path.is_empty()
            || address.page(&self.page_path(from)).and_then(|page| self.shown_at(&page)) == Some(id)
    }

    /// The chapter that servers show at a path: of a folder, its front page.
    fn shown_at(&self, page: &Path) -> Option<ChapterId> {
        self.chapter_at(page).or_else(|| self.chapter_at(&page.join(address::FRONT)))
    }

    /// The chapter that is meant by `README.html`.
    fn index_for(&self, page: &Path) -> Option<ChapterId> {
        let id = self.chapter_at(&page.with_file_name(address::FRONT))?;
        (address::is_readme(page) && address::is_readme(&self[id].path)).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Chapter, Document, Host};

    fn book(paths: &[&str]) -> Book {
        let host = Host::default();
        let chapter = |path: &&str| Chapter {
            path: path.into(),
            name: String::new(),
            parent: None,
            document: Document::parse("", host),
        };
        Book::new(host, paths.iter().map(chapter).collect())
    }

    #[test]
    fn links_to_a_readme_miss_its_page() {
        let book = book(&["a.md", "sub/README.md"]);
        let is_page = |destination| {
            book.is_page_of(ChapterId(1), ChapterId(0), &Address::of_source(destination))
        };
        assert!(!is_page("sub/README.md") && !is_page("sub/readme.html"));
        assert!(is_page("sub/index.md") && is_page("sub/"));
    }

    #[test]
    fn links_lead_where_the_page_says() {
        let book = book(&["a.md", "sub/b c.md", "sub/README.md"]);
        let to = |id, fragment: Option<&str>| Target::Chapter {
            id: ChapterId(id),
            fragment: fragment.map(str::to_owned),
        };
        let from_b = |destination| book.target(ChapterId(1), destination);
        assert_eq!(from_b("../a.md#x%20y"), to(0, Some("x y")));
        assert_eq!(from_b("../a.html?q=1#x"), to(0, Some("x")));
        assert_eq!(from_b("#x"), to(1, Some("x")));
        assert_eq!(from_b("b%20c.md"), to(1, None));
        assert_eq!(from_b("index.html"), to(2, None));
        assert_eq!(from_b("./README.md"), to(2, None));
        assert_eq!(from_b("."), to(2, None));
        assert_eq!(from_b("?q"), to(1, None));
        assert_eq!(from_b("..\\a.md"), to(0, None));
        assert_eq!(from_b("../index.html"), to(0, None));
        assert_eq!(from_b("mailto:a@b"), Target::Web);
        assert_eq!(from_b("//host/a.md"), Target::Web);
        assert_eq!(from_b("../../a.md"), Target::Outside);
        assert_eq!(from_b("/a.md"), Target::Outside);
        let file = Target::File { path: "sub/x.png".into(), fragment: None };
        assert_eq!(from_b("x.png"), file);
    }
}
