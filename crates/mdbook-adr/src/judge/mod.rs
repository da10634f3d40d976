//! What the comments of a template demand beyond what has to stand where.

mod algorithm;
mod bounds;
mod cells;
mod members;
mod pace;
mod prose;
pub(crate) mod sets;
mod specific;
pub(crate) mod words;

use crate::chapter::Chapter;
use handbook_pass::Findings;
use handbook_template::{Constraint, Matched};
use handbook_text::{Expanded, Finding};

/// Holds what the chapter has of a node to the node's constraints.
pub(crate) fn judge(chapter: &Chapter<'_>, matched: &Matched<'_>, findings: &mut Findings) {
    let (last, first): (Vec<_>, Vec<_>) = matched
        .node
        .constraints
        .iter()
        .partition(|constraint| matches!(constraint, Constraint::Covers(_)));
    let mut found: Vec<_> =
        first.into_iter().flat_map(|constraint| broken(chapter, matched, constraint)).collect();
    // Of a table that has other faults nobody knows whom it will name.
    let lacks_columns = || {
        let lacking = chapter.matching.missing_columns.iter();
        lacking.into_iter().any(|lacking| std::ptr::eq(lacking.found, matched.found))
    };
    if found.is_empty() && !lacks_columns() {
        found.extend(last.into_iter().flat_map(|constraint| broken(chapter, matched, constraint)));
    }
    found.into_iter().for_each(|finding| findings.push(chapter.id, finding));
}

/// What breaks one constraint.
fn broken(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    constraint: &Constraint,
) -> Vec<Finding<Expanded>> {
    match constraint {
        Constraint::Bounds => bounds::check(chapter, matched),
        Constraint::Cell { column, pattern } => cells::start(chapter, matched, column, pattern),
        Constraint::CellIn { column, set } => members::only(chapter, matched, column, set),
        Constraint::Cite(counts) => prose::cite(chapter, matched, *counts),
        Constraint::Covers(set) => members::all(chapter, matched, set),
        Constraint::Distinct => cells::distinct(chapter, matched),
        Constraint::Filled => cells::filled(chapter, matched),
        Constraint::Pace(counts) => pace::check(chapter, matched, *counts),
        Constraint::Rows(counts) => cells::rows(chapter, matched, *counts),
        Constraint::Specific => specific::check(chapter, matched),
        Constraint::Spoken(counts) => prose::spoken(chapter, matched, *counts),
        Constraint::Words(counts) => prose::words(chapter, matched, *counts),
        // What shapes the tree was judged with it.
        Constraint::Any
        | Constraint::Card(..)
        | Constraint::Optional
        | Constraint::Repeat(_)
        | Constraint::Derive(_)
        | Constraint::Closed
        | Constraint::Define(_)
        | Constraint::Fill(_)
        | Constraint::Priority(_) => Vec::new(),
    }
}
