use super::{Judge, WRONG_PARENT, finding};
use crate::graph::{Relation, Vertex};
use handbook_pass::Findings;

/// The parent that a chapter names is the one that SUMMARY nests it under.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, _) in judge.graph.iter() {
        // Where SUMMARY does not nest a chapter, it is the chapter that says what it stands under.
        let Some(nested) = judge.book[id].parent.map(Vertex::Chapter) else { continue };
        for name in judge.graph.named(id, Relation::Parent) {
            if name.vertex == nested {
                continue;
            }
            let (stands, named) = (judge.name(nested), judge.name(name.vertex));
            let message = format!("SUMMARY.md has this chapter under {stands}, not under {named}");
            let finding = finding(&WRONG_PARENT, name.span, message)
                .help("correct the name, or nest the chapter otherwise in SUMMARY.md");
            findings.push(id, finding);
        }
    }
}
