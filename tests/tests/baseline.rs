//! A baseline hides exactly what was found when it was written: what comes is reported, what goes
//! can be taken out, and lines that move are no news.

use handbook_tests::{Book, Host, OURS, Output};
use proptest::prelude::*;

const TEMPLATE: &str = "# [Topic]\n\n## Context\n\n## Failures\n";

const KINDS: &str = "[preprocessor.handbook.adr.kinds.chapter]\ntemplate = \"template.md\"\n\
                     chapters = [\"*.md\"]\n";

const FILE: &str = "handbook-baseline.toml";

/// A fault that is found without running anything.
const ORPHAN: &str = "```output\nx\n```\n";

fn strict(book: &Book) -> Output {
    book.handbook(["check", "--deny", "warnings"])
}

/// A chapter with so many faults in each of two sections.
fn chapter(first: usize, second: usize) -> String {
    let faults = |number: usize| format!("{ORPHAN}\n").repeat(number);
    format!("# T\n\n## A\n\n{}## B\n\n{}", faults(first), faults(second))
}

#[test]
fn what_was_there_is_not_reported_and_what_comes_is() {
    let book = Book::new().chapter("a.md", chapter(2, 1)).chapter("b.md", chapter(0, 1));
    assert_eq!(strict(&book).code, Some(1));
    let written = book.handbook(["baseline"]);
    assert_eq!(written.stdout, format!("`{FILE}` is new: 4 findings\n"), "{written}");
    let entries = "\n[[finding]]\nfile = \"src/a.md\"\nsection = [\"T\", \"A\"]\n\
                   rule = \"snippets/orphan-output\"\ncount = 2\n";
    assert!(book.read(FILE).contains(entries), "{}", book.read(FILE));
    let checked = strict(&book);
    assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""), "{checked}");
    assert_eq!(checked.stdout, "2 chapters checked\n4 findings of the baseline not shown\n");

    // Lines that move are no news, nor is another order.
    book.write("src/a.md", chapter(2, 1).replace("## A", "one\n\ntwo\n\n## A"));
    assert_eq!(strict(&book).code, Some(0));
    // One more in a section: nobody knows which of them is new.
    book.write("src/a.md", chapter(3, 1));
    let more = strict(&book);
    assert_eq!(more.code, Some(1), "{more}");
    assert_eq!(more.printed_places().len(), 3, "{more}");
    assert!(more.stderr.contains("the baseline knows 2 of the 3 in this section"), "{more}");
    // One that moved to another section is new there.
    book.write("src/a.md", chapter(1, 2));
    assert_eq!(strict(&book).printed_places().len(), 2);
}

#[test]
fn it_only_shrinks_unless_it_is_told_to_grow() {
    let book = Book::new().chapter("a.md", chapter(2, 0));
    book.handbook(["baseline"]);
    let first = book.read(FILE);
    book.write("src/a.md", chapter(1, 1));
    let spare = "1 finding of the baseline not there any more: `handbook baseline`\n";
    assert!(strict(&book).stdout.ends_with(spare), "{}", strict(&book));
    let json = book.handbook(["check", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["baseline"], serde_json::json!({ "held": 1, "spare": 1 }));
    let shrunk = book.handbook(["baseline"]);
    assert_eq!(shrunk.stdout, format!("`{FILE}` had 2, now 1 finding\n"));
    assert_eq!(strict(&book).printed_places().len(), 1, "what is new is still reported");
    let again = book.handbook(["baseline"]);
    assert_eq!(again.stdout, format!("`{FILE}` stays as it is: 1 finding\n"));
    book.handbook(["baseline", "--grow"]);
    assert_eq!(strict(&book).code, Some(0));
    book.write("src/a.md", chapter(2, 0));
    book.handbook(["baseline", "--grow"]);
    assert_eq!(book.read(FILE), first, "the same findings, the same bytes");
}

#[test]
fn every_caller_knows_it() {
    let book = Book::new().chapter("a.md", chapter(1, 0));
    book.handbook(["baseline"]);
    book.write("src/a.md", chapter(1, 1));
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places().len(), 1, "{check}");
    for host in Host::ALL {
        assert_eq!(host.build(&book).log, check.stderr, "{host:?}");
    }
    assert_eq!(book.handbook(["build"]).stderr, check.stderr);
}

