use crate::info::InfoProblemKind;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unknown-attribute",
    level: Level::Warning,
    summary: "a word behind a fence means nothing",
    explanation: "A mistyped word is silently ignored by every tool that reads it, and the \
                  snippet is not checked as meant. Words that are not near to a known one are \
                  left alone: they belong to somebody else.",
};

/// The finding for a word that is near to a known one, or a known one with a wrong value.
pub(super) fn finding(kind: &InfoProblemKind) -> Option<Finding<Expanded>> {
    Some(match kind {
        InfoProblemKind::Unknown { word, near } => {
            Finding::warning(RULE.id, format!("`{word}` means nothing behind a Rust fence"))
                .help(format!("did you mean `{near}`?"))
        }
        InfoProblemKind::BadValue { word, expected } => {
            Finding::new(RULE.id, Level::Error, format!("`{word}` is not understood"))
                .help(format!("expected is {expected}"))
        }
        InfoProblemKind::Repeated { word, key } => {
            Finding::new(RULE.id, Level::Error, format!("a snippet has one `{key}=`"))
                .help(format!("remove `{word}`, or the one before it"))
        }
        InfoProblemKind::Reserved { word } => {
            let message = format!("`{word}` means nothing yet: it is kept for a later version");
            Finding::new(RULE.id, Level::Error, message).help(format!("remove `{word}`"))
        }
        InfoProblemKind::Misplaced { .. } => return None,
    })
}
