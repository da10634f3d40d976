//! Every rule does what its documentation says: the examples in it run.

use handbook_book::{Document, Host};
use handbook_pass::Rule;
use handbook_tests::{Book, in_process};

/// The examples in a rule's documentation: a template, a chapter that breaks it and one that does
/// not. Rules without any are documented in words.
struct Examples {
    template: Option<String>,
    bad: Vec<String>,
    good: Vec<String>,
}

fn examples(rule: &Rule) -> Examples {
    let document = Document::parse(rule.explanation, Host::default());
    let blocks = |word: &str| {
        let info = format!("markdown,{word}");
        let codes = document.code_blocks().filter_map(|(code, _)| {
            let (found, _) = code.info.as_ref()?;
            (*found == info).then(|| code.content.clone())
        });
        codes.collect::<Vec<_>>()
    };
    Examples { template: blocks("template").pop(), bad: blocks("bad"), good: blocks("good") }
}

/// The rules that a chapter breaks.
fn broken(template: Option<&str>, chapter: &str) -> Vec<String> {
    let mut config = "[preprocessor.handbook]\ncommand = \"$HANDBOOK\"\n".to_owned();
    if template.is_some() {
        config += "[preprocessor.handbook.adr.kinds.chapter]\n\
                   template = \"template.md\"\nchapters = [\"*.md\"]\n";
    }
    let book = Book::new()
        .config(&config)
        .file("template.md", template.unwrap_or_default())
        .chapter("rings.md", chapter);
    let output = book.handbook(["check", "--no-run", "--format", "json"]);
    let findings = output.findings();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn bad_examples_break_their_rule_and_good_ones_none() {
    let mut tried = 0;
    for rule in in_process::rules() {
        let Examples { template, bad, good } = examples(&rule);
        assert_eq!(bad.is_empty(), good.is_empty(), "{}: one without the other", rule.id);
        for chapter in &bad {
            assert_eq!(broken(template.as_deref(), chapter), [rule.id], "{}\n{chapter}", rule.id);
        }
        for chapter in &good {
            let none: [&str; 0] = [];
            assert_eq!(broken(template.as_deref(), chapter), none, "{}\n{chapter}", rule.id);
        }
        tried += bad.len();
    }
    assert!(tried > 20, "{tried} examples");
}

#[test]
fn every_rule_of_templates_has_examples() {
    for rule in in_process::rules().iter().filter(|rule| rule.id.starts_with("adr/")) {
        assert!(!examples(rule).bad.is_empty(), "{} has none", rule.id);
    }
}
