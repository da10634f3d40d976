//! Cards of what chapters state: in the chapter, in its hub's table, on the sheet, for practice, and
//! in a deck; on a hub and five chapters, one of them without tables, one in another language.

use handbook_book::{Document, Node, NodeKind};
use handbook_tests::in_process::{Files, OneChapter};
use handbook_tests::{Book, Host, Rendered};
use mdbook_quickref::{Deck, Flashcard};
use proptest::prelude::*;
use std::path::Path;

/// The book in `fixtures/cards`.
fn book() -> Book {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cards");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).expect("a fixture");
    let mut book = Book::new().config(&read("book.toml")).summary(&read("src/SUMMARY.md"));
    for path in [
        "templates/dive.md",
        "templates/hub.md",
        "templates/kapitel.md",
        "src/storage.md",
        "src/topics/consensus.md",
        "src/topics/caching.md",
        "src/topics/sharding.md",
        "src/topics/warteschlangen.md",
        "src/topics/bare.md",
        "src/sheet.md",
        "src/practice.md",
    ] {
        book = book.file(path, read(path));
    }
    book
}

const CONSENSUS: &str = "src/topics/consensus.md";

fn built(book: &Book) -> Rendered {
    let output = book.handbook(["fix"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let output = book.handbook(["build", "--no-run", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    Rendered::at(book.root().join("book"))
}

/// The cards of a deck.
fn deck(book: &Book) -> Vec<serde_json::Value> {
    let output = book.handbook(["cards", "--format", "json"]);
    let deck: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    deck["cards"].as_array().expect("a list").clone()
}

/// What a chapter's page shows from its card on.
fn card(pages: &Rendered, page: &str) -> String {
    let text = pages.text(page);
    let start = text.find("id=\"card\"").or(text.find("id=\"karte\"")).expect("a card");
    text[start..].split("</main>").next().expect("the page's text").to_owned()
}

/// Wherever the chapter on consensus is spoken of in short.
fn everywhere(book: &Book) -> Vec<(&'static str, String)> {
    let pages = built(book);
    vec![
        ("card", card(&pages, "topics/consensus.html")),
        ("hub", pages.text("storage.html")),
        ("sheet", pages.text("sheet.html")),
        ("deck", book.handbook(["cards"]).stdout),
    ]
}

#[test]
fn what_changes_in_a_chapter_changes_everywhere() {
    let row = "| A library that speaks Paxos | Option B: Multi-Paxos | It is there |\n";
    for (from, to, old, new) in [
        (row, "", "A library that speaks Paxos", "A new log, one team"),
        ("| Append | O(n) | O(1) |", "| Append | O(f) | O(1) |", "(never)", "O(f)"),
        ("Raft", "Zab", "Raft", "Zab"),
    ] {
        let book = book();
        let before = everywhere(&book);
        let text = book.read(CONSENSUS);
        assert!(text.contains(from));
        book.write(CONSENSUS, text.replace(from, to));
        let after = everywhere(&book);
        for ((place, before), (_, after)) in before.iter().zip(&after) {
            assert_ne!(before, after, "{place}: {old} → {new}");
            assert!(!after.contains(old) && after.contains(new), "{place}: {old} → {new}");
        }
    }
}

#[test]
fn ids_survive_edits_of_answers() {
    let book = book();
    let ids = |book: &Book| {
        let ids = deck(book).into_iter().map(|card| card["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let before = ids(&book);
    assert!(before.contains(&"topics/consensus.md#questions/who-reads".to_owned()), "{before:?}");
    let distinct: std::collections::BTreeSet<_> = before.iter().collect();
    assert_eq!(distinct.len(), before.len());
    let text = book.read(CONSENSUS);
    let text = text.replace("The leader, under a lease", "Anybody, if it may be old");
    let text = text.replace("\"Who reads?\"", "Who  *reads*?").replace("O(log n)", "O(1)");
    book.write(CONSENSUS, text);
    assert_eq!(ids(&book), before);
    assert!(deck(&book).iter().any(|card| card["back"].as_str().unwrap().contains("Anybody")));
}

#[test]
fn cards_that_ask_the_same_have_ids_of_their_own() {
    let book = book();
    let text = book.read(CONSENSUS).replace("\"Why an odd number?\"", "\"Who reads?\"");
    book.write(CONSENSUS, text);
    let ids: Vec<_> = deck(&book).iter().map(|card| card["id"].to_string()).collect();
    for id in ["questions/who-reads\"", "questions/who-reads-2\""] {
        assert_eq!(ids.iter().filter(|found| found.ends_with(id)).count(), 1, "{ids:?}");
    }
}

/// The fields of a line as Anki's import reads them.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let (mut quoted, mut chars) = (false, line.chars().peekable());
    while let Some(ch) = chars.next() {
        match ch {
            '"' if quoted && chars.peek() == Some(&'"') => {
                fields.last_mut().unwrap().push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            '\t' if !quoted => fields.push(String::new()),
            ch => fields.last_mut().unwrap().push(ch),
        }
    }
    assert!(!quoted, "{line}");
    fields
}

#[test]
fn a_deck_is_a_file_that_anki_imports() {
    let book = book();
    let file = book.root().join("deck.txt");
    let output = book.handbook(["cards", "--out", file.to_str().unwrap()]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "{}", output.stderr);
    let text = book.read("deck.txt");
    let (headers, notes): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with('#'));
    assert_eq!(
        headers,
        [
            "#separator:tab",
            "#html:true",
            "#guid column:1",
            "#notetype:Basic",
            "#deck:Storage in \"Short\"",
            "#tags column:4"
        ]
    );
    assert_eq!(notes.len(), deck(&book).len());
    for note in &notes {
        let fields = fields(note);
        let [_, front, back, tags] = fields.as_slice() else { panic!("{fields:?}") };
        assert!(!front.is_empty() && !tags.contains(' '), "{note}");
        assert!(tags.starts_with("storage::topics-"), "{tags}");
        assert!(back.contains("<a href=\"https://example.org/storage/topics/"), "{back}");
    }
    let shown = |front: &str| notes.iter().find(|note| note.contains(front)).expect("a note");
    // Tables, links and code become HTML; citations stay behind.
    assert!(shown("Few keys, many reads").contains("<code>a|b</code>"));
    let linked = "<a href=\"https://example.org/storage/topics/sharding.html#decision\">";
    assert!(fields(shown("Who reads"))[2].contains(linked));
    assert!(fields(shown("Message delays"))[2].starts_with("2<br>"));
}

#[test]
fn chapters_without_tables_have_no_cards_and_no_language_is_known() {
    let book = book();
    let pages = built(&book);
    assert!(!card(&pages, "topics/bare.html").contains("<table"));
    assert!(!pages.text("sheet.html").contains(">Bare</a></h"));
    let queues = card(&pages, "topics/warteschlangen.html");
    for word in ["Entscheidung", "Lage", "Reihenfolge ist gleichgültig", "Schritt", "O(1)"] {
        assert!(queues.contains(word), "{word}");
    }
    let asked = deck(&book).into_iter().filter(|card| card["topic"] == "Warteschlangen");
    let fronts: Vec<String> = asked.map(|card| card["front"].to_string()).collect();
    assert_eq!(fronts.len(), 3, "{fronts:?}");
    assert!(fronts[0].contains("nichts mehr hineinpaßt"), "{fronts:?}");
}

#[test]
fn the_practice_is_a_list_whose_links_lead_where_they_led() {
    let book = book();
    built(&book);
    for host in Host::ALL {
        let pages = host.build(&book).ok();
        let questions = pages.select("practice.html", "ol.handbook-practice > li > p");
        let asked = "How do machines that fail agree on one log?".to_owned();
        assert!(questions.contains(&asked), "{host:?}: {questions:?}");
        let answers = pages.select("practice.html", "ol.handbook-practice > li > details");
        assert_eq!(answers.len(), 11, "{host:?}");
        let links = pages.attributes("practice.html", "details a", "href");
        assert_eq!(links, ["topics/sharding.html#decision"], "{host:?}");
        assert!(!pages.text("practice.html").contains("ongaro2014"));
        assert_eq!(pages.select("sheet.html", ".handbook-sheet > .handbook-card").len(), 4);
    }
}

#[test]
fn a_region_goes_stale_and_is_written_anew() {
    let book = book();
    let rules = |book: &Book| {
        let found = book.handbook(["check", "--no-run", "--format", "json"]).findings();
        found.iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rules(&book), ["quickref/stale-card"]);
    built(&book);
    assert!(rules(&book).is_empty());
    let caching = "src/topics/caching.md";
    let text = book.read(caching);
    assert!(text.contains("| [Least recently used](#option-a-least-recently-used) | Get | O(1) |"));
    book.write(caching, text.replacen("| 5 ms", "| 6 ms", 1).replace("miss:** 5", "miss:** 6"));
    assert_eq!(rules(&book), ["quickref/stale-card"]);
}

#[test]
fn a_book_without_templates_has_no_cards() {
    let book =
        Book::new().chapter("a.md", "# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{{#sheet}}\n");
    let output = book.handbook(["check", "--no-run", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(deck(&book).is_empty());
    let foreign = Book::foreign().chapter("a.md", "# A\n\n{{#card of trumps}}\n");
    let output = foreign.handbook(["check", "--no-run", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

const TEMPLATE: &str = "\
# [Topic]

## Option A: [Name] <!-- ? repeat 1.., define option, optional -->

<!-- ? card costs -->
| Step | Time | Space |
|------|------|-------|
| [a]  | [b]  | [c]   |

## Choice <!-- ? optional -->

<!-- ? card decisions Option -->
| Case | Option |
|------|--------|
| [a]  | [b]    |

## Numbers <!-- ? optional, card numbers -->

[Numbers]

## Say <!-- ? optional, card answer -->

[Words]

## Questions <!-- ? optional -->

<!-- ? card questions -->
| Question | Points |
|----------|--------|
| [a]      | [b]    |

## Card <!-- ? derive card -->
";

fn one_chapter() -> OneChapter {
    let config = "[preprocessor.handbook]\ncommand = \"x\"\n\
                  [preprocessor.handbook.adr.kinds.chapter]\n\
                  template = \"t.md\"\nchapters = [\"*.md\"]\n";
    let files = Files([("t.md".into(), TEMPLATE.to_owned())].into());
    OneChapter { config: config.to_owned(), files }
}

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

/// The deck of one chapter.
fn flashcards(text: &str) -> Vec<Flashcard> {
    let analysis = one_chapter().analyse(text);
    analysis.facts.get::<Deck>().expect("a deck").0.clone()
}

#[test]
fn every_id_is_its_own_and_stays() {
    let choice = |rows: &str| {
        let text = format!("# A\n\n## Choice\n\n| Case | Option |\n|---|---|\n{rows}");
        flashcards(&text).into_iter().map(|card| card.id).collect::<Vec<_>>()
    };
    let id = |key: &str| format!("chapter.md#decisions/{key}");
    let ids = choice("| Foo | a |\n| Foo | b |\n| Foo 2 | c |\n");
    assert_eq!(ids, [id("foo"), id("foo-3"), id("foo-2")]);
    assert_eq!(choice("| < 10 ms | a |\n| > 10 ms | b |\n"), [id("<-10-ms"), id(">-10-ms")]);
    // A row that asks nothing is no card.
    assert_eq!(choice("|  | a |\n| <!-- x --> | a |\n"), [""; 0]);
    let option = |number: &str| {
        let text = format!(
            "# A\n\n## Option A: {number}Ring\n\n| Step | Time | Space |\n|---|---|---|\n\
             | Join | 1 | 2 |\n"
        );
        flashcards(&text).remove(0)
    };
    assert_eq!(option("2. ").id, option("3. ").id);
    assert!(option("2. ").front.starts_with("A: Ring: Join"), "{}", option("2. ").front);
}

#[test]
fn notes_of_two_books_are_told_apart() {
    let deck = Deck(flashcards("# A\n\n## Choice\n\n| Case | Option |\n|---|---|\n| x | y |\n"));
    assert!(deck.anki("One Book").contains("\none-book/chapter.md#decisions/x\t"));
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
    let deck = book.analyse(&format!("# A\n\n{body}"));
    let deck = &deck.facts.get::<Deck>().expect("a deck").0;
    let sides: Vec<(&str, &str)> =
        deck.iter().map(|card| (card.front.as_str(), card.back.as_str())).collect();
    assert_eq!(sides, [("A: Why?", "Because."), ("A: How?", "So.<br>And so.")]);
    let fixed = book.fix(&format!("# A\n\n{body}{CARD_AND_PRACTICE}")).expect("fixes");
    let fixed = fixed.expect("a practice");
    assert!(fixed.contains("<summary>Questions</summary>\n\nSo.\n\nAnd so.\n\n</details>"));
    assert!(fixed.contains("<li>\n\nWhen?\n\n</li>"), "{fixed}");
}

#[test]
fn a_deck_stays_as_it_was_if_something_is_wrong_with_the_book() {
    let book = book();
    book.write("deck.txt", "yesterday's");
    let config = book.read("book.toml");
    let refused = |what: &str| {
        let output = book.handbook(["cards", "--out", "deck.txt"]);
        assert_eq!(output.code, Some(1), "{what}: {}", output.stderr);
        assert!(output.stderr.contains("no cards were written"), "{what}: {}", output.stderr);
        assert_eq!(book.read("deck.txt"), "yesterday's", "{what}");
    };
    book.write("book.toml", config.replace("templates/dive.md", "templates/drive.md"));
    refused("a template that is not there");
    book.write("book.toml", config.replace("timers =", "rows = 0\ntimers ="));
    refused("a setting that makes no sense");
    book.write("book.toml", config);
    let summary = book.read("src/SUMMARY.md");
    book.write("src/SUMMARY.md", summary.replace("topics/caching.md", "topics/cashing.md"));
    refused("a chapter that is not there");
    book.write("src/SUMMARY.md", summary);
    let output = book.handbook(["cards", "--out", "deck.txt"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_ne!(book.read("deck.txt"), "yesterday's");
}

#[test]
fn the_sheet_puts_a_chapter_where_summary_does() {
    let book = book();
    let summary = book.read("src/SUMMARY.md");
    let other = book.read("src/storage.md").replace("# Storage", "# Other");
    book.write("src/other.md", other);
    book.write(
        "src/SUMMARY.md",
        summary.replace("- [Storage]", "- [Other](other.md)\n- [Storage]"),
    );
    book.handbook(["fix"]);
    let output = book.handbook(["build", "--no-run"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let pages = Rendered::at(book.root().join("book"));
    let hubs = pages.select("sheet.html", ".handbook-sheet > h2");
    assert_eq!(hubs, ["Storage"]);
}
