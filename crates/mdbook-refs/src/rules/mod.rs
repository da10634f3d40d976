//! What the pass finds. A rule is a constant here, a file of its name that documents it, and the
//! check that reports it.

pub(crate) mod chapters;
pub(crate) mod citations;
pub(crate) mod namesakes;
pub(crate) mod works;

use crate::bibliography::Bibliography;
use crate::citing::ChapterCites;
use handbook_book::{Chapter, ChapterId};
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// A chapter that is judged.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) id: ChapterId,
    pub(crate) chapter: &'a Chapter,
    pub(crate) cites: &'a ChapterCites,
    pub(crate) bibliography: &'a Bibliography,
}

/// A rule whose explanation is the file named after it.
macro_rules! rule {
    ($name:literal, $level:ident, $summary:literal) => {
        Rule {
            id: concat!("refs/", $name),
            level: Level::$level,
            summary: $summary,
            explanation: include_str!(concat!($name, ".md")),
        }
    };
}

pub(crate) const CIRCULAR_REFERENCE: Rule =
    rule!("circular-reference", Error, "entries take fields from each other in a circle");
pub(crate) const CITATION_IN_HEADING: Rule =
    rule!("citation-in-heading", Warning, "a heading cites a work");
pub(crate) const DUPLICATE_KEY: Rule =
    rule!("duplicate-key", Error, "two entries of the bibliography have one key");
pub(crate) const DUPLICATE_WORK: Rule =
    rule!("duplicate-work", Warning, "a work stands in the bibliography under two keys");
pub(crate) const INCOMPLETE_WORK: Rule =
    rule!("incomplete-work", Warning, "an entry lacks an author, a year or a venue");
pub(crate) const MALFORMED_CITATION: Rule =
    rule!("malformed-citation", Error, "something looks like a citation and cannot be read");
pub(crate) const MALFORMED_DOI: Rule =
    rule!("malformed-doi", Warning, "a DOI is not written as one");
pub(crate) const MISSING_ACADEMIC_WORK: Rule = rule!(
    "missing-academic-work",
    Warning,
    "a chapter that has to rest on academic work cites none"
);
pub(crate) const MISSING_LIST: Rule =
    rule!("missing-list", Warning, "a chapter cites works and has no list of them");
pub(crate) const STALE_LIST: Rule =
    rule!("stale-list", Error, "a list written down is not what the chapters cite");
pub(crate) const UNCITED_ITEM: Rule = rule!(
    "uncited-item",
    Warning,
    "a list written by hand has a work that its chapter does not cite"
);
pub(crate) const UNCITED_NAMESAKE: Rule = rule!(
    "uncited-namesake",
    Warning,
    "a section is about what a work gave its name to, and does not cite it"
);
pub(crate) const UNDATED_DOCUMENTATION: Rule =
    rule!("undated-documentation", Warning, "documentation is cited without a date or version");
pub(crate) const UNKNOWN_WORK: Rule =
    rule!("unknown-work", Error, "a citation names a work that the bibliography does not have");
pub(crate) const UNLISTED_WORK: Rule =
    rule!("unlisted-work", Warning, "a list written by hand lacks a work that its chapter cites");
pub(crate) const UNREADABLE_ENTRY: Rule =
    rule!("unreadable-entry", Error, "an entry of the bibliography cannot be read");

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[
    CIRCULAR_REFERENCE,
    CITATION_IN_HEADING,
    DUPLICATE_KEY,
    DUPLICATE_WORK,
    INCOMPLETE_WORK,
    MALFORMED_CITATION,
    MALFORMED_DOI,
    MISSING_ACADEMIC_WORK,
    MISSING_LIST,
    STALE_LIST,
    UNCITED_ITEM,
    UNCITED_NAMESAKE,
    UNDATED_DOCUMENTATION,
    UNKNOWN_WORK,
    UNLISTED_WORK,
    UNREADABLE_ENTRY,
];

/// A finding of `rule`.
fn finding(rule: &Rule, message: String) -> Finding<Expanded> {
    Finding::new(rule.id, rule.level, message)
}
