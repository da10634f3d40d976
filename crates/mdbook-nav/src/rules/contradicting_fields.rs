use super::{CONTRADICTING_FIELDS, Judge, finding};
use crate::graph::{Field, Part, Relation, Vertex};
use handbook_book::ChapterId;
use handbook_pass::{Findings, Related};
use std::collections::BTreeSet;

/// Where a chapter has a field at its head and in its navigation block, both name the same.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, node) in judge.graph.iter() {
        for relation in [Relation::Parent, Relation::Related, Relation::Next] {
            let field = |part| {
                let mut fields = node.fields.iter();
                fields.find(|field| field.relation == relation && field.part == part)
            };
            let (Some(head), Some(end)) = (field(Part::Head), field(Part::Navigation)) else {
                continue;
            };
            let beside = beside(judge, id, relation);
            let (above, below) = (named(head, &beside), named(end, &beside));
            if above == below {
                continue;
            }
            let differing = above.symmetric_difference(&below);
            let differing: Vec<String> = differing.map(|one| judge.name(*one)).collect();
            let message = format!(
                "\"{}\" names other documents here than at the head: {}",
                judge.label(relation),
                differing.join(", "),
            );
            let finding = finding(&CONTRADICTING_FIELDS, end.label, message)
                .help("let both name the same, or take the block out: then it is built");
            let what = "the head says it here".to_owned();
            findings.push_with(id, finding, vec![Related { what, chapter: id, span: head.label }]);
        }
    }
}

/// What the navigation block shows under another label, and need not repeat.
fn beside(judge: &Judge<'_>, id: ChapterId, relation: Relation) -> BTreeSet<Vertex> {
    if relation != Relation::Related {
        return BTreeSet::new();
    }
    let next = judge.graph.named(id, Relation::Next).into_iter().map(|name| name.vertex);
    judge.graph[id].parent.into_iter().chain(next).collect()
}

fn named(field: &Field, beside: &BTreeSet<Vertex>) -> BTreeSet<Vertex> {
    let names = field.names.iter().map(|name| name.vertex);
    names.filter(|vertex| !beside.contains(vertex)).collect()
}
