//! What of a chapter's rows, lists and answers stands on its card and its practice, whatever is written
//! in them.

use handbook_book::{Document, Node, NodeKind};
use handbook_tests::cards::{TEMPLATE, flashcards, one_chapter};
use handbook_tests::in_process::Files;
use proptest::prelude::*;

#[test]
fn a_written_card_may_repeat_any_row_about_an_option() {
    let options = "# A\n\n## Option A: Ring\n\n| Step | Time | Space |\n|---|---|---|\n\
                   | Look-up | O(log n) | O(n) |\n| Join | O(n) | O(n) |\n\n## Card\n\n";
    let contradictions = |card: &str| {
        let found = one_chapter().findings(&format!("{options}{card}"));
        found.into_iter().filter(|(rule, _)| *rule == "quickref/contradicting-row").count()
    };
    let card = |row: &str| format!("| Option | Time | Space |\n|---|---|---|\n{row}\n");
    assert_eq!(contradictions(&card("| Ring | O(log n) | O(n) |")), 0);
    assert_eq!(contradictions(&card("| Option A | O(n) | O(n), more words |")), 0);
    assert_eq!(contradictions(&card("| Ring | O(1) | O(n) |")), 1);
    assert_eq!(contradictions(&card("| Option A: Ring | O(1) | O(1) |")), 2);
    assert_eq!(contradictions(&card("| Jump | O(1) | O(1) |")), 0);
    // Under other headers nothing can be compared.
    assert_eq!(contradictions("| Option | Messages |\n|---|---|\n| Ring | none |\n"), 0);
}

#[test]
fn of_options_a_card_shows_the_row_that_most_have() {
    let option = |name: &str, rows: &str| {
        format!("## Option {name}\n\n| Step | Time | Space |\n|---|---|---|\n{rows}\n")
    };
    let text = "# A\n\n".to_owned()
        + &option("A: Ring", "| Build | O(n) | O(n) |\n| Look-up | O(log n) | O(1) |\n")
        + &option("B: Jump", "| Look-up | O(1) | O(1) |\n")
        + &option("C: Table", "| Place | O(2) | O(2) |\n| Move | O(3) | O(3) |\n")
        + "## Card\n\n<!-- handbook:card -->\n<!-- /handbook:card -->\n";
    let fixed = one_chapter().fix(&text).expect("fixes that come to rest").expect("a card");
    for row in [
        "| [Ring](#option-a-ring) | Look-up | O(log n) | O(1) |",
        "| [Jump](#option-b-jump) | Look-up | O(1) | O(1) |",
        "| [Table](#option-c-table) | Place | O(2) | O(2) |",
    ] {
        assert!(fixed.contains(row), "{fixed}");
    }
}

/// Text as it may stand in a cell, with all that Markdown makes something of.
fn cell() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "[a](b.md#c)",
        "[@x]",
        "<!-- =a.b -->",
        "`a\\|b`",
        "`",
        "![i](j)",
        "[r]",
        "<br>",
        "</section>",
        "{{#value a.b}}",
        "{{#card}}",
        "{{#include x}}",
        "\\",
        "\\|",
        "**",
        "[^1]",
        "#",
        "-",
        "# ",
        "> ",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "2) ",
        ": ",
        "~~~",
        "```",
        "---",
        "[x]: ",
        "[ ] ",
        "<pre>",
        "&lt;",
        "|",
        "<!--",
        "多",
        "\u{feff}",
        "O(n)",
        "“",
        "[[a]",
        "](",
        "<a b=\"",
        "$",
    ]);
    prop::collection::vec(prop_oneof![odd.prop_map(str::to_owned), "[a-zß ]{0,6}"], 0..5)
        .prop_map(|pieces| pieces.concat())
}

const CARD_AND_PRACTICE: &str = "
## Card

<!-- handbook:card -->
<!-- /handbook:card -->

<!-- handbook:practice -->
<!-- /handbook:practice -->

The end.
";

type IsKind = fn(&NodeKind) -> bool;

/// How many blocks of each kind there are in a region, and how many outside of all.
fn blocks(document: &Document, region: &str) -> Vec<(&'static str, usize, usize)> {
    // A section ends where the next begins, its heading where it is written.
    let span = |node: &Node| match &node.kind {
        NodeKind::Section(heading) => heading.span,
        _ => node.span,
    };
    let inside = |node: &&Node, name: Option<&str>| {
        let mut regions = document.regions.iter();
        regions.any(|one| name.is_none_or(|name| one.name == name) && one.span.contains(span(node)))
    };
    let kinds: [(&str, IsKind); 5] = [
        ("heading", |kind| matches!(kind, NodeKind::Section(_) | NodeKind::Heading(_))),
        ("code", |kind| matches!(kind, NodeKind::Code(_))),
        ("list", |kind| matches!(kind, NodeKind::List { .. })),
        ("quote", |kind| matches!(kind, NodeKind::Quote)),
        ("definition", |kind| matches!(kind, NodeKind::Definitions)),
    ];
    let count = |(name, is_it): (&'static str, IsKind)| {
        let all = || document.root.walk().filter(|node| is_it(&node.kind));
        let here = all().filter(|node| inside(node, Some(region))).count();
        (name, here, all().filter(|node| !inside(node, None)).count())
    };
    kinds.into_iter().map(count).collect()
}

