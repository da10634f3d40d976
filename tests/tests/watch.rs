//! `handbook run --watch`: again whenever the book changes, and only then.

use handbook_tests::{Book, Running};
use std::fs;
use std::thread;
use std::time::Duration;

/// What is said when a run is over.
const WAITING: &str = "waiting for a change; Ctrl-C stops\n";

fn sample() -> Book {
    Book::new()
        .chapter("a.md", "```rust,name=ring\n{{#include ../code/ring.rs}}\n```\n")
        .chapter("b.md", "```rust\nlet b = 1;\n```\n")
        .file("code/ring.rs", "println!(\"1\");\n")
}

fn watch(book: &Book, args: &[&str]) -> Running {
    book.start("handbook").args(["run", "--watch"]).args(args).run(book.beside("watch.log"))
}

fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|one| one == line)
}

#[test]
fn a_change_of_any_file_of_the_book_starts_a_run() {
    let book = sample();
    let mut watch = watch(&book, &[]);
    assert!(has_line(&watch.until(WAITING), "2 passed, 0 failed, 0 ignored"));

    book.write("code/ring.rs", "panic!();\n");
    let run = watch.until(WAITING);
    assert!(has_line(&run, "--- code/ring.rs has changed"), "{run}");
    assert!(has_line(&run, "1 passed, 1 failed, 0 ignored"), "{run}");
    book.write("src/b.md", "```rust,ignore\n```\n");
    assert!(has_line(&watch.until(WAITING), "0 passed, 1 failed, 1 ignored"));
    book.write("src/SUMMARY.md", "- [B](b.md)\n");
    assert!(has_line(&watch.until(WAITING), "0 passed, 0 failed, 1 ignored"));
    book.write("book.toml", "[preprocessor.handbook.snippets]\nrun = false\n");
    assert!(watch.until(WAITING).contains("nothing was run"));
}

#[test]
fn what_is_broken_or_gone_is_told_and_waited_for() {
    let book = sample();
    let mut watch = watch(&book, &[]);
    watch.until(WAITING);
    let config = book.read("book.toml");

    book.write("book.toml", "[book");
    let run = watch.until(WAITING);
    assert!(run.contains("error: `") && run.contains("cannot be read as TOML"), "{run}");
    book.write("book.toml", config);
    assert!(has_line(&watch.until(WAITING), "2 passed, 0 failed, 0 ignored"));

    fs::rename(book.root().join("src"), book.root().join("elsewhere")).expect("a folder moves");
    assert!(watch.until(WAITING).contains("holds no book"));
    fs::rename(book.root().join("elsewhere"), book.root().join("src")).expect("it moves back");
    assert!(has_line(&watch.until(WAITING), "2 passed, 0 failed, 0 ignored"));

    for file in ["code/ring.rs", "src/b.md"] {
        let text = book.read(file);
        fs::remove_file(book.root().join(file)).expect("a file goes");
        let run = watch.until(WAITING);
        assert!(run.contains("there is no such file"), "{file}: {run}");
        book.write(file, text);
        assert!(has_line(&watch.until(WAITING), "2 passed, 0 failed, 0 ignored"));
    }
}

#[test]
fn what_is_no_part_of_the_book_starts_nothing() {
    let book = sample();
    let mut watch = watch(&book, &["--cache-dir", "src/cache"]);
    watch.until(WAITING);
    book.write("src/notes.md", "no chapter");
    book.write("book/index.html", "built");
    // Saved as it was.
    book.write("src/b.md", book.read("src/b.md"));
    thread::sleep(Duration::from_millis(600));
    assert_eq!(watch.unread(), "");
    // It still listens.
    book.write("src/b.md", "no code");
    assert!(has_line(&watch.until(WAITING), "1 passed, 0 failed, 0 ignored"));
}

#[test]
fn a_selection_holds_in_every_run() {
    let book = sample();
    let mut watch = watch(&book, &["--name", "ring", "--format", "json"]);
    let first = watch.until(WAITING);
    assert!(first.contains("\"passed\": 1") && first.contains("\"name\": \"ring\""), "{first}");
    book.write("src/a.md", book.read("src/a.md").replace("name=ring", "name=rung"));
    let run = watch.until(WAITING);
    assert!(run.contains("has the name `ring`; did you mean `rung`?"), "{run}");
    book.write("src/a.md", book.read("src/a.md").replace("name=rung", "name=ring"));
    assert!(watch.until(WAITING).contains("\"passed\": 1"));
}

#[test]
fn where_there_is_nothing_to_watch_it_ends() {
    let output = sample().handbook(["run", "--watch", "--dir", "nowhere"]);
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.starts_with("error: there is no folder `"), "{output}");
}
