use super::{Judge, PARENT_WITHOUT_LIST, finding};
use crate::graph::{Relation, Vertex};
use handbook_pass::Findings;

/// A parent that a chapter names lists what stands under it, or links to this one at least.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, _) in judge.graph.iter() {
        for (parent, named_at) in judge.graph.chapters_named(id, Relation::Parent) {
            if judge.graph.is_hub(parent) || judge.graph[parent].mentions.contains(&id) {
                continue;
            }
            let (parent, label) =
                (judge.name(Vertex::Chapter(parent)), judge.label(Relation::DeepDives));
            let message = format!("{parent} is no hub: it neither has \"{label}\" nor links here");
            let finding = finding(&PARENT_WITHOUT_LIST, named_at, message)
                .help(format!("write `**{label}:** {{{{#deep-dives}}}}` at its head"));
            findings.push(id, finding);
        }
    }
}
