use super::{Judge, PARENT_WITHOUT_LIST, finding};
use crate::graph::{Relation, Vertex};
use handbook_pass::Findings;

/// A parent that a chapter names lists what stands under it, or links to this one at least.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, _) in judge.graph.iter() {
        for name in judge.graph.named(id, Relation::Parent) {
            let Vertex::Chapter(parent) = name.vertex else { continue };
            if judge.graph.is_hub(parent) || judge.graph[parent].mentions.contains(&id) {
                continue;
            }
            let (parent, label) = (judge.name(name.vertex), judge.label(Relation::DeepDives));
            let message = format!("{parent} is no hub: it neither has \"{label}\" nor links here");
            let finding = finding(&PARENT_WITHOUT_LIST, name.span, message)
                .help(format!("write `**{label}:** {{{{#deep-dives}}}}` at its head"));
            findings.push(id, finding);
        }
    }
}
