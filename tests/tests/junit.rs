//! `handbook run --junit`: a report that any reader of JUnit XML understands, whatever was printed.

use handbook_tests::Book;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;

/// An element with what it holds.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let name = String::from_utf8(start.name().as_ref().to_vec()).expect("UTF-8");
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let key = String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8");
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            (key, value.expect("text").into_owned())
        });
        Self { name, attributes: attributes.collect(), ..Self::default() }
    }

    fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("-", String::as_str)
    }

    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The root of a document.
fn parse(text: &str) -> Element {
    let is_allowed = |ch: char| ch >= ' ' && ch != '\u{fffe}' && ch != '\u{ffff}' || ch == '\n';
    assert!(text.chars().all(is_allowed), "XML has no such characters: {text:?}");
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let parent = open.last_mut().expect("the document");
        match reader.read_event().expect("XML") {
            Event::Start(start) => open.push(Element::of(&start)),
            Event::Empty(start) => parent.children.push(Element::of(&start)),
            Event::Text(text) => parent.text.push_str(&text.decode().expect("UTF-8")),
            Event::CData(text) => parent.text.push_str(&text.decode().expect("UTF-8")),
            Event::GeneralRef(name) => {
                let name = format!("&{};", name.decode().expect("UTF-8"));
                parent.text.push_str(&quick_xml::escape::unescape(&name).expect("an entity"));
            }
            Event::End(_) => {
                let closed = open.pop().expect("an element");
                open.last_mut().expect("its parent").children.push(closed);
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    open.remove(0).children.remove(0)
}

/// What a report says in short: a line for each suite, and for each case what became of it.
fn outline(report: &Element) -> Vec<String> {
    let mut lines = Vec::new();
    for suite in &report.children {
        let count = |name: &str| suite.attribute(name).to_owned();
        let (tests, skipped, failures) = (count("tests"), count("skipped"), count("failures"));
        lines.push(format!("{}: {tests} {skipped} {failures}", suite.attribute("name")));
        for case in &suite.children {
            let place = [case.attribute("file"), case.attribute("line")].join(":");
            let end = ["failure", "skipped"].into_iter().find(|end| case.child(end).is_some());
            lines.push(format!("  {} {place} {}", case.attribute("name"), end.unwrap_or("passed")));
        }
    }
    lines
}

/// Runs a book, and returns the report and the exit code.
fn run(book: &Book, args: &[&str]) -> (Element, Option<i32>) {
    let output = book.handbook(["run", "--junit", "report.xml"].iter().chain(args));
    let report = parse(&book.read("report.xml"));
    assert!(report.name == "testsuites" && output.stderr != "error", "{output}");
    (report, output.code)
}

#[test]
fn every_snippet_is_a_case_in_the_suite_of_its_chapter() {
    let book = Book::new()
        .chapter(
            "b.md",
            "# B\n\n```rust,name=ring\nprintln!(\"1\");\n```\n\n```rust\n\npanic!(\"no\");\n```\n\n\
             ```rust,ignore\n```\n",
        )
        .chapter("none.md", "# None\n")
        .chapter("a.md", "```rust,name=user,use=m\nm::f();\n```\n\n```rust,mod=m\npub fn f() {\n    panic!(\"deep\")\n}\n```\n");
    let (report, code) = run(&book, &[]);
    assert_eq!(code, Some(1));
    let expected = [
        "b.md: 3 1 1",
        "  ring src/b.md:3 passed",
        "  snippet 2 src/b.md:7 failure",
        "  snippet 3 src/b.md:12 skipped",
        "a.md: 2 0 1",
        // Its panic is told where it stands, in the module.
        "  user src/a.md:1 failure",
        "  m src/a.md:5 passed",
    ];
    assert_eq!(outline(&report), expected);
    let cases = &report.children[0].children;
    assert_eq!(cases[0].child("system-out").map(|out| out.text.as_str()), Some("1\n"));
    assert!(cases[0].attribute("time").parse::<f64>().is_ok());
    assert_eq!(cases[0].attribute("classname"), "b.md");
    let failure = cases[1].child("failure").expect("it failed");
    assert_eq!(failure.attribute("type"), "snippets/panics");
    assert_eq!(failure.attribute("message"), "the snippet panics: no");
    let text = &failure.text;
    assert!(text.starts_with("src/b.md:9: the snippet panics: no [snippets/panics]"), "{text}");
    // The whole again, remembered: nothing is missing, and nothing answers without a report.
    book.write("report.xml", "");
    assert_eq!(outline(&run(&book, &[]).0), expected);
}

#[test]
fn a_report_without_failures_is_a_run_without() {
    let book = Book::new().chapter(
        "a.md",
        "```rust,name=ring\nprintln!(\"moved = 9\");\n```\n\n```output\nmoved = 8\n```\n\n\
         Moves 8<!-- =ring.moved --> keys.\n\n```rust,nmae=x\n```\n",
    );
    let expected = |denied: bool| {
        let last = if denied { "failure" } else { "passed" };
        let count = if denied { 2 } else { 1 };
        [
            format!("a.md: 2 0 {count}"),
            "  ring src/a.md:1 failure".to_owned(),
            format!("  snippet 2 src/a.md:11 {last}"),
            "findings: 1 0 1".to_owned(),
            "  snippets/stale-value src/a.md:9 -:- failure".to_owned(),
        ]
    };
    let (report, code) = run(&book, &[]);
    assert_eq!((outline(&report), code), (expected(false).to_vec(), Some(1)));
    assert_eq!(outline(&run(&book, &["--deny=warnings"]).0), expected(true));

    let clean = Book::new().chapter("a.md", "```rust\n```\n");
    for _ in 0..2 {
        let (report, code) = run(&clean, &[]);
        let expected = ["a.md: 1 0 0", "  snippet 1 src/a.md:1 passed"];
        assert_eq!((outline(&report), code), (expected.map(str::to_owned).to_vec(), Some(0)));
        std::fs::remove_file(clean.root().join("report.xml")).expect("it is written each time");
    }
}

#[test]
fn a_failure_in_included_code_is_that_of_the_snippet_around_it() {
    let book = Book::new()
        .file("code/ring.rs", "// A ring.\npanic!();\n")
        .file("src/part.md", "\n```rust,name=inner\npanic!();\n```\n")
        .chapter(
            "a.md",
            "```rust,name=outer\n{{#include ../code/ring.rs}}\n```\n\n{{#include part.md}}\n",
        );
    let expected = ["a.md: 2 0 2", "  outer src/a.md:1 failure", "  inner src/part.md:2 failure"];
    let (report, _) = run(&book, &[]);
    assert_eq!(outline(&report), expected);
    let failure = report.children[0].children[0].child("failure").expect("it failed");
    assert!(failure.text.starts_with("code/ring.rs:2: `outer` panics"), "{}", failure.text);
}

#[test]
fn nothing_that_is_printed_breaks_the_report() {
    let hostile = r"a ]]> b </system-out> &amp; <!-- \0 \x1b[31mred\x1b[0m \x1b]0;title \r\n \u{ffff} \u{9b}2J \x7f ä\t.";
    let text = format!(
        "```rust\nprint!(\"{hostile}\");\n```\n\n```rust\npanic!(\"{hostile}\");\n```\n\n\
         ```rust\nprint!(\"{{}}\", \"ä\".repeat(20_000));\n```\n"
    );
    let (report, code) = run(&Book::new().chapter("a.md", text), &[]);
    assert_eq!(code, Some(1));
    let cases = &report.children[0].children;
    let shown =
        "a ]]> b </system-out> &amp; <!-- ␀ ␛[31mred␛[0m ␛]0;title ␍\n \u{fffd} \u{fffd}2J ␡ ä .";
    assert_eq!(cases[0].child("system-out").expect("an output").text, shown);
    let failure = cases[1].child("failure").expect("it failed");
    assert!(failure.text.contains("␛[31mred␛[0m"), "{}", failure.text);
    assert!(failure.attribute("message").contains("a ]]> b </system-out>"), "{failure:?}");
    let long = &cases[2].child("system-out").expect("an output").text;
    assert!(long.ends_with("ä\n… and 23616 bytes more\n"), "{}", long.len());
}

#[test]
fn what_could_not_be_run_is_a_failure() {
    let book = Book::new().chapter("a.md", "```rust\n```\n");
    let nothing = book.beside("no-programs");
    let start = book.start("handbook").args(["run", "--junit=report.xml"]).env("PATH", nothing);
    assert_eq!(start.output().code, Some(1));
    let report = parse(&book.read("report.xml"));
    let expected = ["findings: 1 0 1", "  snippets/not-run src/a.md:1 -:- failure"];
    assert_eq!(outline(&report), expected);

    let nowhere = book.handbook(["run", "--junit=no/such/folder/report.xml"]);
    assert_eq!(nowhere.code, Some(2), "{nowhere}");
    assert!(nowhere.stderr.contains("cannot write `"), "{nowhere}");
}

#[test]
fn what_is_allowed_to_fail_is_no_failure() {
    let allowed = "# A\n\n<!-- handbook:allow snippets/panics: it shows how -->\n\
                   ```rust\npanic!(\"as shown\");\n```\n";
    let (report, code) = run(&Book::new().chapter("a.md", allowed), &[]);
    assert_eq!(code, Some(0));
    assert_eq!(outline(&report), ["a.md: 1 1 0", "  snippet 1 src/a.md:4 skipped"]);
}
