//! Findings that authors let be, by comments and by path: these go, all others stay, and what lets
//! nothing be is found.

use handbook_tests::{Book, Host, OURS};
use proptest::prelude::*;

const TEMPLATE: &str = "# [Topic]\n\n## Context\n\n[What it is about]<!--? priority 1 -->\n\n\
                        ## Failures\n\n[What goes wrong]\n";

const KINDS: &str = "[preprocessor.handbook.adr.kinds.chapter]\ntemplate = \"template.md\"\n\
                     chapters = [\"*.md\"]\n";

/// A book whose chapters follow [`TEMPLATE`], with more configuration.
fn templated(more: &str) -> Book {
    Book::new().config(&format!("{OURS}{KINDS}{more}")).file("template.md", TEMPLATE)
}

/// What `check` finds in a chapter that nothing was run for: rule and line.
fn found(book: &Book) -> Vec<String> {
    let output = book.handbook(["check", "--no-run", "--format", "json"]);
    let short = |place: String| {
        let mut words = place.split(' ').skip(1);
        let rule = words.next().unwrap().to_owned();
        format!("{rule} {}", words.next().unwrap().split(':').nth(1).unwrap_or("-"))
    };
    output.places().into_iter().map(short).collect()
}

fn found_in(text: &str) -> Vec<String> {
    found(&Book::new().chapter("a.md", text))
}

#[test]
fn a_comment_lets_the_next_block_be() {
    let orphan = "```output\nx\n```\n";
    assert_eq!(found_in(orphan), ["snippets/orphan-output 1"]);
    let allow = "<!-- handbook:allow snippets/orphan-output: shown as the paper has it -->\n";
    assert!(found_in(&format!("{allow}{orphan}")).is_empty());
    assert!(found_in(&format!("{allow}\n{orphan}")).is_empty());
    let two = found_in(&format!("{allow}{orphan}\n{orphan}"));
    assert_eq!(two, ["snippets/orphan-output 6"]);
}

#[test]
fn a_comment_at_the_end_of_a_line_lets_that_line_be() {
    let text = "It takes 5 <!-- =steps --> <!-- handbook:allow snippets/malformed-binding: x -->\n\
                and then 6 <!-- =steps --> more.\n";
    assert_eq!(found_in(text), ["snippets/malformed-binding 2"]);
}

#[test]
fn sections_and_files_are_let_be() {
    let orphan = "```output\nx\n```\n";
    let section = "<!-- Handbook: allow-section snippets/*: a transcript -->";
    let text =
        format!("# T\n\n{orphan}\n## A\n\n{section}\n\n{orphan}\n{orphan}\n## B\n\n{orphan}");
    assert_eq!(found_in(&text), ["snippets/orphan-output 3", "snippets/orphan-output 21"]);
    assert!(found_in(&text.replace("-section", "-file")).is_empty());
}

#[test]
fn templates_and_suppressions_do_not_get_in_each_others_way() {
    let found = |text: &str| found(&templated("").chapter("a.md", text));
    let bare = "# Rings\n\n## Context\n\nKeys.\n";
    assert_eq!(found(bare), ["adr/missing-part 3"]);
    let allow = "<!-- handbook:allow adr/missing-part: nothing fails here -->\n\n";
    assert!(found(&format!("# Rings\n\n{allow}## Context\n\nKeys.\n")).is_empty());
    let file = "<!-- handbook:allow-file adr/missing-part: nothing fails here -->\n\n";
    assert!(found(&format!("{file}{bare}")).is_empty());
    assert!(found(&format!("{bare}\n{file}")).is_empty());
    // A comment fills no section.
    let empty = "# Rings\n\n## Context\n\n<!-- handbook:allow-file adr/wrong-title: x -->\n\n\
                 ## Failures\n\nNone.\n";
    assert_eq!(found(empty), ["adr/missing-part 3", "book/unused-suppression 5"]);
}

#[test]
fn a_comment_separates_no_output_from_its_snippet() {
    let comment = "<!-- handbook:allow snippets/stale-output: an older version printed it -->";
    let text = format!("```rust\nprintln!(\"2\");\n```\n\n{comment}\n\n```output\n1\n```\n");
    let book = Book::new().chapter("a.md", text);
    let output = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{output}");
    let before = book.read("src/a.md");
    book.handbook(["fix", "--unsafe"]);
    assert_eq!(book.read("src/a.md"), before, "what is let be is not mended");
}