#[test]
fn a_cell_of_a_practice_opens_no_block() {
    for question in [
        "~~~",
        "```",
        "# of shards?",
        "1. Why?",
        "2) Why?",
        "- dash",
        "+ plus",
        "* star",
        "> 10 ms?",
        ": so?",
        "---",
        "[x]: y",
        "[ ] done?",
        "<!-- open",
        "<pre>",
        "===",
    ] {
        let text = format!(
            "# A\n\n## Numbers\n\n| N | V |\n|---|---|\n| a | b |\n\n## Questions\n\n\
             | Question | Points |\n|---|---|\n| {question} | {question} |\n| Last? | Yes |\n\
             {CARD_AND_PRACTICE}"
        );
        let fixed = one_chapter().fix(&text).expect("fixes that come to rest").expect("a practice");
        let document = Document::parse(fixed.as_str(), handbook_book::Host::default());
        for (kind, inside, _) in blocks(&document, "practice") {
            assert_eq!(inside, usize::from(kind == "heading"), "{kind}: {fixed}");
        }
        let paragraphs = document.root.walk().filter_map(|node| match &node.kind {
            NodeKind::Paragraph { text } => Some(text.as_str()),
            _ => None,
        });
        let paragraphs: Vec<&str> = paragraphs.collect();
        assert!(paragraphs.contains(&"Last?"), "{fixed}");
        assert_eq!(paragraphs.last(), Some(&"The end."), "{fixed}");
    }
}

