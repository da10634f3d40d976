use crate::snippet::{Snippet, SnippetId};
use crate::values::{Address, Known, Values};
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};
use std::collections::BTreeSet;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unused-value",
    level: Level::Warning,
    summary: "a snippet with `values` prints a value that nothing names",
    explanation: "`values` behind a fence says that what the snippet prints is there to be bound. \
                  Snippets that do not say so may print what they like. Tables are no values.",
};

/// The findings for a snippet.
pub(super) fn found(
    id: SnippetId,
    snippet: &Snippet,
    values: &Values,
    named: &BTreeSet<&Address>,
) -> Vec<Found> {
    if !snippet.info.values {
        return Vec::new();
    }
    let warning = |message: String, help: String| {
        Found::new(
            id.chapter,
            Finding::new(RULE.id, RULE.level, message).at(snippet.fence).help(help),
        )
    };
    let Some(name) = snippet.name() else {
        let help = "give the snippet a name, such as `name=ring`".to_owned();
        return vec![warning("values of a snippet without a name cannot be used".to_owned(), help)];
    };
    let is_named =
        |key: &str| named.iter().any(|it| it.snippet == name && it.key == key && it.row.is_none());
    let values = values.known(name).filter(|(_, known)| !matches!(known, Known::Series(_)));
    let unused = values.map(|(key, _)| key).filter(|key| !is_named(key));
    unused
        .map(|key| {
            let help = format!(
                "bind it with `<!-- ={name}.{key} -->` behind a number, or take `values` away"
            );
            warning(format!("nothing uses the value `{name}.{key}`"), help)
        })
        .collect()
}
