//! The rules, sorted by id. What each demands and why stands in the file of its name beside this one.

pub(crate) mod contradicting_row;
pub(crate) mod unknown_argument;

use handbook_pass::Rule;
use handbook_text::Level;

/// A row of a written card says something else than the chapter.
pub(crate) const CONTRADICTING_ROW: Rule = Rule {
    id: "quickref/contradicting-row",
    level: Level::Warning,
    summary: "a row of a card that was written by hand contradicts its chapter",
    explanation: include_str!("contradicting-row.md"),
};

/// A region holds something else than would be built.
pub(crate) const STALE_CARD: Rule = Rule {
    id: "quickref/stale-card",
    level: Level::Error,
    summary: "a region with cards says something else than the chapters",
    explanation: "A card, a hub's table, the sheet or the practice page stands in a region, and its \
                  chapters say something else by now. `handbook fix` writes it anew.",
};

/// Words behind a directive that takes none.
pub(crate) const UNKNOWN_ARGUMENT: Rule = Rule {
    id: "quickref/unknown-argument",
    level: Level::Warning,
    summary: "words stand behind a directive for cards, which takes none",
    explanation: include_str!("unknown-argument.md"),
};

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[CONTRADICTING_ROW, STALE_CARD, UNKNOWN_ARGUMENT];
