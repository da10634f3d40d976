//! What holds of every document, whatever was written: parsing never panics, spans lie in the text
//! on character borders, the tree nests in order, and code is where its lines say.

use handbook_book::{Code, Document, Host, HostVersion, Node, NodeKind, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that are harmless alone and meet in odd ways.
const FRAGMENTS: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "  \n",
    "\\\n",
    " ",
    "    ",
    "\t",
    "# ",
    "## ",
    "###### ",
    "\n===\n",
    "\n---\n",
    "- ",
    "* ",
    "1. ",
    "7) ",
    "- [ ] ",
    "- [x] ",
    "> ",
    ">",
    "> [!NOTE]\n",
    "```",
    "```rust,name=x\n",
    "~~~\n",
    "````text\n",
    "**Label:**",
    "**Label:** ",
    "**Outside**:",
    "**Both:**:",
    "**",
    "__",
    "*",
    "_",
    "~~",
    "`",
    "``",
    "| A | B |\n|---|---|\n",
    "| 1 | 2 |\n",
    "|",
    "|-|\n",
    "\\|",
    "[link](to.md)",
    "[ref][]",
    "[ref]: x.md\n",
    "![alt](i.png)",
    "[",
    "]",
    "](",
    "[^1]",
    "[^1]: ",
    ": ",
    "Term\n: ",
    "<!--",
    "-->",
    "<!-- handbook:x -->",
    "<!-- /handbook:x -->",
    "<!-- ? optional -->",
    "<div>\n",
    "</div>\n",
    "<b>",
    "<script>",
    "{{#name}}",
    "{{#name args}}",
    "{{#",
    "}}",
    "\\{{#x}}",
    "{#id}",
    "{.class}",
    "{",
    "}",
    "\\",
    "&amp;",
    "&#0;",
    "\u{feff}",
    "\u{0}",
    "ä",
    "𝄞",
    "：",
    "**标签：**",
    "\u{2028}",
    "\u{a0}",
    "word",
    "A: ",
    "x:",
    "...",
    "--",
    "\"",
    "'",
    "https://example.org",
    "$x$",
    "***\n",
];

fn markdown() -> impl Strategy<Value = String> {
    vec(select(FRAGMENTS), 0..40).prop_map(|pieces| pieces.concat())
}

fn anything() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..60).prop_map(String::from_iter)
}

fn host() -> impl Strategy<Value = Host> {
    select(vec![Host::new(HostVersion::V0_4), Host::new(HostVersion::V0_5)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn markdown_of_hostile_fragments_parses_soundly(text in markdown(), host in host()) {
        sound(&Document::parse(text, host));
    }

    #[test]
    fn any_text_parses_soundly(text in anything(), host in host()) {
        sound(&Document::parse(text, host));
    }
}

#[test]
fn deep_nesting_parses_soundly() {
    for piece in ["> ", "- ", "*a ", "**a ", "[", "1. ", "> - ", "~~a ", "![", "<b>"] {
        sound(&Document::parse(piece.repeat(2000), Host::default()));
    }
}

/// Asserts what holds of every document.
fn sound(document: &Document) {
    lies_in_text(document, document.root.span);
    assert_eq!(document.root.span, Span::new(0, document.text.len()));
    for node in document.root.walk() {
        nests(document, node);
        for span in inner_spans(node) {
            lies_in_text(document, span);
            assert!(node.span.contains(span), "{span:?} lies outside {node:?}");
        }
        if let NodeKind::Code(code) = &node.kind {
            shows_its_lines(document, code);
        }
    }
    let links = document.links.iter().map(|link| link.span);
    let directives = document.directives.iter().map(|directive| directive.span);
    let regions = document.regions.iter().flat_map(|region| [region.span, region.body]);
    let broken = document.broken_regions.iter().map(|broken| broken.span);
    let anchors = document.anchor_sources.iter().map(|source| source.span);
    links.chain(directives).chain(regions).chain(broken).chain(anchors).for_each(|span| {
        lies_in_text(document, span);
    });
    assert!(document.directives.is_sorted_by_key(|directive| directive.span.start()));
    assert!(document.regions.is_sorted_by_key(|region| region.span.start()));
}

fn lies_in_text(document: &Document, span: Span) {
    assert!(document.text.get(span.range()).is_some(), "{span:?} in {:?}", document.text);
}

/// Children lie inside their parent, one after the other.
fn nests(document: &Document, node: &Node) {
    let mut end = node.span.start();
    for child in &node.children {
        lies_in_text(document, child.span);
        assert!(
            end <= child.span.start() && node.span.contains(child.span),
            "{:?} at {:?} in {:?} at {:?} after {end}, of {:?}",
            child.kind,
            child.span,
            node.kind,
            node.span,
            document.text,
        );
        end = child.span.end();
    }
}

/// The spans that a node's kind holds.
fn inner_spans(node: &Node) -> Vec<Span> {
    match &node.kind {
        NodeKind::Section(heading) | NodeKind::Heading(heading) => vec![heading.span],
        NodeKind::Field(label) => vec![label.span],
        NodeKind::Table(table) => {
            table.rows.iter().chain([&table.header]).flatten().map(|cell| cell.span).collect()
        }
        NodeKind::Code(code) => {
            code.info.iter().map(|(_, span)| *span).chain(code.lines.iter().copied()).collect()
        }
        _ => Vec::new(),
    }
}

/// Each line of the code is the text at its span, but for what the parser makes of tabs and carriage
/// returns; info strings are as typed.
fn shows_its_lines(document: &Document, code: &Code) {
    let lines: Vec<&str> = code.content.split_inclusive('\n').collect();
    assert_eq!(lines.len(), code.lines.len(), "{code:?} of {:?}", document.text);
    for (line, span) in lines.iter().zip(&code.lines) {
        let line = line.replace(['\n', '\r'], "");
        let source = document.slice(*span).replace('\r', "");
        assert!(
            source == line
                || source.trim_start_matches(['\t', ' ']) == line.trim_start_matches(['\t', ' ']),
            "{line:?} but {source:?} stands at {span:?} of {:?}",
            document.text,
        );
    }
    assert!(code.lines.is_sorted(), "{code:?}");
    if let Some((info, span)) = &code.info {
        assert_eq!(info, document.slice(*span));
    }
}
