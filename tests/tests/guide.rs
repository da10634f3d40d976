//! The guide in the book is the users' manual: its examples run, its commands are accepted, and its
//! tables are complete.

use handbook_book::{Document, Host};
use handbook_tests::{Book, OURS, in_process};
use std::path::Path;

fn guide() -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/guide.md");
    Document::parse(std::fs::read_to_string(path).unwrap(), Host::default())
}

/// The contents of the guide's blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let guide = guide();
    let codes = guide.code_blocks().filter(|(code, _)| code.language() == Some(language));
    codes.map(|(code, _)| code.content.clone()).collect()
}

/// The bibliography that the guide shows.
fn bibliography() -> String {
    blocks("bibtex").concat()
}

#[test]
fn every_rule_stands_in_the_table() {
    let guide = guide();
    let (_, table) = guide.text.split_once("| Rule |").expect("the guide has the table of rules");
    let written: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let due: Vec<String> = in_process::rules()
        .iter()
        .map(|rule| format!("| `{}` | {} | {} |", rule.id, rule.level, rule.summary))
        .collect();
    assert_eq!(written, due);
}

#[test]
fn every_example_checks_clean() {
    let config =
        format!("{OURS}\n[preprocessor.handbook.refs]\nbibliography = [\"references.bib\"]\n");
    let mut book = Book::new().config(&config).file("references.bib", bibliography());
    let examples = blocks("markdown");
    assert!(examples.len() > 1, "the guide has examples");
    for (index, example) in examples.iter().enumerate() {
        if let Some(whole) = Book::new().example(example) {
            let output = whole.handbook(["check", "--deny", "warnings"]);
            assert_eq!(output.code, Some(0), "{}", output.stderr);
            continue;
        }
        book = book.chapter(&format!("example-{index}.md"), format!("# Example\n\n{example}"));
    }
    let output = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

#[test]
fn every_command_is_accepted() {
    let mut accepted = 0;
    for block in blocks("console") {
        // What one command writes the next may need.
        let book = Book::new().chapter("a.md", "# A\n\n```rust\nlet _ = 1;\n```\n");
        for line in block.lines().filter_map(|line| line.strip_prefix("$ handbook ")) {
            let output = book.handbook(line.split(' '));
            assert!(output.code < Some(2), "handbook {line}: {}", output.stderr);
            accepted += 1;
        }
    }
    assert!(accepted > 3, "the guide has commands");
}

#[test]
fn every_configuration_is_accepted() {
    for config in blocks("toml") {
        let config = format!("[book]\nsrc = \"src\"\n\n{config}");
        let book = Book::new().config(&config).chapter("a.md", "# A\n");
        book.write("references.bib", bibliography());
        book.write("works/references.bib", bibliography());
        for template in ["deep-dive", "case-study"] {
            book.write(&format!("templates/{template}.md"), "# [Topic] — Kind\n");
        }
        let output = book.handbook(["check", "--format", "json"]);
        // The book is too small to need all that the guide allows.
        let unused = |place: &String| {
            place.contains(" book/unused-suppression ")
                || place.contains(" refs/unmatched-pattern ")
        };
        let found: Vec<String> = output.places().into_iter().filter(|it| !unused(it)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn the_settings_stand_in_the_tables() {
    let snippets = serde_json::to_value(mdbook_snippets::Settings::default()).unwrap();
    let cards = serde_json::to_value(mdbook_quickref::Settings::default()).unwrap();
    let navigation = serde_json::to_value(mdbook_nav::Settings::default()).unwrap();
    let guide = guide();
    for defaults in [snippets, cards, navigation] {
        for (key, value) in defaults.as_object().unwrap() {
            let row = format!("| `{key}` | `{value}` |");
            assert!(guide.text.contains(&row), "the guide lacks {row}");
        }
    }
}

#[test]
fn every_constraint_stands_in_the_table() {
    let guide = guide();
    for word in handbook_template::constraint_words() {
        let is_row = |line: &str| {
            let row = line.strip_prefix(&format!("| `{word}"));
            row.is_some_and(|rest| rest.starts_with(['`', ' ']))
        };
        assert!(guide.text.lines().any(is_row), "the guide lacks the constraint {word}");
    }
}

#[test]
fn every_option_is_described() {
    let book = Book::new();
    let guide = guide();
    for command in [
        "build", "check", "fix", "baseline", "cards", "init", "new", "mv", "review", "explain",
        "run", "mutate", "cache",
    ] {
        let help = book.handbook([command, "--help"]).stdout;
        let lines = help.lines().filter(|line| line.trim_start().starts_with('-'));
        for option in lines.flat_map(|line| line.split([' ', ','])) {
            let is_known = !option.starts_with("--")
                || option == "--help"
                || guide.text.contains(&format!("`{option}"));
            assert!(is_known, "the guide lacks {option} of {command}");
        }
    }
}

#[test]
fn the_json_of_a_run_is_as_described() {
    let described = blocks("json").pop().expect("the guide shows the JSON");
    let mut described: serde_json::Value = serde_json::from_str(&described).expect("JSON");
    let snippet = format!("{}```rust,name=ring\nprintln!();\n```\n", "\n".repeat(11));
    let book = Book::new().chapter("ring.md", snippet);
    let output = book.handbook(["run", "--format", "json"]);
    let mut printed: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    for report in [&mut described, &mut printed] {
        let time = report["snippets"][0]["milliseconds"].take();
        assert!(time.is_u64(), "{time}");
    }
    assert_eq!(printed, described);
    let keys = |value: &serde_json::Value| {
        let keys = value.as_object().expect("an object").keys();
        keys.cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(&printed["snippets"][0]), keys(&described["snippets"][0]));
}

#[test]
fn the_report_of_changes_is_as_described() {
    let find = |language, part| {
        let found = blocks(language).into_iter().find(|block: &String| block.contains(part));
        found.expect("the guide shows changes")
    };
    let book = Book::new().chapter("quorum.md", format!("# A\n\n{}", find("markdown", "quorum")));
    let described = find("console", "handbook mutate\n");
    let printed = book.handbook(["mutate"]).stdout;
    assert_eq!(described.split_once('\n').map(|(_, report)| report), Some(printed.as_str()));
}
