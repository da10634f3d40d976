//! How passes work together: what one derives another draws, what one writes down another copies,
//! and what the pages come to in the end.

use handbook_book::{Document, Host, Node, NodeKind};
use handbook_engine::{Analysis, ChapterInput, Engine, Exceptions, Input, Overlay, fix};
use handbook_pass::{
    Block, Context, Derived, Findings, Pages, Pass, Provides, Slot, SlotState, Text,
};
use handbook_tests::passes::{Card, Complaint, Count, Drawing, Map, Pin, Status, Templated};
use handbook_text::include::{ReadError, ReadFiles};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Files in memory, below `book/src`.
struct Files(BTreeMap<PathBuf, Arc<str>>);

impl ReadFiles for Files {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::NotFound)
    }
}

fn files(chapters: &[String]) -> Files {
    let path = |index: usize| PathBuf::from(format!("book/src/{index}.md"));
    Files(
        chapters
            .iter()
            .enumerate()
            .map(|(index, text)| (path(index), text.as_str().into()))
            .collect(),
    )
}

/// The book that `files` hold, received as `received` says or as it lies on disk.
fn input(files: &dyn ReadFiles, received: &[String]) -> Input {
    let chapter = |(index, received): (usize, &String)| {
        let path = PathBuf::from(format!("{index}.md"));
        let disk = files.read(&Path::new("book/src").join(&path)).ok();
        let name = format!("Chapter {index}");
        ChapterInput { path, name, parent: None, received: received.as_str().into(), disk }
    };
    Input {
        root: "book".into(),
        src: "book/src".into(),
        host: Host::default(),
        chapters: received.iter().enumerate().map(chapter).collect(),
        findings: Vec::new(),
    }
}

fn engine(passes: Vec<Box<dyn Pass>>) -> Engine {
    Engine { passes, all_passes: false, foreign: false, exceptions: Exceptions::default() }
}

fn analyse(engine: &Engine, chapters: &[String]) -> Analysis {
    let files = files(chapters);
    engine.analyse(&input(&files, chapters), &files)
}

/// The pages that come out, chapters that nobody touched as they were.
fn pages(engine: &Engine, chapters: &[String]) -> Vec<String> {
    let pages = analyse(engine, chapters).pages.into_iter().zip(chapters);
    pages.map(|(page, chapter)| page.unwrap_or_else(|| chapter.clone())).collect()
}

fn chapters(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_fence_inside_a_fragment_is_drawn_by_the_pass_that_draws_fences() {
    let engine = engine(vec![Box::new(Map), Box::new(Drawing)]);
    let pages = pages(&engine, &chapters(&["{{#map}}\n\n```draw\n<x>\n```\n"]));
    assert_eq!(
        pages[0],
        "### Map\n\n| Chapter |\n|---|\n| Chapter 0 |\n\n\
         <div class=\"drawing\">1 chapters</div>\n\n<div class=\"drawing\">&lt;x></div>\n"
    );
}

#[test]
fn headings_in_fragments_count_among_the_anchors_of_the_page() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let engine = engine(vec![Box::new(Map), Box::new(Anchors(Arc::clone(&seen)))]);
    analyse(&engine, &chapters(&["# Map\n\n{{#map}}\n\n## Map\n"]));
    assert_eq!(*seen.lock().unwrap(), ["map", "map-1", "map-2"]);
}

/// Notes the anchors of the first page that rules are shown.
struct Anchors(Arc<Mutex<Vec<String>>>);

impl Pass for Anchors {
    fn name(&self) -> &'static str {
        "anchors"
    }

    fn judge(&self, _: Context<'_>, pages: &Pages, _: &mut Findings) {
        *self.0.lock().unwrap() = pages.anchors[0].clone().unwrap_or_default();
    }
}

#[test]
fn a_card_that_copies_a_stale_value_comes_to_rest() {
    let engine = engine(vec![Box::new(Count::default()), Box::new(Card)]);
    let texts = chapters(&[
        "word word\n\n<!-- handbook:count -->\n7 of them\n<!-- /handbook:count -->\n",
        "<!-- handbook:card -->\n- 9 of them\n<!-- /handbook:card -->\n\nend\n",
    ]);
    let files = files(&texts);
    let load = |files: &dyn ReadFiles| {
        let read =
            |index| files.read(Path::new(&format!("book/src/{index}.md"))).unwrap().to_string();
        input(files, &[read(0), read(1)])
    };
    let fixed = fix(&engine, &files, &load, &|_| true).unwrap();
    let after: Vec<&str> = fixed.changes.iter().map(|change| &*change.after).collect();
    assert_eq!(
        after,
        [
            "word word\n\n<!-- handbook:count -->\n2 of them\n<!-- /handbook:count -->\n",
            "<!-- handbook:card -->\n- 2 of them\n<!-- /handbook:card -->\n\nend\n",
        ]
    );
    let mut overlay = Overlay::new(&files);
    for change in fixed.changes {
        overlay.set(&change.file, change.after);
    }
    assert!(fix(&engine, &overlay, &load, &|_| true).unwrap().changes.is_empty(), "fix twice");
}

