//! What a page shows where something is still to be written.

use handbook_book::{Document, Node, NodeKind};
use handbook_pass::{Block, Derived, Gap, Slot, SlotState};
use handbook_template::{Missing, Template};

/// The place on the page of what the chapter lacks.
pub(crate) fn slot(document: &Document, missing: &Missing<'_>) -> Slot {
    let at = between_blocks(document, missing.insert_at);
    Slot {
        name: crate::SLOT.to_owned(),
        state: SlotState::Missing(Gap::top_level(at)),
        args: missing.node.order.to_string(),
        subject: None,
        order: missing.node.order,
    }
}

/// The block for such a place.
pub(crate) fn derive(template: &Template, slot: &Slot) -> Derived {
    let node = slot.args.parse().ok().and_then(|order| template.node(order));
    node.map_or(Derived::Nothing, |node| show(&node.name(), template.example(node)))
}

/// A box that says what is owed, and shows the template's text for it. It is one block of HTML, so
/// that no heading in it counts as one of the page's.
pub(crate) fn show(what: &str, scaffold: &str) -> Derived {
    let line = |text: &str| {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        // Neither a blank line nor a directive ends or enters the block.
        escaped.replace("\r\n", "\n").replace('\n', "&#10;").replace("{{", "&#123;&#123;")
    };
    // What Markdown would show as code.
    let pieces = line(what);
    let pieces = pieces.split('`').enumerate().map(|(at, piece)| match at % 2 {
        0 => piece.to_owned(),
        _ => format!("<code>{piece}</code>"),
    });
    let what: String = pieces.collect();
    let html = format!(
        "<div class=\"handbook-owed\" style=\"border: 1px dashed currentcolor; border-radius: 4px; \
         padding: 0 1em; margin: 1em 0\">\n<p><strong>To be written:</strong> {what}</p>\n<pre \
         style=\"white-space: pre-wrap\">{}</pre>\n</div>",
        line(scaffold.trim_end()),
    );
    Derived::Block(Block::new(&html))
}

/// The first place from `at` on where a block can stand without breaking another.
fn between_blocks(document: &Document, at: usize) -> usize {
    let text = &document.text;
    let mut at = at;
    loop {
        let around = |node: &&Node| {
            let opens = matches!(
                node.kind,
                NodeKind::Root
                    | NodeKind::Section(_)
                    | NodeKind::Field(_)
                    | NodeKind::Paragraph { .. }
            );
            !opens && node.span.start() < at && at < node.span.end()
        };
        if let Some(node) = document.root.walk().find(around) {
            at = Gap::after(document, node.span).at;
            continue;
        }
        let line = text[at..].split_inclusive('\n').next().unwrap_or_default();
        let before = text[..at].lines().next_back().unwrap_or_default();
        let starts_block = |node: &Node| {
            let field = matches!(node.kind, NodeKind::Root | NodeKind::Field(_));
            !field && node.span.start() == at && !matches!(node.kind, NodeKind::Paragraph { .. })
        };
        let is_apart = line.trim().is_empty()
            || before.trim().is_empty()
            || document.root.walk().any(starts_block)
            || ends_heading(document, at);
        if is_apart {
            return at;
        }
        at += line.len();
    }
}

/// Whether a heading ends right before `at`.
fn ends_heading(document: &Document, at: usize) -> bool {
    document.root.walk().any(|node| match &node.kind {
        NodeKind::Section(heading) => heading.span.end() == at,
        _ => false,
    })
}
