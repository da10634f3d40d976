//! Groups blocks into sections, which headings open, and fields, which bold labels open.

use crate::markdown::{Block, PlacedLabel};
use crate::{Heading, Node, NodeKind, Span};
use std::ops::Range;

/// The tree of a document of `len` bytes.
pub(crate) fn outline(blocks: Vec<Block>, len: usize) -> Node {
    let mut open =
        vec![Node { kind: NodeKind::Root, span: Span::new(0, len), children: Vec::new() }];
    let mut body = Vec::new();
    for block in blocks {
        let NodeKind::Heading(heading) = block.kind else {
            body.push(block);
            continue;
        };
        let done = std::mem::take(&mut body);
        current(&mut open).children.extend(with_fields(done));
        while depth(current(&mut open)).is_some_and(|level| level >= heading.level) {
            close(&mut open);
        }
        let span = block.span;
        open.push(Node { kind: NodeKind::Section(heading), span, children: Vec::new() });
    }
    current(&mut open).children.extend(with_fields(body));
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().expect("the root stays open")
}

fn current(open: &mut [Node]) -> &mut Node {
    open.last_mut().expect("the root stays open")
}

/// The level of an open section, none for the root.
fn depth(node: &Node) -> Option<u8> {
    match &node.kind {
        NodeKind::Section(Heading { level, .. }) => Some(*level),
        _ => None,
    }
}

fn close(open: &mut Vec<Node>) {
    let node = open.pop().expect("only called with a section open");
    current(open).children.push(covering(node));
}

/// The node with its span widened over its last child.
fn covering(mut node: Node) -> Node {
    if let Some(last) = node.children.last() {
        node.span = node.span.cover(last.span);
    }
    node
}

/// The blocks of one container, each label's field holding what follows up to the next label.
fn with_fields(blocks: Vec<Block>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut field: Option<Node> = None;
    for block in blocks {
        for node in split_at_labels(block) {
            if matches!(node.kind, NodeKind::Field(_)) {
                nodes.extend(field.replace(node).map(covering));
            } else if let Some(field) = &mut field {
                field.children.push(node);
            } else {
                nodes.push(node);
            }
        }
    }
    nodes.extend(field.map(covering));
    nodes
}

/// A paragraph as what stands before its first label and a field for each; any other block as it
/// is, with the fields inside it found.
fn split_at_labels(block: Block) -> Vec<Node> {
    let Block { kind, span, children, labels } = block;
    let NodeKind::Paragraph { text } = kind else {
        return vec![Node { kind, span, children: with_fields(children) }];
    };
    let Some(first) = labels.first() else {
        return vec![Node { kind: NodeKind::Paragraph { text }, span, children: Vec::new() }];
    };
    let before = Span::new(span.start(), first.label.span.start());
    let within = |range: Range<usize>| text.get(range).unwrap_or_default();
    let mut nodes: Vec<Node> = paragraph(within(0..first.at.start), before).into_iter().collect();
    for (index, PlacedLabel { label, at }) in labels.iter().enumerate() {
        let next = labels.get(index + 1);
        let end = next.map_or(span.end(), |next| next.label.span.start());
        let body = within(at.end..next.map_or(text.len(), |next| next.at.start));
        let children = paragraph(body, Span::new(label.span.end(), end)).into_iter().collect();
        let span = Span::new(label.span.start(), end);
        nodes.push(Node { kind: NodeKind::Field(label.clone()), span, children });
    }
    nodes
}

/// A paragraph of `text`, unless that is blank.
fn paragraph(text: &str, span: Span) -> Option<Node> {
    let text = text.trim();
    let kind = NodeKind::Paragraph { text: text.to_owned() };
    (!text.is_empty()).then_some(Node { kind, span, children: Vec::new() })
}