#[test]
fn fixes_that_go_on_asking_for_each_other_write_nothing() {
    let engine = engine(vec![Box::new(Restless)]);
    let texts = chapters(&["<!-- handbook:more -->\nx\n<!-- /handbook:more -->\n"]);
    let files = files(&texts);
    let load = |files: &dyn ReadFiles| {
        input(files, &[files.read(Path::new("book/src/0.md")).unwrap().to_string()])
    };
    let error = fix(&engine, &files, &load, &|_| true).err().unwrap();
    assert!(error.to_string().ends_with("restless/more"), "{error}");
}

/// Derives one word more than is written.
struct Restless;

impl Pass for Restless {
    fn name(&self) -> &'static str {
        "restless"
    }

    fn provides(&self) -> &'static [Provides] {
        const {
            &[Provides {
                slot: "more",
                stale: "restless/more",
                written_down: false,
                takes_words: false,
            }]
        }
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, _: Context<'_>) -> Derived {
        let SlotState::Region { body } = slot.state else { return Derived::Nothing };
        let written = text.document.slice(body).trim();
        Derived::Block(Block::new(&format!("{written} more")))
    }
}

#[test]
fn a_template_says_where_a_block_belongs() {
    let engine = engine(vec![
        Box::new(Templated::new("# […]\n\n## Count <!-- ? derive count -->\n\n## End\n")),
        Box::new(Count::default()),
    ]);
    let missing = "# A\n\nword\n\n## End\n";
    let empty = "# A\n\nword\n\n## Count\n\n## End\n";
    let written = "# A\n\nword\n\n## Count\n\nmany\n\n## End\n";
    let derived = "# A\n\nword\n\n## Count\n\n1 of them\n\n## End\n";
    let pages = pages(&engine, &chapters(&[missing, empty, written]));
    assert_eq!(pages, [derived, derived, written]);
}

#[test]
fn a_fence_in_a_tight_list_leaves_it_tight() {
    let pin = Pin { name: "pin", fragment: "```text\nx\n```".into(), order: 0 };
    let pages = pages(&engine(vec![Box::new(pin)]), &chapters(&["- a\n- ```pin\n  ```\n- b\n"]));
    assert_eq!(pages[0], "- a\n- ```pin\n  ```\n  ```text\n  x\n  ```\n- b\n");
}

#[test]
fn a_late_pass_knows_what_the_others_found_and_only_that() {
    let engine = engine(vec![Box::new(Status), Box::new(Complaint)]);
    let pages = pages(&engine, &chapters(&["{{#status}}\n\nbad\n", "bad\n\nbad\n"]));
    assert_eq!(pages[0], "3 findings\n\nbad\n");
}

/// What is let be nobody hears of, whatever pass found it.
#[test]
fn a_late_pass_does_not_know_what_authors_let_be() {
    let engine = engine(vec![Box::new(Status), Box::new(Complaint)]);
    let allow = "<!-- handbook:allow complaint/bad: so be it -->\nbad\n\nbad\n";
    let analysis = analyse(&engine, &chapters(&["{{#status}}\n", allow]));
    assert_eq!(analysis.pages, [Some("1 findings\n".to_owned()), None]);
    let found: Vec<_> = analysis.findings.iter().map(|located| located.finding.rule).collect();
    assert_eq!(found, ["complaint/bad"]);
    // Whose rule it is, nobody here knows: another preprocessor may.
    let other = allow.replace("complaint/", "other/");
    assert_eq!(analyse(&engine, &[other]).findings.len(), 2);
}

