//! Links from one chapter to places in others, as Markdown.

use crate::output::escaped;
use handbook_book::{AnchorSource, Book, ChapterId, anchors};
use std::path::{Component, Path};

/// Who follows a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// Somebody who reads the finished page, where mdBook calls `README.md` `index.md`.
    OfPage,
    /// Somebody who reads the Markdown.
    OfSource,
}

/// The author's headings of a chapter, in order. Those that are built into the page do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headings<'a> {
    headings: Vec<(&'a AnchorSource, String)>,
}

/// A heading that a snippet stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Under<'a> {
    pub(super) text: &'a str,
    pub(super) anchor: &'a str,
}

impl<'a> Headings<'a> {
    pub(super) fn of(book: &'a Book, chapter: ChapterId) -> Self {
        let sources = &book[chapter].document.anchor_sources;
        let pairs = sources.iter().map(|source| (source.explicit.as_deref(), source.text.as_str()));
        let anchors = anchors(pairs, book.host.version);
        Self { headings: sources.iter().zip(anchors).collect() }
    }

    /// The last heading before `offset`, if there is one.
    pub(super) fn before(&self, offset: usize) -> Option<Under<'_>> {
        let before = self.headings.partition_point(|(source, _)| source.span.start() < offset);
        let (source, anchor) = self.headings.get(before.checked_sub(1)?)?;
        Some(Under { text: &source.text, anchor })
    }
}

/// A link to a chapter with its title.
pub(super) fn chapter_link(book: &Book, from: ChapterId, to: ChapterId, reader: Reader) -> String {
    format!("**[{}]({})**", escaped(&book[to].name), target(book, from, to, None, reader))
}

/// What a link in one chapter to another, or to an anchor there, leads to.
pub(super) fn target(
    book: &Book,
    from: ChapterId,
    to: ChapterId,
    anchor: Option<&str>,
    reader: Reader,
) -> String {
    let anchor = anchor.map(|anchor| format!("#{}", encoded(anchor))).unwrap_or_default();
    if from == to && !anchor.is_empty() {
        return anchor;
    }
    let path = relative(&book[from].path, &book[to].path);
    let path = match path.rsplit_once('/') {
        _ if reader == Reader::OfSource => path,
        Some((folder, name)) if is_readme(name) => format!("{folder}/index.md"),
        None if is_readme(&path) => "index.md".to_owned(),
        _ => path,
    };
    format!("{}{anchor}", encoded(&path))
}

fn is_readme(name: &str) -> bool {
    name.eq_ignore_ascii_case("readme.md")
}

/// The way from one file to another, both named from one folder.
fn relative(from: &Path, to: &Path) -> String {
    fn parts(path: &Path) -> Vec<String> {
        let normal = |part: Component<'_>| part.as_os_str().to_string_lossy().into_owned();
        path.components().map(normal).collect()
    }
    let (from, to) = (parts(from.parent().unwrap_or(Path::new(""))), parts(to));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[common..].iter().map(|_| "..".to_owned());
    up.chain(to[common..].iter().cloned()).collect::<Vec<_>>().join("/")
}

/// The text with all that would end a link's target, or mean something in it, in hexadecimal.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for ch in text.chars() {
        if ch.is_alphanumeric() || "/._-~".contains(ch) {
            out.push(ch);
        } else {
            let mut bytes = [0; 4];
            let bytes = ch.encode_utf8(&mut bytes).bytes();
            out.extend(bytes.map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

/// A name as code; as plain text if it cannot be.
pub(super) fn code(name: &str) -> String {
    let is_plain = |ch: char| ch.is_alphanumeric() || "_-./: ".contains(ch);
    if name.chars().all(is_plain) { format!("`{name}`") } else { escaped(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_from_the_folder_of_a_chapter() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("a.md", "b.md"), "b.md");
        assert_eq!(way("x/a.md", "b.md"), "../b.md");
        assert_eq!(way("a.md", "x/b.md"), "x/b.md");
        assert_eq!(way("x/y/a.md", "x/z/b.md"), "../z/b.md");
    }

    #[test]
    fn nothing_ends_a_target() {
        assert_eq!(encoded("über uns (1)/a<b>.md"), "über%20uns%20%281%29/a%3Cb%3E.md");
        assert_eq!(code("ring.v2"), "`ring.v2`");
        assert_eq!(code("a|`b"), "a&#124;&#96;b");
    }
}
