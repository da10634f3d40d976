//! A run that found nothing is not done again while all that it read is as it was; whatever changes
//! is noticed.

use handbook_tests::{Book, Output};
use std::fs;

const CONFIG: &str =
    "[book]\ntitle = \"A\"\n\n[preprocessor.handbook.snippets]\nallow = [\"data\"]\n";

fn sample() -> Book {
    Book::new()
        .config(CONFIG)
        .chapter(
            "a.md",
            "# A\n\n```rust,name=sum\nassert_eq!(1 + 1, 2);\n```\n\n{{#include part.md}}\n",
        )
        .file("src/part.md", "```rust\nprintln!(\"part\");\n```\n")
        .file("data/words.txt", "one\n")
}

/// How often a remembered run was written down: once for each different one.
fn notes(book: &Book) -> usize {
    let folder = book.beside("cache/handbook/notes");
    let fans = fs::read_dir(folder).into_iter().flatten();
    fans.map(|fan| fs::read_dir(fan.expect("an entry").path()).into_iter().flatten().count()).sum()
}

fn assert_clean(output: &Output) {
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{output}");
}

#[test]
fn what_is_said_again_is_what_was_said() {
    let book = sample();
    let first = book.handbook(["run"]);
    assert_clean(&first);
    assert_eq!(notes(&book), 1);
    // The second one is remembered: it says what a run says that finds all verdicts in the cache.
    let again = book.handbook(["run"]);
    assert_clean(&again);
    let expected =
        "2 from the cache, rustc started 0 times; [SANDBOX]\n2 passed, 0 failed, 0 ignored\n";
    assert_eq!(again.stdout, expected);
    assert_eq!(again, book.handbook(["run"]));
    assert_eq!(again.stdout, book.handbook(["run", "a.md"]).stdout);
    let check = book.handbook(["check"]);
    assert_clean(&check);
    assert_eq!(check, book.handbook(["check"]));
    assert_eq!(notes(&book), 2);
    // Nobody believes what was remembered who says so.
    assert!(book.handbook(["run", "--no-cache"]).stdout.starts_with("0 from the cache"));
}

/// Changes of all that a run reads: file, text before, text after, and what is found then.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    ("src/a.md", "1 + 1, 2", "1 + 1, 3", "snippets/panics"),
    ("src/a.md", "name=sum", "nmae=sum", "snippets/unknown-attribute"),
    ("src/part.md", "\"part\"", "part", "snippets/does-not-compile"),
    ("src/SUMMARY.md", "(a.md)", "(gone.md)", "book/unreadable-chapter"),
    ("book.toml", "allow = [\"data\"]", "alow = [\"data\"]", "book/unknown-setting"),
    ("book.toml", "[\"data\"]", "[\"gone\"]", "snippets/not-run"),
];

#[test]
fn whatever_is_read_is_noticed() {
    let book = sample();
    for (file, before, after, rule) in CHANGES {
        for command in ["run", "check"] {
            assert_clean(&book.handbook([command]));
            assert_clean(&book.handbook([command]));
            let text = book.read(file);
            assert!(text.contains(before), "{file}: {before}");
            book.write(file, text.replace(before, after));
            let changed = book.handbook([command]);
            assert!(changed.stderr.contains(rule), "{command} {file} {after}: {changed}");
            book.write(file, text);
        }
    }
}

#[test]
fn what_was_missing_is_looked_for() {
    let book = sample();
    fs::remove_file(book.root().join("src/part.md")).expect("it was there");
    // A failed include is a finding, which is not remembered.
    let before = notes(&book);
    assert_eq!(book.handbook(["check"]).code, Some(1));
    assert_eq!(notes(&book), before);
    book.write("src/part.md", "Text.\n");
    assert_clean(&book.handbook(["check"]));
}

#[test]
fn the_world_outside_counts() {
    let book = sample();
    assert_clean(&book.handbook(["run"]));
    // A snippet could have read it.
    book.write("data/words.txt", "two\n");
    let run = book.handbook(["run"]);
    assert!(run.stdout.starts_with("0 from the cache"), "{run}");
    // So do limits and sandbox.
    for argument in ["--timeout=7", "--sandbox=off"] {
        let run = book.handbook(["run", argument]);
        assert!(run.stdout.starts_with("0 from the cache"), "{run}");
    }
}
