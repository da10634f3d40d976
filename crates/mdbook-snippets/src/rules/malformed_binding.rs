use super::Bound;
use crate::growth::class::has_several_sizes;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/malformed-binding",
    level: Level::Error,
    summary: "a comment or directive looks like a binding and cannot be read",
    explanation: "A binding is `<!-- =SNIPPET.KEY -->` behind a number, or \
                  `{{#value SNIPPET.KEY}}`, where a number may follow that shows the notation: \
                  `{{#value ring.moved 0.0 %}}`. A cell of a printed table is \
                  `SNIPPET.COLUMN[ROW]`.",
};

/// What cannot be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault<'a> {
    Binding,
    /// The sample does not suit the value.
    Sample(&'a str),
    /// A claim of growth, of a class that is not known.
    Class(&'a str),
}

/// The finding.
pub(super) fn found(bound: &Bound<'_>, fault: Fault<'_>) -> Found {
    let (message, help) = match fault {
        Fault::Binding => (
            "this binding cannot be read".to_owned(),
            "it is `<!-- =SNIPPET.KEY -->` or `<!-- =SNIPPET.COLUMN[ROW] -->`, or \
             `{{#value SNIPPET.KEY}}` with a sample such as `0.0 %` behind the key; the column \
             `p99.9 (ms)` is named `p99-9-ms`",
        ),
        Fault::Sample(sample) => (
            format!("the value cannot be written like `{sample}`"),
            "a sample is one number with a unit that goes with the value's, such as `0.0 %`",
        ),
        Fault::Class(class) if has_several_sizes(class) => (
            format!("`{class}` has more than one size, so no series can tell whether it is right"),
            "a series has one size: claim how it grows with that, such as `O(n)`, and say at what \
             the others are fixed",
        ),
        Fault::Class(class) => (
            format!("`{class}` is no class of growth that can be judged"),
            "known are `1`, `log n`, `sqrt n`, `n`, `n log n`, `n^2`, `n^3` and `2^n`",
        ),
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span).help(help);
    bound.about(finding)
}
