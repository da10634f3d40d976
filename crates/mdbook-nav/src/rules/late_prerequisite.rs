use super::{Judge, LATE_PREREQUISITE, finding};
use crate::graph::{Relation, Vertex};
use handbook_book::ChapterId;
use handbook_pass::Findings;
use std::collections::BTreeMap;

/// What has to be read before a chapter stands before it. Of circles that is said, and no more.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    let knots = judge.knots.iter().enumerate();
    let knots = knots.flat_map(|(number, knot)| knot.iter().map(move |id| (*id, number)));
    let knots: BTreeMap<ChapterId, usize> = knots.collect();
    for (id, _) in judge.graph.iter() {
        for (first, named_at) in judge.graph.chapters_named(id, Relation::Prerequisites) {
            let knot = knots.get(&id);
            let is_circle = knot.is_some() && knot == knots.get(&first);
            if first <= id || is_circle {
                continue;
            }
            let message = format!("{} comes later in the book", judge.name(Vertex::Chapter(first)));
            let finding = finding(&LATE_PREREQUISITE, named_at, message)
                .help("move it up in SUMMARY.md, or do not ask for it first");
            findings.push(id, finding);
        }
    }
}
