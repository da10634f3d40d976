use crate::execute::NotRun;
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/not-run",
    level: Level::Error,
    summary: "the snippets could not be run",
    explanation: "There is no Rust compiler, or it cannot be started. Nothing is known about the \
                  snippets then, and no output is compared or shown. If you do not want to run \
                  anything, say so with `--no-run` or `run = false`.",
};

/// The finding, at the first of the `snippets` that were to be run.
pub(super) fn check(snippets: &[(SnippetId, &Snippet)], not_run: &NotRun, findings: &mut Findings) {
    let mut runnable = snippets.iter().filter(|(_, snippet)| !snippet.info.ignored);
    let Some((id, first)) = runnable.next() else { return };
    let message = match runnable.count() + 1 {
        1 => format!("the snippet was not run: {}", not_run.reason),
        number => format!("{number} snippets were not run: {}", not_run.reason),
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(first.fence).help(not_run.help);
    findings.push(id.chapter, finding);
}
