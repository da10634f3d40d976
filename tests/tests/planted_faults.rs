//! A book full of faults, each planted on purpose among good neighbours: rustdoc has to reject
//! what is marked and nothing else, and the suite has to agree and to point at the line.
//!
//! The chapters are `fixtures/planted_faults/*.md`, for edition 2021 where a block names no other.
//! The word `HERE` stands in the line that is to blame. Where that is the snippet as a whole, and
//! so its fence, the word stands in a comment right before the fence.
//!
//! 1. rustdoc tests the pages as `mdbook test` sends them. It has to fail the marked blocks; where
//!    it shows the line, as it does for errors of rustc's, that has to be the mark's. (At crate
//!    attributes and `extern crate`, rustdoc drops the mark's comment; there it is part of a name.)
//! 2. The suite runs the book. Its findings have to stand at the marks, one at each.
//!
//! To plant another fault: write the block, mark the line, run the test. It tells when rustdoc does
//! not mind, or blames another line.

use handbook_tests::{Book, OURS};
use mdbook_driver::MDBook;
use mdbook_driver::builtin_renderers::MarkdownRenderer;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const CONFIG: &str = "[book]\ntitle = \"Faults\"\n\n[rust]\nedition = \"2021\"\n";

/// Marks the line to blame.
const MARK: &str = "HERE";

/// Begins a comment that blames the fence below it.
const COMMENT: &str = "<!--";

/// How many faults there have to be at least; with fewer, marks are not recognised any more.
const LEAST: usize = 150;

/// Not chapters, but parts of one.
const INCLUDED: &[&str] = &["code.rs", "part.md"];

/// The book, and the lines that its marks blame: `src/file.md:7`.
fn planted() -> (Book, BTreeSet<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/planted_faults");
    let files = fs::read_dir(folder).expect("the fixtures").map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
        (name, fs::read_to_string(path).expect("a fixture"))
    });
    let mut files: BTreeMap<String, String> = files.collect();
    // git may not keep such line ends, so they are made here.
    let windows = ["hidden.md", "panics.md"].map(|name| files[name].replace('\n', "\r\n"));
    files.insert("windows.md".to_owned(), windows.concat());

    let mut book = Book::foreign().config(CONFIG);
    let mut blamed = BTreeSet::new();
    for (name, text) in files {
        let marked = text.lines().enumerate().filter(|(_, line)| line.contains(MARK));
        blamed.extend(marked.map(|(index, line)| {
            let below = usize::from(line.contains(COMMENT));
            format!("src/{name}:{}", index + 1 + below)
        }));
        book = if INCLUDED.contains(&&*name) {
            book.file(&format!("src/{name}"), text)
        } else {
            book.chapter(&name, text)
        };
    }
    (book, blamed)
}

/// A block as rustdoc sees it.
struct Tested {
    /// The line of its fence on the page.
    line: usize,
    /// How its line ends: `ok`, `FAILED` or `ignored`.
    verdict: String,
    /// What is said about it if it failed.
    reason: String,
}

