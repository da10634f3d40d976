//! Links to chapters that are planned: on the page, their texts, marked.

use crate::Settings;
use handbook_book::{Book, ChapterId, Span, Target};
use handbook_text::{Edit, Expanded};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

pub(super) struct Planned {
    /// Below the source folder.
    paths: BTreeSet<PathBuf>,
    label: String,
}

impl Planned {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            paths: settings.planned.iter().map(|path| plain(path)).collect(),
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
        let document = &book[chapter].document;
        let mut edits = Vec::new();
        for link in document.links.iter().filter(|link| !link.image) {
            let Target::File { path, .. } = book.target(chapter, &link.destination) else {
                continue;
            };
            // A tag alone on its line would open a block.
            let text = document.slice(link.text_span);
            if !self.names(&path) || text.trim() != text || text.is_empty() {
                continue;
            }
            let opening = Span::new(link.span.start(), link.text_span.start());
            let closing = Span::new(link.text_span.end(), link.span.end());
            let label =
                self.label.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            let tag = format!("<span class=\"handbook-planned\" title=\"{label}\">");
            edits.push(Edit::replace(opening, tag));
            edits.push(Edit::replace(closing, "</span>"));
        }
        edits
    }
}

/// The path without what means nothing in it.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}
