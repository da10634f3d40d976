use super::Bound;
use crate::values::{Address, Known, Lookup, NoCell};
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unknown-value",
    level: Level::Error,
    summary: "a value is named that no snippet prints",
    explanation: "`ring.moved` is the line `moved = 9.07 %` that the snippet with `name=ring` \
                  prints, in any chapter. It has to be printed once, or always the same. \
                  `ring.moved[64]` is the cell of the column `moved` in the row that begins with \
                  `64`, of a table that the snippet prints; there has to be one.",
};

/// The finding for a name that leads nowhere.
pub(super) fn found(bound: &Bound<'_>, address: &Address, lookup: Lookup<'_>) -> Option<Found> {
    let (message, help) = match lookup {
        Lookup::NoSnippet => (
            format!("no snippet has the name `{}`", address.snippet),
            or_near(bound, address, format!("`name={}` behind a fence gives one", address.snippet)),
        ),
        Lookup::NoKey => {
            (format!("`{}` prints no `{}`", address.snippet, address.key), no_key(bound, address))
        }
        Lookup::NoCell(no_cell) => no_such_cell(bound, address, no_cell),
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
        Lookup::Known(_, known) if *known == Known::Several => (
            format!("`{}` prints more than one `{}`", address.snippet, address.key),
            "give each its own name".to_owned(),
        ),
        Lookup::Known(..) | Lookup::Unknown => return None,
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span).help(help);
    Some(bound.about(finding))
}

/// What was probably meant, or else this.
fn or_near(bound: &Bound<'_>, address: &Address, otherwise: String) -> String {
    let near = bound.values.near(address);
    near.map_or(otherwise, |near| format!("did you mean `{near}`?"))
}

/// What to do about a name that stands for nothing: it may be that of a column of words.
fn no_key(bound: &Bound<'_>, address: &Address) -> String {
    let Address { snippet, key, .. } = address;
    if let Some(cell) = bound.values.example(snippet, key) {
        return format!("it is a column of a table: name a row, as in `{cell}`");
    }
    let all = listed(bound.values.known(snippet).map(|(name, _)| name));
    let help = match all {
        Some(all) => format!("it prints {all}"),
        None => format!("a value is a line of its own: `{key} = 1.5 ms`"),
    };
    or_near(bound, address, help)
}

fn no_such_cell(bound: &Bound<'_>, address: &Address, no_cell: NoCell) -> (String, String) {
    let Address { snippet, key, row } = address;
    let row = row.as_deref().unwrap_or_default();
    match no_cell {
        NoCell::NoColumn if bound.values.known(snippet).any(|(name, _)| name == key) => (
            format!("`{snippet}` prints no table with a column `{key}`"),
            format!("`{snippet}.{key}` is a value, which has no rows"),
        ),
        NoCell::NoColumn => {
            let help = match listed(bound.values.columns(snippet)) {
                Some(all) => format!("its tables have {all}"),
                None => "a table is a header and its rows, with a tab, `|` or a comma between \
                         cells"
                    .to_owned(),
            };
            let message = format!("`{snippet}` prints no table with a column `{key}`");
            (message, or_near(bound, address, help))
        }
        NoCell::SeveralColumns([one, other]) => (
            if one == other {
                format!("line {one} of what `{snippet}` prints has two columns `{key}`")
            } else {
                format!(
                    "`{snippet}` prints two tables with a column `{key}`, in lines {one} and {other}"
                )
            },
            "give each column a name of its own".to_owned(),
        ),
        NoCell::SeveralRows([one, other]) => (
            format!(
                "more than one row of what `{snippet}` prints begins with `{row}`: lines {one} and \
                 {other}"
            ),
            format!("name more of its cells: `[{row}, …]`"),
        ),
        NoCell::NoNumber { line, cell } => (
            format!("`{address}` is `{cell}`, which is no number"),
            format!(
                "line {line} of what `{snippet}` prints needs a number as Rust prints it there, \
                 with a unit of one word or without"
            ),
        ),
        NoCell::NoRow { line, near, rows, uneven } => {
            let all = listed(rows.iter().map(String::as_str));
            let all = all.map(|all| format!("its rows begin with {all}"));
            let near = near.map(|near| format!("did you mean `{snippet}.{key}[{near}]`?"));
            // Perhaps the row was cut off.
            let early = uneven.map(|end| {
                format!(
                    "line {end} ends the table: it has another number of cells than line {line}"
                )
            });
            (
                format!("the table in line {line} of what `{snippet}` prints has no row `{row}`"),
                near.or(early).or(all).unwrap_or_default(),
            )
        }
    }
}

/// The first of some names; `None` if there are none.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    /// So many are listed.
    const MOST: usize = 8;

    let all: Vec<String> = names.take(MOST).map(|name| format!("`{name}`")).collect();
    (!all.is_empty()).then(|| all.join(", "))
}
