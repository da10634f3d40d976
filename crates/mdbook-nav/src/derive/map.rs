use super::{Writer, mermaid, row};
use crate::graph::{Relation, Vertex, vertices};
use handbook_book::escaped;

/// All documents: a table, and a graph for whoever draws it.
pub(super) fn block(writer: &Writer<'_>) -> String {
    format!("{}\n\n{}", table(writer), mermaid::fence(writer))
}

/// A row for each document. Columns in which nothing stands are left out.
fn table(writer: &Writer<'_>) -> String {
    let Writer { graph, settings, .. } = *writer;
    let heads = [
        settings.document.as_str(),
        &settings.parent,
        &settings.prerequisites,
        &settings.study_time,
    ];
    let chapters = graph.iter().map(|(id, node)| {
        let prerequisites = vertices(graph.named(id, Relation::Prerequisites));
        [
            writer.link(Vertex::Chapter(id)),
            writer.list(node.parent),
            writer.list(prerequisites),
            node.time.map(|time| time.to_string()).unwrap_or_default(),
        ]
    });
    let planned = (0..graph.planned.len()).map(|index| {
        [writer.link(Vertex::Planned(index)), String::new(), String::new(), String::new()]
    });
    let rows: Vec<[String; 4]> = chapters.chain(planned).collect();
    let is_used = |column: &usize| *column == 0 || rows.iter().any(|row| !row[*column].is_empty());
    let columns: Vec<usize> = (0..heads.len()).filter(is_used).collect();
    let mut lines = vec![
        row(columns.iter().map(|column| escaped(heads[*column]))),
        row(columns.iter().map(|_| "---".to_owned())),
    ];
    lines.extend(rows.iter().map(|cells| row(columns.iter().map(|column| cells[*column].clone()))));
    lines.join("\n")
}
