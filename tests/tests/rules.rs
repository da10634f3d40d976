//! Every rule does what its documentation says: the examples in it run.

use handbook_book::{Document, Host};
use handbook_pass::Rule;
use handbook_tests::Book;
use handbook_tests::in_process::{self, WholeBook};

/// The examples in a rule's documentation: a template or a bibliography, a chapter that breaks the
/// rule and one that does not. Rules without any are documented in words.
struct Examples {
    template: Option<String>,
    bibliography: Option<String>,
    bad: Vec<String>,
    good: Vec<String>,
}

fn examples(rule: &Rule) -> Examples {
    let document = Document::parse(rule.explanation, Host::default());
    let blocks = |info: &str| {
        let codes = document.code_blocks().filter_map(|(code, _)| {
            let (found, _) = code.info.as_ref()?;
            (found == info).then(|| code.content.clone())
        });
        codes.collect::<Vec<_>>()
    };
    Examples {
        template: blocks("markdown,template").pop(),
        bibliography: blocks("bibtex").pop(),
        bad: blocks("markdown,bad"),
        good: blocks("markdown,good"),
    }
}

/// The rules that an example breaks: a chapter, or a book with its SUMMARY.
fn broken(examples: &Examples, example: &str) -> Vec<String> {
    let mut config = "[preprocessor.handbook]\ncommand = \"$HANDBOOK\"\n".to_owned();
    if examples.bibliography.is_some() {
        config += "[preprocessor.handbook.refs]\nbibliography = [\"references.bib\"]\n";
    }
    if examples.template.is_some() {
        config += "[preprocessor.handbook.adr.kinds.chapter]\n\
                   template = \"template.md\"\nchapters = [\"*.md\"]\n";
    }
    let book = || Book::new().config(&config);
    let chapter = || {
        book()
            .file("template.md", examples.template.as_deref().unwrap_or_default())
            .file("references.bib", examples.bibliography.as_deref().unwrap_or_default())
            .chapter("rings.md", example)
    };
    let book = book().example(example).unwrap_or_else(chapter);
    let output = book.handbook(["check", "--no-run", "--format", "json"]);
    let findings = output.findings();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn bad_examples_break_their_rule_and_good_ones_none() {
    let mut tried = 0;
    for rule in in_process::rules() {
        let examples = examples(&rule);
        let Examples { bad, good, .. } = &examples;
        assert_eq!(bad.is_empty(), good.is_empty(), "{}: one without the other", rule.id);
        for chapter in bad {
            assert_eq!(broken(&examples, chapter), [rule.id], "{}\n{chapter}", rule.id);
        }
        for chapter in good {
            let none: [&str; 0] = [];
            assert_eq!(broken(&examples, chapter), none, "{}\n{chapter}", rule.id);
        }
        tried += bad.len();
    }
    assert!(tried > 20, "{tried} examples");
}

#[test]
fn every_rule_about_a_chapter_has_examples() {
    // What is wrong with a file beside the chapters, and when it was made, no example of a book shows.
    let is_told = |rule: &&Rule| {
        ["nav/broken-reviews", "nav/half-done-move", "nav/suspect", "nav/unknown-review"]
            .contains(&rule.id)
    };
    let is_meant = |rule: &&Rule| rule.id.starts_with("adr/") || rule.id.starts_with("nav/");
    let rules = in_process::rules();
    for rule in rules.iter().filter(is_meant).filter(|rule| !is_told(rule)) {
        assert!(!examples(rule).bad.is_empty(), "{} has none", rule.id);
    }
}

#[test]
fn words_behind_a_block_that_takes_none_are_found() {
    let config = "[preprocessor.handbook]\n[preprocessor.handbook.refs]\n\
                  bibliography = [\"references.bib\"]\n";
    let found = |block: &str| {
        let book = WholeBook::new("- [A](a.md)\n")
            .file("book.toml", config)
            .file("references.bib", "@book{a, title = {A}, author = {B, C}, year = {2001}}\n")
            .file("src/a.md", &format!("# A\n\n{block}\n"));
        let found = book.findings().into_iter();
        found.filter(|(_, rule, _)| *rule == "book/unknown-argument").collect::<Vec<_>>()
    };
    for name in [
        "bibliography",
        "card",
        "deep-dives",
        "document-map",
        "hub-table",
        "navigation",
        "output",
        "practice",
        "reading-paths",
        "references",
        "sheet",
        "study-time",
    ] {
        let once = [("a.md".to_owned(), "book/unknown-argument", 3)];
        assert_eq!(found(&format!("{{{{#{name} short}}}}")), once, "{name}");
        assert_eq!(found(&format!("It is {{{{#{name} short}}}}.")), once, "{name}");
        let region =
            |words: &str| format!("<!-- handbook:{name}{words} -->\n<!-- /handbook:{name} -->");
        assert_eq!(found(&region(" short")), once, "{name}");
        assert_eq!(found(&region("")), [], "{name}");
        assert_eq!(found(&format!("{{{{#{name}}}}}")), [], "{name}");
    }
    for words in ["{{#value a.b}}", "{{#verification chaptr}}", "{{#theirs short}}"] {
        assert_eq!(found(words), [], "{words}");
    }
}
