//! What the comments of a template demand beyond what has to stand where.

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

/// Holds what the chapter has of a node to one constraint.
pub(crate) fn judge(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    constraint: &Constraint,
    findings: &mut Findings,
) {
    let found: Vec<_> = match constraint {
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
        Constraint::Optional
        | Constraint::Repeat(_)
        | Constraint::Derive(_)
        | Constraint::Closed
        | Constraint::Define(_)
        | Constraint::Priority(_) => Vec::new(),
    };
    found.into_iter().for_each(|finding| findings.push(chapter.id, finding));
}
