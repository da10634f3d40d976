use super::{Judged, here_is};
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/mixed-editions",
    level: Level::Error,
    summary: "a snippet uses a module of another edition",
    explanation: "A program has one edition. The module would be compiled with the edition of the \
                  snippet that uses it, and might mean something else than where it stands.",
};

/// Reports every use of a module that was written for another edition.
pub(super) fn check(
    judged: &Judged<'_>,
    snippets: &[(SnippetId, &Snippet)],
    findings: &mut Findings,
) {
    let edition = |snippet: &Snippet| snippet.info.edition.unwrap_or(judged.edition);
    for (id, snippet) in snippets {
        for word in &snippet.info.uses {
            let Some(module) = judged.programs.modules.get(&word.text) else { continue };
            let (theirs, ours) = (edition(judged.listing.get(module)), edition(snippet));
            if theirs == ours {
                continue;
            }
            let message =
                format!("`{}` is written for edition {theirs}, this for {ours}", word.text);
            let finding = Finding::new(RULE.id, RULE.level, message)
                .at(word.span)
                .help("say the same edition behind both fences");
            findings.push_with(id.chapter, finding, vec![here_is(judged, module)]);
        }
    }
}
