use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/too-many-processes",
    level: Level::Error,
    summary: "a snippet starts processes without end",
    explanation: "So many at once would take the machine from everybody else. It was stopped, with all that it had started.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, most: usize) -> Finding<Expanded> {
    let message = format!("{} started more than {most} processes and was stopped", failed.title());
    failed.error(&RULE, message)
}
