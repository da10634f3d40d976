//! Tables that speak of the members of a set: of no other, and of all of them.

use super::cells::column;
use crate::chapter::{Chapter, head};
use crate::rules::{UNCOVERED_OPTION, UNKNOWN_OPTION};
use handbook_book::NodeKind;
use handbook_pass::Member;
use handbook_template::Matched;
use handbook_text::{Expanded, Finding, did_you_mean};

/// Each cell of a column names a member.
pub(super) fn only(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    header: &str,
    set: &str,
) -> Vec<Finding<Expanded>> {
    // Without members there is a finding about those.
    let Some(members) = chapter.sets.get(set) else { return Vec::new() };
    let is_stranger = |text: &str| {
        text.chars().any(char::is_alphanumeric)
            && !members.iter().any(|member| member.is_named_in(text))
    };
    let cells = column(matched, header).filter(|cell| chapter.is_written(cell.span));
    let strangers = cells.filter(|cell| is_stranger(&cell.text));
    let finding = |cell: &handbook_book::Cell| {
        let message = format!("`{}` names no {set} that the chapter considers", cell.text.trim());
        let near =
            did_you_mean(cell.text.trim(), members.iter().map(|member| member.name.as_str()));
        let finding = chapter.finding(&UNKNOWN_OPTION, matched.node, cell.span, message);
        finding.help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", list(members)),
        })
    };
    strangers.map(finding).collect()
}

/// Each member is named somewhere.
pub(super) fn all(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    set: &str,
) -> Vec<Finding<Expanded>> {
    let Some(members) = chapter.sets.get(set) else { return Vec::new() };
    let text = match &matched.found.kind {
        NodeKind::Table(table) => {
            let cells = table.rows.iter().flatten().map(|cell| cell.text.as_str());
            cells.collect::<Vec<_>>().join("\n")
        }
        _ => chapter.document.slice(matched.found.span).to_owned(),
    };
    let left_out = members.iter().filter(|member| !member.is_named_in(&text));
    let at = head(chapter.document, matched.found);
    let finding = |member: &Member| {
        let message = format!("the {set} `{}` is not named here", member.name);
        chapter
            .finding(&UNCOVERED_OPTION, matched.node, at, message)
            .help("say when to choose it; what is never to be chosen need not be considered")
    };
    left_out.map(finding).collect()
}

fn list(members: &[Member]) -> String {
    members.iter().map(|member| format!("`{}`", member.name)).collect::<Vec<_>>().join(", ")
}
