use super::{Judge, STRANGE_CHILD, finding};
use crate::graph::{Relation, Vertex};
use handbook_pass::Findings;

/// A list that a hub's author wrote has nothing that stands elsewhere. What is planned may be in it.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, _) in judge.graph.iter() {
        for (child, named_at) in judge.graph.chapters_named(id, Relation::DeepDives) {
            let parent = judge.graph[child].parent;
            if parent == Some(Vertex::Chapter(id)) {
                continue;
            }
            let stands = match parent {
                Some(parent) => format!("stands under {}", judge.name(parent)),
                None => "stands under no chapter".to_owned(),
            };
            let message =
                format!("{} is listed here and {stands}", judge.name(Vertex::Chapter(child)));
            let finding = finding(&STRANGE_CHILD, named_at, message)
                .help("nest it under this chapter in SUMMARY.md, or take it out of the list");
            let parents = judge.field(child, Relation::Parent, "it names its parent here");
            findings.push_with(id, finding, parents);
        }
    }
}
