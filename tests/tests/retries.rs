//! `handbook run --retries`: what fails is run again, and a pass after that is told as what it is.

use handbook_tests::{Book, OURS, Running};
use serde_json::{Value, json};

/// A book with a snippet that fails for as long as there is no `data/go`. It takes its time, so
/// that a line tells when it has failed.
fn flaky_book() -> Book {
    let slow = "```rust,name=slow,edition2021\n\
                std::thread::sleep(std::time::Duration::from_millis(1100));\n\
                if !std::fs::exists(\"data/go\").unwrap() {\n    panic!(\"not yet\");\n}\n\
                println!(\"gone = 1\");\n```\n";
    let config = format!("{OURS}\n[preprocessor.handbook.snippets]\nallow = [\"data\"]\n");
    Book::new()
        .config(&config)
        .file("data/other", "")
        .chapter("a.md", format!("# A\n\n{slow}\n```rust\n```\n"))
}

/// Starts a run in which the snippet fails once and passes then.
fn run(book: &Book, args: &[&str]) -> Running {
    let start = book.start("handbook").args(["run", "--retries", "3"]).args(args);
    let mut running = start.run(book.beside("run.log"));
    running.until("slow: src/a.md:3 slow took");
    book.write("data/go", "");
    running
}

#[test]
fn a_pass_after_a_failure_is_told_as_such() {
    let book = flaky_book();
    let mut running = run(&book, &["--verbose", "--deny=warnings"]);
    let told = running.until("flaky), 0 failed, 0 ignored\n");
    assert_eq!(running.code(), Some(1), "{told}");
    assert!(told.ends_with("\n2 passed (1 flaky), 0 failed, 0 ignored\n"), "{told}");
    let warning =
        "warning[snippets/flaky-snippet]: `slow` failed in 1 of 2 runs\n --> src/a.md:3:1";
    assert!(told.contains(warning), "{told}");
    assert!(told.contains("= note: once: panicked: not yet\n"), "{told}");
    assert!(told.contains("passed  src/a.md:3 slow (1.1 s, failed 1 of 2)\n"), "{told}");

    // Without the file it is the book that it was: its failure is remembered, and not its pass.
    std::fs::remove_file(book.root().join("data/go")).expect("the file is there");
    let again = book.handbook(["run", "--name=slow"]);
    assert!(again.stdout.starts_with("1 from the cache, rustc started 0 times"), "{again}");
    assert!(again.stdout.ends_with("0 passed, 1 failed, 0 ignored\n"), "{again}");
}

#[test]
fn programs_read_how_often_it_failed() {
    let book = flaky_book();
    let mut running = run(&book, &["--format=json", "--junit=report.xml"]);
    assert_eq!(running.code(), Some(0), "warnings are not denied: {}", running.unread());
    let told = running.unread();
    let json: Value = serde_json::from_str(&told[told.find('{').expect("JSON")..]).expect("JSON");
    assert_eq!(json["snippets"][0]["flaky"], json!({ "failed": 1, "runs": 2 }));
    assert_eq!(json["snippets"][1]["flaky"], Value::Null);
    assert_eq!((&json["tally"]["passed"], &json["tally"]["flaky"]), (&json!(2), &json!(1)));
    let xml = book.read("report.xml");
    assert!(
        xml.contains("<flakyFailure ") && xml.contains("message=\"panicked: not yet\""),
        "{xml}"
    );
    assert!(xml.contains("tests=\"2\" skipped=\"0\" failures=\"0\" errors=\"0\""), "{xml}");
}

#[test]
fn what_always_fails_has_failed() {
    let book = Book::new().chapter("a.md", "```rust\npanic!(\"as ever\");\n```\n");
    let run = book.handbook(["run", "--retries=2", "--junit=report.xml"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stdout.ends_with("\n0 passed, 1 failed, 0 ignored\n"), "{run}");
    assert_eq!(run.printed_places(), ["error snippets/panics src/a.md:2:1"]);
    assert_eq!(book.read("report.xml").matches("<rerunFailure ").count(), 2);

    let both = book.handbook(["run", "--retries=1", "--audit"]);
    assert_eq!(both.code, Some(2), "{both}");
}

#[test]
fn a_pass_after_a_failure_is_not_remembered_though_it_is_allowed() {
    let book = flaky_book();
    let allow = "<!-- handbook:allow-file snippets/flaky-snippet: known -->";
    book.write("src/a.md", format!("{}\n{allow}\n", book.read("src/a.md")));
    let mut running = run(&book, &["--deny=warnings"]);
    let told = running.until("flaky), 0 failed, 0 ignored\n");
    assert_eq!(running.code(), Some(0), "{told}");
    std::fs::remove_file(book.root().join("data/go")).expect("the file is there");
    let again = book.handbook(["run"]);
    assert_eq!(again.code, Some(1), "{again}");
    assert!(again.stdout.ends_with("1 passed, 1 failed, 0 ignored\n"), "{again}");
}
