//! The entries of the bibliography.

use super::{DUPLICATE_WORK, INCOMPLETE_WORK, MALFORMED_DOI, letters};
use crate::bibliography::{Bibliography, Half, Work};
use crate::doi::{bare, is_doi};
use crate::place::place;
use handbook_pass::FileFinding;
use std::collections::HashMap;

/// Judges every entry.
pub(crate) fn check(bibliography: &Bibliography, findings: &mut Vec<FileFinding>) {
    let (mut by_doi, mut by_name) = (HashMap::new(), HashMap::<String, &Work>::new());
    for work in &bibliography.works {
        findings.extend(incomplete(bibliography, work));
        findings.extend(malformed_doi(bibliography, work));
        let (doi, names) = (doi(work), names(work));
        let same = doi.as_ref().and_then(|doi| by_doi.get(doi).copied());
        let mut named = names.iter().filter_map(|name| by_name.get(name).copied());
        if let Some(other) = same.or_else(|| named.find(|other| !differ(work, other))) {
            findings.push(duplicate(bibliography, work, other));
        }
        doi.into_iter().for_each(|doi| _ = by_doi.entry(doi).or_insert(work));
        names.into_iter().for_each(|name| _ = by_name.entry(name).or_insert(work));
    }
}

/// What an academic work is known by; documentation says when it is cited of when it is.
fn incomplete(bibliography: &Bibliography, work: &Work) -> Option<FileFinding> {
    let has_year = work.half == Half::Production || work.entry.date_any().is_some();
    let parts = [(work.has_author(), "author"), (has_year, "year"), (work.has_venue(), "venue")];
    let lacking = parts.iter().filter(|(has, _)| !has).map(|(_, what)| format!("no {what}"));
    let lacking: Vec<String> = lacking.collect();
    if lacking.is_empty() {
        return None;
    }
    let message = format!("`{}` has {}", work.key, lacking.join(" and "));
    let help = "readers find a work by who wrote it, when, and where it was published".to_owned();
    Some(bibliography.finding(&INCOMPLETE_WORK, work, work.at, message, help))
}

fn malformed_doi(bibliography: &Bibliography, work: &Work) -> Option<FileFinding> {
    let (doi, at) = work.doi.as_ref()?;
    if is_doi(doi) {
        return None;
    }
    let message = format!("`{doi}` is no DOI");
    let help = match bare(doi) {
        Some(bare) if bare != doi => format!("write only `{bare}`"),
        _ => "a DOI is written as `10.1145/1294261.1294281`".to_owned(),
    };
    Some(bibliography.finding(&MALFORMED_DOI, work, *at, message, help))
}

/// The DOI of a work, as far as it has one.
fn doi(work: &Work) -> Option<String> {
    work.doi.as_ref().map(|(doi, _)| bare(doi).unwrap_or(doi).to_lowercase())
}

/// What tells a work from others: its title with its year and one of those who wrote it.
fn names(work: &Work) -> Vec<String> {
    let title = letters(&work.title());
    let Some(date) = work.entry.date_any().filter(|_| !title.is_empty()) else { return Vec::new() };
    let people = work.entry.authors().or_else(|| work.entry.editors()).unwrap_or_default();
    let names = people.iter().map(|person| letters(&person.name));
    names.map(|name| format!("{title} {} {name}", date.year)).collect()
}

/// Whether two works of one name can be read at different places: then they are two.
fn differ(work: &Work, other: &Work) -> bool {
    let url = |work: &Work| work.entry.url_any().map(|url| place(url.value.as_str()));
    let differ = |one: Option<String>, other: Option<String>| {
        one.zip(other).is_some_and(|(one, other)| one != other)
    };
    differ(doi(work), doi(other)) || differ(url(work), url(other))
}

fn duplicate(bibliography: &Bibliography, work: &Work, other: &Work) -> FileFinding {
    let message = format!("`{}` is the same work as `{}`", work.key, other.key);
    let help = "keep one of them, and cite that".to_owned();
    bibliography.finding(&DUPLICATE_WORK, work, work.at, message, help)
}
