use super::{Failed, Judged, here_is};
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

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

/// The finding for a snippet that needs a module that is `broken`.
pub(super) fn found(failed: &Failed<'_>, broken: SnippetId) -> Found {
    let Judged { listing, programs, .. } = failed.judged;
    let needs = programs.modules.needs(failed.id).map_or(&[][..], |needs| &needs.modules);
    // Behind all that a module needs stands the module itself, and that is one that a word names.
    let words = &failed.snippet.info.uses;
    let mut behind = needs.iter().skip_while(|module| **module != broken);
    let word = behind.find_map(|module| {
        words.iter().find(|word| programs.modules.get(&word.text) == Some(*module))
    });
    let name = listing.get(broken).info.module.as_ref().map_or("", |word| &word.text);
    let message = match word.filter(|word| word.text != name) {
        Some(word) => format!("`{name}`, on which `{}` builds, does not compile", word.text),
        None => format!("`{name}`, which is used here, does not compile"),
    };
    let span = word.map_or(failed.snippet.fence, |word| word.span);
    let finding = Finding::new(RULE.id, RULE.level, message).at(span);
    Found { related: vec![here_is(failed.judged, broken)], ..failed.here(finding) }
}