#[test]
fn a_change_of_it_is_noticed() {
    let book = Book::new().chapter("a.md", chapter(1, 0));
    book.handbook(["baseline"]);
    let quiet = strict(&book);
    assert_eq!(strict(&book), quiet, "remembered");
    std::fs::remove_file(book.root().join(FILE)).unwrap();
    assert_eq!(strict(&book).code, Some(1));
}

#[test]
fn what_is_unknown_stays_in_it() {
    let panics = "# T\n\n```rust\npanic!();\n```\n";
    let book = Book::new().chapter("a.md", panics);
    book.handbook(["baseline"]);
    let unknown = book.handbook(["check", "--no-run"]);
    assert!(!unknown.stdout.contains("not there any more"), "{unknown}");
    let known = book.handbook(["check"]);
    assert!(known.stdout.contains("1 finding of the baseline not shown"), "{known}");
    book.write("src/a.md", "# T\n");
    assert!(book.handbook(["check"]).stdout.contains("not there any more"));
}

#[test]
fn none_is_written_where_nothing_can_be_run() {
    let book = Book::new().chapter("a.md", "# T\n\n```rust\npanic!();\n```\n");
    let start = book.start("handbook").args(["baseline"]).env("PATH", book.beside("no-programs"));
    let output = start.output();
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("no Rust compiler found"), "{output}");
    assert!(!book.root().join(FILE).exists());
}

#[test]
fn what_the_suite_says_of_itself_and_information_are_not_in_it() {
    let text = "# T\n\n<!-- handbook:allow adr/damaged-text: x -->\n\n{{#include gone.md}}\n\n\
                ```rust,a=b\nlet\n```\n";
    let book = Book::new().config("[preprocessor.handbook]\n").chapter("a.md", text);
    assert!(book.handbook(["check", "--verbose"]).stderr.contains("info["));
    assert_eq!(book.handbook(["baseline"]).stdout, format!("`{FILE}` is new: 0 findings\n"));
}

#[test]
fn a_damaged_one_is_found_where_it_is_damaged() {
    let book = Book::new().chapter("a.md", chapter(1, 0));
    book.handbook(["baseline"]);
    let whole = book.read(FILE);
    for (from, to, line) in [
        ("count = 1", "count = 0", 8),
        ("count = 1", "count = many", 8),
        ("rule", "rul", 7),
        ("section = [", "section = ", 6),
        ("[[finding]]", "[[findings]]", 4),
        ("[[finding]]", "<<<<<<< HEAD", 4),
    ] {
        book.write(FILE, whole.replacen(from, to, 1));
        let output = book.handbook(["check"]);
        assert_eq!(output.code, Some(1), "{output}");
        let place = format!("error book/broken-baseline {FILE}:{line}:");
        let places = output.printed_places();
        assert!(places[0].starts_with(&place), "{to}: {output}");
        assert_eq!(places.len(), 2, "all else is reported: {output}");
        let before = book.read(FILE);
        assert_eq!(book.handbook(["baseline"]).code, Some(2));
        assert_eq!(book.read(FILE), before, "nothing is written over it");
    }
    book.write(FILE, b"\xff\xfe");
    assert!(book.handbook(["check"]).stderr.contains("[book/broken-baseline]"));
}

#[test]
fn fix_mends_what_is_in_it() {
    let text = "# T\n\n```rust\nprintln!(\"2\");\n```\n\n```output\n1\n```\n";
    let book = Book::new().chapter("a.md", text);
    book.handbook(["baseline"]);
    assert_eq!(strict(&book).code, Some(0));
    book.handbook(["fix"]);
    assert_eq!(book.read("src/a.md"), text.replace("\n1\n", "\n2\n"));
    assert!(strict(&book).stdout.contains("not there any more"));
}

