use crate::info::InfoProblemKind;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/misplaced-attribute",
    level: Level::Warning,
    summary: "a rustdoc attribute stands behind words that rustdoc does not know",
    explanation: "rustdoc forgets that a block is Rust when `should_panic`, `no_run` or `ignore` follows a word it does not know, and silently tests nothing. The suite's own words do not count: they are gone before rustdoc reads the page.",
};

/// The finding for such a word.
pub(super) fn finding(kind: &InfoProblemKind) -> Option<Finding<Expanded>> {
    let InfoProblemKind::Misplaced { word } = kind else { return None };
    let message = format!("rustdoc tests nothing here, because `{word}` comes too late");
    let help = format!("put `{word}` before the words that rustdoc does not know");
    Some(Finding::warning(RULE.id, message).help(help))
}
