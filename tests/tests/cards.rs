//! Cards of what chapters state: in the chapter, in its hub's table, on the sheet, for practice, and
//! in a deck; on a hub and five chapters, one of them without tables, one in another language.

use handbook_tests::cards::{book, deck};
use handbook_tests::{Book, Host, Rendered};

const CONSENSUS: &str = "src/topics/consensus.md";

fn built(book: &Book) -> Rendered {
    let output = book.handbook(["fix"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let output = book.handbook(["build", "--no-run", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    Rendered::at(book.root().join("book"))
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
fn links_to_a_readme_lead_to_its_page() {
    let book = book();
    let named = |book: Book, path: &str, from: &str, to: &str| {
        let text = book.read(path);
        assert!(text.contains(from), "{path}");
        let text = text.replace(from, to);
        book.file(path, text)
    };
    let readme = book.read("src/topics/sharding.md");
    let book = book.file("src/topics/README.md", readme);
    let book = named(book, "src/SUMMARY.md", "topics/sharding.md", "topics/README.md");
    let book = named(book, "src/storage.md", "topics/sharding.md", "topics/index.md");
    let book = named(book, CONSENSUS, "sharding.md#", "index.md#");
    let region = "<!-- handbook:sheet -->\n<!-- /handbook:sheet -->";
    let book = named(book, "src/sheet.md", "{{#sheet}}", region);
    built(&book);
    assert!(book.read("src/sheet.md").contains("[Sharding](topics/README.md)"));
    for host in Host::ALL {
        let pages = host.build(&book).ok();
        for (page, way) in [
            ("sheet.html", "topics/index.html"),
            ("practice.html", "topics/index.html"),
            ("storage.html", "topics/index.html"),
            ("topics/index.html", "#decision"),
            ("topics/consensus.html", "index.html#decision"),
        ] {
            let links = pages.attributes(page, "main a", "href");
            assert!(links.iter().any(|link| link == way), "{host:?}, {page}: {links:?}");
            assert!(!links.iter().any(|link| link.contains("README")), "{page}: {links:?}");
        }
    }
    let urls = deck(&book).into_iter().map(|card| card["url"].to_string());
    let urls: Vec<String> = urls.filter(|url| url.contains("topics/index.html#")).collect();
    assert!(!urls.is_empty());
}

#[test]
fn a_printed_sheet_shows_as_many_rows_as_the_book_says() {
    let book = book();
    let hidden = |number: usize| format!("tbody tr:nth-child(n + {number})");
    assert!(built(&book).text("sheet.html").contains(&hidden(4)));
    let config = book.read("book.toml");
    book.write("book.toml", config.replace("timers =", "printed-rows = 5\ntimers ="));
    let sheet = built(&book).text("sheet.html");
    assert!(sheet.contains(&hidden(6)) && !sheet.contains(&hidden(4)), "{sheet}");
    book.write("book.toml", config.replace("timers =", "printed-rows = 0\ntimers ="));
    let output = book.handbook(["check", "--no-run"]);
    assert!(output.stderr.contains("`printed-rows`: of a table without rows"), "{output}");
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