#[test]
fn what_is_wrong_with_a_suppression_is_said() {
    let cases = [
        ("handbook:allow snippets/panics", "gives no reason"),
        ("handbook:allow snippets/panics:", "gives no reason"),
        ("handbook:allow : because", "names no rule"),
        ("handbook:allow", "names no rule"),
        ("handbook:allow snippets/panic: x", "did you mean `snippets/panics`?"),
        ("handbook:allow-file snippet/*: x", "there is no rule `snippet/*`"),
        ("handbook:allow book/open-block: x", "`book/open-block` cannot be allowed"),
        ("handbook:alow snippets/panics: x", "did you mean `handbook:allow`?"),
    ];
    for (comment, says) in cases {
        let book = Book::new().chapter("a.md", format!("<!-- {comment} -->\n\ntext\n"));
        let output = book.handbook(["check", "--no-run", "--deny", "warnings"]);
        assert_eq!(output.code, Some(1), "{comment}: {output}");
        assert!(output.stderr.contains(says), "{comment}: {output}");
        assert_eq!(output.printed_places().len(), 1, "{output}");
    }
    let text = "<!-- handbook:allow snippets/orphan-output -->\n```output\nx\n```\n";
    let both = ["book/broken-suppression 1", "snippets/orphan-output 2"];
    assert_eq!(found_in(text), both, "without a reason nothing is allowed");
}

#[test]
fn unused_ones_are_found_and_taken_out() {
    let text = "one\n\n<!-- handbook:allow adr/damaged-text, snippets/panics: a log -->\n\n\
                fÃ¼r\n\ntwo <!-- handbook:allow adr/damaged-text: x -->\n\
                <!-- handbook:allow adr/damaged-text: y -->\nthree\n";
    let book = Book::new().chapter("a.md", text);
    let output = book.handbook(["check"]);
    let rule = "warning book/unused-suppression src/a.md";
    let due: Vec<String> =
        ["3:1", "7:5", "8:1"].iter().map(|place| format!("{rule}:{place}")).collect();
    assert_eq!(output.printed_places(), due, "{output}");
    book.handbook(["fix", "--unsafe"]);
    let left = "one\n\n<!-- handbook:allow adr/damaged-text: a log -->\n\nfÃ¼r\n\ntwo\n\nthree\n";
    assert_eq!(book.read("src/a.md"), left);
    assert_eq!(book.handbook(["check", "--deny", "warnings"]).code, Some(0));
}

#[test]
fn what_is_unknown_makes_nothing_unused() {
    let text = "<!-- handbook:allow snippets/panics: it has to -->\n```rust\nlet _x = 1;\n```\n";
    let book = Book::new().chapter("a.md", text).chapter("b.md", "```rust,name=b\n```\n");
    let unused = |args: &[&str]| {
        let args = args.iter().chain(&["--deny", "warnings"]);
        book.handbook(args).stderr.contains("unused-suppression")
    };
    assert!(unused(&["check"]));
    assert!(!unused(&["check", "--no-run"]));
    assert!(!unused(&["run", "--name", "b"]));
    assert!(!unused(&["run", "src/b.md"]));
    // A snippet that fails leaves open what else there would be to say.
    book.write("src/a.md", format!("{text}\n```rust\nlet x: u8 = \"\";\n```\n"));
    assert!(!unused(&["check"]));
    let config = format!("{OURS}[preprocessor.handbook.snippets]\nrun = false\n");
    assert!(
        !Book::new()
            .config(&config)
            .chapter("a.md", text)
            .handbook(["check"])
            .stderr
            .contains("unused")
    );
}

