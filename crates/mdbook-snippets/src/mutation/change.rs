//! The changes of a snippet that readers could make.

use super::mutator::{self, Change};
use crate::snippet::Snippet;
use handbook_book::{Document, Span};
use handbook_text::LineIndex;
use std::collections::BTreeSet;
use std::ops::Range;

/// The comment with which an author says that changes mean nothing, and why: `// not mutated: REASON`
/// at the end of a line, or on a line above, which may be hidden, of code that goes on to the next
/// line that ends with `;`, `,` or a brace.
pub(super) const MARK: &str = "// not mutated: ";

/// More characters are not shown of an expression.
const LONGEST: usize = 60;

/// What can be changed in a snippet.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The changes to try, in the order of the text.
    pub(super) changes: Vec<Change>,
    /// How many there are in lines that their author has left out.
    pub(super) left_out: usize,
}

impl Changes {
    /// Those of the lines that readers see; `None` if the code cannot be read. It recurses as deep
    /// as the code does: call it on a deep stack, with code no longer than that bears.
    pub(super) fn of(snippet: &Snippet) -> Option<Self> {
        let code = &snippet.code;
        let index = LineIndex::new(code);
        let line = |at: usize| index.line(at) - 1;
        let lines = |range: &Range<usize>| line(range.start)..=line(range.end);
        let left_out = left_out(code);
        let found = mutator::changes(code)?.into_iter();
        let visible = found.filter(|it| lines(&it.range).all(|line| !snippet.is_hidden(line)));
        let (skipped, changes): (Vec<Change>, Vec<Change>) =
            visible.partition(|it| left_out.contains(&line(it.range.start)));
        Some(Self { changes, left_out: skipped.len() })
    }
}

impl Change {
    /// A text with this change.
    pub(crate) fn apply(&self, code: &str) -> String {
        [&code[..self.range.start], &self.instead, &code[self.range.end..]].concat()
    }

    /// What stands in the code, and what instead: the expression around it if that is short.
    pub(super) fn before_and_after(&self, code: &str) -> (String, String) {
        let is_short = |range: &Range<usize>| {
            let text = &code[range.clone()];
            !text.contains('\n') && text.chars().count() <= LONGEST
        };
        let shown = if is_short(&self.shown) { &self.shown } else { &self.range };
        let after =
            [&code[shown.start..self.range.start], &self.instead, &code[self.range.end..shown.end]];
        (shortened(&code[shown.clone()]), shortened(&after.concat()))
    }

    /// The place in a chapter's text; of several lines the first.
    pub(super) fn span(&self, snippet: &Snippet, document: &Document) -> Span {
        let first = snippet.code[self.range.clone()].lines().next().map_or(0, str::len);
        snippet.span_of(document, self.range.start..self.range.start + first)
    }
}

/// A text on one line that is not too long.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
    }
}

/// The lines, from zero, that their author has left out.
fn left_out(code: &str) -> BTreeSet<usize> {
    let mut left_out = BTreeSet::new();
    let mut goes_on = false;
    for (index, line) in code.lines().enumerate() {
        let (text, reason) = line.split_once(MARK).unwrap_or((line, ""));
        let (is_marked, is_alone) = (!reason.trim().is_empty(), text.trim().is_empty());
        if goes_on || is_marked && !is_alone {
            left_out.insert(index);
        }
        let ends = text.trim_end().ends_with([';', ',', '{', '}']);
        goes_on = is_marked && is_alone || goes_on && !ends;
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_leaves_out_its_line_or_what_follows_to_its_end() {
        let lines = |code: &str| left_out(code).into_iter().collect::<Vec<_>>();
        assert_eq!(lines("a;\nb; // not mutated: x\nc;"), [1]);
        assert_eq!(lines("// not mutated: x\nlet b =\n    c + 1;\nd;"), [1, 2]);
        assert_eq!(lines("// not mutated: x\nif b {\n    c\n}"), [1]);
        assert!(lines("// not mutated:\na;").is_empty());
    }
}
