use super::{Failed, Judged, here_is};
use crate::execute::Reports;
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};
use snippet_runner::{Failure, Report, Verdict};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/broken-module",
    level: Level::Error,
    summary: "a snippet uses a module that does not compile",
    explanation: "Nothing can be said about the snippet before the module is mended. What is wrong \
                  with the module is said where it stands, and nowhere else.",
};

/// The finding for a module that lacks a module itself.
pub(super) fn unusable(judged: &Judged<'_>, id: SnippetId, problem: &UseProblem) -> Option<Found> {
    let UseProblemKind::Unusable { module } = problem.kind else { return None };
    let message = format!("`{}`, which is used here, cannot be put together", problem.word.text);
    let finding = Finding::new(RULE.id, RULE.level, message).at(problem.word.span);
    let related = vec![here_is(judged, module)];
    Some(Found { related, ..Found::new(id.chapter, finding) })
}

/// The finding for a snippet that does not compile because a module that it needs does not.
pub(super) fn found(failed: &Failed<'_>, failure: &Failure, reports: &Reports) -> Option<Found> {
    if !matches!(failure, Failure::DoesNotCompile { .. } | Failure::WrongErrorCode { .. }) {
        return None;
    }
    let Judged { listing, programs, .. } = failed.judged;
    let needs = programs.modules.needs(failed.id)?;
    let is_broken = |id: &SnippetId| reports.get(id).is_some_and(does_not_compile);
    let at = needs.modules.iter().position(is_broken)?;
    let broken = needs.modules[at];
    // Behind all that a module needs stands the module itself, and that is one that a word names.
    let words = &failed.snippet.info.uses;
    let word = needs.modules[at..].iter().find_map(|module| {
        words.iter().find(|word| programs.modules.get(&word.text) == Some(*module))
    })?;
    let name = listing.get(broken).info.module.as_ref().map_or("", |word| &word.text);
    let message = if name == word.text {
        format!("`{name}`, which is used here, does not compile")
    } else {
        format!("`{name}`, on which `{}` builds, does not compile", word.text)
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(word.span);
    let related = vec![here_is(failed.judged, broken)];
    Some(Found { related, ..failed.here(finding) })
}

fn does_not_compile(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Failed(Failure::DoesNotCompile { .. }))
}
