use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};
use snippet_runner::SandboxReport;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/not-confined",
    level: Level::Info,
    summary: "snippets were not confined completely",
    explanation: "The system lacks a part of the sandbox, or was told to do without, so a snippet could do more than it should. Time and output are limited everywhere. `--sandbox required` runs nothing then.",
};

/// The finding, at the first of the `snippets`, if a layer was missing.
pub(super) fn check(
    snippets: &[(SnippetId, &Snippet)],
    sandbox: Option<SandboxReport>,
    findings: &mut Findings,
) {
    let missing = sandbox.map(|sandbox| sandbox.missing()).unwrap_or_default();
    let mut runnable = snippets.iter().filter(|(_, snippet)| !snippet.info.ignored);
    let (Some((id, first)), false) = (runnable.next(), missing.is_empty()) else { return };
    let message = format!("snippets were not confined completely: no {}", missing.join(", no "));
    findings.push(id.chapter, Finding::new(RULE.id, RULE.level, message).at(first.fence));
}
