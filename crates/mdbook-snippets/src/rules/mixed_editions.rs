use super::{Judged, here_is};
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/mixed-editions",
    level: Level::Error,
    summary: "a snippet uses a module of another edition",
    explanation: "A program has one edition. The module would be compiled with the edition of the \
                  snippet that uses it, and might mean something else than where it stands.",
};

/// The finding for a module that was written for another edition.
pub(super) fn found(judged: &Judged<'_>, id: SnippetId, problem: &UseProblem) -> Option<Found> {
    let UseProblemKind::OtherEdition { module, theirs, ours } = problem.kind else { return None };
    let name = &problem.word.text;
    let message = format!("`{name}` is written for edition {theirs}, this for {ours}");
    let finding = Finding::new(RULE.id, RULE.level, message)
        .at(problem.word.span)
        .help("say the same edition behind both fences");
    Some(Found { related: vec![here_is(judged, module)], ..Found::new(id.chapter, finding) })
}
