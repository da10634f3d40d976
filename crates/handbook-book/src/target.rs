use crate::{Book, ChapterId};
use std::path::{Component, Path, PathBuf};

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
        if destination.starts_with('/') {
            return Target::Outside;
        }
        if has_scheme(destination) {
            return Target::Web;
        }
        let (address, fragment) = match destination.split_once('#') {
            Some((address, fragment)) => (address, Some(decoded(fragment))),
            None => (destination, None),
        };
        let address = address.split_once('?').map_or(address, |(address, _)| address);
        if address.is_empty() {
            return Target::Chapter { id: from, fragment };
        }
        let Some(path) = joined(&self[from].path, &decoded(address)) else {
            return Target::Outside;
        };
        match self.page(&path) {
            Some(id) => Target::Chapter { id, fragment },
            None => Target::File { path, fragment },
        }
    }

    /// The chapter whose file, or whose page, is at `path` below the source folder.
    fn page(&self, path: &Path) -> Option<ChapterId> {
        let source = if path.extension().is_some_and(|extension| extension == "html") {
            path.with_extension("md")
        } else {
            path.to_owned()
        };
        let is_it = |chapter: &Path| chapter == source || index_of(chapter) == source;
        self.iter().find(|(_, chapter)| is_it(&chapter.path)).map(|(id, _)| id)
    }
}

/// The path under which mdBook's `index` puts a chapter: `README.md` becomes `index.md`.
fn index_of(path: &Path) -> PathBuf {
    let is_readme = path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
    if is_readme { path.with_file_name("index.md") } else { path.to_owned() }
}

fn has_scheme(destination: &str) -> bool {
    let Some((scheme, _)) = destination.split_once(':') else { return false };
    scheme.starts_with(|ch: char| ch.is_ascii_alphabetic())
        && scheme.chars().all(|ch| ch.is_ascii_alphanumeric() || "+-.".contains(ch))
}

/// `address` seen from the file `from`; `None` above the folder that `from` is below.
fn joined(from: &Path, address: &str) -> Option<PathBuf> {
    let mut path = from.parent().unwrap_or(Path::new("")).to_owned();
    for component in Path::new(address).components() {
        match component {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir => path.pop().then_some(())?,
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// `text` with `%20` and its like read as the bytes they stand for. What is no text then stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = (first == b'%').then(|| tail.get(..2)).flatten();
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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
        Book { host, chapters: paths.iter().map(chapter).collect() }
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
        assert_eq!(from_b("mailto:a@b"), Target::Web);
        assert_eq!(from_b("../../a.md"), Target::Outside);
        assert_eq!(from_b("/a.md"), Target::Outside);
        let file = Target::File { path: "sub/x.png".into(), fragment: None };
        assert_eq!(from_b("x.png"), file);
    }
}
