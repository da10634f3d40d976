use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/exits",
    level: Level::Error,
    summary: "a snippet ends with an exit code other than zero",
    explanation: "rustdoc counts this as a failure. Return normally, or say `no_run`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, code: i32) -> Finding<Expanded> {
    let message = format!("{} ends with exit code {code}", failed.title());
    failed.with_stderr(failed.error(&RULE, message))
}
