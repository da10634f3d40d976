//! What authors write for the suite in Markdown's gaps: directives and marked regions.

use crate::document::BrokenRegion;
use crate::{Node, NodeKind, Span, html, suppression};
use std::ops::Range;

/// A directive, `{{#name args}}`, in text that is neither code nor HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// From the first brace to the last.
    pub span: Span,
    /// The word after `#`.
    pub name: String,
    /// What follows, trimmed.
    pub args: String,
    /// Whether it is all that its paragraph holds, so that a block can stand in its place.
    pub block: bool,
}

/// What stands between `<!-- handbook:name args -->` and `<!-- /handbook:name -->`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// From the first comment to the end of the second.
    pub span: Span,
    /// Between the comments.
    pub body: Span,
    /// The word after `handbook:`.
    pub name: String,
    /// What follows it in the opening comment, trimmed.
    pub args: String,
}

pub(crate) struct Marks {
    pub(crate) directives: Vec<Directive>,
    pub(crate) regions: Vec<Region>,
    pub(crate) broken: Vec<BrokenRegion>,
}

/// Finds the marks in `text`; no directive starts inside the `opaque` ranges.
pub(crate) fn find(text: &str, root: &Node, opaque: &[Range<usize>]) -> Marks {
    let (regions, broken) = regions(text, root);
    Marks { directives: directives(text, root, opaque), regions, broken }
}

fn directives(text: &str, root: &Node, opaque: &[Range<usize>]) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut searched = 0;
    while let Some(at) = text[searched..].find("{{#") {
        let start = searched + at;
        searched = start + 3;
        if is_inside(opaque, start) || text[..start].ends_with('\\') {
            continue;
        }
        let line = text[start..].lines().next().unwrap_or_default();
        let Some(length) = line.find("}}") else { continue };
        let inner = &line[3..length];
        let (name, args) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        if name.is_empty() {
            continue;
        }
        let span = Span::new(start, start + length + 2);
        found.push(Directive {
            span,
            name: name.to_owned(),
            args: args.trim().to_owned(),
            block: stands_alone(text, root, span),
        });
        searched = span.end();
    }
    found
}

/// Whether one of the ranges, which ascend and do not overlap, holds `offset`.
fn is_inside(opaque: &[Range<usize>], offset: usize) -> bool {
    let until = opaque.partition_point(|range| range.start <= offset);
    opaque[..until].last().is_some_and(|range| range.contains(&offset))
}

/// Whether `span` is all that the paragraph around it holds, and no label stands on its line.
fn stands_alone(text: &str, root: &Node, span: Span) -> bool {
    let paragraph = root
        .walk()
        .find(|node| matches!(node.kind, NodeKind::Paragraph { .. }) && node.span.contains(span));
    paragraph.is_some_and(|node| text[node.span.range()].trim() == &text[span.range()])
        && !root.walk().any(|node| match &node.kind {
            NodeKind::Field(label) => {
                let end = label.span.end();
                end <= span.start() && !text[end..span.start()].contains('\n')
            }
            _ => false,
        })
}

fn regions(text: &str, root: &Node) -> (Vec<Region>, Vec<BrokenRegion>) {
    let mut regions: Vec<Region> = Vec::new();
    let mut broken = Vec::new();
    let mut open: Option<Mark> = None;
    let html = root.walk().filter(|node| node.kind == NodeKind::Html);
    for mark in html.flat_map(|node| marks(text, node.span)) {
        match (open.take(), mark.closing) {
            (Some(start), true) if start.name == mark.name => regions.push(Region {
                span: start.span.cover(mark.span),
                body: Span::new(start.span.end(), mark.span.start()),
                name: start.name,
                args: start.args,
            }),
            (start, closing) => {
                broken.extend(start.map(Mark::broken));
                if closing {
                    broken.push(mark.broken());
                } else {
                    open = Some(mark);
                }
            }
        }
    }
    broken.extend(open.map(Mark::broken));
    (regions, broken)
}

struct Mark {
    span: Span,
    name: String,
    args: String,
    closing: bool,
}

impl Mark {
    fn broken(self) -> BrokenRegion {
        BrokenRegion { span: self.span, name: self.name, closing: self.closing }
    }
}

/// The comments of an HTML block that are marks of ours.
fn marks(text: &str, block: Span) -> Vec<Mark> {
    let comments = html::comments(text, block).into_iter();
    let comments = comments.filter(|span| !suppression::is_suppression(text, *span));
    comments.filter_map(|span| mark(text, span)).collect()
}

fn mark(text: &str, span: Span) -> Option<Mark> {
    let inner = text[span.range()].strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, inner),
    };
    let inner = behind_name(inner)?;
    let (name, args) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    Some(Mark { span, name: name.to_owned(), args: args.trim().to_owned(), closing })
}
/// What stands behind `handbook:` in a comment of ours, however the name is typed.
pub(crate) fn behind_name(comment: &str) -> Option<&str> {
    let (name, rest) = comment.split_once(':')?;
    name.trim().eq_ignore_ascii_case("handbook").then(|| rest.trim_start())
}