#[test]
fn rules_of_another_mode_make_nothing_unused() {
    let rules = "flaky-snippet, interference, nondeterminism, not-confined, outdated-results, \
                 stale-results, unchangeable, unnoticed-change";
    let allow = |rule: &str| format!("<!-- handbook:allow-file snippets/{rule}: x -->\n\n");
    let text: String = rules.split(", ").map(allow).collect();
    let book = Book::new().chapter("a.md", format!("{text}```rust\n```\n"));
    assert_eq!(book.handbook(["run", "--freeze"]).stderr.matches("unused").count(), 0);
    let unused = |args: &[&str]| {
        let output = book.handbook(args);
        let lines = output.stderr.lines().filter(|line| line.contains("unused-suppression"));
        lines
            .filter_map(|line| line.split("snippets/").nth(1))
            .map(|rule| {
                rule.split(|c: char| c != '-' && !c.is_alphabetic()).next().unwrap_or("").to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert!(unused(&["check"]).is_empty());
    assert_eq!(unused(&["run", "--retries=1"]), ["flaky-snippet"]);
    assert_eq!(unused(&["run", "--audit"]), ["interference", "nondeterminism"]);
    assert_eq!(unused(&["check", "--locked"]), ["stale-results"]);
}

#[test]
fn an_included_comment_counts_where_it_is_expanded() {
    let part = "<!-- handbook:allow adr/missing-part: part of another -->\n## Context\n\nKeys.\n";
    let book = templated("")
        .file("src/parts/part.md", part)
        .chapter("a.md", "# Rings\n\n{{#include parts/part.md}}\n")
        .chapter("b.md", "# Rings\n\n{{#include parts/part.md}}\n\n## Failures\n\nSome.\n");
    assert!(found(&book).is_empty(), "needed in one chapter is needed");
    book.write("src/a.md", "# Rings\n\n{{#include parts/part.md}}\n\n## Failures\n\nSome.\n");
    assert_eq!(found(&book), ["book/unused-suppression 1"]);
}

#[test]
fn files_are_let_be_by_path() {
    let entry = |rules: &str, paths: &str| {
        format!(
            "\n[[preprocessor.handbook.suppress]]\nrules = {rules}\npaths = {paths}\nreason = \"old\"\n"
        )
    };
    let chapter = "# Rings\n\n## Context\n\nKeys.\n";
    let book = |more: &str| {
        let book = templated(more).chapter("old/a.md", chapter).chapter("b.md", chapter);
        book.handbook(["check", "--no-run", "--format", "json"]).places()
    };
    let b = "warning adr/missing-part src/b.md:3:1";
    assert_eq!(book(&entry("[\"adr/missing-part\"]", "[\"src/old/*.md\"]")), [b]);
    assert_eq!(book(&entry("[\"adr/*\"]", "[\"src/old/*.md\"]")), [b]);
    let unused = book(&entry("[\"adr/*\", \"adr/wrong-title\"]", "[\"src/old/*.md\"]"));
    assert_eq!(unused, ["warning book/unused-suppression book.toml:12:1", b]);
    let unused = book(&entry("[\"adr/*\"]", "[\"old/*.md\"]"));
    assert_eq!(unused.len(), 3, "{unused:?}");
    for (rules, paths, says) in [
        ("[\"adr/missing-parts\"]", "[\"src/**\"]", "did you mean `adr/missing-part`?"),
        ("[\"book/open-block\"]", "[\"src/**\"]", "cannot be allowed"),
        ("[]", "[\"src/**\"]", "this has no `rules`"),
        ("[\"adr/*\"]", "[]", "this has no `paths`"),
        ("[\"adr/*\"]", "[\"{\"]", "is no pattern"),
        ("[\"adr/*\"]\nrule = 1", "[\"src/**\"]", "did you mean `rules`?"),
    ] {
        let output = templated(&entry(rules, paths)).chapter("b.md", chapter);
        let output = output.handbook(["check", "--no-run"]);
        assert!(output.stderr.contains(says), "{rules} {paths}: {output}");
        assert!(output.stderr.contains("--> book.toml:1"), "{rules} {paths}: {output}");
    }
    let no_reason = entry("[\"adr/*\"]", "[\"src/**\"]").replace("reason = \"old\"\n", "");
    assert_eq!(book(&no_reason).len(), 3);
}

#[test]
fn every_preprocessor_lets_the_same_be() {
    let config = "[book]\ntitle = \"T\"\n\n[preprocessor.snippets]\ncommand = \"$SNIPPETS\"\n\
                  before = [\"links\"]\n\n[[preprocessor.snippets.suppress]]\n\
                  rules = [\"snippets/orphan-output\"]\npaths = [\"src/a.md\"]\nreason = \"x\"\n";
    let book = Book::new().config(config).chapter("a.md", "```output\nx\n```\n").chapter(
        "b.md",
        "<!-- handbook:allow adr/missing-part: x -->\ntext\n\n```output\nx\n```\n",
    );
    for host in Host::ALL {
        let built = host.build(&book);
        assert_eq!(built.log.matches("[snippets/orphan-output]").count(), 1, "{}", built.log);
        assert_eq!(built.log.matches("]: ").count(), 1, "{}", built.log);
    }
}

/// Faults, each a block with the rule that finds it.
const FAULTS: [(&str, &str); 3] = [
    ("snippets/orphan-output", "```output\nx\n```\n"),
    ("snippets/malformed-binding", "It takes 5 <!-- =steps --> steps.\n"),
    ("snippets/unknown-attribute", "```rust,nmae=x\n```\n"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is let be goes, all else stays, and the page is the author's.
    #[test]
    fn what_is_let_be_goes_and_nothing_else(
        faults in prop::collection::vec((0..FAULTS.len(), any::<bool>()), 1..6),
    ) {
        let (mut text, mut due) = (String::from("# T\n"), Vec::new());
        for (fault, is_let_be) in faults {
            let (rule, block) = FAULTS[fault];
            text += "\nnext\n\n";
            if is_let_be {
                text += &format!("<!-- handbook:allow {rule}: so be it -->\n");
            } else {
                due.push(format!("{rule} {}", 1 + text.matches('\n').count()));
            }
            text += block;
        }
        prop_assert_eq!(found_in(&text), due, "{}", text);
    }
}

/// A comment is on the page what it is in the text, and changes nothing around it.
#[test]
fn a_suppression_never_changes_the_page() {
    let faults = "# T\n\n%\n```rust,name=a\nprintln!(\"1\");\n```\n\n%\n```output\n2\n```\n\n%\n\
                  The log says fÃ¼r.\n\n- a\n\n  %\n  b\n";
    let comment = "<!-- handbook:allow-file adr/damaged-text, snippets/stale-output: x -->";
    let page = |comment: &str| {
        let book = Book::new().chapter("a.md", faults.replace('%', comment));
        book.handbook(["build", "--no-run"]);
        book.read("book/a.html")
    };
    let other = comment.replace("handbook:", "somebody:");
    // Only a stranger's comment keeps an output from its snippet.
    let stranger = page("").replace("\r", "");
    let ours = page(comment).replace(comment, "");
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(squeezed(&ours), squeezed(&stranger));
    assert!(page(&other).contains(&other));
}
