//! The entries of the bibliography.

use super::{DUPLICATE_WORK, INCOMPLETE_WORK, MALFORMED_DOI};
use crate::bibliography::{Bibliography, Half, Work};
use handbook_pass::FileFinding;
use std::collections::HashMap;

/// Judges every entry.
pub(crate) fn check(bibliography: &Bibliography, findings: &mut Vec<FileFinding>) {
    let mut known: HashMap<String, &Work> = HashMap::new();
    for work in &bibliography.works {
        findings.extend(incomplete(bibliography, work));
        findings.extend(malformed_doi(bibliography, work));
        let names = names(work);
        if let Some(other) = names.iter().find_map(|name| known.get(name)) {
            findings.push(duplicate(bibliography, work, other));
        }
        for name in names {
            known.entry(name).or_insert(work);
        }
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

/// Whether a text is `10.`, the digits of a registrant, and what that one calls the work.
fn is_doi(text: &str) -> bool {
    let parts = text.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(registrant, name)| {
        let digits = registrant.split('.');
        let mut digits =
            digits.map(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        let is_registrant = registrant.len() >= 4 && digits.all(|is_number| is_number);
        let is_plain = |ch: char| !ch.is_whitespace() && !ch.is_control();
        is_registrant
            && !name.is_empty()
            && name.chars().all(is_plain)
            && !name.ends_with(['.', ','])
    })
}

/// The DOI in an address or behind a label.
fn bare(text: &str) -> Option<&str> {
    let found = text.get(text.find("10.")?..)?.trim_end_matches(['.', ',']).trim();
    is_doi(found).then_some(found)
}

/// What tells a work from others: its DOI, and its title with its year.
fn names(work: &Work) -> Vec<String> {
    let doi = work.doi.as_ref().map(|(doi, _)| bare(doi).unwrap_or(doi).to_lowercase());
    let title = work.title();
    let title = title.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase);
    let title: String = title.collect();
    let year = work.entry.date_any().map(|date| date.year);
    let titled = year.filter(|_| !title.is_empty()).map(|year| format!("{title} {year}"));
    doi.into_iter().chain(titled).collect()
}

fn duplicate(bibliography: &Bibliography, work: &Work, other: &Work) -> FileFinding {
    let message = format!("`{}` is the same work as `{}`", work.key, other.key);
    let help = "keep one of them, and cite that".to_owned();
    bibliography.finding(&DUPLICATE_WORK, work, work.at, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_are_told_from_what_is_none() {
        for doi in ["10.1145/1294261.1294281", "10.1002/(SICI)1097-024X", "10.1000.10/x"] {
            assert!(is_doi(doi), "{doi}");
        }
        for text in ["", "10.1145", "10.1145/", "1145/1", "10.11/x", "10.1145/a b", "10.1145/a."] {
            assert!(!is_doi(text), "{text}");
        }
        assert_eq!(bare("https://doi.org/10.1145/1.2"), Some("10.1145/1.2"));
        assert_eq!(bare("doi:10.1145/1.2."), Some("10.1145/1.2"));
        assert_eq!(bare("ä"), None);
    }
}
