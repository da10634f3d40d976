use super::UNKNOWN_KIND;
use crate::kind::{Kinds, UnknownKind};
use handbook_book::ChapterId;
use handbook_pass::Findings;
use handbook_text::Finding;

/// Reports front matter that names no kind.
pub(crate) fn report(id: ChapterId, unknown: &UnknownKind, kinds: &Kinds, findings: &mut Findings) {
    let message = match &unknown.unreadable {
        Some(why) => format!("this front matter cannot be read: {why}"),
        None => format!("there is no kind `{}`", unknown.name),
    };
    let help = match (&unknown.unreadable, kinds.near(&unknown.name)) {
        (Some(_), _) => "write YAML, as in `kind: hub`, between the lines of dashes".to_owned(),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => {
            let names: Vec<String> = kinds.names().map(|name| format!("`{name}`")).collect();
            format!("book.toml names {}", names.join(", "))
        }
    };
    let finding = Finding::new(UNKNOWN_KIND.id, UNKNOWN_KIND.level, message);
    findings.push(id, finding.at(unknown.span).help(help));
}
