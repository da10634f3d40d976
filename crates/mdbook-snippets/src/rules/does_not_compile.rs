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
    explanation: "The code that a reader copies has to compile. Where it is meant to be rejected, \
                  say `compile_fail`; where it is only an outline, say `ignore` or use another \
                  language.",
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
    let message = format!("{} does not compile: {}", title(failed, first), first.message);
    let mut found = found_as(&RULE, failed, &message, diagnostics);
    let is_statement = || STATEMENT.iter().any(|start| first.message.starts_with(start));
    if failed.snippet.info.module.is_some() && is_statement() {
        found.finding = found.finding.help("a module holds items: put statements into a function");
    }
    if let Some(help) = help_with_module(failed, first) {
        found.finding = found.finding.help(help);
    }
    found
}

/// What does not compile: the snippet, or the module in which the error lies.
fn title(failed: &Failed<'_>, error: &Diagnostic) -> String {
    let owner = error.at.as_ref().map_or(failed.id, |at| failed.place(at.start).0);
    failed.judged.listing.get(owner).title()
}

/// What to do where a path begins with a module of the book that is not to be found there.
fn help_with_module(failed: &Failed<'_>, error: &Diagnostic) -> Option<String> {
    let modules = &failed.judged.programs.modules;
    let mut found = lost(error).into_iter().filter_map(|name| Some((name, modules.get(name)?)));
    let (name, module) = found.find(|(_, module)| *module != failed.id)?;
    let is_used = modules.needs(failed.id).is_some_and(|needs| needs.modules.contains(&module));
    // What is used stands at the crate's root, and whoever does not find it is not there.
    Some(if is_used {
        format!("in a module, write `crate::{name}`")
    } else {
        format!("`{name}` is a module of this book: say `use={name}`")
    })
}

/// What a path to a module of the book may begin with.
const ROOTS: &[&str] = &["crate", "self", "super"];

/// The names of which rustc says that no path can begin with them, at the root or where they stand.
fn lost(error: &Diagnostic) -> Vec<&str> {
    let mut quoted = error.message.split('`').skip(1).step_by(2);
    match error.code.as_deref() {
        // "unresolved imports `crate::a`, `b`": each path ends with what is not there.
        Some("E0432") => quoted.filter_map(first_name).collect(),
        // "cannot find `a` in `crate`", or without a place.
        Some("E0433") => {
            let name = quoted.next();
            name.filter(|_| quoted.all(|place| ROOTS.contains(&place))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The name behind the root that a path may begin with, if it is the last one.
fn first_name(path: &str) -> Option<&str> {
    let (roots, name) = path.rsplit_once("::").unwrap_or(("", path));
    roots.split("::").all(|root| root.is_empty() || ROOTS.contains(&root)).then_some(name)
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
