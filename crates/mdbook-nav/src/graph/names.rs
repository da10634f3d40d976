use super::{Field, Vertex};
use crate::Settings;
use handbook_book::{Book, ChapterId, Span, Target};
use std::collections::BTreeMap;
use std::path::Path;

/// A document that a field names, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) vertex: Vertex,
    pub(crate) span: Span,
}

/// Reads what fields name: by links, and by file names as code, since what is not written yet cannot
/// be linked to.
pub(crate) struct Reader<'a> {
    pub(crate) book: &'a Book,
    planned: BTreeMap<&'a Path, usize>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(book: &'a Book, settings: &'a Settings) -> Self {
        let planned = settings.planned.iter().enumerate();
        let planned = planned.map(|(index, path)| (path.as_path(), index)).collect();
        Self { book, planned }
    }

    /// Reads the names in a field of a chapter, except where `is_derived`.
    pub(crate) fn read(&self, id: ChapterId, field: &mut Field, is_derived: &dyn Fn(Span) -> bool) {
        let document = &self.book[id].document;
        // Links stand in the order of the text.
        let first = document.links.partition_point(|link| link.span.start() < field.body.start());
        let links = document.links[first..].iter();
        let links = links.take_while(|link| link.span.end() <= field.body.end());
        let links: Vec<_> = links.filter(|link| !link.image && !is_derived(link.span)).collect();
        let mut names: Vec<Named> = Vec::new();
        for link in &links {
            let vertex = self.vertex(id, &link.destination);
            names.extend(vertex.map(|vertex| Named { vertex, span: link.span }));
        }
        for span in codes(document.slice(field.body), field.body.start()) {
            if is_derived(span) || links.iter().any(|link| link.span.contains(span)) {
                continue;
            }
            match self.vertex(id, document.slice(span)) {
                Some(vertex) => names.push(Named { vertex, span }),
                None => field.unknown.push(span),
            }
        }
        names.sort_by_key(|name| name.span.start());
        field.names = names;
    }

    fn vertex(&self, from: ChapterId, name: &str) -> Option<Vertex> {
        match self.book.target(from, name) {
            Target::Chapter { id, .. } => Some(Vertex::Chapter(id)),
            Target::File { path, .. } => {
                self.planned.get(path.as_path()).copied().map(Vertex::Planned)
            }
            Target::Web | Target::Outside => None,
        }
    }
}

/// The names of Markdown files between backticks in `text`, which starts at `offset`.
fn codes(text: &str, offset: usize) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = offset;
    for (index, piece) in text.split('`').enumerate() {
        let is_name = piece.ends_with(".md") && !piece.contains(char::is_whitespace);
        if index % 2 == 1 && is_name {
            found.push(Span::new(at, at + piece.len()));
        }
        at += piece.len() + 1;
    }
    found
}
