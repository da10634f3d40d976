//! Algorithms that state their bounds, in symbols that the chapter explains.

use super::algorithm::is_algorithm;
use crate::chapter::{Chapter, head};
use crate::rules::{UNBOUNDED_ALGORITHM, UNDEFINED_SYMBOL};
use handbook_book::{Node, NodeKind, Span};
use handbook_template::Matched;
use handbook_text::{Expanded, Finding};
use std::collections::BTreeMap;

/// The letters that open a bound, with a bracket behind them.
const LETTERS: [char; 5] = ['O', 'o', 'Θ', 'Ω', 'ω'];

/// Functions that stand in bounds; all else of letters is a symbol.
const FUNCTIONS: [&str; 9] = ["exp", "lg", "ln", "log", "loglog", "max", "min", "poly", "sqrt"];

/// Each section with an algorithm states a bound, and each symbol in bounds is used elsewhere.
pub(super) fn check(chapter: &Chapter<'_>, matched: &Matched<'_>) -> Vec<Finding<Expanded>> {
    let mut findings = Vec::new();
    unbounded(chapter, matched, matched.found, &mut findings);
    let texts: Vec<(&str, Span)> = matched.found.walk().flat_map(texts).collect();
    for (symbol, at) in unexplained(&texts) {
        if !chapter.is_written(at) {
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
    let own = |node: &Node| whole || !is_section(&node);
    let mut blocks = section.children.iter().filter(|node| own(node)).flat_map(Node::walk);
    if !states_a_bound(text)
        && let Some(at) = blocks.find(|node| node.code().is_some_and(is_algorithm))
    {
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

/// Whether a bound opens in `text`; `to(` opens none.
fn states_a_bound(text: &str) -> bool {
    text.match_indices('(').any(|(at, _)| {
        let before = text[..at].strip_suffix(LETTERS);
        before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    })
}

/// The texts of a node that readers see, each with its place.
fn texts(node: &Node) -> Vec<(&str, Span)> {
    match &node.kind {
        NodeKind::Paragraph { text } | NodeKind::Term { text } => vec![(text, node.span)],
        NodeKind::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flatten());
            cells.map(|cell| (cell.text.as_str(), cell.span)).collect()
        }
        _ => Vec::new(),
    }
}

/// The symbols that stand in bounds and nowhere else, each with the text where it stands first.
fn unexplained<'t>(texts: &[(&'t str, Span)]) -> BTreeMap<&'t str, Span> {
    let mut unexplained = BTreeMap::new();
    let mut outside = Vec::new();
    for (text, span) in texts {
        let pieces = Pieces::of(text);
        for symbol in pieces.bounds.into_iter().flat_map(symbols) {
            unexplained.entry(symbol).or_insert(*span);
        }
        outside.extend(pieces.outside);
    }
    for text in outside {
        if unexplained.is_empty() {
            break;
        }
        words(text).for_each(|word| _ = unexplained.remove(word));
    }
    unexplained
}

/// A text, taken apart.
struct Pieces<'t> {
    /// What stands between the brackets of bounds.
    bounds: Vec<&'t str>,
    /// All else.
    outside: Vec<&'t str>,
}

impl<'t> Pieces<'t> {
    fn of(text: &'t str) -> Self {
        let (mut bounds, mut outside) = (Vec::new(), Vec::new());
        let mut read = 0;
        for (bracket, _) in text.match_indices('(') {
            // A bracket inside of a bound is part of it.
            let Some(before) = text.get(read..bracket) else { continue };
            let Some(before) = before.strip_suffix(LETTERS) else { continue };
            // The end of a word, as in `foo(`, opens no bound.
            if before.ends_with(char::is_alphanumeric) {
                continue;
            }
            let inner = &text[bracket + 1..];
            let end = closing(inner);
            outside.push(before);
            bounds.push(&inner[..end]);
            read = bracket + 1 + end;
        }
        outside.push(&text[read..]);
        Self { bounds, outside }
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

/// The words of a bound that are symbols.
fn symbols(bound: &str) -> impl Iterator<Item = &str> {
    words(bound).filter(|word| !FUNCTIONS.contains(&word.to_lowercase().as_str()))
}

/// The words of `text`, without what is written behind them as an index.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|ch: char| !ch.is_alphabetic()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unexplained(text: &str) -> Vec<&str> {
        super::unexplained(&[(text, Span::new(0, 0))]).into_keys().collect()
    }

    #[test]
    fn a_bound_opens_with_a_letter_of_its_own() {
        assert!(states_a_bound("takes O(n)") && states_a_bound("`Θ(1)`"));
        assert!(!states_a_bound("fn ratio(x) and to(y), O (n)"));
    }

    #[test]
    fn symbols_are_explained_outside_of_bounds() {
        assert_eq!(unexplained("O(log n) for n keys"), Vec::<&str>::new());
        assert_eq!(unexplained("O(log (n + m)), and O(V) for V tokens"), ["m", "n"]);
        assert_eq!(unexplained("foo(x), O(1), Θ(n"), ["n"]);
        assert_eq!(unexplained("O(min(k, 2))"), ["k"]);
    }
}
