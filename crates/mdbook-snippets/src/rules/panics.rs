use super::Failed;
use handbook_pass::{Found, Rule};
use handbook_text::Level;
use snippet_runner::Position;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/panics",
    level: Level::Error,
    summary: "a snippet panics",
    explanation: "The code that a reader copies has to run. Where the panic is the point, say `should_panic`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn found(failed: &Failed<'_>, at: Option<Position>, message: &str) -> Found {
    let message = format!("{} panics: {}", failed.title(), message.trim_end());
    failed.error_at(&RULE, message, at)
}
