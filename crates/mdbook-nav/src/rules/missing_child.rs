use super::{Judge, MISSING_CHILD, finding};
use crate::graph::{Relation, Vertex};
use handbook_pass::{Findings, Related};
use std::collections::BTreeSet;

/// A list that a hub's author wrote has all that stands under the hub.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    for (id, node) in judge.graph.iter().filter(|(_, node)| !node.builds.deep_dives) {
        let mut fields = node.fields.iter();
        let Some(field) = fields.find(|field| field.relation == Relation::DeepDives) else {
            continue;
        };
        let listed = judge.graph.named(id, Relation::DeepDives);
        let listed: BTreeSet<Vertex> = listed.into_iter().map(|name| name.vertex).collect();
        for child in node.children.iter().filter(|id| !listed.contains(&Vertex::Chapter(**id))) {
            let child_name = judge.name(Vertex::Chapter(*child));
            let message = format!("{child_name} stands under this chapter and is not listed");
            let finding = finding(&MISSING_CHILD, field.label, message)
                .help("link to it here, or let the list be built: `{{#deep-dives}}`");
            let (what, span) = ("it is this chapter".to_owned(), judge.title_line(*child));
            findings.push_with(id, finding, vec![Related { what, chapter: *child, span }]);
        }
    }
}
