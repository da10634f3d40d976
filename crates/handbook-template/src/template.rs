//! Reads templates.

use crate::applicable;
use crate::constraint::{Demand, Refusal, demands};
use crate::matching::{self, Matching};
use crate::part::Part;
use crate::pattern::{Pattern, closing};
use crate::placeholder;
use crate::scaffold::{self, Comment, Scaffold};
use crate::schema::{self, TemplateKind, TemplateNode};
use handbook_book::{Document, Host, NodeKind, Span};
use handbook_text::{Expanded, Finding};
use std::collections::BTreeSet;

/// A Markdown text that is scaffold and schema in one.
#[derive(Clone, Debug)]
pub struct Template {
    /// The scaffold, parsed as a chapter: the template without its constraint comments.
    pub document: Document,
    /// What a chapter must have.
    pub root: TemplateNode,
    /// The template that this one refines, as [`crate::Source`] does.
    pub extends: Option<Extends>,
    /// The bracketed texts in it, made comparable.
    pub(crate) placeholders: BTreeSet<String>,
}

/// A template's `extends FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extends {
    /// The file as written.
    pub file: String,
    /// The comment that says so, in the template.
    pub span: Span,
}

impl Template {
    /// Reads a template for books of `host`. What is wrong with it is said in findings with spans of
    /// `text`; the rest of it counts.
    pub fn parse(text: &str, host: Host) -> (Self, Vec<Finding<Expanded>>) {
        let scaffold = scaffold::strip(&Document::parse(text, host));
        let document = Document::parse(scaffold.text.as_str(), host);
        let root = Part::new(&document.root);
        let mut root = TemplateNode {
            kind: TemplateKind::Root,
            constraints: Vec::new(),
            span: document.root.span,
            order: 0,
            children: schema::nodes(&document, root),
            examples: Vec::new(),
        };
        let mut findings = Vec::new();
        let mut extends = None;
        for comment in &scaffold.comments {
            read(&document, &mut root, comment, &mut extends, &mut findings);
        }
        schema::settle(&mut root, &mut 0);
        findings.extend(applicable::check(&root, &scaffold));
        let placeholders =
            placeholder::placeholders(&document).into_iter().map(|(_, text)| text).collect();
        let template = Self { document, root, extends, placeholders };
        findings.extend(template.unmet(&scaffold));
        (template, findings)
    }

    /// What an author starts from: the template's own bytes without the constraint comments.
    pub fn scaffold(&self) -> &str {
        &self.document.text
    }

    /// What the title of a chapter must be; `None` if the template has no title.
    pub fn title(&self) -> Option<&Pattern> {
        let mut sections = self.root.children.iter().filter_map(|node| match &node.kind {
            TemplateKind::Section { level: 1, pattern } => Some(pattern),
            _ => None,
        });
        sections.next()
    }

    /// The node with this place among all nodes of the template.
    pub fn node(&self, order: usize) -> Option<&TemplateNode> {
        self.root.walk().find(|node| node.order == order)
    }

    /// The bytes of `node` in the scaffold, once.
    pub fn example(&self, node: &TemplateNode) -> &str {
        self.document.slice(node.examples.first().map_or(node.span, |example| example.own))
    }

    /// The scaffold of `node`, counted as `number` and called `title`, where these are given.
    pub fn instance(
        &self,
        node: &TemplateNode,
        number: Option<u32>,
        title: Option<&str>,
    ) -> String {
        let example = self.example(node);
        let Some(pattern) = node.pattern() else { return example.to_owned() };
        let (head, body) = example.split_at(example.find('\n').unwrap_or(example.len()));
        let mut head = head.to_owned();
        if let Some(number) = number {
            head = pattern.renumbered(&head, number);
        }
        if let Some(title) = title
            && let Some(start) = head.find(['[', '{'])
            && let Some(end) = closing(&head, start)
        {
            head.replace_range(start..end, title);
        }
        head + body
    }

    /// Compares a chapter with the template.
    pub fn match_document<'a>(&'a self, document: &'a Document) -> Matching<'a> {
        matching::run(self, document)
    }

