//! The rules, sorted by id. What each demands and why stands in a file of its own beside this one,
//! with examples that run as tests. Those about links are asked link by link, by
//! [`links`](crate::links); those about the graph by [`judge`].

pub(crate) mod broken_address;
mod contradicting_fields;
mod cycle;
pub(crate) mod dead_anchor;
pub(crate) mod dead_link;
mod late_prerequisite;
pub(crate) mod misleading_link_text;
mod missing_child;
mod one_sided_relation;
mod orphan;
mod parent_without_list;
mod strange_child;
mod suspect;
mod unknown_document;
mod unknown_field;
pub(crate) mod unknown_review;
mod wrong_parent;

use crate::Settings;
use crate::graph::{Graph, Relation, Vertex};
use crate::review::{BuiltOn, Reviews};
use handbook_book::{Book, ChapterId, Span};
use handbook_pass::{Findings, Related, Rule, rule};

pub(crate) const BROKEN_ADDRESS: Rule =
    rule!("nav", "broken-address", Warning, "the address of a link cannot be what was meant");
pub(crate) const BROKEN_REVIEWS: Rule =
    rule!("nav", "broken-reviews", Error, "the file of reviews cannot be read");
pub(crate) const CONTRADICTING_FIELDS: Rule = rule!(
    "nav",
    "contradicting-fields",
    Warning,
    "the head of a chapter and its navigation block name different documents"
);
pub(crate) const CYCLE: Rule =
    rule!("nav", "cycle", Warning, "chapters lead to each other in a circle");
pub(crate) const DEAD_ANCHOR: Rule =
    rule!("nav", "dead-anchor", Warning, "a link leads to a place that its page does not have");
pub(crate) const DEAD_LINK: Rule = rule!(
    "nav",
    "dead-link",
    Warning,
    "a link leads to a page or file that the book does not have"
);
pub(crate) const HALF_DONE_MOVE: Rule = rule!(
    "nav",
    "half-done-move",
    Error,
    "a change of several files, such as a move, was interrupted"
);
pub(crate) const LATE_PREREQUISITE: Rule =
    rule!("nav", "late-prerequisite", Warning, "a prerequisite comes later in the book");
pub(crate) const MISLEADING_LINK_TEXT: Rule =
    rule!("nav", "misleading-link-text", Warning, "the text of a link names another chapter");
pub(crate) const MISSING_CHILD: Rule =
    rule!("nav", "missing-child", Warning, "a hub does not list a chapter that stands under it");
pub(crate) const MISSING_IMAGE: Rule =
    rule!("nav", "missing-image", Warning, "an image shows a file that the book does not have");
pub(crate) const ONE_SIDED_RELATION: Rule =
    rule!("nav", "one-sided-relation", Warning, "a related chapter does not relate back");
pub(crate) const ORPHAN: Rule = rule!("nav", "orphan", Warning, "nothing leads to a chapter");
pub(crate) const PARENT_WITHOUT_LIST: Rule = rule!(
    "nav",
    "parent-without-list",
    Warning,
    "a parent is no hub: it neither lists nor links what is under it"
);
pub(crate) const STALE_BLOCK: Rule =
    rule!("nav", "stale-block", Error, "a block of navigation says something else than the book");
pub(crate) const STRANGE_CHILD: Rule =
    rule!("nav", "strange-child", Warning, "a hub lists a chapter that does not stand under it");
/// What a chapter builds on has changed since somebody reviewed it.
pub const SUSPECT: Rule =
    rule!("nav", "suspect", Info, "what a chapter builds on has changed since its review");
pub(crate) const UNKNOWN_DOCUMENT: Rule = rule!(
    "nav",
    "unknown-document",
    Warning,
    "a field names a file that is neither there nor planned"
);
pub(crate) const UNKNOWN_FIELD: Rule = rule!(
    "nav",
    "unknown-field",
    Warning,
    "the label of a field at a chapter's head is nearly ours"
);
pub(crate) const UNKNOWN_REVIEW: Rule =
    rule!("nav", "unknown-review", Warning, "a review is of a chapter that is not there");
pub(crate) const WRONG_PARENT: Rule =
    rule!("nav", "wrong-parent", Warning, "a chapter names another parent than SUMMARY gives it");

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[
    BROKEN_ADDRESS,
    BROKEN_REVIEWS,
    CONTRADICTING_FIELDS,
    CYCLE,
    DEAD_ANCHOR,
    DEAD_LINK,
    HALF_DONE_MOVE,
    LATE_PREREQUISITE,
    MISLEADING_LINK_TEXT,
    MISSING_CHILD,
    MISSING_IMAGE,
    ONE_SIDED_RELATION,
    ORPHAN,
    PARENT_WITHOUT_LIST,
    STALE_BLOCK,
    STRANGE_CHILD,
    SUSPECT,
    UNKNOWN_DOCUMENT,
    UNKNOWN_FIELD,
    UNKNOWN_REVIEW,
    WRONG_PARENT,
];

/// What the rules about the graph look at.
pub(crate) struct Judge<'a> {
    pub(crate) book: &'a Book,
    pub(crate) graph: &'a Graph,
    pub(crate) settings: &'a Settings,
    /// `None` if their file cannot be read.
    pub(crate) reviews: Option<&'a Reviews>,
    pub(crate) built_on: &'a BuiltOn,
    /// The chapters that are prerequisites of each other, in lists.
    pub(crate) knots: Vec<Vec<ChapterId>>,
}

/// Reports what is wrong with the graph.
pub(crate) fn judge(judge: &Judge<'_>, findings: &mut Findings) {
    contradicting_fields::check(judge, findings);
    cycle::check(judge, findings);
    late_prerequisite::check(judge, findings);
    missing_child::check(judge, findings);
    one_sided_relation::check(judge, findings);
    orphan::check(judge, findings);
    parent_without_list::check(judge, findings);
    strange_child::check(judge, findings);
    suspect::check(judge, findings);
    unknown_document::check(judge, findings);
    unknown_field::check(judge, findings);
    wrong_parent::check(judge, findings);
}

impl Judge<'_> {
    /// A document as findings name it.
    fn name(&self, vertex: Vertex) -> String {
        let path = match vertex {
            Vertex::Chapter(id) => &self.book[id].path,
            Vertex::Planned(index) => &self.graph.planned[index],
        };
        format!("`{}`", path.display())
    }

    fn label(&self, relation: Relation) -> &str {
        relation.label(self.settings)
    }

    fn title_line(&self, id: ChapterId) -> Span {
        self.book[id].document.title_line()
    }

    /// The place where a chapter names a document as its `relation`.
    fn named_at(&self, id: ChapterId, relation: Relation, to: Vertex) -> Option<Span> {
        let mut names = self.graph.named(id, relation).into_iter();
        names.find(|name| name.vertex == to).map(|name| name.span)
    }

    /// Where a chapter has its field for `relation`.
    fn field(&self, id: ChapterId, relation: Relation, what: &str) -> Vec<Related> {
        let field = self.graph[id].fields.iter().find(|field| field.relation == relation);
        let what = what.to_owned();
        field.map(|field| Related { what, chapter: id, span: field.label }).into_iter().collect()
    }
}

/// A finding of a rule at a place.
fn finding(
    rule: &Rule,
    at: Span,
    message: impl Into<String>,
) -> handbook_text::Finding<handbook_text::Expanded> {
    handbook_text::Finding::new(rule.id, rule.level, message).at(at)
}
