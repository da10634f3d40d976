use super::{Judge, ONE_SIDED_RELATION, finding};
use crate::graph::{Relation, Vertex};
use handbook_book::ChapterId;
use handbook_pass::Findings;

/// Two chapters are related or not. Where the other one's block is built, it names this one.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, _) in judge.graph.iter() {
        for (other, named_at) in judge.graph.chapters_named(id, Relation::Related) {
            if other == id || relates_back(judge, other, id) {
                continue;
            }
            let [own, others] = [id, other].map(|id| judge.name(Vertex::Chapter(id)));
            let label = judge.label(Relation::Related);
            let message = format!("{others} does not name this chapter under \"{label}\"");
            let finding = finding(&ONE_SIDED_RELATION, named_at, message)
                .help(format!("name {own} there, or take this name out"));
            let there = judge.field(other, Relation::Related, "it names others here");
            findings.push_with(id, finding, there);
        }
    }
}

fn relates_back(judge: &Judge<'_>, from: ChapterId, to: ChapterId) -> bool {
    let node = &judge.graph[from];
    let is_built = node.builds.navigation && !node.has(Relation::Related);
    is_built || judge.named_at(from, Relation::Related, Vertex::Chapter(to)).is_some()
}
