use super::Writer;
use crate::graph::{Relation, Vertex, vertices};

/// The graph in Mermaid's language: lines lead from parents to what stands under them, dotted ones
/// from what to read first. A box is a link, unless its document is only planned.
pub(super) fn fence(writer: &Writer<'_>) -> String {
    let Writer { book, graph, here, reader, .. } = *writer;
    let mut lines = vec!["flowchart TD".to_owned()];
    for (id, _) in graph.iter() {
        lines.push(format!("    {}[\"{}\"]", name(Vertex::Chapter(id)), text(&book[id].name)));
    }
    for (index, path) in graph.planned.iter().enumerate() {
        let name = name(Vertex::Planned(index));
        lines.push(format!("    {name}[\"{}\"]:::planned", text(&super::title_of(path))));
    }
    for (id, node) in graph.iter() {
        let own = name(Vertex::Chapter(id));
        lines.extend(node.parent.map(|parent| format!("    {} --> {own}", name(parent))));
        let prerequisites = vertices(graph.named(id, Relation::Prerequisites));
        lines.extend(prerequisites.map(|first| format!("    {} -.-> {own}", name(first))));
    }
    for (id, _) in graph.iter() {
        let way = book.way(here, id, None, reader);
        // Nobody but mdBook's own Markdown reads `.md` as the page.
        let way = match way.strip_suffix(".md") {
            Some(stem) if reader == handbook_book::Reader::OfPage => format!("{stem}.html"),
            _ => way,
        };
        lines.push(format!("    click {} \"{way}\"", name(Vertex::Chapter(id))));
    }
    if !graph.planned.is_empty() {
        lines.push("    classDef planned stroke-dasharray: 4".to_owned());
    }
    format!("```mermaid\n{}\n```", lines.join("\n"))
}

fn name(vertex: Vertex) -> String {
    match vertex {
        Vertex::Chapter(id) => format!("c{}", id.0),
        Vertex::Planned(index) => format!("p{index}"),
    }
}

/// A text between quotation marks, with all that means something there as Mermaid's entities.
fn text(text: &str) -> String {
    let mut out = String::new();
    for ch in text.chars() {
        match ch {
            '\n' | '\r' => out.push(' '),
            _ if ch.is_alphanumeric() || " -_.,:()/".contains(ch) || !ch.is_ascii() => out.push(ch),
            _ => out.push_str(&format!("#{};", u32::from(ch))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_ends_a_text() {
        assert_eq!(text("A \"b\" `c` <d> # é"), "A #34;b#34; #96;c#96; #60;d#62; #35; é");
    }
}
