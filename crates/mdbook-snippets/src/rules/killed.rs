use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/killed",
    level: Level::Error,
    summary: "a snippet is ended by a signal",
    explanation: "It crashed, or a limit of the sandbox ended it.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, signal: i32) -> Finding<Expanded> {
    let message = format!("{} was ended by signal {signal}", failed.title());
    failed.with_stderr(failed.error(&RULE, message))
}