fn chapter() -> impl Strategy<Value = String> {
    let cells = prop::collection::vec(cell(), 16);
    (cells, 0..3_usize).prop_map(|(cells, options)| {
        let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = "# A\n\n".to_owned();
        for option in 0..options {
            let letter = char::from(b'A' + u8::try_from(option).expect("few"));
            text += &format!("## Option {letter}: {}\n\n", cells[option]);
            text += "| Step | Time | Space |\n|---|---|---|\n";
            text += &row(&cells[3 * option + 2..3 * option + 5]);
        }
        text += "## Choice\n\n| Case | Option |\n|---|---|\n";
        text += &(row(&cells[8..10]) + &row(&cells[10..12]));
        text += &format!("\n## Numbers\n\n- {}\n- **x:** {}\n", cells[12], cells[13]);
        text += &format!("\n## Say\n\n{}\n{}\n\n[r]: b.md\n\n[^1]: c\n", cells[14], cells[15]);
        text += "\n## Questions\n\n| Question | Points |\n|---|---|\n";
        text += &(row(&cells[4..6]) + &row(&cells[6..8]));
        text + CARD_AND_PRACTICE
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_cells_hold_a_card_that_was_written_down_is_fresh(text in chapter()) {
        let book = one_chapter();
        let Ok(Some(fixed)) = book.fix(&text) else { return Ok(()) };
        let stale = |text: &str| {
            let found = book.findings(text);
            found.into_iter().filter(|(rule, _)| *rule == "quickref/stale-card").count()
        };
        prop_assert_eq!(stale(&fixed), 0, "{}", fixed);
        let again = book.fix(&fixed).expect("fixes that come to rest");
        prop_assert_eq!(again, None);
        let document = Document::parse(fixed.as_str(), handbook_book::Host::default());
        for (kind, inside, outside) in blocks(&document, "practice") {
            let most = if kind == "heading" { 1 } else { outside };
            prop_assert!(inside <= most, "{}: {}", kind, fixed);
        }
    }
}

#[test]
fn bounds_and_parts_of_numbers_are_contradicted() {
    let contradictions = |card: &str| {
        let text = format!(
            "# A\n\n## Choice\n\n| Case | Option |\n|---|---|\n| < 10 ms | Ring |\n\
             | > 10 ms | Jump |\n| Cost | O(n^2) |\n\n## Card\n\n| Case | Option |\n|---|---|\n{card}"
        );
        let found = one_chapter().findings(&text);
        found.into_iter().filter(|(rule, _)| *rule == "quickref/contradicting-row").count()
    };
    assert_eq!(contradictions("| < 10 ms | Ring |\n| >10 ms | Jump |\n| Cost | O(n²) |\n"), 0);
    assert_eq!(contradictions("| < 10 ms | Jump |\n"), 1);
    assert_eq!(contradictions("| Cost | O(n) |\n"), 1);
}

/// What `fix` writes into the regions of a chapter: the card, and the practice without its script.
fn written(body: &str) -> (String, String) {
    let text = format!("# A\n\n{body}\n{CARD_AND_PRACTICE}");
    let fixed = one_chapter().fix(&text).expect("fixes that come to rest").expect("a card");
    let (_, regions) = fixed.split_once("<!-- handbook:card -->\n").expect("a card");
    let (card, practice) = regions.split_once("<!-- /handbook:card -->").expect("its end");
    let practice = practice.split_once("</style>").map_or("", |(_, practice)| practice);
    let practice = practice.split("<script>").next().unwrap_or_default();
    (card.to_owned(), practice.to_owned())
}

#[test]
fn answers_are_copied_whole_and_cards_say_what_they_leave_out() {
    let blocks = "One  \ntwo.\n\n2. First\n\n   again\n3. Second\n\n\
                  > ```text\n> let x = a[^1];\n> ```\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    let (card, practice) = written(&format!("## Say\n\n{blocks}\n"));
    assert!(practice.contains(&blocks.replace("  \n", "<br>")), "{practice}");
    assert!(!practice.contains('…'));
    assert!(card.contains("**[Say](#say)** […](#say)"), "{card}");
    assert!(card.contains("> One<br>two.\n>\n> 2. First<br>again\n> 3. Second\n"), "{card}");
    // Raw HTML may stay open, so it stays where it is.
    let (_, practice) = written("## Say\n\nOne.\n\n<div>\n\nTwo.\n");
    assert!(practice.contains("One.\n\nTwo.\n\n[…](#say)"), "{practice}");
}

#[test]
fn what_heads_a_part_of_an_answer_is_bold_text() {
    let blocks = "> One\n> # *Why* `a`?\n> | a |\n> |---|\n>\n> Two\n> ===\n> ---\n\n\
                  - # Why\n- # \n  text\n-\n  ## So\n\n  > 1.  **L:** x\n  >     # Deep";
    let (_, practice) = written(&format!("## Say\n\n{blocks}\n"));
    let document = Document::parse(practice.as_str(), handbook_book::Host::default());
    let kinds = || document.root.walk().map(|node| &node.kind);
    let count = |is_it: IsKind| kinds().filter(|kind| is_it(kind)).count();
    assert_eq!(count(|kind| matches!(kind, NodeKind::Heading(_))), 0, "{practice}");
    assert_eq!(count(|kind| matches!(kind, NodeKind::Section(_))), 1, "{practice}");
    assert_eq!(count(|kind| matches!(kind, NodeKind::Table(_))), 1, "{practice}");
    assert_eq!(count(|kind| *kind == NodeKind::Rule), 1, "{practice}");
    let paragraphs = kinds().filter_map(|kind| match kind {
        NodeKind::Paragraph { text } => Some(text.as_str()),
        _ => None,
    });
    let paragraphs: Vec<&str> = paragraphs.collect();
    assert_eq!(
        paragraphs,
        ["A", "One", "Why a?", "Two", "Why", "", "text", "So", "x", "Deep"],
        "{practice}"
    );
}

#[test]
fn costs_bear_no_name_of_one_option() {
    let table = "| Step | Time | Space |\n|---|---|---|\n| Join | 1 | 2 |\n";
    let (card, _) = written(&format!("## Option A: Ring\n\n{table}\n## Option B: Jump\n\n{table}"));
    assert!(card.starts_with("| | Step | Time | Space |"), "{card}");
}

#[test]
fn lists_become_rows_where_no_table_stands() {
    let (card, _) = written(
        "## Choice\n\n- Read this first\n\n| Case | Option |\n|---|---|\n| x | y |\n\n\
         ## Numbers\n\n- bare\n- **x:** 1\n- **y:**\n  - 2\n  - 3\n- - 4\n",
    );
    assert!(card.contains("| x | y |") && !card.contains("Read this"), "{card}");
    assert!(card.contains("- bare\n- x: 1\n- y: 2\n- y: 3\n- 4\n"), "{card}");
}

#[test]
fn a_list_of_questions_has_answers() {
    let body = "## Questions\n\n- **Why?** Because.\n- How?\n\n  So.\n\n  And so.\n- When?\n";
    let template = TEMPLATE
        .replace("| Question | Points |\n|----------|--------|\n| [a]      | [b]    |", "- [a]");
    assert_ne!(template, TEMPLATE);
    let mut book = one_chapter();
    book.files = Files([("t.md".into(), template)].into());
    let deck = flashcards(&book, &format!("# A\n\n{body}"));
    let sides: Vec<(&str, &str)> =
        deck.iter().map(|card| (card.front.as_str(), card.back.as_str())).collect();
    assert_eq!(sides, [("A: Why?", "Because."), ("A: How?", "So.<br>And so.")]);
    let fixed = book.fix(&format!("# A\n\n{body}{CARD_AND_PRACTICE}")).expect("fixes");
    let fixed = fixed.expect("a practice");
    assert!(fixed.contains("<summary>Questions</summary>\n\nSo.\n\nAnd so.\n\n</details>"));
    assert!(fixed.contains("<li>\n\nWhen?\n\n</li>"), "{fixed}");
}
