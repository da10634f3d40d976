use handbook_pass::Rule;
use handbook_text::Level;

/// What can be wrong with a book around its chapters, sorted by id.
pub const RULES: &[Rule] =
    &[BROKEN_BASELINE, DOUBLED_PREPROCESSOR, LATE_PREPROCESSOR, UNKNOWN_SETTING, UNREADABLE];

pub(crate) const BROKEN_BASELINE: Rule = Rule {
    id: "book/broken-baseline",
    level: Level::Error,
    summary: "the file with the findings that a book has had before cannot be read",
    explanation: "`handbook-baseline.toml` is written by `handbook baseline`. What it says it cannot \
                  say halfway: as long as it is broken, all findings are reported.",
};

pub(crate) const DOUBLED_PREPROCESSOR: Rule = Rule {
    id: "book/doubled-preprocessor",
    level: Level::Warning,
    summary: "a preprocessor of the suite is configured beside the one that contains it",
    explanation: "`mdbook-handbook` holds all passes. What a second binary does again is wasted, \
                  and it sees the first one's pages instead of what the author wrote.",
};

pub(crate) const LATE_PREPROCESSOR: Rule = Rule {
    id: "book/late-preprocessor",
    level: Level::Warning,
    summary: "a preprocessor of the suite may run after mdBook's `links`",
    explanation: "mdBook orders preprocessors by name unless told otherwise. After `links` the \
                  includes are expanded, and findings cannot name the included file.",
};

/// What the configuration says cannot be what its author means.
pub const UNKNOWN_SETTING: Rule = Rule {
    id: "book/unknown-setting",
    level: Level::Warning,
    summary: "a key in the configuration means nothing, or its value makes no sense",
    explanation: "A mistyped key is silently without effect everywhere else.",
};

pub(crate) const UNREADABLE: Rule = Rule {
    id: "book/unreadable-chapter",
    level: Level::Error,
    summary: "a chapter that SUMMARY names cannot be read",
    explanation: "`mdbook build` creates chapters that do not exist, with a heading and nothing \
                  else. Checking creates nothing. A chapter has to be UTF-8.",
};