/// rustdoc's view of a page that lies in a folder beside the book.
fn rustdoc(book: &Book, file: &Path) -> Vec<Tested> {
    let rustdoc = book.start_other("rustdoc").args(["--test", "--edition", "2021"]).args([file]);
    let output = rustdoc.output().stdout;
    let verdict = |line: &str| {
        let (name, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
        Some((line_of(name)?, verdict.to_owned()))
    };
    let tested: BTreeMap<usize, String> = output.lines().filter_map(verdict).collect();
    let reasons = output.split("\n---- ").skip(1).filter_map(|section| {
        let (name, reason) = section.split_once(" stdout ----\n")?;
        Some((line_of(name)?, reason.to_owned()))
    });
    let mut reasons: BTreeMap<usize, String> = reasons.collect();
    let tested = tested.into_iter().map(|(line, verdict)| {
        let reason = reasons.remove(&line).unwrap_or_default();
        Tested { line, verdict, reason }
    });
    tested.collect()
}

/// The line in `PAGE - SECTION (line 7)`.
fn line_of(name: &str) -> Option<usize> {
    name.rsplit_once("(line ")?.1.split_once(')')?.0.parse().ok()
}

/// A line without the comment that holds its mark: rustdoc drops comments at the end of a block.
fn code(line: &str) -> &str {
    let end = line.find("// HERE").unwrap_or(line.len());
    line[..end].trim()
}

/// What rustdoc makes of a page: how many blocks passed, failed and were ignored, and what it says
/// against the marks.
fn compare(book: &Book, file: &Path, text: &str) -> ([usize; 3], Vec<String>) {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = rustdoc(book, file);
    let ends = blocks.iter().skip(1).map(|block| block.line).chain([lines.len() + 1]);
    let mut counts = [0; 3];
    let mut objections = Vec::new();
    for (block, end) in blocks.iter().zip(ends) {
        let at = ["ok", "FAILED", "ignored"].iter().position(|verdict| *verdict == block.verdict);
        counts[at.expect("a verdict")] += 1;
        let is_comment = |index: &usize| lines[*index].contains(COMMENT);
        let above = block.line.checked_sub(2).filter(is_comment);
        let inside = (block.line - 1..end - 1).filter(|index| !is_comment(index));
        let marks = above.into_iter().chain(inside).filter(|index| lines[*index].contains(MARK));
        let marks: Vec<usize> = marks.collect();
        let mut object = |what: String| {
            let place = format!("{}:{}", file.display(), block.line);
            objections.push(format!("{place}: {what}\n{}", block.reason));
        };
        match (&*block.verdict, &*marks) {
            ("FAILED", [index]) if is_comment(index) => {}
            ("FAILED", [index]) => {
                let shown = blamed(&block.reason);
                // The page has prefixes, of quotes and hidden lines.
                if shown.is_some_and(|shown| !code(lines[*index]).ends_with(code(shown))) {
                    object(format!("rustc blames another line than {}", index + 1));
                }
            }
            ("FAILED", []) => object("fails without being marked".to_owned()),
            (_, []) => {}
            (verdict, [_]) => object(format!("is marked, but {verdict}")),
            (_, [..]) => object("is marked more than once".to_owned()),
        }
    }
    (counts, objections)
}

/// The line at which the first error of rustc's has its place, as rustc shows it. Its number is not
/// always the page's: rustdoc does not count what it moves or leaves out. Of panics, it says only
/// where they are in a program of its own.
fn blamed(reason: &str) -> Option<&str> {
    let (_, error) = reason.split_once("error").filter(|(before, _)| before.trim().is_empty())?;
    let (_, shown) = error.split_once("--> ")?;
    let (place, shown) = shown.split_once('\n')?;
    let number = place.rsplit(':').nth(1)?;
    let line = shown.lines().find_map(|line| line.strip_prefix(number)?.strip_prefix(" | "))?;
    // What spans several lines has a bar beside it, and this is where the bar begins.
    Some(line.strip_prefix("/ ").unwrap_or(line))
}

#[test]
fn every_fault_is_found_where_it_is() {
    let (book, blamed) = planted();
    assert!(blamed.len() >= LEAST, "there are {} faults", blamed.len());
    let mdbook = MDBook::load(book.root()).expect("a book");
    let (pages, _) = mdbook.preprocess_book(&MarkdownRenderer::new()).expect("includes");
    let mut counts = [0; 3];
    let mut objections = Vec::new();
    for page in pages.chapters() {
        let file = book.beside(page.path.as_ref().expect("a file").to_str().expect("UTF-8"));
        fs::write(&file, &page.content).expect("a page");
        let (more, said) = compare(&book, &file, &page.content);
        counts = std::array::from_fn(|at| counts[at] + more[at]);
        objections.extend(said);
    }
    assert!(objections.is_empty(), "rustdoc objects:\n{}", objections.join("\n"));

    let run = book.handbook(["run", "--format", "json"]);
    let mut missed = blamed;
    let mut invented = run.places();
    // Every mark is good for one error.
    invented.retain(|finding| {
        let line = finding.rsplit(' ').next().and_then(|place| place.rsplit_once(':'));
        finding.starts_with("error ") && !line.is_some_and(|(line, _)| missed.remove(line))
    });
    assert!(
        missed.is_empty() && invented.is_empty(),
        "the suite misses {missed:#?}\nand finds {invented:#?}"
    );
    let [passed, failed, ignored] = counts;
    let last = format!("{passed} passed, {failed} failed, {ignored} ignored");
    assert_eq!(book.handbook(["run"]).stdout.lines().last(), Some(&*last));
}

/// The verdicts of rustdoc on a page, and what `handbook run` finds.
fn both(book: &Book) -> (Vec<(usize, String)>, Vec<String>) {
    let tested = rustdoc(book, Path::new("src/a.md"));
    let verdicts = tested.into_iter().map(|block| (block.line, block.verdict)).collect();
    (verdicts, book.handbook(["run", "--format", "json"]).places())
}

/// Stable rustdoc takes any error for the one that is promised; a book that uses the suite is held
/// to the code.
#[test]
fn error_codes_count_in_a_book_that_uses_the_suite() {
    let page = "```rust,compile_fail,E0382\nlet x: u32 = \"a\";\n```\n";
    let passes = vec![(1, "ok".to_owned())];
    let foreign = Book::foreign().config(CONFIG).chapter("a.md", page);
    assert_eq!(both(&foreign), (passes.clone(), Vec::new()));
    let finding = "error snippets/wrong-error src/a.md:1:1".to_owned();
    assert_eq!(both(&Book::new().chapter("a.md", page)), (passes, vec![finding]));
}

/// Blocks without a language are Rust to rustdoc alone; mdBook's pages show them as text. A book
/// can say that they are Rust.
#[test]
fn blocks_without_a_language_are_text() {
    let page = "```\nno Rust at all\n```\n\n    nor is this\n";
    let fails = vec![(1, "FAILED".to_owned()), (5, "FAILED".to_owned())];
    let foreign = Book::foreign().config(CONFIG).chapter("a.md", page);
    assert_eq!(both(&foreign), (fails.clone(), Vec::new()));
    let config = format!("{OURS}[preprocessor.handbook.snippets]\nunlabelled = true\n");
    let own = Book::new().config(&config).chapter("a.md", page);
    let rule = "error snippets/does-not-compile src/a.md";
    assert_eq!(both(&own), (fails, vec![format!("{rule}:2:4"), format!("{rule}:5:9")]));
}