#[test]
fn what_is_unknown_is_no_finding_and_no_block() {
    let engine = engine(vec![Box::new(Count { unknown: true })]);
    let texts = chapters(&[
        "a\n\n{{#count}}\n\n<!-- handbook:count -->\n1 of them\n<!-- /handbook:count -->\n",
    ]);
    let analysis = analyse(&engine, &texts);
    assert!(analysis.findings.is_empty() && analysis.fixes.is_empty());
    let page = analysis.pages[0].clone().unwrap();
    assert_eq!(page, texts[0].replace("{{#count}}", "<!-- count is not known in this build -->"));
}

/// Blocks that are hostile to whatever is put beside them.
const BLOCKS: &[&str] = &[
    "plain text",
    "<!-- handbook:allow complaint/bad: so be it -->",
    "two lines\nof text",
    "**Label:** text",
    "**Label:**\n| a |\n|---|\n| b |",
    "# Heading",
    "Setext\n===",
    "- item\n- item two",
    "- loose\n\n  second",
    "* other marks",
    "1. first\n2. second",
    "    indented code",
    "> quote\nlazy line",
    "> - quoted item",
    "```text\ncode\n```",
    "~~~~\n```\n~~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<div>\nhtml\n</div>",
    "<!-- comment -->",
    "***",
    "[^1]: footnote",
    "[ref]: https://example.org",
    "term\n: definition",
    ": not a definition",
    "text with [ref] and [^1] and [x][ref]",
];

/// Blocks beside which something is derived.
const SLOTS: &[&str] = &[
    "```pin\n```",
    "- item\n\n  ```pin\n  ```",
    "> ```pin\n> ```",
    "> 1. ```pin\n>    x\n>    ```",
    "{{#fragment}}",
    "  {{#fragment}}",
    "> {{#fragment}}",
    "- {{#fragment}}",
    "# Head\n{{#fragment}}",
];

/// What is derived. No fragment defines references or footnotes, indents code, or leaves anything
/// open.
const FRAGMENTS: &[&str] = &[
    "fragment text",
    "fragment text with [ref] and [^1]",
    "## Fragment heading",
    "- fragment item\n- another",
    "1. fragment item\n\n   with a second paragraph",
    "* starred",
    "> fragment quote",
    "| f |\n|---|\n| g |",
    "```text\nfragment code\n\nmore\n```",
    "<div class=\"fragment\">x</div>",
    "***",
    "one\n\ntwo\n\n- three",
];

fn chapter() -> impl Strategy<Value = String> {
    let block = prop_oneof![
        3 => proptest::sample::select(BLOCKS),
        2 => proptest::sample::select(SLOTS),
    ];
    (proptest::collection::vec(block, 0..8), proptest::bool::ANY).prop_map(|(blocks, newline)| {
        let text = blocks.join("\n\n");
        if newline && !text.is_empty() { text + "\n" } else { text }
    })
}

/// A block without its place: what it is and what it holds.
#[derive(Clone, Debug, PartialEq)]
struct Shape(String, Vec<Shape>);

/// The blocks of a tree in order. Sections and fields are our own grouping and dissolve.
fn shapes(node: &Node, text: &str) -> Vec<Shape> {
    node.children.iter().flat_map(|child| shape(child, text)).collect()
}

fn shape(node: &Node, text: &str) -> Vec<Shape> {
    let kind = match &node.kind {
        NodeKind::Section(heading) => {
            let heading =
                Shape(format!("heading {} {:?}", heading.level, heading.text), Vec::new());
            return std::iter::once(heading).chain(shapes(node, text)).collect();
        }
        NodeKind::Field(label) => {
            let label = Shape(format!("label {:?}", label.text), Vec::new());
            return std::iter::once(label).chain(shapes(node, text)).collect();
        }
        NodeKind::Heading(heading) => format!("heading {} {:?}", heading.level, heading.text),
        NodeKind::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flatten());
            format!("table {:?}", cells.map(|cell| &cell.text).collect::<Vec<_>>())
        }
        NodeKind::Code(code) => format!("code {:?} {:?}", code.language(), code.content.trim_end()),
        NodeKind::Html => {
            let lines = text[node.span.range()].lines();
            let lines = lines.map(|line| line.trim_start_matches(['>', ' ']).trim_end());
            format!("html {}", lines.collect::<Vec<_>>().join(" ").trim_end())
        }
        NodeKind::List { start } => format!("list {}", start.is_some()),
        other => format!("{other:?}"),
    };
    vec![Shape(kind, shapes(node, text))]
}

