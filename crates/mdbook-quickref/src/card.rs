//! A chapter's card: what to choose, what it costs, what fails, numbers, and what to say.

use crate::copy::{Copier, paragraph};
use crate::markdown::{escaped, table};
use crate::read::{Content, Part, Rows, Source};
use handbook_book::Cell;
use handbook_pass::Member;
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
        Role::Answer => text(first, copier, "> "),
        _ if first.member.is_some() => members(source, &parts, copier, limit),
        _ => rows(first, copier, limit),
    };
    if shown.body.trim().is_empty() && shown.left == Left::Nothing {
        return None;
    }
    // The parts of several members stand in as many sections, to each of which its row leads.
    let anchor = first.anchor.as_deref().filter(|_| first.member.is_none());
    let link = |text: &str| match anchor {
        Some(anchor) => copier.link(text, Some(anchor)),
        None => text.to_owned(),
    };
    let left = match shown.left {
        Left::Nothing => None,
        Left::Rows(left) => Some(link(&format!("\\+ {left}"))),
        Left::Blocks => Some(link("…")),
    };
    // Where the members' own headings stand right above, none of them speaks for all.
    let is_name = |member: &Member| member.is_named_in(&first.label);
    let speaks_for_all = !first.label.is_empty() && !first.member.as_ref().is_some_and(is_name);
    let label = speaks_for_all.then(|| format!("**{}**", link(&escaped(&first.label))));
    let title: Vec<String> = label.into_iter().chain(left).collect();
    Some(format!("{}\n\n{}", title.join(" "), shown.body.trim_end()).trim().to_owned())
}

/// The body of a block, and what there is beside what it shows.
struct Shown {
    body: String,
    left: Left,
}

/// What a card leaves out of a part.
#[derive(PartialEq, Eq)]
enum Left {
    Nothing,
    /// So many rows.
    Rows(usize),
    /// Other blocks than paragraphs.
    Blocks,
}

impl Left {
    fn rows(number: usize) -> Self {
        if number == 0 { Self::Nothing } else { Self::Rows(number) }
    }
}

/// The paragraphs of a part, each line after `prefix`.
fn text(part: &Part, copier: Copier<'_>, prefix: &str) -> Shown {
    let has_more = part.written().is_some_and(|written| written.has_more);
    let left = if has_more { Left::Blocks } else { Left::Nothing };
    Shown { body: copier.blocks(part.paragraphs(), prefix), left }
}

/// The rows of a part.
fn rows(part: &Part, copier: Copier<'_>, limit: usize) -> Shown {
    let rows = match &part.content {
        Content::Text(_) => return text(part, copier, ""),
        Content::Rows(rows) => rows,
    };
    let shown = rows.rows.iter().take(limit).map(|row| cells(row, rows, copier));
    let body = table_or_list(&header(rows, copier), &shown.collect::<Vec<_>>());
    Shown { body, left: Left::rows(rows.rows.len().saturating_sub(limit)) }
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
            Content::Text(text) => {
                row.extend(text.paragraphs.first().map(|first| copier.cell(first.span)));
            }
        }
        row
    };
    let rows: Vec<Vec<String>> = parts.iter().take(limit).map(row).collect();
    let header = header.filter(|header| !header.is_empty());
    let header = header.map(|header| [vec![String::new()], header].concat());
    let body = table_or_list(&header.unwrap_or_default(), &rows);
    Shown { body, left: Left::rows(parts.len().saturating_sub(limit)) }
}

/// Rows as a table; without a header, as a list.
fn table_or_list(header: &[String], rows: &[Vec<String>]) -> String {
    if !header.is_empty() {
        return table(header, rows);
    }
    let item = |row: &Vec<String>| {
        let said: Vec<&str> =
            row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        format!("- {}\n", paragraph(&said.join(": ").replace("\\|", "|")))
    };
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
