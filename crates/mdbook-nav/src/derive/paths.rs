use super::{Writer, row, total};
use crate::graph::order;
use handbook_book::escaped;

/// A way through the prerequisites to each chapter that no other builds on, with the time that it
/// takes.
pub(super) fn block(writer: &Writer<'_>) -> Option<String> {
    let Writer { graph, settings, .. } = *writer;
    let paths = order::goals(graph).into_iter().map(|goal| {
        let path = order::path(graph, goal);
        let steps: Vec<String> = path.iter().map(|step| writer.timed(*step)).collect();
        let time = total(path.iter().map(|step| graph.time(*step)));
        row([steps.join(" → "), time.unwrap_or_default()])
    });
    let paths: Vec<String> = paths.collect();
    if paths.is_empty() {
        return None;
    }
    let head = row([&settings.reading_path, &settings.study_time].map(|head| escaped(head)));
    let lines = [head, row(["---".to_owned(), "---".to_owned()])];
    Some(lines.into_iter().chain(paths).collect::<Vec<_>>().join("\n"))
}