/// The author's shapes with the fragment's where a slot is.
fn spliced(shapes: Vec<Shape>, fragment: &[Shape]) -> Vec<Shape> {
    let is_directive = |kind: &str| kind == "Paragraph { text: \"{{#fragment}}\" }";
    let mut out = Vec::new();
    for Shape(kind, children) in shapes {
        if is_directive(&kind) {
            out.extend_from_slice(fragment);
            continue;
        }
        let is_pin = kind.starts_with("code Some(\"pin\")");
        out.push(Shape(kind, spliced(children, fragment)));
        if is_pin {
            out.extend_from_slice(fragment);
        }
    }
    out
}

/// Without the comments that keep neighbours apart.
fn without_separators(shapes: Vec<Shape>) -> Vec<Shape> {
    let kept = shapes.into_iter().filter(|Shape(kind, _)| kind != "html <!-- -->");
    kept.map(|Shape(kind, children)| Shape(kind, without_separators(children))).collect()
}

fn parsed(text: &str) -> Vec<Shape> {
    let document = Document::parse(text, Host::default());
    without_separators(shapes(&document.root, text))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    /// Parsing the page gives the author's blocks with the fragment's among them.
    #[test]
    fn splice_law(text in chapter(), fragment in proptest::sample::select(FRAGMENTS)) {
        let pin = Pin { name: "pin", fragment: fragment.to_owned(), order: 0 };
        let page = pages(&engine(vec![Box::new(pin)]), std::slice::from_ref(&text)).remove(0);
        let expected = spliced(parsed(&text), &parsed(fragment));
        prop_assert_eq!(parsed(&page), expected, "page:\n{}", page);
    }

    /// What two passes put at one place stands in the order of the template, then of the registry,
    /// whatever order they are asked in.
    #[test]
    fn edits_are_totally_ordered(text in chapter(), orders in (0usize..3, 0usize..3)) {
        let first = || Pin { name: "first", fragment: "FIRST".into(), order: orders.0 };
        let second = || Pin { name: "second", fragment: "SECOND".into(), order: orders.1 };
        let both = engine(vec![Box::new(first()), Box::new(second())]);
        let page = pages(&both, std::slice::from_ref(&text)).remove(0);
        let expected = if orders.0 <= orders.1 { ["FIRST", "SECOND"] } else { ["SECOND", "FIRST"] };
        let document = Document::parse(page.as_str(), Host::default());
        let pins = document.text.match_indices("```pin");
        for (at, _) in pins {
            let rest = &document.text[at..];
            let order: Vec<_> = expected.iter().map(|word| rest.find(word)).collect();
            prop_assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{}", page);
        }
    }

    /// Bytes outside the edits stay: without anything of ours a chapter leaves as it came.
    #[test]
    fn strangers_leave_untouched(blocks in proptest::collection::vec(proptest::sample::select(BLOCKS), 0..8)) {
        let passes: Vec<Box<dyn Pass>> =
            vec![Box::new(Map), Box::new(Drawing), Box::new(Count::default()), Box::new(Card), Box::new(Status)];
        let analysis = analyse(&engine(passes), &[blocks.join("\n\n")]);
        prop_assert_eq!(analysis.pages, vec![None]);
    }

    /// One process with all passes gives the pages of the chain of single ones.
    #[test]
    fn umbrella_equals_chain(texts in proptest::collection::vec(chapter(), 1..4)) {
        let texts: Vec<String> = texts
            .iter()
            .map(|text| format!("word\n\n{{{{#map}}}}\n\n{text}\n\n```draw\nx\n```\n\n{{{{#count}}}}\n\n{{{{#card}}}}\n"))
            .collect();
        let all = || -> Vec<Box<dyn Pass>> {
            let fragment = Pin { name: "pin", fragment: "- a\n\n```draw\ny\n```".into(), order: 0 };
            vec![Box::new(Map), Box::new(fragment), Box::new(Count::default()), Box::new(Card), Box::new(Drawing)]
        };
        let umbrella = analyse(&engine(all()), &texts);
        prop_assume!(umbrella.findings.is_empty());
        let files = files(&texts);
        let mut received = texts.clone();
        for pass in all() {
            let analysis = engine(vec![pass]).analyse(&input(&files, &received), &files);
            for (text, page) in received.iter_mut().zip(analysis.pages) {
                *text = page.unwrap_or_else(|| text.clone());
            }
        }
        let pages: Vec<String> =
            umbrella.pages.into_iter().zip(&texts).map(|(page, text)| page.unwrap_or_else(|| text.clone())).collect();
        prop_assert_eq!(pages, received);
    }
}
