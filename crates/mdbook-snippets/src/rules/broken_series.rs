use super::Bound;
use crate::values::Address;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/broken-series",
    level: Level::Error,
    summary: "a claim of growth is bound to a table with a row that cannot be read",
    explanation: "A series ends with the first line that is no row of numbers. If that line looks \
                  like a row, `1,000,5` or `64,n/a`, a claim would be judged by less than is \
                  printed.",
};

/// The finding for a claim that is bound to a series with such a row.
pub(super) fn found(bound: &Bound<'_>, address: &Address, row: &str) -> Found {
    let message = format!("the table of `{address}` has a row that cannot be read: `{row}`");
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span);
    bound.about(finding.help(
        "print a number for each column, without units or marks between thousands, or a blank \
         line where the table ends",
    ))
}
