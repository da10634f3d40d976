use super::{Judged, here_is};
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unchecked-module",
    level: Level::Error,
    summary: "a snippet uses a module that says `ignore` or `compile_fail`",
    explanation: "Nobody knows whether such a module compiles, or it is known not to. Nothing can \
                  build on it.",
};

/// The finding for a module that nothing can build on.
pub(super) fn found(judged: &Judged<'_>, id: SnippetId, problem: &UseProblem) -> Option<Found> {
    let UseProblemKind::Unchecked { module, says } = problem.kind else { return None };
    let message = format!("`{}` says `{says}`, so nothing can build on it", problem.word.text);
    let finding = Finding::new(RULE.id, RULE.level, message)
        .at(problem.word.span)
        .help(format!("drop `{says}` there, or do not use it here"));
    Some(Found { related: vec![here_is(judged, module)], ..Found::new(id.chapter, finding) })
}
