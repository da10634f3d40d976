use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/leaves-processes",
    level: Level::Error,
    summary: "a snippet ends, and leaves processes behind",
    explanation: "They were killed: nothing that a snippet starts outlives it. Wait for them before the program ends.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, names: &[String]) -> Finding<Expanded> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "{} left behind processes, which were killed: {}",
        failed.title(),
        names.join(", ")
    );
    failed.error(&RULE, message).help("wait for them before the program ends")
}
