//! Links to chapters that are planned: on the page, their texts, marked.

use crate::Settings;
use handbook_book::{Book, ChapterId, Link, Span, Target};
use handbook_text::{Edit, Expanded};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(super) struct Planned {
    /// Below the source folder.
    paths: BTreeSet<PathBuf>,
    label: String,
}

impl Planned {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            paths: settings.planned.iter().cloned().collect(),
            label: settings.planned_label.clone(),
        }
    }

    /// Whether the plan has a chapter with this file.
    pub(super) fn names(&self, path: &Path) -> bool {
        self.paths.contains(path)
    }

    /// The files, as somebody may have meant them.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().map(PathBuf::as_path)
    }

    /// The edits that make of a link to what nobody has written its text.
    pub(super) fn rewrite(&self, chapter: ChapterId, book: &Book) -> Vec<Edit<Expanded>> {
        if self.paths.is_empty() {
            return Vec::new();
        }
        let label = self.label.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let tag = format!("<span class=\"handbook-planned\" title=\"{label}\">");
        let edits = self.shown(chapter, book).flat_map(|(link, text)| {
            let opening = Span::new(link.span.start(), text.start());
            let closing = Span::new(text.end(), link.span.end());
            [Edit::replace(opening, tag.as_str()), Edit::replace(closing, "</span>")]
        });
        edits.collect()
    }

    /// Where the links stand that are shown as planned, as findings would point at them.
    pub(super) fn taken(&self, chapter: ChapterId, book: &Book) -> BTreeSet<Span> {
        let places = self.shown(chapter, book);
        places.flat_map(|(link, _)| link.address().into_iter().chain([link.span])).collect()
    }

    /// The links that are shown as planned, with what is shown of their text.
    fn shown<'a>(
        &'a self,
        chapter: ChapterId,
        book: &'a Book,
    ) -> impl Iterator<Item = (&'a Link, Span)> {
        let document = &book[chapter].document;
        let links = document.links.iter().filter(|link| !link.image && !self.paths.is_empty());
        links.filter_map(move |link| {
            let Target::File { path, .. } = book.target(chapter, &link.destination) else {
                return None;
            };
            let text = document.slice(link.text_span);
            let words = text.trim_matches([' ', '\t']);
            // A tag alone on its line would open a block.
            let is_shown = !words.is_empty() && words.trim() == words && self.names(&path);
            let start = link.text_span.start() + text.find(words)?;
            is_shown.then(|| (link, Span::new(start, start + words.len())))
        })
    }
}
