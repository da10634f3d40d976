use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/output-too-long",
    level: Level::Error,
    summary: "a snippet prints without end",
    explanation: "A page cannot show it, and a program that prints for ever would fill the disk. Print less, or raise `output-limit`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, cap: usize) -> Finding<Expanded> {
    let message = format!("{} printed more than {cap} bytes and was stopped", failed.title());
    failed.error(&RULE, message).help("print less, or raise `output-limit` in book.toml")
}
