use super::Bound;
use crate::values::{Address, Known, Lookup};
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unknown-value",
    level: Level::Error,
    summary: "a value is named that no snippet prints",
    explanation: "`ring.moved` is the line `moved = 9.07 %` that the snippet with `name=ring` \
                  prints, in any chapter. It has to be printed once, or always the same.",
};

/// The finding for a name that leads nowhere.
pub(super) fn found(bound: &Bound<'_>, address: &Address, lookup: Lookup<'_>) -> Option<Found> {
    let near = || bound.values.near(&address.snippet, &address.key);
    let or_near = |help: String| near().map_or(help, |near| format!("did you mean `{near}`?"));
    let (message, help) = match lookup {
        Lookup::NoSnippet => (
            format!("no snippet has the name `{}`", address.snippet),
            or_near(format!("`name={}` behind a fence gives one", address.snippet)),
        ),
        Lookup::NoKey => {
            let keys = bound.values.keys(&address.snippet);
            let all: Vec<String> = keys.iter().take(8).map(|key| format!("`{key}`")).collect();
            let help = if all.is_empty() {
                format!("a value is a line of its own: `{} = 1.5 ms`", address.key)
            } else {
                format!("it prints {}", all.join(", "))
            };
            (format!("`{}` prints no `{}`", address.snippet, address.key), or_near(help))
        }
        Lookup::Never("mod") => (
            format!("`{}` is a module, and prints nothing", address.snippet),
            "name a snippet that uses it".to_owned(),
        ),
        Lookup::Never("nondeterministic") => (
            format!("`{}` prints something else each time", address.snippet),
            "only what is the same each time can be named".to_owned(),
        ),
        Lookup::Never(word) => (
            format!("`{}` says `{word}`, and is not run", address.snippet),
            "only what runs has values".to_owned(),
        ),
        Lookup::Known(_, Known::Several) => (
            format!("`{}` prints more than one `{}`", address.snippet, address.key),
            "give each its own name".to_owned(),
        ),
        Lookup::Known(..) | Lookup::Unknown => return None,
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span).help(help);
    Some(bound.about(finding))
}
