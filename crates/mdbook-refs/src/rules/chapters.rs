//! Chapters as a whole: whether they rest on academic work, and whether they list what they cite.

use super::{
    MISSING_ACADEMIC_WORK, MISSING_LIST, Subject, UNCITED_ITEM, UNLISTED_WORK, UNMATCHED_PATTERN,
    finding, letters,
};
use crate::bibliography::{Bibliography, Half};
use crate::place::{place, places};
use crate::{REFERENCES, is_made};
use globset::GlobMatcher;
use handbook_book::{Book, Span};
use handbook_pass::{Facts, Findings, SlotState};
use std::collections::{HashMap, HashSet};

/// What lists that are written by hand are compared with.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// For each work its title, made comparable, and the places where it can be read.
    works: Vec<(String, Vec<String>)>,
    by_place: HashMap<String, usize>,
}

impl Catalogue {
    pub(crate) fn of(bibliography: &Bibliography) -> Self {
        let works = bibliography.works.iter();
        let works: Vec<_> = works.map(|work| (letters(&work.title()), places(work))).collect();
        let places = works.iter().enumerate().flat_map(|(index, (_, places))| {
            places.iter().map(move |place| (place.clone(), index))
        });
        Self { by_place: places.collect(), works }
    }
}

/// Judges a chapter. The catalogue is asked for if the chapter has a list written by hand.
pub(crate) fn check<'c>(
    subject: Subject<'_>,
    is_academic: bool,
    catalogue: impl Fn() -> &'c Catalogue,
    facts: &Facts,
    findings: &mut Findings,
) {
    let listed = subject.cites.listed.iter();
    let mut works = listed.map(|listed| &subject.bibliography.works[listed.work]);
    if is_academic && !works.any(|work| work.half == Half::Academic) {
        let message = "this chapter cites no academic work".to_owned();
        let found =
            finding(&MISSING_ACADEMIC_WORK, message).at(subject.chapter.document.title_line());
        let help = "cite the paper, thesis, book or standard that it rests on";
        findings.push(subject.id, found.help(help));
    }
    let slots: Vec<_> = facts.slots(subject.id, REFERENCES).collect();
    if slots.is_empty() {
        missing_list(subject, findings);
    }
    if slots.iter().any(|slot| is_made(slot)) {
        return;
    }
    for slot in slots {
        if let SlotState::Written { span } = slot.state {
            written_list(subject, span, catalogue(), findings);
        }
    }
}

/// Every pattern of academic chapters matches a chapter.
pub(crate) fn check_patterns(patterns: &[GlobMatcher], book: &Book, findings: &mut Findings) {
    // No place of `book.toml` is known here, so that the book's first chapter stands for it.
    let Some((first, _)) = book.iter().next() else { return };
    for pattern in patterns {
        if !book.iter().any(|(_, chapter)| pattern.is_match(&chapter.path)) {
            let pattern = pattern.glob().glob();
            let message = format!("`{pattern}` in `academic-chapters` matches no chapter");
            let help = "write paths below the source folder, as in `\"*_DEEP_DIVE.md\"`";
            findings.push(first, finding(&UNMATCHED_PATTERN, message).help(help));
        }
    }
}

fn missing_list(subject: Subject<'_>, findings: &mut Findings) {
    let Some(first) = subject.cites.citations.first() else { return };
    let message = "this chapter cites works and has no list of them".to_owned();
    let at = subject.chapter.document.citations[first.index].span;
    let help = "write `{{#references}}` where the list belongs, in a paragraph of its own";
    findings.push(subject.id, finding(&MISSING_LIST, message).at(at).help(help));
}

/// Holds a list written by hand to what the chapter cites.
fn written_list(subject: Subject<'_>, list: Span, catalogue: &Catalogue, findings: &mut Findings) {
    let document = &subject.chapter.document;
    let links: Vec<_> = document.links.iter().filter(|link| list.contains(link.span)).collect();
    let linked: HashSet<String> = links.iter().map(|link| place(&link.destination)).collect();
    let text = letters(document.slice(list));
    for listed in &subject.cites.listed {
        let (title, places) = &catalogue.works[listed.work];
        if !title.is_empty() && text.contains(title)
            || places.iter().any(|place| linked.contains(place))
        {
            continue;
        }
        let work = &subject.bibliography.works[listed.work];
        let key = &work.key;
        let message = format!("this list lacks `{key}`, which the chapter cites");
        let found = finding(&UNLISTED_WORK, message).at(document.first_line(list));
        let help = format!("add \"{}\", or leave the section empty to have it made", work.title());
        findings.push(subject.id, found.help(help));
    }
    for link in links {
        let work = catalogue.by_place.get(&place(&link.destination));
        let work = work.filter(|work| !subject.cites.cites(**work));
        let Some(work) = work.map(|work| &subject.bibliography.works[*work]) else { continue };
        let key = &work.key;
        let message = format!("this list has `{key}`, which the chapter does not cite");
        let found = finding(&UNCITED_ITEM, message).at(link.span);
        let help = format!("write `[@{key}]` where the chapter rests on it, or remove the item");
        findings.push(subject.id, found.help(help));
    }
}
