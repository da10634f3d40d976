//! A book is judged alike whoever asks: the command that reads it from disk, the command that builds
//! it, and the preprocessor that a real mdBook hands it to.

use handbook_mdbook::{Handed, preprocess};
use handbook_tests::in_process::idle_environment;
use handbook_tests::{Book, Host, OURS};
use serde_json::Value;

/// A bit of everything that is found without running anything, and what is found by running.
fn sample() -> Book {
    let config = format!("{OURS}timout = 1\n[preprocessor.handbook.snippets]\noutputs = 1\n");
    Book::new()
        .config(&config)
        .file("src/README.md", "\u{feff}```output\r\norphan\r\n```\r\n")
        .file("src/part.md", "> ```rust,nmae=part\n> let ä: u8 = \"\";\n> ```\n")
        .file(
            "src/deep/a.md",
            "{{#include ../part.md}}\n\n{{#include gone.md}}\n\n```rust,name=x\n```\n",
        )
        .file("src/b.md", "```rust,name=x,should_panic\nprintln!();\n```\n\n~~~text\nopen\n")
        .summary(
            "# Summary\n\n[Start](README.md)\n\n- [A](deep/a.md)\n  - [B](b.md)\n  - [Draft]()\n",
        )
}

#[test]
fn the_preprocessor_finds_what_check_finds() {
    let book = sample();
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(1), "{check}");
    assert!(check.printed_places().len() > 8, "{check}");
    for host in Host::ALL {
        let built = host.build(&book);
        assert!(built.error.is_some());
        assert_eq!(built.log, check.stderr, "{host:?}");
    }
    assert_eq!(book.handbook(["build"]).stderr, check.stderr);
}

#[test]
fn programs_read_the_same_findings() {
    let book = sample();
    let check = book.handbook(["check", "--no-run", "--format", "json"]);
    for host in Host::ALL {
        host.build(&book);
        let handed = Handed::parse(&book.handed()).expect("what a host writes");
        let done = preprocess(&mdbook_handbook::SUITE, &idle_environment(), handed);
        let done = done.unwrap_or_else(|error| panic!("{host:?}: {error}"));
        let json = handbook_engine::json(&done.analysis.findings, &done.root);
        // As the harness shows what programs write.
        let json = json.replace(&book.root().display().to_string(), "[BOOK]");
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["findings"], Value::from(check.findings()), "{host:?}");
    }
}

/// Reading a book changes nothing about it: neither the command nor our part of a build.
#[test]
fn the_book_is_as_it_was() {
    let book = sample();
    let before = book.tree();
    for arguments in [&["check"][..], &["check", "--no-run"], &["run"], &["fix", "--diff"]] {
        book.handbook(arguments);
        assert_eq!(book.tree(), before, "{arguments:?}");
    }
    let book = Book::new().chapter("a.md", "```rust,run\nprintln!(\"1\");\n```\n");
    let source = |book: &Book| {
        let mut tree = book.tree();
        tree.retain(|path, _| !path.starts_with("book"));
        tree
    };
    let before = source(&book);
    let build = book.handbook(["build"]);
    assert_eq!((build.code, build.stderr.as_str()), (Some(0), ""), "{build}");
    assert_eq!(source(&book), before);
    assert!(book.root().join("book/index.html").is_file());
    // The pages are those of the preprocessor under mdBook.
    let page = Host::V0_5.build(&book).ok().text("a.html");
    assert_eq!(book.read("book/a.html"), page);
}
