use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/wrong-error",
    level: Level::Error,
    summary: "a snippet with `compile_fail` fails for another reason than the one it names",
    explanation: "The error that the chapter talks about is not the one that the reader gets.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(
    failed: &Failed<'_>,
    expected: &[String],
    found: &[String],
) -> Finding<Expanded> {
    let found = if found.is_empty() { "no code".to_owned() } else { found.join(", ") };
    let message =
        format!("{} fails with {found}, not with {}", failed.title(), expected.join(", "));
    failed.error(&RULE, message).help("name the code that rustc gives, or restore the error")
}
