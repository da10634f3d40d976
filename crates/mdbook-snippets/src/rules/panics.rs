use super::Failed;
use handbook_pass::{Found, Rule};
use handbook_text::Level;
use snippet_runner::Position;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/panics",
    level: Level::Error,
    summary: "a snippet panics",
    explanation: "The code that a reader copies has to run. Where the panic is the point, say \
                  `should_panic`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn found(failed: &Failed<'_>, at: Option<Position>, message: &str) -> Found {
    let message = format!("{} panics: {}", failed.title(), message.trim_end());
    // An error that `main` hands on panics in a line that nobody wrote.
    let program = failed.judged.programs.get(failed.id);
    let is_added = |at: &Position| program.is_some_and(|it| it.is_added_to(failed.id, at.line));
    failed.error_at(&RULE, message, at.filter(|at| !is_added(at)))
}
