//! Links from one chapter to places in others, as Markdown.

use handbook_book::{AnchorSource, Book, ChapterId, Reader, escaped};

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
        let document = &book[chapter].document;
        let anchors = document.anchors(book.host.version);
        Self { headings: document.anchor_sources.iter().zip(anchors).collect() }
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
    format!("**[{}]({})**", escaped(&book[to].name), book.way(from, to, None, reader))
}
