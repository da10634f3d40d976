use super::{Failed, does_not_compile};
use crate::snippet::SnippetId;
use handbook_book::Span;
use handbook_pass::{Found, Related, Rule};
use handbook_text::Level;
use snippet_runner::{Diagnostic, Position};

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

/// The finding for a snippet whose first error is that an item of a module is not `pub`.
pub(super) fn found(failed: &Failed<'_>, diagnostics: &[Diagnostic]) -> Option<Found> {
    let first = diagnostics.first()?;
    let at = first.at.as_ref()?.start;
    if !CODES.contains(&first.code.as_deref()?) {
        return None;
    }
    let (owner, definition) = definition(failed, first)?;
    // What is private in the snippet's own modules, or in those of a module, is no matter of ours.
    if failed.place(at).0 != failed.id || owner == failed.id {
        return None;
    }
    let module = failed.judged.listing.get(owner).info.module.as_ref()?;
    let message = format!("{} in `{}`", first.message, module.text);
    let mut found = does_not_compile::found_as(&RULE, failed, &message, diagnostics);
    found.finding = found.finding.help("write `pub` before it where it is defined");
    found.related.push(Related {
        what: "it is defined here".to_owned(),
        chapter: owner.chapter,
        span: definition,
    });
    Some(found)
}

/// Where the item is defined: where rustc says so, or where the field stands that it names.
fn definition(failed: &Failed<'_>, error: &Diagnostic) -> Option<(SnippetId, Span)> {
    let places = error.also.iter().map(|also| failed.place(also.start));
    let of_field = field(failed, &error.message).map(|at| failed.place(at));
    places.chain(of_field).find(|(owner, _)| *owner != failed.id)
}

/// Where the program defines the field of "field `f` of struct `S` is private", of which rustc says
/// no more.
fn field(failed: &Failed<'_>, message: &str) -> Option<Position> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (field, owner) = (quoted.next()?, quoted.next()?.rsplit("::").next()?);
    let program = failed.judged.programs.get(failed.id)?;
    let lines = || program.text.lines().enumerate();
    let defines_owner = |line: &str| {
        let mut words = words(line).map(|(_, word)| word);
        words.any(|word| word == "struct" || word == "union") && words.next() == Some(owner)
    };
    let mut starts = lines().filter(|(_, line)| defines_owner(line)).map(|(index, _)| index);
    let start = starts.next()?;
    // Of two types of one name, nobody knows which one is meant.
    if starts.next().is_some() {
        return None;
    }
    let named = |line: &str| {
        let is_it = |(at, word): &(usize, &str)| {
            *word == field && line[at + word.len()..].trim_start().starts_with(':')
        };
        words(line).find(is_it).map(|(at, _)| line[..at].chars().count() + 1)
    };
    let of_line = |(index, line): (usize, &str)| Some((index, named(line)?));
    // A field without a name stands in the line of its type.
    let (index, column) = lines().skip(start).find_map(of_line).unwrap_or((start, 1));
    Some(Position { line: index + 1, column })
}

/// The words of a line of code, each with its first byte.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_border = |ch: char| !ch.is_alphanumeric() && ch != '_';
    let mut end = 0;
    let words = line.split_inclusive(is_border).map(move |part| {
        let start = end;
        end += part.len();
        (start, part.trim_end_matches(is_border))
    });
    words.filter(|(_, word)| !word.is_empty())
}
