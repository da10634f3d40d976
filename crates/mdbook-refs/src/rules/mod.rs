//! What the pass finds. A rule is a constant here, a file of its name that documents it, and the
//! check that reports it.

pub(crate) mod chapters;
pub(crate) mod citations;
pub(crate) mod namesakes;
pub(crate) mod works;

use crate::bibliography::Bibliography;
use crate::citing::ChapterCites;
use handbook_book::{Chapter, ChapterId};
use handbook_pass::{Rule, rule};
use handbook_text::{Budget, Expanded, Finding};

/// A chapter that is judged.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) id: ChapterId,
    pub(crate) chapter: &'a Chapter,
    pub(crate) cites: &'a ChapterCites,
    pub(crate) bibliography: &'a Bibliography,
    /// How many keys unknown ones may still be compared with.
    pub(crate) budget: &'a Budget,
}

pub(crate) const CIRCULAR_REFERENCE: Rule =
    rule!("refs", "circular-reference", Error, "entries take fields from each other in a circle");
pub(crate) const CITATION_IN_HEADING: Rule =
    rule!("refs", "citation-in-heading", Warning, "a heading cites a work");
pub(crate) const DUPLICATE_KEY: Rule =
    rule!("refs", "duplicate-key", Error, "two entries of the bibliography have one key");
pub(crate) const DUPLICATE_WORK: Rule =
    rule!("refs", "duplicate-work", Warning, "a work stands in the bibliography under two keys");
pub(crate) const INCOMPLETE_WORK: Rule =
    rule!("refs", "incomplete-work", Warning, "an entry lacks an author, a year or a venue");
pub(crate) const MALFORMED_CITATION: Rule = rule!(
    "refs",
    "malformed-citation",
    Error,
    "something looks like a citation and cannot be read"
);
pub(crate) const MALFORMED_DOI: Rule =
    rule!("refs", "malformed-doi", Warning, "a DOI is not written as one");
pub(crate) const MISSING_ACADEMIC_WORK: Rule = rule!(
    "refs",
    "missing-academic-work",
    Warning,
    "a chapter that has to rest on academic work cites none"
);
pub(crate) const MISSING_LIST: Rule =
    rule!("refs", "missing-list", Warning, "a chapter cites works and has no list of them");
pub(crate) const STALE_LIST: Rule =
    rule!("refs", "stale-list", Error, "a list written down is not what the chapters cite");
pub(crate) const UNCITABLE_KEY: Rule =
    rule!("refs", "uncitable-key", Warning, "an entry has a key that no citation can name");
pub(crate) const UNCITED_ITEM: Rule = rule!(
    "refs",
    "uncited-item",
    Warning,
    "a list written by hand has a work that its chapter does not cite"
);
pub(crate) const UNCITED_NAMESAKE: Rule = rule!(
    "refs",
    "uncited-namesake",
    Warning,
    "a section is about what a work gave its name to, and does not cite it"
);
pub(crate) const UNDATED_DOCUMENTATION: Rule = rule!(
    "refs",
    "undated-documentation",
    Warning,
    "documentation is cited without a date or version"
);
pub(crate) const UNKNOWN_WORK: Rule = rule!(
    "refs",
    "unknown-work",
    Error,
    "a citation names a work that the bibliography does not have"
);
pub(crate) const UNLISTED_WORK: Rule = rule!(
    "refs",
    "unlisted-work",
    Warning,
    "a list written by hand lacks a work that its chapter cites"
);
pub(crate) const UNMATCHED_PATTERN: Rule = rule!(
    "refs",
    "unmatched-pattern",
    Warning,
    "a pattern of `academic-chapters` names no chapter"
);
pub(crate) const UNREADABLE_BIBLIOGRAPHY: Rule =
    rule!("refs", "unreadable-bibliography", Error, "a file of the bibliography cannot be read");
pub(crate) const UNREADABLE_ENTRY: Rule =
    rule!("refs", "unreadable-entry", Error, "an entry of the bibliography cannot be read");

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
    UNCITABLE_KEY,
    UNCITED_ITEM,
    UNCITED_NAMESAKE,
    UNDATED_DOCUMENTATION,
    UNKNOWN_WORK,
    UNLISTED_WORK,
    UNMATCHED_PATTERN,
    UNREADABLE_BIBLIOGRAPHY,
    UNREADABLE_ENTRY,
];

/// A finding of `rule`.
fn finding(rule: &Rule, message: String) -> Finding<Expanded> {
    Finding::new(rule.id, rule.level, message)
}

/// The letters and digits of a text, small.
fn letters(text: &str) -> String {
    text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
