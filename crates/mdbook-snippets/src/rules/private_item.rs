use super::{Failed, does_not_compile};
use crate::snippet::SnippetId;
use handbook_book::Span;
use handbook_pass::{Found, Related, Rule};
use handbook_text::Level;
use snippet_runner::Diagnostic;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/private-item",
    level: Level::Error,
    summary: "a snippet uses what another snippet keeps to itself",
    explanation: "A snippet with `mod=` is a module, and only what is `pub` in it can be used \
                  elsewhere: functions, types, fields and methods alike.",
};

/// The codes of rustc for what is private: an item, a field, a method, a field in a pattern or
/// literal.
const CODES: &[&str] = &["E0603", "E0616", "E0624", "E0451"];

/// Those for a tuple struct that can be seen, but not its fields. They have other meanings, too.
const CONSTRUCTOR_CODES: &[&str] = &["E0423", "E0532"];

/// The finding for a snippet whose first error is that an item of a module is not `pub`.
pub(super) fn found(failed: &Failed<'_>, diagnostics: &[Diagnostic]) -> Option<Found> {
    let first = diagnostics.first()?;
    let at = first.at.as_ref()?;
    let code = first.code.as_deref()?;
    let is_constructor = first.message.contains("tuple struct");
    let hides_fields =
        CONSTRUCTOR_CODES.contains(&code) && first.message.contains("private fields");
    if !CODES.contains(&code) && !hides_fields {
        return None;
    }
    // What is private in the snippet's own modules, or in those of a module, is no matter of ours.
    if failed.place(at.start).0 != failed.id {
        return None;
    }
    let definitions = definitions(failed, first);
    let (owner, _) = *definitions.first()?;
    if definitions.iter().any(|(owner, _)| *owner == failed.id) {
        return None;
    }
    let module = failed.judged.listing.get(owner).info.module.as_ref()?;
    let is_in_one = definitions.iter().all(|(other, _)| *other == owner);
    let place = if is_in_one { format!(" in `{}`", module.text) } else { String::new() };
    let message = format!("{} does not compile: {}{place}", failed.title(), first.message);
    let mut found = does_not_compile::found_as(&RULE, failed, &message, diagnostics);
    found.finding = found.finding.help(if is_constructor {
        "make its fields `pub`, or give it a `pub fn new`"
    } else {
        "write `pub` before it where it is defined"
    });
    // Of several of one name, nobody knows which one is meant.
    if let [(owner, span)] = *definitions {
        let what = "it is defined here".to_owned();
        found.related.push(Related { what, chapter: owner.chapter, span });
    }
    Some(found)
}

/// Where what is private may be defined: where rustc says so, or where that stands of which rustc
/// says only the name.
fn definitions(failed: &Failed<'_>, error: &Diagnostic) -> Vec<(SnippetId, Span)> {
    let mut noted = error.also.iter().map(|also| failed.place(also.start));
    if let Some(noted) = noted.find(|(owner, _)| *owner != failed.id) {
        return vec![noted];
    }
    let Some(program) = failed.judged.programs.get(failed.id) else { return Vec::new() };
    let mut quoted = error.message.split('`').skip(1).step_by(2);
    let found = match (quoted.next(), quoted.next().and_then(|owner| owner.rsplit("::").next())) {
        // "field `f` of struct `S` is private".
        (Some(field), Some(owner)) => {
            snippet_runner::definitions(&program.text, owner, Some(field))
        }
        // "cannot match against a tuple struct which contains private fields", at its name.
        (None, _) => match named(error, &program.text) {
            Some(owner) => snippet_runner::definitions(&program.text, owner, None),
            None => return Vec::new(),
        },
        (Some(_), None) => return Vec::new(),
    };
    found.unwrap_or_default().into_iter().map(|at| failed.place(at)).collect()
}

/// The last name of the path at which the error stands.
fn named<'a>(error: &Diagnostic, program: &'a str) -> Option<&'a str> {
    let at = error.at.as_ref()?;
    let line = program.lines().nth(at.start.line.checked_sub(1)?)?;
    let offset = |column: usize| {
        let mut offsets = line.char_indices().map(|(offset, _)| offset);
        offsets.nth(column.saturating_sub(1)).unwrap_or(line.len())
    };
    let end = if at.start.line == at.end.line { offset(at.end.column) } else { line.len() };
    line.get(offset(at.start.column)..end)?.rsplit("::").next().map(str::trim)
}
