use super::{Writer, row};
use crate::graph::{Vertex, order};
use handbook_book::{StatedTime, escaped};

/// A way through the prerequisites to each chapter that no other builds on, with the time that it
/// takes.
pub(super) fn block(writer: &Writer<'_>) -> Option<String> {
    let Writer { graph, settings, .. } = *writer;
    let paths = order::goals(graph).into_iter().map(|goal| {
        let path = order::path(graph, goal);
        let steps: Vec<String> = path.iter().map(|step| writer.timed(*step)).collect();
        row([steps.join(" → "), total(writer, &path)])
    });
    let paths: Vec<String> = paths.collect();
    if paths.is_empty() {
        return None;
    }
    let head = row([&settings.reading_path, &settings.study_time].map(|head| escaped(head)));
    let lines = [head, row(["---".to_owned(), "---".to_owned()])];
    Some(lines.into_iter().chain(paths).collect::<Vec<_>>().join("\n"))
}

/// The time that all steps take, as far as they say.
fn total(writer: &Writer<'_>, path: &[Vertex]) -> String {
    let times = path.iter().filter_map(|step| match step {
        Vertex::Chapter(id) => writer.graph[*id].time,
        Vertex::Planned(_) => None,
    });
    let times: Vec<StatedTime> = times.collect();
    if times.is_empty() {
        return String::new();
    }
    let is_whole = times.len() == path.len();
    let time: StatedTime = times.into_iter().sum();
    if is_whole { time.to_string() } else { format!("≥ {time}") }
}
