//! Where a list takes another item.

use crate::{Document, Node, NodeKind, Span};
use handbook_text::{Edit, Expanded};

/// What stands before the text of an item: its indentation, its mark, the blanks behind that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lead<'a> {
    indent: &'a str,
    mark: &'a str,
    gap: &'a str,
}

/// The edit that adds an item with the text `content` behind the last one of `list`, written as
/// that one is. `None` if more than blanks stand before its mark, as in a quote.
pub fn add_item(document: &Document, list: &Node, content: &str) -> Option<Edit<Expanded>> {
    let last = items(list).last()?;
    let Lead { indent, mark, gap } = lead(document, last)?;
    let line = format!("{indent}{}{gap}{content}", next(mark));
    Some(add_line(document, list.span, &line))
}

/// The edit that gives `item`, which holds no list, a list with one item.
///
/// `step` is what the new item is indented by beyond `item`; without one, the width of the mark.
/// `None` as for [`add_item`].
pub fn add_nested_item(
    document: &Document,
    item: &Node,
    step: Option<&str>,
    content: &str,
) -> Option<Edit<Expanded>> {
    let Lead { indent, mark, gap } = lead(document, item)?;
    let width = " ".repeat(mark.len() + gap.len());
    let mark = if mark.starts_with(|ch: char| ch.is_ascii_digit()) { "1." } else { mark };
    let line = format!("{indent}{}{mark}{gap}{content}", step.unwrap_or(&width));
    Some(add_line(document, item.span, &line))
}

/// By what the lists inside of items are indented, each way once, in the order of the text.
pub fn indentations(document: &Document) -> Vec<&str> {
    let mut found = Vec::new();
    for item in document.root.walk().filter(|node| node.kind == NodeKind::Item) {
        let inner = item.children.iter().filter(|node| is_list(node)).flat_map(items).next();
        let leads = (lead(document, item), inner.and_then(|inner| lead(document, inner)));
        let (Some(outer), Some(inner)) = leads else { continue };
        let step = inner.indent.strip_prefix(outer.indent).filter(|step| !step.is_empty());
        found.extend(step.filter(|step| !found.contains(step)));
    }
    found
}

/// Whether a node is a list.
pub fn is_list(node: &Node) -> bool {
    matches!(node.kind, NodeKind::List { .. })
}

fn items(list: &Node) -> impl Iterator<Item = &Node> {
    list.children.iter().filter(|node| node.kind == NodeKind::Item)
}

fn lead<'d>(document: &'d Document, item: &Node) -> Option<Lead<'d>> {
    let text = &*document.text;
    // With tabs, an item's span starts before the blanks in front of its mark.
    let blanks = document.slice(item.span).len() - document.slice(item.span).trim_start().len();
    let at = item.span.start() + blanks;
    let indent = &text[text[..at].rfind('\n').map_or(0, |at| at + 1)..at];
    let digits = text[at..].find(|ch: char| !ch.is_ascii_digit())?;
    let (mark, behind) = text[at..].lines().next()?.split_at_checked(digits + 1)?;
    let gap = &behind[..behind.len() - behind.trim_start_matches([' ', '\t']).len()];
    let gap = if gap.is_empty() { " " } else { gap };
    indent.trim().is_empty().then_some(Lead { indent, mark, gap })
}

/// The mark behind `mark`: the same, or the next number.
fn next(mark: &str) -> String {
    let (digits, delimiter) = mark.split_at(mark.len() - 1);
    match digits.parse::<u64>() {
        Ok(number) => format!("{}{delimiter}", number.saturating_add(1)),
        Err(_) => mark.to_owned(),
    }
}

/// Adds a line behind the last one of `span` that is not blank, with the line ending of the text.
fn add_line(document: &Document, span: Span, line: &str) -> Edit<Expanded> {
    let text = &*document.text;
    let end = span.start() + document.slice(span).trim_end().len();
    let ending = match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    match text[end..].find('\n') {
        Some(at) => Edit::insert(end + at + 1, format!("{line}{ending}")),
        None => Edit::insert(text.len(), format!("{ending}{line}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Host;
    use handbook_text::EditSet;

    fn with(text: &str, edit: Option<Edit<Expanded>>) -> String {
        EditSet::new(edit.into_iter().collect()).expect("one edit").apply(text)
    }

    fn added(text: &str) -> String {
        let document = Document::parse(text, Host::default());
        let list = document.root.walk().find(|node| is_list(node)).expect("a list");
        with(text, add_item(&document, list, "new"))
    }

    #[test]
    fn an_item_is_written_as_the_last_one_is() {
        assert_eq!(added("- a\n- b\n\ntext\n"), "- a\n- b\n- new\n\ntext\n");
        assert_eq!(added("  *\ta\r\n\r\ntext\r\n"), "  *\ta\r\n  *\tnew\r\n\r\ntext\r\n");
        assert_eq!(added("1. a\n2. b"), "1. a\n2. b\n3. new");
        assert_eq!(added("- a\n  - b\n"), "- a\n  - b\n- new\n");
        assert_eq!(added("> - a\n"), "> - a\n", "no quote is reached into");
    }

    #[test]
    fn an_item_gets_a_list_of_its_own() {
        let nested = |text: &str, step| {
            let document = Document::parse(text, Host::default());
            let item = document.root.walk().find(|node| node.kind == NodeKind::Item);
            with(text, add_nested_item(&document, item.expect("an item"), step, "new"))
        };
        assert_eq!(nested("- a\n- b\n", None), "- a\n  - new\n- b\n");
        assert_eq!(nested("1. a\n", None), "1. a\n   1. new\n");
        assert_eq!(nested("- a", Some("\t")), "- a\n\t- new");
    }

    #[test]
    fn indentations_are_those_of_the_text() {
        let document = Document::parse("- a\n    - b\n        - c\n- d\n\t- e\n", Host::default());
        assert_eq!(indentations(&document), ["    ", "\t"]);
    }
}
