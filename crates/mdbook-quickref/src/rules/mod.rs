//! The rules, sorted by id. What each demands and why stands in the file of its name beside this one.

pub(crate) mod contradicting_row;

use handbook_pass::{Rule, rule};

/// A row of a written card says something else than the chapter.
pub(crate) const CONTRADICTING_ROW: Rule = rule!(
    "quickref",
    "contradicting-row",
    Warning,
    "a row of a card that was written by hand contradicts its chapter"
);

/// A region holds something else than would be built.
pub(crate) const STALE_CARD: Rule = rule!(
    "quickref",
    "stale-card",
    Error,
    "a region with cards says something else than the chapters"
);

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[CONTRADICTING_ROW, STALE_CARD];
