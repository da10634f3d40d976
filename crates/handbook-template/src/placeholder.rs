//! The bracketed texts by which a template says what goes where.

use crate::pattern::closing;
use handbook_book::{Code, Document, NodeKind, Span, folded};

/// What in `document` looks like a placeholder, with its text made comparable: in prose each
/// bracketed text that is no link, in code each that has a line to itself.
pub(crate) fn placeholders(document: &Document) -> Vec<(Span, String)> {
    let links = Links::of(document);
    let mut found = Vec::new();
    let mut in_text = |span| in_text(document, &links, span, &mut found);
    let mut lines = Vec::new();
    for node in document.root.walk() {
        match &node.kind {
            NodeKind::Section(heading) | NodeKind::Heading(heading) => {
                in_text(heading.span);
            }
            NodeKind::Field(label) => in_text(label.span),
            NodeKind::Paragraph { .. } | NodeKind::Term { .. } => {
                in_text(node.span);
            }
            NodeKind::Table(table) => {
                let cells = table.rows.iter().chain([&table.header]).flatten();
                cells.for_each(|cell| in_text(cell.span));
            }
            NodeKind::Code(code) => in_code(document, code, &mut lines),
            _ => {}
        }
    }
    found.append(&mut lines);
    found.sort_by_key(|(span, _)| *span);
    found
}

/// Where links and images stand that are in no other.
struct Links(Vec<Span>);

impl Links {
    fn of(document: &Document) -> Self {
        let mut spans: Vec<Span> = document.links.iter().map(|link| link.span).collect();
        spans.sort_by_key(|span| (span.start(), std::cmp::Reverse(span.end())));
        let mut end = 0;
        spans.retain(|span| {
            let is_outermost = span.start() >= end;
            end = end.max(span.end());
            is_outermost
        });
        Self(spans)
    }

    fn hold(&self, offset: usize) -> bool {
        let before = self.0.partition_point(|span| span.start() <= offset);
        self.0[..before].last().is_some_and(|span| offset < span.end())
    }
}

fn in_text(document: &Document, links: &Links, span: Span, found: &mut Vec<(Span, String)>) {
    let text = document.slice(span);
    let mut searched = 0;
    while let Some(at) = text[searched..].find(['[', '{']).map(|at| at + searched) {
        searched = at + 1;
        let Some(end) = closing(text, at) else { continue };
        let bracket = Span::new(span.start() + at, span.start() + end);
        let inner = &text[at + 1..end - 1];
        let escaped = text[..at].ends_with(['\\', '`']);
        let ours = inner.starts_with(['{', '#', '^', '@', '.', '!']);
        let says_something = inner.chars().filter(|ch| ch.is_alphabetic()).count() > 1;
        if ours || escaped || links.hold(bracket.start()) {
            // What stands inside `{{#…}}` or a link is part of it.
            searched = if ours { end } else { searched };
            continue;
        }
        if says_something {
            found.push((bracket, folded(&text[at..end])));
            searched = end;
        }
    }
}

fn in_code(document: &Document, code: &Code, found: &mut Vec<(Span, String)>) {
    for line in &code.lines {
        let text = document.slice(*line);
        let start = text.len() - text.trim_start().len();
        let trimmed = text.trim();
        let whole = trimmed.starts_with('[') && closing(trimmed, 0) == Some(trimmed.len());
        if whole && trimmed.chars().any(char::is_alphabetic) {
            let start = line.start() + start;
            found.push((Span::new(start, start + trimmed.len()), folded(trimmed)));
        }
    }
}