/// What fails of a chapter's snippets keeps nobody from mending the others.
#[test]
fn one_of_many_failing_snippets_can_be_mended() {
    let wrong = "```rust\nlet x: u8 = \"\";\n```\n\n";
    let stale = "```rust\nprintln!(\"2\");\n```\n\n```output\n1\n```\n\n";
    let book = Book::new().chapter("a.md", format!("# T\n\n{wrong}{wrong}{stale}"));
    assert_eq!(book.handbook(["baseline"]).stdout, format!("`{FILE}` is new: 3 findings\n"));
    book.write("src/a.md", format!("# T\n\n{wrong}"));
    // Whether the output would be stale nobody asks while a snippet fails.
    let shrunk = book.handbook(["baseline"]);
    assert_eq!(shrunk.stdout, format!("`{FILE}` had 3, now 2 findings\n"));
    book.write("src/a.md", "# T\n");
    let shrunk = book.handbook(["baseline"]);
    assert_eq!(shrunk.stdout, format!("`{FILE}` had 2, now 0 findings\n"));
}

/// Priorities are shown, and denied whatever the level.
#[test]
fn priorities_are_shown_and_denied() {
    let template = |priority: u8| {
        format!("# [Topic]\n\n## Context\n\n## Failures<!-- ? priority {priority} -->\n")
    };
    for number in 0..=3 {
        let book = Book::new()
            .config(&format!("{OURS}{KINDS}"))
            .file("template.md", template(number))
            .chapter("a.md", "# Rings\n\n## Context\n");
        let findings = book.handbook(["check", "--format", "json"]).findings();
        assert_eq!(findings[0]["priority"], format!("P{number}"), "{findings:?}");
        assert_eq!(findings[0]["level"], "warning");
        let shown = book.handbook(["check", "--verbose"]).stderr;
        assert!(shown.contains(&format!("warning[adr/missing-part]: P{number}: ")), "{shown}");
        // What is remembered of a check that denies nothing says nothing about one that does.
        for denied in 0..=3 {
            let output = book.handbook(["check", "--deny", &format!("p{denied}")]);
            let fails = number <= denied;
            assert_eq!(output.code, Some(i32::from(fails)), "P{number}, p{denied}: {output}");
        }
        book.handbook(["baseline"]);
        assert_eq!(book.handbook(["check", "--deny", "p3"]).code, Some(0));
    }
    let book = Book::new().file("template.md", TEMPLATE).chapter("a.md", ORPHAN);
    assert_eq!(book.handbook(["check", "--deny", "p3"]).code, Some(0), "no priority, no denial");
    assert_eq!(book.handbook(["check", "--deny", "p3", "--deny", "warnings"]).code, Some(1));
    let findings = book.handbook(["check", "--format", "json"]).findings();
    assert!(findings[0].get("priority").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A baseline made from any faults hides them; with one less it can shrink, one more shows.
    #[test]
    fn it_hides_exactly_what_was_found(
        faults in prop::collection::vec((0_usize..3, 0_usize..3), 1..4),
        at in any::<prop::sample::Index>(),
    ) {
        let mut book = Book::new();
        for (index, (first, second)) in faults.iter().enumerate() {
            book = book.chapter(&format!("{index}.md"), chapter(*first, *second));
        }
        book.handbook(["baseline"]);
        prop_assert_eq!(strict(&book).stderr, "");
        let at = at.index(faults.len());
        let (first, second) = faults[at];
        let file = format!("src/{at}.md");
        book.write(&file, chapter(first + 1, second));
        prop_assert_eq!(strict(&book).printed_places().len(), first + 1);
        if second > 0 {
            book.write(&file, chapter(first, second - 1));
            let spare = strict(&book);
            prop_assert!(spare.stdout.contains("1 finding of the baseline not there any more"));
            let before = book.read(FILE);
            book.handbook(["baseline"]);
            prop_assert!(book.read(FILE).len() <= before.len());
            prop_assert_eq!(strict(&book).stderr, "");
            book.write(&file, chapter(first, second));
            prop_assert_eq!(strict(&book).code, Some(1));
        }
    }
}
