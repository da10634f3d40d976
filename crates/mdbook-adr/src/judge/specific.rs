//! Examples that somebody can look up: they name a version, a setting or a date.

use crate::chapter::Chapter;
use crate::rules::UNSPECIFIC_EXAMPLE;
use handbook_book::{Node, NodeKind, Span};
use handbook_template::Matched;
use handbook_text::{Expanded, Finding};

/// Each item of a list, row of a table, or the part as a whole names something.
pub(super) fn check(chapter: &Chapter<'_>, matched: &Matched<'_>) -> Vec<Finding<Expanded>> {
    let mut examples = Vec::new();
    collect(matched.found, &mut examples);
    // Of what is not written yet there are other findings.
    let is_vague = |span: &Span| {
        let text = chapter.document.slice(*span);
        let is_written = text.chars().any(char::is_alphabetic) && chapter.is_written(*span);
        is_written && !names_something(text)
    };
    let finding = |span: Span| {
        let at = chapter.document.first_line(span);
        let message = "this example names neither version nor configuration nor date";
        chapter
            .finding(&UNSPECIFIC_EXAMPLE, matched.node, at, message)
            .help("write what a reader can look up, as in `Cassandra 4.0, num_tokens = 16`")
    };
    examples.into_iter().filter(is_vague).map(finding).collect()
}

/// A number says when or how much, code names a setting.
fn names_something(text: &str) -> bool {
    text.contains('`') || text.chars().any(char::is_numeric)
}

/// The examples in `node`: items and rows; text only if there is nothing else.
fn collect(node: &Node, examples: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::List { .. } => examples.extend(node.children.iter().map(|item| item.span)),
        NodeKind::Table(table) => {
            let rows = table.rows.iter();
            let span = |row: &Vec<handbook_book::Cell>| {
                row.iter().map(|cell| cell.span).reduce(Span::cover)
            };
            examples.extend(rows.filter_map(span));
        }
        _ => {
            let before = examples.len();
            node.children.iter().for_each(|child| match child.kind {
                NodeKind::Paragraph { .. } => {}
                _ => collect(child, examples),
            });
            let is_text = |child: &&Node| matches!(child.kind, NodeKind::Paragraph { .. });
            if examples.len() == before && node.children.iter().any(|child| is_text(&child)) {
                let text = node.children.iter().filter(is_text).map(|child| child.span);
                examples.extend(text.reduce(Span::cover));
            }
        }
    }
}
