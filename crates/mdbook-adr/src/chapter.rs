//! A chapter that follows a template, while it is judged.

use crate::judge;
use crate::judge::sets::Sets;
use crate::kind::Kind;
use crate::rules;
use handbook_book::{Book, ChapterId, Document, Host, Node, NodeKind, Span};
use handbook_pass::{Findings, Rule};
use handbook_template::{Matching, TemplateNode};
use handbook_text::{Expanded, Finding, Priority};

/// A chapter and what it has of its template.
pub(crate) struct Chapter<'a> {
    pub(crate) id: ChapterId,
    pub(crate) document: &'a Document,
    /// As what the document was parsed.
    pub(crate) host: Host,
    pub(crate) kind: &'a Kind,
    pub(crate) matching: &'a Matching<'a>,
    pub(crate) sets: Sets,
    /// How much each node of the template matters, by its order.
    priorities: Vec<Option<Priority>>,
}

impl<'a> Chapter<'a> {
    pub(crate) fn new(
        book: &'a Book,
        id: ChapterId,
        kind: &'a Kind,
        matching: &'a Matching<'a>,
    ) -> Self {
        let (document, host) = (&book[id].document, book.host);
        let sets = Sets::of(matching);
        let mut priorities = Vec::new();
        inherit(&kind.template.root, None, &mut priorities);
        Self { id, document, host, kind, matching, sets, priorities }
    }

    /// Reports what is wrong with it.
    pub(crate) fn judge(&self, findings: &mut Findings) {
        rules::shape(self, findings);
        for matched in &self.matching.matched {
            judge::judge(self, matched, findings);
        }
    }

    /// A finding about what `node` is in the chapter, with the priority that the template gives it.
    /// Its level is the rule's: a draft can be built, whatever it still owes.
    pub(crate) fn finding(
        &self,
        rule: &Rule,
        node: &TemplateNode,
        at: Span,
        message: impl Into<String>,
    ) -> Finding<Expanded> {
        let priority = self.priorities.get(node.order).copied().flatten();
        Finding::new(rule.id, rule.level, message).at(at).priority(priority)
    }

    /// The innermost node of the template that `span` is part of.
    pub(crate) fn innermost(&self, span: Span) -> Option<&'a TemplateNode> {
        let around = self.matching.matched.iter().filter(|one| one.found.span.contains(span));
        around.min_by_key(|one| one.found.span.len()).map(|one| one.node)
    }

    /// Whether no placeholder of the template is left in `span`. Of what is not written yet that is
    /// said, and nothing else about its words.
    pub(crate) fn is_written(&self, span: Span) -> bool {
        !self.matching.placeholders.iter().any(|one| span.contains(*one))
    }
}

/// Where a finding about `node` as a whole is shown: its heading or label, or its first line.
pub(crate) fn head(document: &Document, node: &Node) -> Span {
    let span = match &node.kind {
        NodeKind::Section(heading) => heading.span,
        NodeKind::Field(label) => label.span,
        _ => node.span,
    };
    document.first_line(span)
}

/// Hands each node's priority down to those inside that have none of their own.
fn inherit(node: &TemplateNode, from: Option<Priority>, priorities: &mut Vec<Option<Priority>>) {
    let number = node.priority().map(usize::from);
    let own = number.and_then(|number| Priority::ALL.get(number).copied()).or(from);
    if priorities.len() <= node.order {
        priorities.resize(node.order + 1, None);
    }
    priorities[node.order] = own;
    node.children.iter().for_each(|child| inherit(child, own, priorities));
}
