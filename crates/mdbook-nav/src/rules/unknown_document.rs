use super::{Judge, UNKNOWN_DOCUMENT, finding};
use handbook_pass::Findings;
use handbook_text::did_you_mean;
use std::path::{Path, PathBuf};

/// File names in fields are those of chapters or of planned documents.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    let planned = judge.graph.planned.iter().map(PathBuf::as_path);
    let chapters = judge.book.iter().map(|(_, chapter)| chapter.path.as_path());
    let known: Vec<&str> = chapters.chain(planned).filter_map(Path::to_str).collect();
    for (id, node) in judge.graph.iter() {
        for span in node.fields.iter().flat_map(|field| &field.unknown) {
            let name = judge.book[id].document.slice(*span);
            let help = match did_you_mean(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a chapter, or list it as `planned` in book.toml".to_owned(),
            };
            let message = format!("there is no chapter `{name}`, and none is planned");
            findings.push(id, finding(&UNKNOWN_DOCUMENT, *span, message).help(help));
        }
    }
}
