//! `handbook explain` says what every rule demands.

use handbook_tests::{Book, Output, in_process};

/// Runs the command where there is no book.
fn explain(args: &[&str]) -> Output {
    let book = Book::foreign();
    std::fs::remove_dir_all(book.root().join("src")).expect("the folder of the chapters");
    book.handbook([&["explain"], args].concat())
}

#[test]
fn all_rules_are_listed_by_pass() {
    let output = explain(&[]);
    assert_eq!(output.code, Some(0), "{output}");
    let rows = output.stdout.lines().filter(|line| line.starts_with("  "));
    let rows: Vec<String> =
        rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let rules = in_process::rules();
    let due = rules.iter().map(|rule| format!("{} {} {}", rule.id, rule.level, rule.summary));
    assert_eq!(rows, due.collect::<Vec<_>>());
    let heads: Vec<&str> = output.stdout.lines().filter(|line| line.ends_with(':')).collect();
    assert!(heads.is_sorted() && heads.contains(&"snippets:"), "{heads:?}");
}

#[test]
fn a_rule_is_explained_with_its_examples() {
    let output = explain(&["adr/wrong-title"]);
    assert_eq!(
        output.stdout,
        "adr/wrong-title (warning)\n\
         a chapter's title is not the template's\n\n\
         A chapter that is of a kind by its path or its front matter has that kind's\n\
         title too.\n\n\
         Template:\n\n    # [Topic] — Overview\n\n    [What it is about]\n\n\
         Breaks it:\n\n    ---\n    kind: chapter\n    ---\n    # Rings\n\n    Keys find servers.\n\n\
         Keeps it:\n\n    ---\n    kind: chapter\n    ---\n    # Rings — Overview\n\n    \
         Keys find servers.\n"
    );
}

#[test]
fn every_rule_can_be_explained_to_a_program() {
    let json = |args: &[&str]| -> serde_json::Value {
        let output = explain(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&output.stdout).expect("JSON")
    };
    let all = json(&[]);
    let (written, rules) = (all["rules"].as_array().expect("rules"), in_process::rules());
    assert_eq!(written.len(), rules.len());
    for (rule, written) in rules.iter().zip(written) {
        assert_eq!(
            (&written["id"], &written["explanation"]),
            (&rule.id.into(), &rule.explanation.into())
        );
        assert!(!rule.explanation.trim().is_empty(), "{} is not explained", rule.id);
    }
    let one = json(&["snippets/stale-value"]);
    assert!(written.contains(&one), "{one}");
    assert_eq!(one["level"], "error");
}

#[test]
fn a_rule_that_there_is_not_is_told_from_one_mistyped() {
    for (given, meant) in [
        ("snippets/stale-ouput", "did you mean `snippets/stale-output`?"),
        ("stale-output", "did you mean `snippets/stale-output`?"),
        ("weather", "`handbook explain` lists them"),
    ] {
        let output = explain(&[given]);
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(meant), "{output}");
    }
}
