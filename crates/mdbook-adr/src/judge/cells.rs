//! Demands on tables and lists.

use super::words::says_something;
use crate::chapter::{Chapter, head};
use crate::rules::{EMPTY_CELL, EMPTY_PART, TIED_OPTIONS, WRONG_CELL, WRONG_ROW_COUNT};
use handbook_book::{Cell, Node, NodeKind, Table};
use handbook_template::{Counts, Matched, Pattern};
use handbook_text::{Expanded, Finding};

/// The cells of the column with this header, top to bottom.
pub(super) fn column<'a>(matched: &Matched<'a>, header: &str) -> impl Iterator<Item = &'a Cell> {
    let table = table(matched.found);
    let header = Pattern::new(header);
    let index =
        table.and_then(|table| table.header.iter().position(|cell| header.matches(&cell.text)));
    let rows = table.map(|table| table.rows.as_slice()).unwrap_or_default();
    rows.iter().filter_map(move |row| row.get(index?))
}

fn table(node: &Node) -> Option<&Table> {
    match &node.kind {
        NodeKind::Table(table) => Some(table),
        _ => None,
    }
}

/// Each cell of a column starts with a text.
pub(super) fn start(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    header: &str,
    pattern: &str,
) -> Vec<Finding<Expanded>> {
    // Of empty cells there is another constraint.
    let is_wrong =
        |cell: &&Cell| !is_empty(chapter, cell) && !cell.text.trim().starts_with(pattern);
    let wrong = column(matched, header).filter(is_wrong);
    let finding = |cell: &Cell| {
        let message =
            format!("`{}` under `{header}` does not start with `{pattern}`", cell.text.trim());
        chapter
            .finding(&WRONG_CELL, matched.node, cell.span, message)
            .help(format!("say it as `{pattern}…`, and what needs more words behind it"))
    };
    wrong.map(finding).collect()
}

/// A table has so many rows, a list so many items.
pub(super) fn rows(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    counts: Counts,
) -> Vec<Finding<Expanded>> {
    let (number, what) = match &matched.found.kind {
        NodeKind::Table(table) => (table.rows.len(), "rows"),
        NodeKind::List { .. } => (matched.found.children.len(), "items"),
        _ => return Vec::new(),
    };
    if counts.contains(number) {
        return Vec::new();
    }
    let message = format!("{} {what} where the template wants {}", number, range(counts));
    let at = head(chapter.document, matched.found);
    vec![chapter.finding(&WRONG_ROW_COUNT, matched.node, at, message)]
}

/// No cell is empty, and no part without a body.
pub(super) fn filled(chapter: &Chapter<'_>, matched: &Matched<'_>) -> Vec<Finding<Expanded>> {
    let Some(table) = table(matched.found) else {
        let items = matched.found.children.iter().filter(|node| node.kind == NodeKind::Item);
        let parts = if matches!(matched.found.kind, NodeKind::List { .. }) {
            items.collect()
        } else {
            vec![matched.found]
        };
        let finding = |part: &Node| {
            let at = head(chapter.document, part);
            let message = format!("there is nothing in this part of the {}", matched.node.name());
            chapter.finding(&EMPTY_PART, matched.node, at, message)
        };
        return parts.into_iter().filter(|part| !says_something(part)).map(finding).collect();
    };
    let mut findings = Vec::new();
    for row in &table.rows {
        for (cell, header) in
            row.iter().zip(&table.header).filter(|(cell, _)| is_empty(chapter, cell))
        {
            let at = if cell.span.is_empty() { row_span(row) } else { cell.span };
            let message = format!("a cell under `{}` is empty", header.text.trim());
            findings.push(
                chapter
                    .finding(&EMPTY_CELL, matched.node, at, message)
                    .help("if there is nothing to say, say why"),
            );
        }
        // Cells that the author left away.
        if let Some(header) = table.header.get(row.len()) {
            let message = format!("the row ends before `{}`", header.text.trim());
            findings.push(chapter.finding(&EMPTY_CELL, matched.node, row_span(row), message));
        }
    }
    findings
}

/// No row says the same in all columns but the first.
pub(super) fn distinct(chapter: &Chapter<'_>, matched: &Matched<'_>) -> Vec<Finding<Expanded>> {
    let rows = table(matched.found).map(|table| table.rows.as_slice()).unwrap_or_default();
    let said =
        |cell: &Cell| cell.text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let ties = rows.iter().filter(|row| match row.get(1..) {
        Some([first, rest @ ..]) if !rest.is_empty() && !is_empty(chapter, first) => {
            rest.iter().all(|cell| said(cell) == said(first))
        }
        _ => false,
    });
    let finding = |row: &Vec<Cell>| {
        let message = format!("all are alike in `{}`", row[0].text.trim());
        chapter
            .finding(&TIED_OPTIONS, matched.node, row_span(row), message)
            .help("an axis that decides nothing can go; or say in what they differ")
    };
    ties.map(finding).collect()
}

fn row_span(row: &[Cell]) -> handbook_book::Span {
    row.iter()
        .map(|cell| cell.span)
        .reduce(handbook_book::Span::cover)
        .unwrap_or(handbook_book::Span::new(0, 0))
}

/// Whether a cell says nothing: blanks, dashes and question marks do not, unless they are code;
/// images, footnotes and formulas do.
fn is_empty(chapter: &Chapter<'_>, cell: &Cell) -> bool {
    let source = chapter.document.slice(cell.span);
    let shows = ["`", "![", "[^", "$", "\\("].iter().any(|mark| source.contains(mark));
    let is_mark = |ch: char| ch.is_whitespace() || "-–—?…._*".contains(ch);
    !shows && cell.text.chars().all(is_mark)
}

/// A range of numbers in words.
pub(super) fn range(counts: Counts) -> String {
    match (counts.min, counts.max) {
        (min, None) => format!("at least {min}"),
        (0, Some(max)) => format!("at most {max}"),
        (min, Some(max)) if min == max => min.to_string(),
        (min, Some(max)) => format!("{min} to {max}"),
    }
}
