use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/out-of-memory",
    level: Level::Error,
    summary: "a snippet wants more memory than it may have",
    explanation: "The limit keeps a program that allocates without end from taking the machine with it.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, limit: u64) -> Finding<Expanded> {
    let message = format!("{} wanted more than {} MiB of memory", failed.title(), limit >> 20);
    failed.with_stderr(failed.error(&RULE, message))
}
