use super::CONTRADICTING_ROW;
use crate::phrase::phrase;
use crate::read::{Part, Source};
use crate::slots;
use handbook_book::{Book, Cell, Document, NodeKind, Span, Table};
use handbook_pass::{Findings, Related, Statements};
use handbook_text::Finding;
use std::collections::BTreeMap;

/// Reports cells of a card that its author wrote, where the chapter says something else.
pub(crate) fn check(book: &Book, source: &Source, said: &Statements, findings: &mut Findings) {
    let written = said.blocks.iter().filter(|block| block.name == slots::CARD);
    let mut written = written.filter_map(|block| block.written).peekable();
    if written.peek().is_none() {
        return;
    }
    let body = Body::of(source);
    let document = &book[source.chapter].document;
    for card in written {
        for table in tables(document, card) {
            for (cell, other) in table.rows.iter().flat_map(|row| body.contradicted(table, row)) {
                let (here, there) = (cell.text.trim(), other.text.trim());
                let message = format!("the card says `{here}`, the chapter `{there}`");
                let finding = Finding::new(CONTRADICTING_ROW.id, CONTRADICTING_ROW.level, message)
                    .at(cell.span)
                    .help(
                        "say what the chapter says, or let the card be built: leave its \
                             heading without a body",
                    );
                let related = Related {
                    what: "the chapter says it here".to_owned(),
                    chapter: source.chapter,
                    span: other.span,
                };
                findings.push_with(source.chapter, finding, vec![related]);
            }
        }
    }
}

/// The tables that an author wrote in a card.
fn tables(document: &Document, card: Span) -> impl Iterator<Item = &Table> {
    let nodes = document.root.walk().filter(move |node| card.contains(node.span));
    nodes.filter_map(|node| match &node.kind {
        NodeKind::Table(table) => Some(table),
        _ => None,
    })
}

/// The rows of a chapter, by what they may be called.
struct Body<'a>(BTreeMap<String, Vec<Row<'a>>>);

/// A row of a chapter: its cells, by their headers.
type Row<'a> = BTreeMap<String, &'a Cell>;

impl<'a> Body<'a> {
    fn of(source: &'a Source) -> Self {
        let mut rows: BTreeMap<String, Vec<Row<'a>>> = BTreeMap::new();
        for part in &source.parts {
            for (names, row) in named_rows(part) {
                for name in names {
                    rows.entry(name).or_default().push(row.clone());
                }
            }
        }
        Self(rows)
    }

    /// The cells of a card's row that say something else than every row of the chapter about the
    /// same thing, each with a cell of such a row.
    fn contradicted<'c>(&self, table: &'c Table, row: &'c [Cell]) -> Vec<(&'c Cell, &'a Cell)> {
        let Some((name, cells)) = row.split_first() else { return Vec::new() };
        let Some(about) = self.0.get(&phrase(&name.text)) else { return Vec::new() };
        let cells = cells.iter().zip(table.header.iter().skip(1));
        let cells: Vec<(&Cell, String)> =
            cells.map(|(cell, header)| (cell, phrase(&header.text))).collect();
        // Of rows about one option the card means the one that its other cells agree with most.
        let disagreeing = |row: &Row<'a>| {
            let compared =
                cells.iter().filter_map(|(cell, header)| Some((*cell, *row.get(header)?)));
            compared.filter(|(here, there)| !agree(&here.text, &there.text)).collect::<Vec<_>>()
        };
        let is_comparable =
            |row: &&Row<'a>| cells.iter().any(|(_, header)| row.contains_key(header));
        let about = about.iter().filter(is_comparable);
        about.map(disagreeing).min_by_key(Vec::len).unwrap_or_default()
    }
}

/// The rows of a part with their names: the first cell, and for an option's part the option.
fn named_rows(part: &Part) -> Vec<(Vec<String>, Row<'_>)> {
    let Some(rows) = part.rows() else { return Vec::new() };
    let called = part.member.iter().flat_map(|member| &member.called);
    let called: Vec<String> = called.map(|name| phrase(name)).collect();
    let row = |cells: &'_ [Cell]| -> Option<Vec<String>> {
        let names = std::iter::once(phrase(&cells.first()?.text)).chain(called.iter().cloned());
        Some(names.filter(|name| !name.is_empty()).collect())
    };
    let headers: Vec<String> = rows.header.iter().map(|cell| phrase(&cell.text)).collect();
    let rows = rows.rows.iter().filter_map(|cells| {
        let by_header = headers.iter().cloned().zip(cells);
        Some((row(cells)?, by_header.filter(|(header, _)| !header.is_empty()).collect()))
    });
    rows.collect()
}

/// Whether neither of two texts says something else than the other: both say the same, or one is
/// silent, or says it in more words.
fn agree(one: &str, other: &str) -> bool {
    let (one, other) = (format!(" {} ", phrase(one)), format!(" {} ", phrase(other)));
    one.contains(&other) || other.contains(&one) || one.trim().is_empty() || other.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::agree;

    #[test]
    fn more_words_are_no_contradiction() {
        assert!(agree("O(1)", "O(1), one memory access") && agree("—", "anything"));
        assert!(agree("no state", "No state, no token noise"));
        assert!(!agree("O(n)", "O(log n)") && !agree("Restart it", "Tokens"));
    }

    #[test]
    fn part_of_a_number_is_another_number() {
        for (one, other) in [
            ("O(n)", "O(n^2)"),
            ("O(n)", "O(n log n)"),
            ("5 ms", "1.5 ms"),
            ("5 MB", "1.5 MB"),
            ("3 %", "-3 %"),
            ("< 5 MB", "> 5 MB"),
            ("5 MB", "< 5 MB"),
        ] {
            assert!(!agree(one, other) && !agree(other, one), "{one} and {other}");
        }
        assert!(agree("5 ms", "5 ms at most") && agree("< 5 MB", "< 5 MB, or 1.5 MB"));
    }
}
