use super::Failed;
use handbook_book::Span;
use handbook_pass::{Found, Rule};
use handbook_text::Level;
use snippet_runner::Diagnostic;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/does-not-compile",
    level: Level::Error,
    summary: "a snippet does not compile",
    explanation: "The code that a reader copies has to compile. Where it is meant to be rejected, say `compile_fail`; where it is only an outline, say `ignore` or use another language.",
};

/// How rustc begins when it finds a statement between items.
const STATEMENT: &[&str] = &[
    "expected item, found ",
    "expected one of `!` or `::`, found ",
    "macro expansion ignores ",
    "macros that expand to items ",
    "missing `fn` or `struct` for ",
];

/// The finding for a snippet that failed this way.
pub(super) fn found(failed: &Failed<'_>, diagnostics: &[Diagnostic]) -> Found {
    let Some(first) = diagnostics.first() else {
        return failed.here(failed.error(&RULE, format!("{} does not compile", failed.title())));
    };
    let message = format!("{} does not compile: {}", failed.title(), first.message);
    let mut found = found_as(&RULE, failed, &message, diagnostics);
    let is_statement = || STATEMENT.iter().any(|start| first.message.starts_with(start));
    if failed.snippet.info.module.is_some() && is_statement() {
        found.finding = found.finding.help("a module holds items: put statements into a function");
    }
    if let Some(module) = forgotten(failed, first) {
        let help = format!("`{module}` is a module of this book: say `use={module}`");
        found.finding = found.finding.help(help);
    }
    found
}

/// The module that the snippet names without asking for it.
fn forgotten<'a>(failed: &Failed<'_>, error: &'a Diagnostic) -> Option<&'a str> {
    /// The codes of rustc for a path that leads nowhere.
    const LOST: &[&str] = &["E0432", "E0433"];

    if !LOST.contains(&error.code.as_deref()?) {
        return None;
    }
    let modules = &failed.judged.programs.modules;
    let is_used = |id| modules.needs(failed.id).is_some_and(|needs| needs.modules.contains(&id));
    let is_forgotten = |name: &&str| {
        modules.get(name).is_some_and(|module| module != failed.id && !is_used(module))
    };
    let paths = error.message.split('`').skip(1).step_by(2);
    paths.flat_map(|path| path.split("::")).find(is_forgotten)
}

/// The finding that says the first error in the words of `message`, where it stands.
pub(super) fn found_as(
    rule: &Rule,
    failed: &Failed<'_>,
    message: &str,
    diagnostics: &[Diagnostic],
) -> Found {
    let first = diagnostics.first();
    let code = first.and_then(|first| first.code.as_ref());
    let code = code.map(|code| format!(" [{code}]")).unwrap_or_default();
    let at = first.and_then(|first| first.at.as_ref());
    let mut found = failed.error_at(rule, format!("{message}{code}"), at.map(|at| at.start));
    if let (Some(at), Some(start)) = (at, found.finding.span) {
        // Of an error that spans lines, its first word says enough.
        let (_, end) = failed.place(at.end);
        if at.start.line == at.end.line && start.start() < end.start() {
            found.finding = found.finding.at(Span::new(start.start(), end.start()));
        }
    }
    found.finding.label = first.and_then(|first| first.label.clone());
    let notes = diagnostics.iter().map(|error| error.rendered.trim_end().to_owned());
    found.finding.notes.extend(notes);
    found
}
