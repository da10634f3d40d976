//! How much a part of a chapter says.

use handbook_book::{Node, NodeKind};

/// How many words readers read in `node`: of its text, headings and labels and code left out.
pub(crate) fn words(node: &Node) -> usize {
    node.walk().map(own).sum()
}

/// How many words stand in the code of `node`.
pub(crate) fn code_words(node: &Node) -> usize {
    let codes = node.walk().filter_map(Node::code);
    codes.map(|code| code.content.split_whitespace().count()).sum()
}

/// Whether there is anything in `node` beside its heading or label.
pub(crate) fn says_something(node: &Node) -> bool {
    let shows = |node: &Node| match &node.kind {
        NodeKind::Code(code) => !code.content.trim().is_empty(),
        NodeKind::Html => true,
        _ => own(node) > 0,
    };
    node.walk().any(shows)
}

fn own(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Paragraph { text } | NodeKind::Term { text } => count(text),
        NodeKind::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flatten());
            cells.map(|cell| count(&cell.text)).sum()
        }
        _ => 0,
    }
}

/// A word has a letter or a digit; where a script writes without blanks, two of its characters count
/// as one.
fn count(text: &str) -> usize {
    let says = |word: &&str| word.chars().any(char::is_alphanumeric);
    text.split_whitespace()
        .filter(says)
        .map(|word| word.chars().filter(is_dense).count().div_ceil(2).max(1))
        .sum()
}

/// Whether a script that writes without blanks has this character.
fn is_dense(ch: &char) -> bool {
    matches!(*ch, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{e00}'..='\u{e7f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::{Document, Host};

    fn counted(text: &str) -> (usize, usize) {
        let document = Document::parse(text, Host::default());
        (words(&document.root), code_words(&document.root))
    }

    #[test]
    fn what_is_read_counts() {
        assert_eq!(counted("# A title\n\nTwo *words* — no more.\n"), (4, 0));
        assert_eq!(counted("**Label:** one\n\n- two `three`\n\n```\nx = 1\n```\n"), (3, 3));
        assert_eq!(counted("| a | b |\n|---|---|\n| c d | — |\n"), (4, 0));
        assert_eq!(counted("分散システム\n"), (3, 0));
    }
}
