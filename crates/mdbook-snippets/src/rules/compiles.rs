use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/compiles",
    level: Level::Error,
    summary: "a snippet with `compile_fail` compiles",
    explanation: "A chapter that shows a mistake loses its point when the compiler accepts it. Show code that is still rejected, or drop `compile_fail`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>) -> Finding<Expanded> {
    let message = format!("{} compiles, but says `compile_fail`", failed.title());
    failed.error(&RULE, message).help("drop `compile_fail`, or show code that is still rejected")
}
