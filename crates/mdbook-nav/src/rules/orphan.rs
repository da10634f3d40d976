use super::{Judge, ORPHAN, finding};
use crate::graph::Vertex;
use handbook_book::ChapterId;
use handbook_pass::Findings;
use std::collections::BTreeSet;

/// Some chapter leads to each that speaks of others, except to the first, where readers start, and to
/// hubs, where subjects do. A map does not count: it lists every chapter, and says of none why one
/// would read it.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    let mentioned = judge.graph.iter().flat_map(|(_, node)| &node.mentions);
    let named = judge.graph.iter().flat_map(|(_, node)| &node.fields);
    let named = named.flat_map(|field| &field.names).map(|name| name.vertex);
    let mut reached: BTreeSet<ChapterId> = mentioned.copied().collect();
    reached.extend(named.filter_map(Vertex::chapter));
    for (id, node) in judge.graph.iter() {
        if node.builds.navigation {
            reached.extend(judge.graph.next(id).into_iter().filter_map(Vertex::chapter));
            reached.extend(judge.graph.related(id).into_iter().filter_map(Vertex::chapter));
        }
        if node.builds.deep_dives {
            reached.extend(&node.children);
        }
    }
    for (id, node) in judge.graph.iter().skip(1) {
        let is_nested = judge.book[id].parent.is_some();
        if node.fields.is_empty() || is_nested || judge.graph.is_hub(id) || reached.contains(&id) {
            continue;
        }
        let message = "no other chapter leads to this one";
        let finding = finding(&ORPHAN, judge.title_line(id), message)
            .help("link to it where readers need it, or nest it under a chapter in SUMMARY.md");
        findings.push(id, finding);
    }
}
