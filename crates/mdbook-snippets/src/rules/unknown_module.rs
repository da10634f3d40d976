use super::Judged;
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level, did_you_mean};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unknown-module",
    level: Level::Error,
    summary: "`use=` names a module that no snippet is",
    explanation: "A snippet becomes a module with `mod=NAME` behind its fence, in any chapter of \
                  the book. Modules inside a snippet's code are its own.",
};

/// The finding for a name that is no module's.
pub(super) fn found(judged: &Judged<'_>, id: SnippetId, problem: &UseProblem) -> Option<Found> {
    let UseProblemKind::Unknown = problem.kind else { return None };
    let name = &problem.word.text;
    let is_name =
        |name: &str| judged.listing.iter().any(|(_, snippet)| snippet.name() == Some(name));
    let help = match did_you_mean(name, judged.programs.modules.names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if is_name(name) => {
            format!("a snippet has that name; `mod={name}` behind its fence makes a module of it")
        }
        None => format!("`mod={name}` behind a fence makes a module of a snippet"),
    };
    let message = format!("no snippet is the module `{name}`");
    let finding = Finding::new(RULE.id, RULE.level, message).at(problem.word.span).help(help);
    Some(Found::new(id.chapter, finding))
}
