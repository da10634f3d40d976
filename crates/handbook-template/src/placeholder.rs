//! The bracketed texts by which a template says what goes where.

use crate::pattern::{closing, folded};
use handbook_book::{Code, Document, NodeKind, Span};

/// What in `document` looks like a placeholder, with its text made comparable: in prose each
/// bracketed text that is no link, in code each that has a line to itself.
pub(crate) fn placeholders(document: &Document) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for node in document.root.walk() {
        match &node.kind {
            NodeKind::Section(heading) | NodeKind::Heading(heading) => {
                in_text(document, heading.span, &mut found);
            }
            NodeKind::Field(label) => in_text(document, label.span, &mut found),
            NodeKind::Paragraph { .. } | NodeKind::Term { .. } => {
                in_text(document, node.span, &mut found);
            }
            NodeKind::Table(table) => {
                let cells = table.rows.iter().chain([&table.header]).flatten();
                cells.for_each(|cell| in_text(document, cell.span, &mut found));
            }
            NodeKind::Code(code) => in_code(document, code, &mut found),
            _ => {}
        }
    }
    found.sort_by_key(|(span, _)| *span);
    found
}

fn in_text(document: &Document, span: Span, found: &mut Vec<(Span, String)>) {
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
        let linked = document
            .links
            .iter()
            .any(|link| link.span.contains(bracket) || bracket.start() == link.span.start());
        if ours || escaped || linked {
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
