//! The rules, sorted by id. What each demands and why stands in a file of its own beside this one, with
//! a template, a chapter that breaks it and one that does not; these run as tests.

mod shape;
pub(crate) mod unknown_kind;

pub(crate) use shape::{check as shape, without_kind};

use handbook_pass::{Rule, rule};
use handbook_text::Level;

pub(crate) const DAMAGED_TEXT: Rule =
    rule!("adr", "damaged-text", Warning, "text was read in the wrong encoding");
pub(crate) const EMPTY_CELL: Rule = rule!(
    "adr",
    "empty-cell",
    Warning,
    "a cell of a table that the template wants filled is empty"
);
pub(crate) const EMPTY_PART: Rule =
    rule!("adr", "empty-part", Warning, "a part that the template wants filled says nothing");
pub(crate) const EXTRA_PART: Rule =
    rule!("adr", "extra-part", Warning, "a part stands where the template allows no other");
pub(crate) const IMPLAUSIBLE_TIME: Rule = rule!(
    "adr",
    "implausible-time",
    Warning,
    "the stated study time does not fit the chapter's length"
);
pub(crate) const LEFT_PLACEHOLDER: Rule =
    rule!("adr", "left-placeholder", Warning, "a placeholder of the template is still there");
pub(crate) const MISNUMBERED_PART: Rule =
    rule!("adr", "misnumbered-part", Warning, "a repeated part has the wrong number or letter");
pub(crate) const MISPLACED_PART: Rule =
    rule!("adr", "misplaced-part", Warning, "a part stands elsewhere than in the template");
pub(crate) const MISSING_COLUMN: Rule =
    rule!("adr", "missing-column", Warning, "a table lacks a column of the template");
pub(crate) const MISSING_PART: Rule =
    rule!("adr", "missing-part", Warning, "a part of the template is missing");
pub(crate) const TIED_OPTIONS: Rule =
    rule!("adr", "tied-options", Warning, "an axis of a comparison says the same of all options");
pub(crate) const TOO_FEW_CITATIONS: Rule =
    rule!("adr", "too-few-citations", Warning, "a part cites too few or too many works");
pub(crate) const UNBOUNDED_ALGORITHM: Rule =
    rule!("adr", "unbounded-algorithm", Warning, "an algorithm is shown without what it costs");
pub(crate) const UNCOVERED_OPTION: Rule = rule!(
    "adr",
    "uncovered-option",
    Warning,
    "a considered option is left out where all have to be named"
);
pub(crate) const UNDEFINED_SYMBOL: Rule =
    rule!("adr", "undefined-symbol", Warning, "a symbol stands in a bound and nowhere else");
pub(crate) const UNEXPANDED_PART: Rule = rule!(
    "adr",
    "unexpanded-part",
    Warning,
    "a directive stands for a part of the template that is still to be written"
);
pub(crate) const UNKNOWN_KIND: Rule =
    rule!("adr", "unknown-kind", Error, "a chapter claims a kind that the book does not have");
pub(crate) const UNKNOWN_OPTION: Rule = rule!(
    "adr",
    "unknown-option",
    Warning,
    "a cell names none of the options that the chapter considers"
);
pub(crate) const UNKNOWN_PART: Rule =
    rule!("adr", "unknown-part", Error, "a directive names a part that the template does not have");
pub(crate) const UNSPECIFIC_EXAMPLE: Rule =
    rule!("adr", "unspecific-example", Warning, "an example names nothing that can be looked up");
pub(crate) const WRONG_CELL: Rule =
    rule!("adr", "wrong-cell", Warning, "a cell does not start as the template says");
pub(crate) const WRONG_LENGTH: Rule =
    rule!("adr", "wrong-length", Warning, "a part is shorter or longer than the template says");
pub(crate) const WRONG_ROW_COUNT: Rule = rule!(
    "adr",
    "wrong-row-count",
    Warning,
    "a table has too few or too many rows, or a list items"
);
pub(crate) const WRONG_SPOKEN_LENGTH: Rule =
    rule!("adr", "wrong-spoken-length", Warning, "an answer cannot be spoken in its time");
pub(crate) const WRONG_TITLE: Rule =
    rule!("adr", "wrong-title", Warning, "a chapter's title is not the template's");

/// A rule about templates, which `handbook-template` reports.
const fn template(
    id: &'static str,
    level: Level,
    summary: &'static str,
    explanation: &'static str,
) -> Rule {
    Rule { id, level, summary, explanation }
}

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[
    DAMAGED_TEXT,
    EMPTY_CELL,
    EMPTY_PART,
    EXTRA_PART,
    IMPLAUSIBLE_TIME,
    LEFT_PLACEHOLDER,
    MISNUMBERED_PART,
    MISPLACED_PART,
    MISSING_COLUMN,
    MISSING_PART,
    TIED_OPTIONS,
    TOO_FEW_CITATIONS,
    UNBOUNDED_ALGORITHM,
    UNCOVERED_OPTION,
    UNDEFINED_SYMBOL,
    UNEXPANDED_PART,
    UNKNOWN_KIND,
    UNKNOWN_OPTION,
    UNKNOWN_PART,
    UNSPECIFIC_EXAMPLE,
    WRONG_CELL,
    WRONG_LENGTH,
    WRONG_ROW_COUNT,
    WRONG_SPOKEN_LENGTH,
    WRONG_TITLE,
    template(
        "template/malformed-constraint",
        Level::Error,
        "a constraint of a template does not say what it takes",
        "`rows 1..`, `cell Time ~ O(`: each word takes what the guide's table says.",
    ),
    template(
        "template/stray-constraint",
        Level::Warning,
        "a constraint of a template belongs to nothing or demands nothing",
        "A constraint stands at the end of a heading's or field's line, and on the line above a table, list, quote, paragraph or code block.",
    ),
    template(
        "template/unknown-base",
        Level::Error,
        "a template refines one that is not there, or itself",
        "`extends` names another template, from the folder of the one that says so.",
    ),
    template(
        "template/unknown-constraint",
        Level::Error,
        "a template uses a constraint that does not exist",
        "The guide has a table of them.",
    ),
    template(
        "template/unmet-by-scaffold",
        Level::Error,
        "a template's own text does not satisfy it",
        "What `handbook new` writes has to be what `handbook check` demands: show a part as often as it has to stand.",
    ),
    template(
        "template/unreadable-template",
        Level::Error,
        "the template of a kind is not there or cannot be read",
        "Of the chapters of that kind nothing would be demanded, and nobody would notice. `kinds.NAME.template` in book.toml names the file, from the book's root.",
    ),
    template(
        "template/untaken-text",
        Level::Warning,
        "a template that refines another says something that is not taken",
        "Of a template that opens with `extends`, the title and its sections are taken. What stands before the title, or under another of the first level, is neither written by `handbook new` nor demanded.",
    ),
];
