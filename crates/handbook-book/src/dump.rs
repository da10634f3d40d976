use crate::{Cell, Document, Node, NodeKind};
use std::fmt::Write;

impl Document {
    /// The tree as indented lines, a node each, for golden files and for authors of templates.
    pub fn dump(&self) -> String {
        let mut out = String::new();
        self.dump_node(&self.root, 0, &mut out);
        out
    }

    fn dump_node(&self, node: &Node, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let what = describe(&node.kind);
        writeln!(out, "{indent}{what} @{:?}", node.span).expect("a string takes all");
        for child in &node.children {
            self.dump_node(child, depth + 1, out);
        }
    }
}

fn describe(kind: &NodeKind) -> String {
    match kind {
        NodeKind::Root => "root".to_owned(),
        NodeKind::Section(heading) => format!("section {} {:?}", heading.level, heading.text),
        NodeKind::Field(label) => format!("field {:?}", label.text),
        NodeKind::Heading(heading) => format!("heading {} {:?}", heading.level, heading.text),
        NodeKind::Paragraph { text } => format!("paragraph {:?}", shortened(text)),
        NodeKind::List { start: None } => "list".to_owned(),
        NodeKind::List { start: Some(start) } => format!("list from {start}"),
        NodeKind::Item => "item".to_owned(),
        NodeKind::Quote => "quote".to_owned(),
        NodeKind::Table(table) => {
            format!("table [{}] {} rows", cells(&table.header), table.rows.len())
        }
        NodeKind::Code(code) => {
            let info = code.info.as_ref().map_or("", |(info, _)| info.as_str());
            let closed = if code.closed { "" } else { " unclosed" };
            format!("code {info:?} {} lines{closed}", code.lines.len())
        }
        NodeKind::Html => "html".to_owned(),
        NodeKind::Rule => "rule".to_owned(),
        NodeKind::Footnote { label } => format!("footnote {label:?}"),
        NodeKind::Definitions => "definitions".to_owned(),
        NodeKind::Term { text } => format!("term {text:?}"),
        NodeKind::Definition => "definition".to_owned(),
    }
}

fn cells(cells: &[Cell]) -> String {
    cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | ")
}

/// The first words of a text, enough to recognise it by.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
