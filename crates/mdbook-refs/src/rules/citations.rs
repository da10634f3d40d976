//! Citations one by one.

use super::{
    CITATION_IN_HEADING, MALFORMED_CITATION, Subject, UNDATED_DOCUMENTATION, UNKNOWN_WORK, finding,
};
use crate::bibliography::Half;
use crate::citing::is_in_heading;
use handbook_book::{Citation, CitedWork};
use handbook_pass::Findings;

/// Judges every citation of a chapter.
pub(crate) fn check(subject: Subject<'_>, findings: &mut Findings) {
    let document = &subject.chapter.document;
    for citation in &document.citations {
        if citation.works.is_empty() {
            malformed(subject, citation, findings);
        } else if is_in_heading(document, citation) {
            let message = "a heading cannot cite: its address is made of its text".to_owned();
            let found = finding(&CITATION_IN_HEADING, message).at(citation.span);
            findings.push(subject.id, found.help("cite in the text below it"));
        }
        citation.works.iter().for_each(|work| known(subject, work, findings));
    }
}

fn malformed(subject: Subject<'_>, citation: &Citation, findings: &mut Findings) {
    let text = subject.chapter.document.slice(citation.span);
    let found = finding(&MALFORMED_CITATION, format!("`{text}` is no citation")).at(citation.span);
    findings.push(
        subject.id,
        found.help(
            "write `[@key]`, `[@key, §2]`, `[@one; @other]` or `[@@key]`; `\\[@…]` if it is none",
        ),
    );
}

/// The work is there, and says of when it is.
fn known(subject: Subject<'_>, cited: &CitedWork, findings: &mut Findings) {
    let bibliography = subject.bibliography;
    let key = &cited.key;
    let Some(work) = bibliography.find(key) else {
        if !bibliography.may_have(key) {
            let message = format!("the bibliography has no work `{key}`");
            let help = match bibliography.near(key, subject.budget) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "add it to the bibliography, or write `\\[@…]` if this is no citation"
                    .to_owned(),
            };
            let found = finding(&UNKNOWN_WORK, message).at(cited.span).help(help);
            findings.push(subject.id, found);
        }
        return;
    };
    let work = &bibliography.works[work];
    let locator = cited.locator.as_deref().unwrap_or_default();
    let says_when = work.dated || says_when(locator);
    if work.half == Half::Production && !says_when {
        let message = format!("`{key}` is cited without saying of which date or version it is");
        let found = finding(&UNDATED_DOCUMENTATION, message).at(cited.span);
        let help = format!(
            "give its entry a `date`, `version` or `urldate`, or say it here: `[@{key}, 1.2]`"
        );
        findings.push(subject.id, found.help(help));
    }
}

/// Whether a locator says of which date or version it speaks: `2024`, `2024-05-01`, `1.31`, `v7`.
/// Behind a sign or an abbreviation a number is a place, as in `§ 5.4` or `p. 2001`.
fn says_when(locator: &str) -> bool {
    let words: Vec<&str> = locator.split(|ch: char| ch.is_whitespace() || ch == ',').collect();
    words.iter().enumerate().any(|(index, word)| {
        let before = index.checked_sub(1).map_or("", |before| words[before]);
        let is_place = before.ends_with(['.', '§', '¶']);
        !is_place && is_date_or_version(word)
    })
}

fn is_date_or_version(word: &str) -> bool {
    let word = word.trim_matches(|ch: char| ch.is_ascii_punctuation());
    let marked = word.strip_prefix(['v', 'V']);
    let number = marked.unwrap_or(word);
    let Some((first, rest)) =
        number.split_at_checked(digits(number)).filter(|(first, _)| !first.is_empty())
    else {
        return false;
    };
    let has_points = rest.strip_prefix('.').is_some_and(|rest| digits(rest) > 0);
    marked.is_some()
        || has_points
        || is_year(first)
        || rest.split(|ch: char| !ch.is_ascii_digit()).any(is_year)
}

/// How many digits a text starts with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::says_when;

    #[test]
    fn a_place_in_a_work_is_no_date() {
        for text in ["2024", "v1.31", "1.31.0-rc1, §2", "as of 2024-05-01", "Redis v7", "6/2024"] {
            assert!(says_when(text), "{text}");
        }
        for text in
            ["", "§2", "§5.4", "§ 5.4", "p. 12", "p. 2001", "ch. 3.1", "pp. 1990--1995", "3–5"]
        {
            assert!(!says_when(text), "{text}");
        }
    }
}
