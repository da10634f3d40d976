use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/compiler-failed",
    level: Level::Error,
    summary: "the compiler gave no verdict",
    explanation: "rustc crashed, could not link, or took too long. This says nothing about the snippet, which counts as failed because nobody knows better.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, output: &str) -> Finding<Expanded> {
    let message = format!("rustc gave no verdict about {}", failed.title());
    failed.error(&RULE, message).note(output.trim_end())
}
