//! Whether the time that a chapter says it takes can be true.

use super::cells::range;
use super::words::{code_words, words};
use crate::chapter::{Chapter, head};
use crate::rules::IMPLAUSIBLE_TIME;
use handbook_book::StatedTime;
use handbook_template::{Counts, Matched};
use handbook_text::{Expanded, Finding};

/// The stated time and the chapter's length make so many words a minute.
pub(super) fn check(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    counts: Counts,
) -> Vec<Finding<Expanded>> {
    if !chapter.is_written(matched.found.span) {
        return Vec::new();
    }
    let text = chapter.document.slice(matched.found.span);
    let label = head(chapter.document, matched.found);
    let stated = &text[(label.end() - matched.found.span.start()).min(text.len())..];
    let Some(StatedTime { least, most }) = StatedTime::read(stated) else { return Vec::new() };
    let root = &chapter.document.root;
    let words = words(root) + code_words(root);
    let pace = |minutes: f64| words as f64 / minutes;
    let too_fast = counts.max.is_some_and(|max| pace(most) > max as f64);
    if !too_fast && pace(least) >= counts.min as f64 {
        return Vec::new();
    }
    let fitting = [counts.max.unwrap_or(usize::MAX), counts.min.max(1)];
    let [shortest, longest] = fitting.map(|pace| (words as f64 / pace as f64 / 60.0).max(0.05));
    let middle = pace(f64::midpoint(least, most));
    let message = format!(
        "{words} words, code included, in that time are {middle:.0} a minute; the template wants {}",
        range(counts)
    );
    let at = head(chapter.document, matched.found);
    let help = format!("something between {shortest:.1} and {longest:.1} hours is plausible");
    vec![chapter.finding(&IMPLAUSIBLE_TIME, matched.node, at, message).help(help)]
}
