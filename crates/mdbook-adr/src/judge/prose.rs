//! Demands on how much is said, and on what it rests.

use super::cells::range;
use super::words;
use crate::chapter::{Chapter, head};
use crate::rules::{TOO_FEW_CITATIONS, WRONG_LENGTH, WRONG_SPOKEN_LENGTH};
use handbook_book::{Node, NodeKind};
use handbook_template::{Counts, Matched, TemplateKind};
use handbook_text::{Expanded, Finding};
use std::collections::BTreeSet;

/// How many words are said in a minute, by somebody who is understood.
const SPOKEN_A_MINUTE: usize = 150;

/// It has so many words.
pub(super) fn words(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    counts: Counts,
) -> Vec<Finding<Expanded>> {
    let number = match matched.node.kind {
        TemplateKind::Prose => own_words(&chapter.document.root, matched.found),
        _ => words::words(matched.found),
    };
    if counts.contains(number) || !chapter.is_written(matched.found.span) {
        return Vec::new();
    }
    let message = format!(
        "the {} has {number} words where the template wants {}",
        matched.node.name(),
        range(counts)
    );
    let at = head(chapter.document, matched.found);
    vec![chapter.finding(&WRONG_LENGTH, matched.node, at, message)]
}

/// How many words stand beside `text` in the part that holds it, fields and sections left out.
fn own_words(root: &Node, text: &Node) -> usize {
    let holds = |node: &&Node| node.children.iter().any(|child| std::ptr::eq(child, text));
    let siblings = root.walk().find(holds).map(|node| node.children.as_slice());
    let is_own = |node: &&Node| !matches!(node.kind, NodeKind::Section(_) | NodeKind::Field(_));
    siblings.unwrap_or_default().iter().filter(is_own).map(words::words).sum()
}

/// Read aloud, it takes so many seconds.
pub(super) fn spoken(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    counts: Counts,
) -> Vec<Finding<Expanded>> {
    let number = words::words(matched.found);
    let seconds = (number * 60).div_ceil(SPOKEN_A_MINUTE);
    // Of what is not written yet there are other findings.
    let is_written = number > 0 && chapter.is_written(matched.found.span);
    if !is_written || counts.contains(seconds) {
        return Vec::new();
    }
    let limits = [Some(counts.min).filter(|min| *min > 0), counts.max];
    let limits = limits.map(|limit| limit.map(|seconds| seconds * SPOKEN_A_MINUTE / 60));
    let help = match limits {
        [Some(min), Some(max)] => format!("{min} to {max} words are said in that time"),
        [Some(min), None] => format!("that takes {min} words or more"),
        [None, Some(max)] => format!("{max} words can be said in that time"),
        [None, None] => String::new(),
    };
    let message = format!(
        "{number} words are said in {seconds} seconds, at {SPOKEN_A_MINUTE} a minute; the template \
         wants {}",
        range(counts)
    );
    let at = head(chapter.document, matched.found);
    vec![chapter.finding(&WRONG_SPOKEN_LENGTH, matched.node, at, message).help(help)]
}

/// It cites so many works.
pub(super) fn cite(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    counts: Counts,
) -> Vec<Finding<Expanded>> {
    let citations = chapter.document.citations.iter();
    let inside = citations.filter(|citation| matched.found.span.contains(citation.span));
    let keys = inside.flat_map(|citation| citation.works.iter().map(|work| work.key.as_str()));
    let number = keys.collect::<BTreeSet<_>>().len();
    if counts.contains(number) {
        return Vec::new();
    }
    let message = format!(
        "the {} cites {number} works where the template wants {}",
        matched.node.name(),
        range(counts)
    );
    let at = head(chapter.document, matched.found);
    vec![chapter.finding(&TOO_FEW_CITATIONS, matched.node, at, message)]
}
