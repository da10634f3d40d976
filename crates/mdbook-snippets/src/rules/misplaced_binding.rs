use super::Bound;
use crate::values::claim;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/misplaced-binding",
    level: Level::Error,
    summary: "a binding stands where it can hold nothing to a value",
    explanation: "A comment such as `<!-- =ring.moved -->` stands right behind a number, or a claim \
                  of growth, on the same line of a paragraph or cell. In a heading a number would \
                  change the heading's anchor, unless that is given: `## Title {#title}`.",
};

/// What is wrong with the place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    InHeading,
    Nowhere,
    /// No number and no claim stands right before it, but this text.
    BehindNothing(&'a str),
    /// A claim of growth is bound to a single value.
    NoSeries,
    /// Something else than a claim of growth is bound to a series.
    NoClaim,
}

/// The finding.
pub(super) fn found(bound: &Bound<'_>, place: Place<'_>) -> Found {
    let in_the_way = match place {
        Place::BehindNothing(text) => claim::in_the_way(text),
        _ => None,
    };
    if let Some((subject, words)) = in_the_way {
        let comment = bound.document().slice(bound.binding.span);
        let bare = subject.trim_matches(['`', '*']);
        let message = format!("`{words}` stands between `{bare}` and its binding");
        let help = format!(
            "a unit is one word, or two with `per` between them; other words stand behind the \
             binding: {subject}{comment} {words}"
        );
        let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span);
        return bound.about(finding.help(help));
    }
    let (message, help) = match place {
        Place::InHeading => (
            "a value in a heading changes its anchor",
            "give the heading an anchor, `{#name}`, or move the value into the text",
        ),
        Place::Nowhere => (
            "this binding stands in raw HTML or an image, or first on its line",
            "put it right behind the number, in a paragraph or table of Markdown",
        ),
        Place::BehindNothing(_) => (
            "no number that can be read stands before this binding",
            "put it right behind a number and its unit: `9.1 %<!-- =ring.moved -->`",
        ),
        Place::NoSeries if bound.binding.address().is_some_and(|it| it.row.is_some()) => (
            "growth is claimed, and bound to a single cell",
            "leave the row out: a claim is about all of a column",
        ),
        Place::NoSeries => (
            "growth is claimed, and bound to a single number",
            "print a table: a line `n,steps`, then a line of numbers for each size",
        ),
        Place::NoClaim => (
            "a series is bound to something else than a claim of growth",
            "a series can hold a claim such as `O(log n)<!-- =jump.steps -->`; one number of it \
             is named by its row, `<!-- =jump.steps[64] -->`",
        ),
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span).help(help);
    bound.about(finding)
}
