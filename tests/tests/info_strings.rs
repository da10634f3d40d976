//! What stands behind a fence means to the suite what it means to rustdoc, whatever it is.
//!
//! Info strings are put together by a generator that always starts alike, and written into one
//! chapter, each behind a fence of its own:
//!
//! 1. rustdoc tests the chapter. It says which blocks are Rust, by listing them; what it expects of
//!    each; and what became of it, where the code tells in which edition it was compiled.
//! 2. The suite runs it as a book that has never heard of it. Everything has to be the same.
//! 3. The suite runs it as a book of its own, with a word of ours before or behind each info string.
//!    Everything has to be the same but where it warns of a word, or looks at an error code.
//!
//! An info string that was once read otherwise goes to [`KNOWN`].

use handbook_tests::{Book, Output};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

/// How many info strings are made up.
const MADE_UP: usize = 300;

/// Passes in edition 2024, in which a boxed slice gives away what it holds, and in no other.
const CODE: &str = "let bytes: Box<[u8]> = vec![1].into();
assert_eq!(std::mem::size_of_val(&bytes.into_iter().next()), 2);";

/// From one fence to the next.
const LINES: usize = 5;

const KNOWN: &[&str] = &[
    "rust,{1,3-5}",
    "rust,{a}",
    "rust,{",
    "rust,}",
    "rust,[x]",
    "rust,'x'",
    "rust,日本",
    "rust,@x",
    "rust,.a",
    "rust,~x",
    "rust,(a",
    "rust,\"a",
    "rust,title:\"x\"",
    "rust,title=\"x\"",
    "rust,a#b",
    "rust{.a}",
    "text{.a}",
    "should_panic{.a}",
    "rust(x)",
    "(rust)",
    "\"rust\"",
    "\"\"",
    "rust,\"\"",
    "rust,should_panic(expected=\"x\")",
    "rust,&amp;",
    "rust,x&amp;y",
    "&#114;ust,x",
    "rust,no\\_run",
    "rust,\\&",
    "rust,x\\",
    "\u{a0}",
    "rust\u{a0}",
    "rust\u{b}",
    "rust,editionfoo,edition2015",
    "edition2015,edition2020",
    "editionedition2021",
    "ignore,ignore-x",
    "ignore-",
    "compile_fail,should_panic",
    "custom",
];

/// What info strings are made of.
fn piece() -> impl Strategy<Value = String> {
    let rustdoc = prop::sample::select(vec![
        "rust",
        "should_panic",
        "no_run",
        "ignore",
        "ignore-x86_64",
        "ignore-nowhere",
        "compile_fail",
        "edition2015",
        "edition2021",
        "edition2020",
        "standalone_crate",
        "test_harness",
        "custom",
        "E0308",
    ]);
    let other = prop::sample::select(vec![
        "text",
        "x",
        "a.b",
        "a:b",
        "a=b",
        "c++",
        "{.a}",
        "{.a .b}",
        "{key=value}",
        "{class=\"a b\", k=v}",
        "{a}",
        "{}",
        "(a note)",
        "()",
        "\"no_run\"",
        "\"a, b\"",
        "\"\"",
        "&amp;",
        "&#44;",
        "&quot;",
        "&x;",
        "\\_",
        "\\,",
        "\\a",
        "ü",
    ]);
    let separator = prop::sample::select(vec![",", " ", ", ", "\t", ",,"]);
    let odd = prop::sample::select("{}()\"=.,#:;-_!@/\\&~'[]<>|1aé".chars().collect::<Vec<_>>());
    prop_oneof![
        5 => rustdoc.prop_map(str::to_owned),
        3 => other.prop_map(str::to_owned),
        6 => separator.prop_map(str::to_owned),
        1 => odd.prop_map(String::from),
    ]
}

/// An info string; half of them begin with `rust`, as others seldom would.
fn info() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec!["", "rust,"]);
    (start, prop::collection::vec(piece(), 1..6))
        .prop_map(|(start, pieces)| format!("{start}{}", pieces.concat()))
        // Behind nothing but a fence, only rustdoc expects Rust. Two braces are mdBook's.
        .prop_filter("blank", |info| !info.trim_matches([' ', '\t']).is_empty())
        .prop_filter("a directive", |info| !info.contains("{{"))
}

fn infos() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let mut made_up = BTreeSet::new();
    while made_up.len() < MADE_UP {
        made_up.insert(info().new_tree(&mut runner).expect("an info string").current());
    }
    KNOWN.iter().map(|info| (*info).to_owned()).chain(made_up).collect()
}

