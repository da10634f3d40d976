//! A chapter's card: what to choose, what it costs, what fails, numbers, and what to say.

use crate::copy::Copier;
use crate::markdown::{escaped, table};
use crate::read::{Content, Part, Rows, Source};
use handbook_book::Cell;
use handbook_template::Role;

/// The order in which a card shows what it is made of.
const ORDER: [Role; 5] =
    [Role::Decisions, Role::Costs, Role::Numbers, Role::Failures, Role::Answer];

/// The card of a chapter, as Markdown without headings; `None` if it would be empty. No table of it
/// has more than `limit` rows.
pub(crate) fn card(source: &Source, copier: Copier<'_>, limit: usize) -> Option<String> {
    let blocks = ORDER.iter().filter_map(|role| block(source, *role, copier, limit));
    let blocks: Vec<String> = blocks.collect();
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

/// What a card shows of one role.
fn block(source: &Source, role: Role, copier: Copier<'_>, limit: usize) -> Option<String> {
    let parts: Vec<&Part> = source.with(role).collect();
    let first = parts.first()?;
    let shown = match role {
        Role::Answer => Shown { body: copier.blocks(first.paragraphs(), "> "), left: 0 },
        _ if first.member.is_some() => members(source, &parts, copier, limit),
        _ => rows(first, copier, limit),
    };
    if shown.body.trim().is_empty() {
        return None;
    }
    // The parts of several members stand in as many sections, to each of which its row leads.
    let anchor = first.anchor.as_deref().filter(|_| first.member.is_none());
    let link = |text: &str| match anchor {
        Some(anchor) => copier.link(text, Some(anchor)),
        None => text.to_owned(),
    };
    let left = match shown.left {
        0 => String::new(),
        left => format!(" {}", link(&format!("\\+ {left}"))),
    };
    Some(format!("**{}**{left}\n\n{}", link(&escaped(&first.label)), shown.body.trim_end()))
}

/// The body of a block, and how many rows there are beside those that it shows.
struct Shown {
    body: String,
    left: usize,
}

/// The rows of a part.
fn rows(part: &Part, copier: Copier<'_>, limit: usize) -> Shown {
    let rows = match &part.content {
        Content::Text(text) => return Shown { body: copier.blocks(text, ""), left: 0 },
        Content::Rows(rows) => rows,
    };
    let shown = rows.rows.iter().take(limit).map(|row| cells(row, rows, copier));
    let body = table_or_list(&header(rows, copier), &shown.collect::<Vec<_>>());
    Shown { body, left: rows.rows.len().saturating_sub(limit) }
}

/// One row for each member: its name, and the row that stands for its part.
fn members(source: &Source, parts: &[&Part], copier: Copier<'_>, limit: usize) -> Shown {
    let header = parts.iter().find_map(|part| part.rows()).map(|rows| header(rows, copier));
    let row = |part: &&Part| {
        let name = part.member.as_ref().map_or(part.label.as_str(), |member| &member.name);
        let mut row = vec![copier.link(&escaped(name), part.anchor.as_deref())];
        match &part.content {
            Content::Rows(rows) => {
                let main = source.main_row(part).unwrap_or_default();
                row.extend(cells(main, rows, copier));
            }
            Content::Text(text) => row.extend(text.first().map(|first| copier.cell(first.span))),
        }
        row
    };
    let rows: Vec<Vec<String>> = parts.iter().take(limit).map(row).collect();
    let header = header.filter(|header| !header.is_empty());
    let header = header.map(|header| [vec![String::new()], header].concat());
    let body = table_or_list(&header.unwrap_or_default(), &rows);
    Shown { body, left: parts.len().saturating_sub(limit) }
}

/// Rows as a table; without a header, as a list.
fn table_or_list(header: &[String], rows: &[Vec<String>]) -> String {
    if !header.is_empty() {
        return table(header, rows);
    }
    let item = |row: &Vec<String>| format!("- {}\n", row.join(": ").replace("\\|", "|"));
    rows.iter().map(item).collect()
}

fn header(rows: &Rows, copier: Copier<'_>) -> Vec<String> {
    if rows.header.is_empty() { Vec::new() } else { cells(&rows.header, rows, copier) }
}

/// The cells of a row that a card shows.
fn cells(row: &[Cell], rows: &Rows, copier: Copier<'_>) -> Vec<String> {
    let shown = rows.shown.iter().map(|column| row.get(*column));
    shown.map(|cell| cell.map(|cell| copier.cell(cell.span)).unwrap_or_default()).collect()
}
