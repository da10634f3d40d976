use super::Bound;
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
pub(super) enum Place {
    InHeading,
    Nowhere,
    /// No number and no claim stands before it.
    BehindNothing,
    /// A claim of growth is bound to a single value.
    NoSeries,
    /// Something else than a claim of growth is bound to a series.
    NoClaim,
}

/// The finding.
pub(super) fn found(bound: &Bound<'_>, place: Place) -> Found {
    let (message, help) = match place {
        Place::InHeading => (
            "a value in a heading changes its anchor",
            "give the heading an anchor, `{#name}`, or move the value into the text",
        ),
        Place::Nowhere => (
            "this binding stands in raw HTML or an image, or first on its line",
            "put it right behind the number, in a paragraph or table of Markdown",
        ),
        Place::BehindNothing => (
            "no number that can be read stands before this binding",
            "put it right behind a number and its unit: `9.1 %<!-- =ring.moved -->`",
        ),
        Place::NoSeries => (
            "growth is claimed, and bound to a single number",
            "print a table: a line `n,steps`, then a line of numbers for each size",
        ),
        Place::NoClaim => (
            "a series is bound to something else than a claim of growth",
            "a series can hold a claim such as `O(log n)<!-- =jump.steps -->`",
        ),
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span).help(help);
    bound.about(finding)
}