/// A chapter with a block for each info string.
fn chapter<S: AsRef<str>>(infos: impl IntoIterator<Item = S>) -> String {
    let block = |info: S| format!("```{}\n{CODE}\n```\n\n", info.as_ref());
    infos.into_iter().map(block).collect()
}

/// What is said of each block that is Rust, by the index of its info string.
type Readings = BTreeMap<usize, String>;

fn index(line: usize) -> usize {
    (line - 1) / LINES
}

/// rustdoc lists `test src/a.md - (line 6) - compile fail ... ok`. It does not always list that a
/// panic is expected; the verdict tells.
fn rustdoc(book: &Book) -> Readings {
    let rustdoc = ["--test", "--edition", "2024", "src/a.md"];
    let output = book.start_other("rustdoc").args(rustdoc).output().stdout;
    let reading = |line: &str| {
        let (line, said) = line.split_once("(line ")?.1.split_once(')')?;
        let (expected, verdict) = said.split_once(" ... ")?;
        let expected = expected.trim_start_matches(" - ").trim_start_matches("should panic");
        Some((index(line.parse().ok()?), format!("{expected} {verdict}").trim().to_owned()))
    };
    output.lines().filter_map(reading).collect()
}

/// The same in rustdoc's words.
fn suite(run: &Output) -> Readings {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let reading = |snippet: &serde_json::Value| {
        let line = snippet["line"].as_u64().expect("a line");
        let expected = match snippet["expects"].as_str().expect("an expectation") {
            "compile-error" => "compile fail",
            "compile" => "compile",
            _ => "",
        };
        let said = match snippet["verdict"].as_str().expect("a verdict") {
            "passed" => format!("{expected} ok"),
            "failed" => format!("{expected} FAILED"),
            _ => "ignored".to_owned(),
        };
        (index(usize::try_from(line).expect("a line")), said.trim().to_owned())
    };
    report["snippets"].as_array().expect("a list").iter().map(reading).collect()
}

/// The info strings that are read in different ways, but for those `excused`.
fn differences(
    infos: &[String],
    rustdoc: &Readings,
    suite: &Readings,
    excused: impl Fn(usize) -> bool,
) -> Vec<String> {
    let said = |readings: &Readings, at: usize| {
        readings.get(&at).cloned().unwrap_or_else(|| "no Rust".to_owned())
    };
    let difference = |(at, info): (usize, &String)| {
        let (rustdoc, suite) = (said(rustdoc, at), said(suite, at));
        let differ = rustdoc != suite && !excused(at);
        differ.then(|| format!("```{info}` is `{rustdoc}` to rustdoc and `{suite}` to the suite"))
    };
    infos.iter().enumerate().filter_map(difference).collect()
}

#[test]
fn info_strings_are_read_as_rustdoc_reads_them() {
    let infos = infos();
    let config = "[rust]\nedition = \"2024\"\n";
    let book = Book::foreign().config(config).chapter("a.md", chapter(&infos));
    let rustdoc = rustdoc(&book);
    assert!(rustdoc.len() > MADE_UP / 4 && rustdoc.len() < MADE_UP, "{} are Rust", rustdoc.len());

    let run = book.handbook(["run", "--format", "json"]);
    let found = differences(&infos, &rustdoc, &suite(&run), |_| false);
    assert!(found.is_empty(), "{} differ:\n{}", found.len(), found.join("\n"));

    // A backslash at the end would escape our comma.
    let with_ours = infos.iter().enumerate().map(|(at, info)| {
        if at % 2 == 0 || info.contains('\\') {
            format!("name=n{at},{info}")
        } else {
            format!("{info}, timeout=9s")
        }
    });
    let config = format!("{config}[preprocessor.snippets]\n");
    let book = Book::new().config(&config).chapter("a.md", chapter(with_ours));
    let run = book.handbook(["run", "--format", "json"]);
    // warning snippets/misplaced-attribute src/a.md:7:9
    let place = |finding: String| {
        let (rule, place) = finding.split_once(" src/a.md:")?;
        let line = place.split(':').next()?.parse().ok()?;
        ["misplaced-attribute", "unknown-attribute"]
            .iter()
            .any(|excuse| rule.ends_with(excuse))
            .then(|| index(line))
    };
    let warned: BTreeSet<usize> = run.places().into_iter().filter_map(place).collect();
    let excused = |at: usize| warned.contains(&at) || infos[at].contains("E0308");
    let found = differences(&infos, &rustdoc, &suite(&run), excused);
    assert!(found.is_empty(), "{} differ with our words:\n{}", found.len(), found.join("\n"));
    assert!(warned.len() < MADE_UP / 10, "{} are excused", warned.len());
}
