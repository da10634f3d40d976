//! What mdBook makes of the addresses in links, and how browsers read what it writes.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// The page at the front of every book.
pub(crate) const FRONT: &str = "index.html";

/// An address in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// What stands in front of `?` and `#`.
    pub path: Cow<'a, str>,
    /// What stands behind `#`.
    pub fragment: Option<Cow<'a, str>>,
    /// What mdBook leaves out: of all that stands behind `.md`, only a fragment stays.
    pub dropped: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// Reads what an author wrote, as mdBook writes it into the page.
    pub fn of_source(destination: &'a str) -> Self {
        if destination.starts_with('#') || has_plain_scheme(destination) {
            return Self::of_page(destination);
        }
        let Some(at) = destination.rfind(".md") else { return Self::of_page(destination) };
        let (stem, rest) = (&destination[..at], &destination[at + 3..]);
        let fragment = rest.strip_prefix('#').map(Cow::Borrowed);
        let dropped = (fragment.is_none() && !rest.is_empty()).then_some(rest);
        match stem.split_once(['#', '?']) {
            None => Self { path: format!("{stem}.html").into(), fragment, dropped },
            // The `.md` stands in the fragment or query, where it becomes `.html` as well.
            Some((path, _)) => {
                let page = format!("{stem}.html{}", if dropped.is_some() { "" } else { rest });
                let fragment = page.split_once('#').map(|(_, fragment)| fragment.to_owned().into());
                Self { path: path.into(), fragment, dropped }
            }
        }
    }

    /// Reads an address that mdBook leaves as it is.
    pub fn of_page(destination: &'a str) -> Self {
        let (path, fragment) = match destination.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment.into())),
            None => (destination, None),
        };
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        Self { path: path.into(), fragment, dropped: None }
    }

    /// The path below the finished book's root, seen from the page `from`: percent signs decoded,
    /// and the page that a folder shows. `None` if it leads elsewhere.
    pub fn page(&self, from: &Path) -> Option<PathBuf> {
        // Browsers take a backslash for a slash, but not what `%5C` stands for.
        let address = decoded(&self.path.replace('\\', "/"));
        let is_folder = matches!(address.rsplit('/').next(), Some("" | "." | ".."));
        let path = joined(from, &address)?;
        Some(if is_folder { path.join(FRONT) } else { path })
    }
}

/// Where mdBook writes the page of a chapter: `.html` for `.md`, and its `index` makes `index` of
/// `README`.
pub(crate) fn page_of(chapter: &Path) -> PathBuf {
    let page = joined(Path::new(""), &slashed(chapter));
    let page = page.unwrap_or_else(|| chapter.to_owned());
    if is_readme(&page) { page.with_file_name(FRONT) } else { page.with_extension("html") }
}

/// Whether mdBook's `index` gives a file another name.
pub(crate) fn is_readme(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"))
}

/// Whether mdBook takes the address for one with a scheme.
fn has_plain_scheme(destination: &str) -> bool {
    has_scheme(destination)
        && !destination.split(':').next().unwrap_or_default().contains(|ch: char| ch.is_uppercase())
}

/// Whether browsers take the address for one with a scheme.
pub(crate) fn has_scheme(destination: &str) -> bool {
    let Some((scheme, _)) = destination.split_once(':') else { return false };
    scheme.starts_with(|ch: char| ch.is_ascii_alphabetic())
        && scheme.chars().all(|ch| ch.is_ascii_alphanumeric() || "+-.".contains(ch))
}

/// `address` seen from the file `from`; `None` above the folder that `from` is below.
pub(crate) fn joined(from: &Path, address: &str) -> Option<PathBuf> {
    let mut path = from.parent().unwrap_or(Path::new("")).to_owned();
    for component in Path::new(address).components() {
        match component {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// `text` with `%20` and its like read as the bytes they stand for. What is no text then stays.
pub fn decoded(text: &str) -> String {
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

/// A path or fragment as it can stand in any link: what means something to Markdown, HTML or
/// browsers becomes `%20` and its like.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if ch == ' ' || ch.is_ascii_control() || "%#?&<>()[]\\\"'`|".contains(ch) {
            out.push_str(&format!("%{:02X}", u32::from(ch)));
        } else {
            out.push(ch);
        }
    }
    out
}

/// A path with slashes, as addresses and files of the book name it on all systems.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The path of `to` as a link in the file `from` names it, with slashes.
pub fn between(from: &Path, to: &Path) -> String {
    let folder = from.parent().unwrap_or(Path::new(""));
    let shared = folder.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".into());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
    up.chain(down).collect::<Vec<Cow<'_, str>>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Path, fragment, and what is dropped.
    fn parts(destination: &str) -> (String, Option<String>, Option<&str>) {
        let Address { path, fragment, dropped } = Address::of_source(destination);
        (path.into_owned(), fragment.map(Cow::into_owned), dropped)
    }

    #[test]
    fn addresses_become_what_mdbook_writes() {
        let html = |fragment: Option<&str>, dropped| {
            ("a.html".to_owned(), fragment.map(str::to_owned), dropped)
        };
        assert_eq!(parts("a.md"), html(None, None));
        assert_eq!(parts("a.md#x"), html(Some("x"), None));
        assert_eq!(parts("a.md?q#x"), html(None, Some("?q#x")));
        assert_eq!(parts("a.mdx"), html(None, Some("x")));
        assert_eq!(parts("a.html?q#x"), html(Some("x"), None));
        assert_eq!(parts("a.html#b.md"), html(Some("b.html"), None));
        assert_eq!(parts("#b.md").1.as_deref(), Some("b.md"));
        assert_eq!(parts("HTTP://a.md").0, "HTTP://a.html");
        assert_eq!(parts("http://a.md").0, "http://a.md");
    }

    #[test]
    fn paths_lead_from_file_to_file() {
        let path = |from: &str, to: &str| between(Path::new(from), Path::new(to));
        assert_eq!(path("a.md", "b.md"), "b.md");
        assert_eq!(path("x/a.md", "b.md"), "../b.md");
        assert_eq!(path("x/y/a.md", "x/z/b.md"), "../z/b.md");
        assert_eq!(encoded("a b (c)%.md"), "a%20b%20%28c%29%25.md");
        assert_eq!(decoded(&encoded("ä & b?#[x]")), "ä & b?#[x]");
    }

    #[test]
    fn folders_show_their_index() {
        let page = |address| Address::of_source(address).page(Path::new("sub/x.html"));
        assert_eq!(page("./"), Some("sub/index.html".into()));
        assert_eq!(page(".."), Some("index.html".into()));
        assert_eq!(page("a%20b.md"), Some("sub/a b.html".into()));
        assert_eq!(page("../../a.md"), None);
        assert_eq!(page("..\\a.md"), Some("a.html".into()));
        #[cfg(unix)]
        assert_eq!(page("a%5Cb.md"), Some("sub/a\\b.html".into()));
    }
}
