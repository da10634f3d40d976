use super::Judged;
use crate::info::Info;
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_book::Code;
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
    let mut snippets = judged.listing.iter().map(|(_, snippet)| snippet);
    let named = snippets.find(|snippet| snippet.names().any(|word| word.text == *name));
    let modules = &judged.programs.modules;
    let help = match named.map(|snippet| &snippet.info.module) {
        Some(Some(module)) => {
            let module = &module.text;
            format!("`{name}` is the module `{module}`: say `use={module}`")
        }
        _ if is_elsewhere(judged, name) => {
            format!("the block that says `mod={name}` is not Rust, and rustdoc passes over it")
        }
        named => match did_you_mean(name, modules.names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if named.is_some() => format!(
                "a snippet has that name; `mod={name}` behind its fence makes a module of it"
            ),
            None => format!("`mod={name}` behind a fence makes a module of a snippet"),
        },
    };
    let message = format!("no snippet is the module `{name}`");
    let finding = Finding::new(RULE.id, RULE.level, message).at(problem.word.span).help(help);
    Some(Found::new(id.chapter, finding))
}

/// Whether a block that is no snippet says that it is the module.
fn is_elsewhere(judged: &Judged<'_>, name: &str) -> bool {
    let says_so = |code: &Code| {
        let Some((text, span)) = &code.info else { return false };
        let info = Info::parse(text, *span, true);
        !info.rust && info.module.is_some_and(|word| word.text == name)
    };
    let mut chapters = judged.about.book.iter();
    chapters.any(|(_, chapter)| chapter.document.code_blocks().any(|(code, _)| says_so(code)))
}
