//! A document as schema and matching see it: nodes, in which the items of a list that start with a
//! label are the fields of that list.

use handbook_book::{Document, Node, NodeKind, Span};

/// A node, and what belongs to it beside its children.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'d> {
    pub(crate) node: &'d Node,
    /// What it takes up: of a field that opens a list item, the item.
    pub(crate) span: Span,
    /// What follows the field in its item.
    more: &'d [Node],
}

/// The three groups in which the children of a node come, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Blocks,
    Fields,
    Sections,
}

impl<'d> Part<'d> {
    /// The part that `node` is.
    pub(crate) fn new(node: &'d Node) -> Self {
        Self { node, span: node.span, more: &[] }
    }

    /// The parts inside.
    pub(crate) fn parts(self) -> Vec<Part<'d>> {
        let whole = |node: &'d Node| match (&node.kind, node.children.split_first()) {
            (NodeKind::Item, Some((field, more))) if matches!(field.kind, NodeKind::Field(_)) => {
                Part { node: field, span: node.span, more }
            }
            _ => Part::new(node),
        };
        match self.node.kind {
            NodeKind::Root | NodeKind::Section(_) | NodeKind::Field(_) | NodeKind::List { .. } => {
                self.node
                    .children
                    .iter()
                    .map(whole)
                    .chain(self.more.iter().map(Part::new))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn group(self) -> Group {
        match self.node.kind {
            NodeKind::Field(_) => Group::Fields,
            NodeKind::Section(_) => Group::Sections,
            _ => Group::Blocks,
        }
    }

    /// Whether it says nothing to a reader: a rule, or a comment that is no mark of the suite.
    pub(crate) fn is_trivia(self, document: &Document) -> bool {
        match self.node.kind {
            NodeKind::Rule => true,
            NodeKind::Html => {
                let html = document.slice(self.node.span).trim();
                html.starts_with("<!--") && html.ends_with("-->") && !html.contains("handbook:")
            }
            _ => false,
        }
    }

    /// Where its heading or label stands; of other parts, all of it.
    pub(crate) fn head(self) -> Span {
        match &self.node.kind {
            NodeKind::Section(heading) => heading.span,
            NodeKind::Field(label) => label.span,
            _ => self.span,
        }
    }
}
