//! Algorithms that state their bounds, in symbols that the chapter explains.

use crate::chapter::{Chapter, head};
use crate::rules::{UNBOUNDED_ALGORITHM, UNDEFINED_SYMBOL};
use handbook_book::{Code, Node, NodeKind, Span};
use handbook_template::Matched;
use handbook_text::{Expanded, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// What opens a bound.
const OPENINGS: [&str; 5] = ["O(", "o(", "Θ(", "Ω(", "ω("];

/// Functions that stand in bounds; all else of letters is a symbol.
const FUNCTIONS: [&str; 9] = ["exp", "lg", "ln", "log", "loglog", "max", "min", "poly", "sqrt"];

/// Each section with an algorithm states a bound, and each symbol in bounds is used elsewhere.
pub(super) fn check(chapter: &Chapter<'_>, matched: &Matched<'_>) -> Vec<Finding<Expanded>> {
    let mut findings = Vec::new();
    unbounded(chapter, matched, matched.found, &mut findings);
    let mut bounds = Bounds::default();
    matched.found.walk().for_each(|node| bounds.read(node));
    for (symbol, at) in bounds.symbols {
        if bounds.explained.contains(&symbol) || !chapter.is_written(at) {
            continue;
        }
        let message = format!("`{symbol}` stands in a bound, and nowhere else in the chapter");
        findings.push(
            chapter
                .finding(&UNDEFINED_SYMBOL, matched.node, at, message)
                .help(format!("say what `{symbol}` counts")),
        );
    }
    findings
}

/// Reports sections with an algorithm of their own, but without a bound in them or in the section
/// of the third level that holds them.
fn unbounded(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    section: &Node,
    findings: &mut Vec<Finding<Expanded>>,
) {
    let is_section = |node: &&Node| matches!(node.kind, NodeKind::Section(_));
    let level = |node: &Node| match &node.kind {
        NodeKind::Section(heading) => heading.level,
        _ => 0,
    };
    let whole = level(section) >= 3;
    let first_inner = section.children.iter().find(is_section).filter(|_| !whole);
    let end = first_inner.map_or(section.span.end(), |inner| inner.span.start());
    let text = chapter.document.slice(Span::new(section.span.start(), end));
    let states = OPENINGS.iter().any(|opening| text.contains(opening));
    let own = |node: &Node| whole || !is_section(&node);
    let mut blocks = section.children.iter().filter(|node| own(node)).flat_map(Node::walk);
    if !states && let Some(at) = blocks.find(|node| node.code().is_some_and(is_algorithm)) {
        let message = "this section shows an algorithm, and no bound on what it costs";
        let at = head(chapter.document, at);
        findings.push(
            chapter
                .finding(&UNBOUNDED_ALGORITHM, matched.node, at, message)
                .help("state its time and space, as in `O(log n)`"),
        );
    }
    if !whole {
        let inner = section.children.iter().filter(is_section);
        inner.for_each(|inner| unbounded(chapter, matched, inner, findings));
    }
}

/// Whether a block shows an algorithm: pseudocode, or a function of Rust with a loop, that readers
/// see.
fn is_algorithm(code: &Code) -> bool {
    let visible = || code.content.lines().filter(|line| !line.starts_with("# ") && *line != "#");
    let has_function = || {
        visible().map(str::trim_start).any(|line| {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            line.strip_prefix("fn ").is_some_and(|rest| !rest.starts_with("main("))
        })
    };
    let loops = || {
        visible()
            .map(str::trim_start)
            .any(|line| ["for ", "while ", "loop {"].iter().any(|word| line.starts_with(word)))
    };
    match code.language() {
        Some("pseudocode") => true,
        Some("rust") => has_function() && loops(),
        _ => false,
    }
}

/// The bounds of a chapter, and what else it speaks of.
#[derive(Default)]
struct Bounds {
    /// The symbols in bounds and where each stands first.
    symbols: BTreeMap<String, Span>,
    /// Words that stand outside of bounds.
    explained: BTreeSet<String>,
}

impl Bounds {
    fn read(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Paragraph { text } | NodeKind::Term { text } => self.text(text, node.span),
            NodeKind::Table(table) => {
                let cells = table.header.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| self.text(&cell.text, cell.span));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        let mut rest = text;
        while let Some((at, opening)) =
            OPENINGS.iter().filter_map(|opening| Some((rest.find(opening)?, opening))).min()
        {
            // The end of a word, as in `foo(`, opens no bound.
            let is_word = rest[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let inner = &rest[at + opening.len()..];
            let end = if is_word { 0 } else { closing(inner) };
            self.explained.extend(symbols(&rest[..at]));
            for symbol in symbols(&inner[..end]) {
                self.symbols.entry(symbol).or_insert(span);
            }
            rest = &inner[end..];
        }
        self.explained.extend(symbols(rest));
    }
}

/// The end of what a bracket holds that is open already.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, ch) in text.char_indices() {
        match ch {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The words of `text` that may be symbols, without what is written behind them as an index.
fn symbols(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|ch: char| !ch.is_alphabetic());
    words
        .filter(|word| !word.is_empty() && !FUNCTIONS.contains(&word.to_lowercase().as_str()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unexplained(text: &str) -> Vec<String> {
        let mut bounds = Bounds::default();
        bounds.text(text, Span::new(0, 0));
        let Bounds { symbols, explained } = bounds;
        symbols.into_keys().filter(|symbol| !explained.contains(symbol)).collect()
    }

    #[test]
    fn symbols_are_explained_outside_of_bounds() {
        assert_eq!(unexplained("O(log n) for n keys"), Vec::<String>::new());
        assert_eq!(unexplained("O(log (n + m)), and O(V) for V tokens"), ["m", "n"]);
        assert_eq!(unexplained("foo(x), O(1), Θ(n"), ["n"]);
        assert_eq!(unexplained("O(min(k, 2))"), ["k"]);
    }
}
