use super::{Judge, WRONG_PARENT, finding};
use crate::graph::{Relation, Vertex};
use handbook_pass::Findings;

/// The parent that a chapter names is the one that SUMMARY nests it under.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, _) in judge.graph.iter() {
        let nested = judge.book[id].parent;
        for name in judge.graph.named(id, Relation::Parent) {
            let is_right = match (name.vertex, nested) {
                (Vertex::Chapter(parent), nested) => nested == Some(parent),
                (Vertex::Planned(_), nested) => nested.is_none(),
            };
            if is_right {
                continue;
            }
            let stands = match nested {
                Some(parent) => format!("under {}", judge.name(Vertex::Chapter(parent))),
                None => "under no chapter".to_owned(),
            };
            let named = judge.name(name.vertex);
            let message = format!("SUMMARY.md has this chapter {stands}, not under {named}");
            let finding = finding(&WRONG_PARENT, name.span, message)
                .help("correct the name, or nest the chapter otherwise in SUMMARY.md");
            findings.push(id, finding);
        }
    }
}
