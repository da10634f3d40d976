use crate::execute::NotRun;
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unusable-dependencies",
    level: Level::Error,
    summary: "the crates that snippets may use cannot be fetched or built",
    explanation: "What `manifest` or `dependencies` in book.toml names is built once, before the \
                  first snippet that needs a verdict. cargo chooses versions and fetches sources \
                  with the network; the build has none, and may read the sources only. Without \
                  the crates nothing is known about any snippet.",
};

/// The finding, at the first of the `snippets` that were to be run.
pub(super) fn check(snippets: &[(SnippetId, &Snippet)], not_run: &NotRun, findings: &mut Findings) {
    let mut runnable = snippets.iter().filter(|(_, snippet)| !snippet.info.ignored);
    let Some((id, first)) = runnable.next() else { return };
    let message = format!("the snippets' dependencies cannot be used: {}", not_run.reason);
    let mut finding = Finding::new(RULE.id, RULE.level, message).at(first.fence).help(not_run.help);
    if let Some(note) = not_run.note.as_ref().filter(|note| !note.is_empty()) {
        finding = finding.note(note);
    }
    findings.push(id.chapter, finding);
}
