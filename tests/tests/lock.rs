//! Who writes into a book waits for whoever else does, and finds what they wrote.
#![cfg(unix)]

use handbook_tests::{Book, OURS};
use std::fs::File;
use std::thread;

const KIND: &str = "\n[preprocessor.handbook.adr.kinds.note]\ntemplate = \"note.md\"\n";

/// What `fix` has to write anew.
const STALE: &str = "<!-- handbook:study-time -->\nstale\n<!-- /handbook:study-time -->\n";

/// A book with a block that is not what it would be.
fn book() -> Book {
    let stale = format!("# A\n\n**Estimated study time:** 45 minutes\n\n{STALE}");
    Book::new()
        .config(&format!("{OURS}{KIND}"))
        .chapter("a.md", stale)
        .chapter("b.md", "# B\n\n**Prerequisites:** [A](a.md)\n")
        .file("note.md", "# [Topic]\n\n## Notes\n\n[what]\n")
}

/// Runs a command while this test holds the book's lock, and gives it back once the command waits
/// and `theirs` is done.
#[track_caller]
fn behind(book: &Book, args: &[&str], theirs: impl FnOnce()) {
    let lock = File::open(book.root()).unwrap();
    lock.lock().unwrap();
    let mut running = book.start("handbook").args(args).run(book.beside("log"));
    running.until("waiting for another command that changes this book\n");
    theirs();
    drop(lock);
    let code = running.code();
    assert_eq!(code, Some(0), "{args:?}: {}", running.unread());
}

#[test]
fn what_others_write_meanwhile_is_kept() {
    let book = book();
    behind(&book, &["fix"], || {
        book.write("src/a.md", book.read("src/a.md").replace("# A\n", "# A\n\nTheirs.\n"));
    });
    let text = book.read("src/a.md");
    assert!(text.contains("Theirs.\n") && !text.contains("stale"), "{text}");

    behind(&book, &["new", "note", "Mine"], || {
        book.write("src/SUMMARY.md", book.read("src/SUMMARY.md") + "- [Theirs](theirs.md)\n");
        book.write("src/theirs.md", "# Theirs\n");
    });
    let summary = book.read("src/SUMMARY.md");
    assert!(summary.contains("- [Theirs](theirs.md)\n") && summary.contains("[Mine]"), "{summary}");

    let theirs = "[[review]]\nchapter = \"theirs.md\"\ndate = 2026-02-01\nprerequisites = {}\n";
    behind(&book, &["review", "b.md", "--date", "2026-03-01"], || {
        book.write("handbook-review.toml", theirs);
    });
    let reviews = book.read("handbook-review.toml");
    assert!(reviews.contains("\"theirs.md\"") && reviews.contains("\"b.md\""), "{reviews}");

    behind(&book, &["init"], || {
        book.write("book.toml", book.read("book.toml") + "\n[theirs]\nkey = 1\n");
    });
    let config = book.read("book.toml");
    assert!(config.contains("[theirs]\n") && config.contains("handbook.css"), "{config}");

    behind(&book, &["baseline"], || {
        book.write("src/b.md", "# B\n\n[dead](nowhere.md)\n");
    });
    assert!(book.read("handbook-baseline.toml").contains("nav/dead-link"));
}

#[test]
fn who_only_reads_waits_for_nobody() {
    let book = book();
    let _lock = File::open(book.root()).map(|folder| folder.lock().map(|()| folder)).unwrap();
    for args in [["check", "--no-run"].as_slice(), &["review"], &["run"]] {
        let output = book.handbook(args);
        assert!(output.code < Some(2) && !output.stderr.contains("waiting"), "{args:?}: {output}");
    }
}

#[test]
fn fixes_at_the_same_time_are_made_one_after_the_other() {
    for _ in 0..3 {
        let book = book();
        thread::scope(|scope| {
            for _ in 0..3 {
                let fix = book.start("handbook").args(["fix"]);
                scope.spawn(move || {
                    let output = fix.output();
                    assert_eq!(output.code, Some(0), "{output}");
                });
            }
        });
        assert!(!book.read("src/a.md").contains("stale"));
    }
}

#[test]
fn a_move_that_was_interrupted_is_finished_first() {
    for args in [
        ["fix"].as_slice(),
        &["new", "note", "Mine"],
        &["review", "b.md"],
        &["init"],
        &["baseline"],
        &["check", "--no-run"],
        &["run"],
    ] {
        let book = book();
        let step = serde_json::json!({"file": "src/c.md", "before": null, "after": "# C\n"});
        let journal = serde_json::json!({"what": "a test", "folders": [], "steps": [step]});
        book.write(".handbook-mv.json", journal.to_string());
        let output = book.handbook(args);
        assert!(output.stderr.contains("finished a test, which was interrupted"), "{output}");
        assert_eq!(book.read("src/c.md"), "# C\n");
        assert!(!book.root().join(".handbook-mv.json").exists());
    }
}
