use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/does-not-panic",
    level: Level::Error,
    summary: "a snippet with `should_panic` ends well",
    explanation: "The chapter says that this fails when it runs, and it does not.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>) -> Finding<Expanded> {
    let message = format!("{} ends well, but says `should_panic`", failed.title());
    failed.error(&RULE, message).help("drop `should_panic`, or let the code fail")
}