    /// What the template demands and its own scaffold lacks.
    fn unmet(&self, scaffold: &Scaffold) -> Vec<Finding<Expanded>> {
        let matching = self.match_document(&self.document);
        let unmet = |missing: &matching::Missing<'_>| {
            let name = missing.node.name();
            Finding::error(
                "template/unmet-by-scaffold",
                format!("the template's own scaffold does not satisfy its {name}"),
            )
            .at(scaffold.in_template(
                missing.node.examples.first().map_or(missing.node.span, |example| example.own),
            ))
            .help("show it as often as it has to stand, and before what it would match by mistake")
        };
        matching.missing.iter().map(unmet).collect()
    }
}

/// Gives the demands of a comment to their node.
fn read(
    document: &Document,
    root: &mut TemplateNode,
    comment: &Comment,
    extends: &mut Option<Extends>,
    findings: &mut Vec<Finding<Expanded>>,
) {
    let mut constraints = Vec::new();
    let all = demands(&comment.text);
    if all.is_empty() {
        findings.push(
            Finding::warning("template/stray-constraint", "this comment demands nothing")
                .at(comment.span)
                .help("write what it demands after the question mark, as in `<!-- ? optional -->`"),
        );
    }
    for demand in all {
        match demand {
            Ok(Demand::Constraint(constraint)) => constraints.push(constraint),
            Ok(Demand::Extends(file)) => *extends = Some(Extends { file, span: comment.span }),
            Err(Refusal::Unknown { word, meant }) => {
                let finding = Finding::error(
                    "template/unknown-constraint",
                    format!("unknown constraint `{word}`"),
                )
                .at(comment.span);
                findings.push(match meant {
                    Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                    None => finding,
                });
            }
            Err(Refusal::Malformed { word, takes }) => findings.push(
                Finding::error("template/malformed-constraint", format!("`{word}` takes {takes}"))
                    .at(comment.span),
            ),
        }
    }
    if constraints.is_empty() {
        return;
    }
    match target(document, root, comment) {
        Some(node) => constraints.into_iter().for_each(|constraint| node.constrain(constraint)),
        None => findings.push(
            Finding::error("template/stray-constraint", "this constraint belongs to nothing")
                .at(comment.span)
                .help(
                    "put it at the end of a heading's or field's line, or on the line above a \
                     table, list, quote, paragraph or code block",
                ),
        ),
    }
}

/// The node that a comment speaks of.
fn target<'n>(
    document: &Document,
    root: &'n mut TemplateNode,
    comment: &Comment,
) -> Option<&'n mut TemplateNode> {
    let text: &str = &document.text;
    let titled = |node: &TemplateNode| node.pattern().is_some();
    let start = if comment.above {
        let rest = &text[comment.at..];
        let start = comment.at + rest.len() - rest.trim_start().len();
        root.walk()
            .skip(1)
            .find(|node| node.span.start() == start)
            .map(|node| (node.span, titled(node)))
    } else {
        let on_line = |node: &&TemplateNode| {
            let start = node.span.start();
            start <= comment.at
                && (!text[start..comment.at].contains('\n')
                    || comment.at <= heading_end(document, start).unwrap_or_default())
        };
        let nodes = || root.walk().skip(1).filter(on_line);
        nodes()
            .filter(|node| titled(node))
            .last()
            .or(nodes().next())
            .map(|node| (node.span, titled(node)))
    };
    let (span, titled) = start?;
    find(root, &|node| node.span == span && node.pattern().is_some() == titled)
}

/// The end of the heading that starts at `start`.
fn heading_end(document: &Document, start: usize) -> Option<usize> {
    document.root.walk().find_map(|node| match &node.kind {
        NodeKind::Section(heading) if heading.span.start() == start => Some(heading.span.end()),
        _ => None,
    })
}

fn find<'n>(
    node: &'n mut TemplateNode,
    wanted: &dyn Fn(&TemplateNode) -> bool,
) -> Option<&'n mut TemplateNode> {
    for child in &mut node.children {
        if wanted(child) {
            return Some(child);
        }
        if let Some(found) = find(child, wanted) {
            return Some(found);
        }
    }
    None
}
