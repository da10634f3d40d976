use super::Writer;
use crate::graph::{Relation, Vertex};

/// What stands above a chapter, beside it and behind it, a line each.
pub(super) fn block(writer: &Writer<'_>) -> Option<String> {
    let Writer { graph, settings, here, .. } = *writer;
    let line = |relation: Relation, vertices: Vec<Vertex>| {
        let names = super::some(writer.list(vertices))?;
        Some(format!("**{}:** {names}", relation.label(settings)))
    };
    let lines = [
        line(Relation::Parent, graph[here].parent.into_iter().collect()),
        line(Relation::Related, graph.related(here)),
        line(Relation::Next, graph.next(here)),
    ];
    // Two blanks break the line.
    super::some(lines.into_iter().flatten().collect::<Vec<_>>().join("  \n"))
}
