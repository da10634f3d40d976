use super::{Judge, UNKNOWN_FIELD, finding};
use crate::graph::fields::nearly;
use handbook_pass::Findings;

/// No label at a chapter's head is nearly one of those that mean something.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, chapter) in judge.book.iter() {
        for (label, near) in nearly(&chapter.document, judge.settings) {
            let message = format!("\"{}\" says nothing about navigation", label.text);
            let finding = finding(&UNKNOWN_FIELD, label.span, message);
            findings.push(id, finding.help(format!("did you mean `{near}`?")));
        }
    }
}
