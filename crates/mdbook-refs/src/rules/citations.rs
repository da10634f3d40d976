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
            let help = match bibliography.near(key) {
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
    let says_when = work.dated || locator.contains(|ch: char| ch.is_ascii_digit());
    if work.half == Half::Production && !says_when {
        let message = format!("`{key}` is cited without saying of which date or version it is");
        let found = finding(&UNDATED_DOCUMENTATION, message).at(cited.span);
        let help = format!(
            "give its entry a `date`, `version` or `urldate`, or say it here: `[@{key}, 1.2]`"
        );
        findings.push(subject.id, found.help(help));
    }
}
