use super::Bound;
use crate::values::claim::{self, Judgement};
use crate::values::{Address, Printed};
use handbook_book::Span;
use handbook_pass::{Found, Rule};
use handbook_text::{Edit, Finding, Level, Safety};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/stale-value",
    level: Level::Error,
    summary: "a written number says something else than a snippet printed",
    explanation: "A comment such as `<!-- =ring.moved -->` holds the number before it to a value. \
                  What a number claims depends on how it is written: `9.1 %` is anything from 9.05 \
                  to 9.15 %. `handbook fix` writes the number anew, as precisely as it was.",
};

/// The finding for a number, unless what is printed bears it out. `None` inside if there is none.
pub(super) fn found(
    bound: &Bound<'_>,
    address: &Address,
    before: Span,
    printed: &Printed,
) -> Option<Option<Found>> {
    let text = bound.document().slice(before);
    let (written, judgement) = claim::judge(text, printed)?;
    let start = before.start();
    let span = Span::new(start + written.range.start, start + written.range.end);
    let message = format!("`{address}` is {}", printed.text);
    let finding = Finding::new(RULE.id, RULE.level, message).at(span);
    let finding = match judgement {
        Judgement::Holds => return Some(None),
        Judgement::Stale { instead: Some(number) } => {
            let marks = ['*', '_', '`', '~', '\\'];
            let (old, behind) = (&text[written.range.clone()], &text[written.range.end..]);
            let behind = behind.replace(marks, "");
            let what = format!("{old}{behind} is now {number}{behind} ({address})");
            finding.fix(Safety::Safe, vec![Edit::replace(span, number)]).rewriting(what)
        }
        Judgement::Stale { instead: None } => {
            finding.help(claim::why_left(text, &written, printed))
        }
        Judgement::OtherUnit => finding
            .label(format!("`{}`", written.behind))
            .help("units of one kind are converted; these are none"),
        Judgement::NoUnit => finding.label(format!("`{}`", written.behind)).help(format!(
            "it is printed without a unit; let the snippet print `{}`",
            written.behind
        )),
    };
    Some(Some(bound.about(finding)))
}
