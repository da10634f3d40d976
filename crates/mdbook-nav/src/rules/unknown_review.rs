use super::UNKNOWN_REVIEW;
use crate::review::Reviews;
use handbook_pass::{FileFinding, Setup};
use handbook_text::Finding;
use handbook_text::include::ReadError;
use std::path::Path;
use std::sync::Arc;

/// A review is of a chapter whose file is there. Chapters that other preprocessors make have none.
pub(crate) fn check(setup: &Setup<'_>, file: &Path, text: &Arc<str>) -> Vec<FileFinding> {
    if setup.has_others {
        return Vec::new();
    }
    let src = setup.src();
    let is_gone =
        |chapter: &str| matches!(setup.files.read(&src.join(chapter)), Err(ReadError::NotFound));
    let gone = Reviews::places(text).into_iter().filter(|(chapter, _)| is_gone(chapter));
    let findings = gone.map(|(chapter, span)| {
        let message = format!("`{chapter}` is reviewed, and not there any more");
        let finding = Finding::new(UNKNOWN_REVIEW.id, UNKNOWN_REVIEW.level, message)
            .at(span)
            .help("write where the chapter is now, or take its review out");
        FileFinding { file: file.to_owned(), text: Some(Arc::clone(text)), finding }
    });
    findings.collect()
}
