//! What chapters are to each other: the blocks that are built from it, and what is wrong with it.

use handbook_tests::in_process::WholeBook;
use handbook_tests::{Book, Host};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// A book of a hub with two chapters under it, and one beside them.
fn data() -> WholeBook {
    let summary = "[Start](start.md)\n\n- [Data](data.md)\n  - [Hashing](hashing.md)\n  \
                   - [Rings](sub/rings.md)\n- [Ends](ends.md)\n";
    WholeBook::new(summary)
        .file("book.toml", "[preprocessor.handbook.nav]\nplanned = [\"sub/PLAN.md\"]\n")
        .file("src/start.md", "# Start\n\nSee [data](data.md).\n\n{{#document-map}}\n\n{{#reading-paths}}\n")
        .file(
            "src/data.md",
            "# Data\n\n**Deep-Dives:** {{#deep-dives}}  \n\
             **Estimated study time:** 1 hour, {{#study-time}} with all\n\nText\n\n{{#navigation}}\n",
        )
        .file(
            "src/hashing.md",
            "# Hashing\n\n**Related:** [Ends](ends.md)  \n\
             **Estimated study time:** 45 minutes\n\nText\n\n{{#navigation}}\n",
        )
        .file(
            "src/sub/rings.md",
            "# Rings\n\n**Prerequisites:** [Hashing](../hashing.md), `PLAN.md`  \n\
             **Estimated study time:** 3–4 hours\n\n{{#navigation}}\n",
        )
        .file("src/ends.md", "# Ends\n\nText\n\n{{#navigation}}\n")
}

/// The page of a chapter of a book without faults.
fn page(book: &WholeBook, index: usize) -> String {
    let analysis = book.analyse();
    let findings: Vec<_> = analysis.findings.iter().map(|it| &it.finding.message).collect();
    assert!(findings.is_empty(), "{findings:?}");
    analysis.pages[index].clone().expect("a page that differs from the text")
}

#[test]
fn navigation_is_built_from_the_graph() {
    let book = data();
    let ends_with = |index, expected: &str| {
        let page = page(&book, index);
        assert!(page.ends_with(expected), "{page}");
    };
    ends_with(1, "\n\nText\n\n**Next Suggested:** [Hashing](hashing.md)\n");
    ends_with(
        2,
        "\n\nText\n\n**Parent:** [Data](data.md)  \n**Related:** [Ends](ends.md)  \n\
         **Next Suggested:** [Rings](sub/rings.md)\n",
    );
    ends_with(3, "\n\n**Parent:** [Data](../data.md)  \n**Next Suggested:** [Ends](../ends.md)\n");
    ends_with(4, "\n\nText\n\n**Related:** [Hashing](hashing.md)\n");
}

#[test]
fn a_hub_lists_its_chapters_and_adds_their_times() {
    let expected = "**Deep-Dives:** [Hashing](hashing.md), [Rings](sub/rings.md)  \n\
                    **Estimated study time:** 1 hour, 4 h 45 min – 5 h 45 min with all\n";
    assert!(page(&data(), 1).contains(expected), "{}", page(&data(), 1));
}

#[test]
fn the_map_has_a_row_and_a_box_for_each_document() {
    let expected = "# Start

See [data](data.md).

| Document | Parent | Prerequisites | Estimated study time |
| --- | --- | --- | --- |
| [Start](start.md) |  |  |  |
| [Data](data.md) |  |  | 1 h |
| [Hashing](hashing.md) | [Data](data.md) |  | 45 min |
| [Rings](sub/rings.md) | [Data](data.md) | [Hashing](hashing.md), Plan (planned) | 3–4 h |
| [Ends](ends.md) |  |  |  |
| Plan (planned) |  |  |  |

```mermaid
flowchart TD
    c0[\"Start\"]
    c1[\"Data\"]
    c2[\"Hashing\"]
    c3[\"Rings\"]
    c4[\"Ends\"]
    p0[\"Plan\"]:::planned
    c1 --> c2
    c1 --> c3
    c2 -.-> c3
    p0 -.-> c3
    click c0 \"start.html\"
    click c1 \"data.html\"
    click c2 \"hashing.html\"
    click c3 \"sub/rings.html\"
    click c4 \"ends.html\"
    classDef planned stroke-dasharray: 4
```

| Reading path | Estimated study time |
| --- | --- |
| [Hashing](hashing.md) (45 min) → Plan (planned) → [Rings](sub/rings.md) (3–4 h) | ≥ 3 h 45 min – 4 h 45 min |
";
    assert_eq!(page(&data(), 0), expected);
}

#[test]
fn a_chapter_outside_of_any_nesting_may_name_its_parent() {
    let book = WholeBook::new("- [A](a.md)\n- [B](b.md)\n")
        .file("src/a.md", "# A\n\n**Deep-Dives:** {{#deep-dives}}\n")
        .file("src/b.md", "# B\n\n**Parent:** [A](a.md)\n");
    assert_eq!(page(&book, 0), "# A\n\n**Deep-Dives:** [B](b.md)\n");
}

#[test]
fn what_is_planned_and_written_is_no_longer_planned() {
    let book = |planned: &str| {
        WholeBook::new("- [A](a.md)\n- [B](sub/b.md)\n")
            .file("book.toml", &format!("[preprocessor.handbook.nav]\nplanned = {planned}\n"))
            .file("src/a.md", "# A\n\n**Next Suggested:** `C.md`\n\n{{#document-map}}\n")
            .file("src/sub/b.md", "# B\n\n[a](../a.md)\n")
    };
    let plan = book("[\"./C.md\", \"sub/../C.md\"]");
    assert_eq!(page(&plan, 0).matches("C (planned)").count(), 1, "{}", page(&plan, 0));

    let analysis = book("[\"C.md\", \"./sub/b.md\", \"../c.md\", \"/c.md\", \"\"]").analyse();
    let messages: Vec<_> = analysis.findings.iter().map(|it| &*it.finding.message).collect();
    let due = [
        "`planned`: `./sub/b.md` is written",
        "`planned`: `../c.md` is no path below the source folder",
        "`planned`: `/c.md` is no path below the source folder",
        "`planned`: `` is no path below the source folder",
    ];
    assert_eq!(messages, due.map(str::to_owned));
    let map = analysis.pages[0].as_deref().unwrap();
    assert!(map.contains("| [B](sub/b.md) |\n| C (planned) |\n\n"), "{map}");
}

#[test]
fn labels_that_cannot_be_told_apart_are_found() {
    let book = WholeBook::new("- [A](a.md)\n").file("src/a.md", "# A\n").file(
        "book.toml",
        "[preprocessor.handbook.nav]\nparent = \"Up\"\nnext = \"up\"\nrelated = \" \"\n",
    );
    let analysis = book.analyse();
    let messages: Vec<_> = analysis.findings.iter().map(|it| &*it.finding.message).collect();
    assert_eq!(messages, ["`related` is empty", "`next` is the same label as `parent`"]);
}

#[test]
fn a_move_that_was_interrupted_is_found_by_the_preprocessor() {
    let book =
        WholeBook::new("- [A](a.md)\n").file("src/a.md", "# A\n").file(".handbook-mv.json", "{}");
    let rules: Vec<_> = book.findings().into_iter().map(|(_, rule, _)| rule).collect();
    assert_eq!(rules, ["nav/half-done-move"]);
}

#[test]
fn labels_are_the_books_own() {
    let book = WholeBook::new("- [A](a.md)\n  - [B](b.md)\n")
        .file("book.toml", "[preprocessor.handbook.nav]\nparent = \"Oben\"\nnext = \"Weiter\"\n")
        .file("src/a.md", "# A\n\n{{#navigation}}\n")
        .file("src/b.md", "# B\n\n**Oben:** [B](b.md)\n\n{{#navigation}}\n");
    let pages = book.analyse().pages;
    assert_eq!(pages[0].as_deref(), Some("# A\n\n**Weiter:** [B](b.md)\n"));
    assert_eq!(pages[1].as_deref(), Some("# B\n\n**Oben:** [B](b.md)\n\n**Oben:** [A](a.md)\n"));
    let rules: Vec<_> = book.findings().into_iter().map(|(_, rule, _)| rule).collect();
    assert_eq!(rules, ["nav/parent-without-list", "nav/wrong-parent"]);
}

#[test]
fn a_block_by_hand_is_never_touched() {
    let book = data().file(
        "src/ends.md",
        "# Ends\n\nText\n\n## Weiter\n\n**Parent:** none  \n**Related:** [Hashing](hashing.md)\n",
    );
    assert_eq!(book.findings(), []);
    assert_eq!(book.analyse().pages[4], None);
    assert_eq!(book.fixed().unwrap().0.0, book.0.0);
}

#[test]
fn a_region_is_rewritten_from_what_stands_outside() {
    let book = |region: &str| {
        let region =
            format!("<!-- handbook:navigation -->{region}\n<!-- /handbook:navigation -->\n");
        WholeBook::new("- [A](a.md)\n- [B](b.md)\n")
            .file("src/a.md", &format!("# A\n\n{region}"))
            .file("src/b.md", &format!("# B\n\n{region}"))
    };
    let stale = book("\n**Parent:** [B](b.md)  \n**Next Suggested:** none");
    assert_eq!(
        stale.findings().iter().map(|(file, rule, _)| (&**file, *rule)).collect::<Vec<_>>(),
        [("a.md", "nav/stale-block"), ("b.md", "nav/stale-block")]
    );
    let fixed = stale.fixed().expect("fixing comes to rest");
    let text = |path: &str| fixed.0.0[Path::new(path)].clone();
    let region =
        |body: &str| format!("<!-- handbook:navigation -->\n{body}<!-- /handbook:navigation -->\n");
    assert_eq!(text("src/a.md"), format!("# A\n\n{}", region("**Next Suggested:** [B](b.md)\n")));
    assert!(!text("src/b.md").contains("**"), "{}", text("src/b.md"));
    assert_eq!(fixed.findings(), []);
}

#[test]
fn a_circle_is_shown_with_each_place() {
    let book = WholeBook::new("- [A](a.md)\n- [B](b.md)\n- [C](c.md)\n")
        .file("src/a.md", "# A\n\n**Prerequisites:** [C](c.md)\n")
        .file("src/b.md", "# B\n\n**Prerequisites:** [A](a.md)\n")
        .file("src/c.md", "# C\n\n**Prerequisites:** [B](b.md), [A](a.md)\n");
    let analysis = book.analyse();
    let messages: Vec<_> = analysis.findings.iter().map(|it| &*it.finding.message).collect();
    assert_eq!(messages, ["\"Prerequisites\" leads in a circle: `a.md` → `c.md` → `a.md`"]);
    let related = &analysis.findings[0].related;
    assert_eq!(related.len(), 1);
    assert!(related[0].1.ends_with("c.md") && related[0].2 == 3, "{related:?}");
}

/// A book of which each chapter stands under the one before it or, by `tops`, at the top, in three
/// levels at most, and asks for one before it.
fn generated(tops: &[bool], needs: &[usize], related: &[(usize, usize)]) -> WholeBook {
    let count = tops.len();
    let mut depth = vec![0; count];
    for index in 1..count {
        let is_under = !tops[index] && depth[index - 1] < 2;
        depth[index] = if is_under { depth[index - 1] + 1 } else { 0 };
    }
    let mut names = vec![BTreeSet::new(); count];
    for (one, other) in related {
        let (one, other) = (one % count, other % count);
        if one != other {
            names[one].insert(other);
            names[other].insert(one);
        }
    }
    let mut summary = String::new();
    for (index, depth) in depth.iter().enumerate() {
        let _ = writeln!(summary, "{}- [Title {index}](c{index}.md)", "  ".repeat(*depth));
    }
    let region = |name: &str| format!("<!-- handbook:{name} -->\n<!-- /handbook:{name} -->\n\n");
    let mut book = WholeBook::new(&summary);
    for index in 0..count {
        let mut text = format!("# Title {index}\n\n");
        if index > 0 {
            let first = needs[index] % index;
            let _ = writeln!(text, "**Prerequisites:** [first](c{first}.md)\n");
        }
        if depth.get(index + 1).is_some_and(|below| *below > depth[index]) {
            text += &format!("**Deep-Dives:**\n\n{}", region("deep-dives"));
        }
        if !names[index].is_empty() {
            let links: Vec<String> =
                names[index].iter().map(|to| format!("[x](c{to}.md)")).collect();
            let _ = writeln!(text, "**Related:** {}\n", links.join(", "));
        }
        let _ = writeln!(text, "**Estimated study time:** {} minutes\n", index + 1);
        text += "## Text\n\nText\n\n";
        let of_book: &[&str] = if index == 0 { &["document-map", "reading-paths"] } else { &[] };
        for name in of_book.iter().chain(&["study-time", "navigation"]) {
            text += &region(name);
        }
        book = book.file(&format!("src/c{index}.md"), &text);
    }
    book
}

/// A fault planted in two chapters at a book's end.
#[derive(Clone, Copy, Debug)]
struct Fault {
    rule: &'static str,
    /// The chapter in which it is found.
    found_in: &'static str,
    /// Whether SUMMARY nests the second under the first.
    is_nested: bool,
    first: &'static str,
    second: &'static str,
}

const fn fault(
    rule: &'static str,
    found_in: &'static str,
    is_nested: bool,
    first: &'static str,
    second: &'static str,
) -> Fault {
    Fault { rule, found_in, is_nested, first, second }
}

const FAULTS: [Fault; 13] = [
    fault("nav/wrong-parent", "second.md", true, HUB, "**Parent:** [x](c0.md)"),
    fault("nav/parent-without-list", "second.md", true, "Text", "**Parent:** [x](first.md)"),
    fault("nav/missing-child", "first.md", true, "**Deep-Dives:** none", "Text"),
    fault("nav/strange-child", "first.md", false, "**Deep-Dives:** `second.md`", "Text"),
    fault("nav/one-sided-relation", "second.md", false, "Text", "**Related:** [x](first.md)"),
    fault(
        "nav/one-sided-relation",
        "first.md",
        false,
        "**Related:** [x](second.html)",
        "**Related:** no",
    ),
    fault(
        "nav/cycle",
        "first.md",
        false,
        "**Prerequisites:** [x](second.md)",
        "**Prerequisites:** [x](first.md)",
    ),
    fault(
        "nav/cycle",
        "first.md",
        false,
        "**Next Suggested:** [x](second.md)",
        "**Next Suggested:** [x](first.md)",
    ),
    fault("nav/cycle", "second.md", false, "Text", "**Prerequisites:** [x](#second)"),
    fault("nav/late-prerequisite", "first.md", false, "**Prerequisites:** [x](second.md)", "Text"),
    fault("nav/unknown-document", "second.md", false, "Text", "**Related:** `frist.md`"),
    fault(
        "nav/contradicting-fields",
        "second.md",
        false,
        "Text",
        "**Next Suggested:** [x](first.md)\n\n## N\n\n**Next Suggested:** none",
    ),
    fault("nav/orphan", "second.md", false, "Text", "**Prerequisites:** sums"),
];

const HUB: &str = "**Deep-Dives:** {{#deep-dives}}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_built_is_clean_under_its_own_rules(
        tops in prop::collection::vec(any::<bool>(), 1..12),
        needs in prop::collection::vec(0usize..99, 12),
        related in prop::collection::vec((0usize..12, 0usize..12), 0..6),
    ) {
        let book = generated(&tops, &needs, &related);
        let fixed = book.fixed().expect("fixing comes to rest");
        prop_assert_eq!(fixed.findings(), []);
        prop_assert_eq!(&fixed.fixed().expect("rest").0.0, &fixed.0.0);
    }

    #[test]
    fn a_planted_fault_is_the_only_finding(
        tops in prop::collection::vec(any::<bool>(), 1..9),
        needs in prop::collection::vec(0usize..99, 12),
        fault in prop::sample::select(FAULTS.to_vec()),
    ) {
        let book = generated(&tops, &needs, &[]);
        let mut summary = book.0.0[Path::new("src/SUMMARY.md")].clone();
        let indent = if fault.is_nested { "  " } else { "" };
        let _ = write!(summary, "- [First](first.md)\n{indent}- [Second](second.md)\n");
        let leads = if fault.rule == "nav/orphan" { "first" } else { "second" };
        let start = format!("Text, [first](first.md), [{leads}]({leads}.md)");
        let start = book.0.0[Path::new("src/c0.md")].replacen("Text\n\n<", &format!("{start}\n\n<"), 1);
        let book = book
            .file("src/SUMMARY.md", &summary)
            .file("src/c0.md", &start)
            .file("src/first.md", &format!("# First\n\n{}\n", fault.first))
            .file("src/second.md", &format!("# Second\n\n{}\n", fault.second));
        let found = book.fixed().expect("fixing comes to rest").findings();
        let found: Vec<_> = found.iter().map(|(file, rule, _)| (&**file, *rule)).collect();
        prop_assert_eq!(found, [(fault.found_in, fault.rule)]);
    }

    #[test]
    fn nothing_in_fields_panics(text in "[\\PC\n`*\\[\\](){}#:.md-]{0,200}", label in 0usize..6) {
        let label = ["Parent", "Related", "Prerequisites", "Deep-Dives", "Next Suggested", "Estimated study time"][label];
        let book = WholeBook::new("- [`A`](a.md)\n")
            .file("src/a.md", &format!("# A\n\n**{label}:** {text}\n\n{{{{#navigation}}}}\n\n{{{{#document-map}}}}\n"));
        book.analyse();
        let _ = book.fixed();
    }
}

#[test]
fn a_thousand_chapters_take_no_time() {
    let time = |count: usize| {
        let tops: Vec<bool> = (0..count).map(|index| index % 3 == 0).collect();
        let needs: Vec<usize> = (0..count).map(|index| index * 5 + 1).collect();
        let related: Vec<(usize, usize)> = (0..count).map(|index| (index, index * 7 + 1)).collect();
        let book = generated(&tops, &needs, &related);
        let start = Instant::now();
        book.analyse();
        start.elapsed()
    };
    let (few, many) = (time(250), time(1000));
    assert!(many < few * 12 + Duration::from_millis(500), "250: {few:?}, 1000: {many:?}");
}

#[test]
fn what_has_changed_since_a_review_is_suspect_and_fails_nothing() {
    let book = Book::new()
        .chapter("a.md", "# A\n\nSee [b](b.md).\n\n<!-- handbook:navigation -->\n<!-- /handbook:navigation -->\n")
        .chapter("b.md", "# B\n\n**Prerequisites:** [A](a.md)\n");
    let reviewed = book.handbook(["review", "src/b.md", "--date", "2026-03-01"]);
    assert_eq!(reviewed.code, Some(0), "{}", reviewed.stderr);
    let file = book.read("handbook-review.toml");
    assert!(file.contains("chapter = \"b.md\"\ndate = 2026-03-01\n"), "{file}");

    // What is built makes no suspect.
    assert_eq!(book.handbook(["fix"]).code, Some(0));
    assert!(book.read("src/a.md").contains("**Next Suggested:** [b.md](b.md)"));
    assert!(book.handbook(["review"]).stdout.contains("no reviewed chapter"));

    book.write("src/a.md", book.read("src/a.md").replace("See", "See also"));
    let checked = book.handbook(["check", "--deny", "warnings", "--verbose"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let message = "`a.md` has changed since this chapter was reviewed on 2026-03-01";
    assert!(checked.stderr.contains(message), "{}", checked.stderr);
    assert!(book.handbook(["review"]).stderr.contains(message));

    assert_eq!(book.handbook(["review", "src/b.md"]).code, Some(0));
    assert!(book.handbook(["review"]).stdout.contains("no reviewed chapter"));

    let reviews = book.read("handbook-review.toml").replace("\"b.md\"", "\"gone.md\"");
    book.write("handbook-review.toml", reviews);
    let listed = book.handbook(["review"]);
    assert!(listed.stdout.contains("`gone.md` is no chapter"), "{listed}");
    let checked = book.handbook(["check", "--no-run", "--format", "json"]);
    assert_eq!(checked.places(), ["warning nav/unknown-review handbook-review.toml:5:11"]);

    book.write("handbook-review.toml", "[[review]]\nchapter = 1\n");
    let broken = book.handbook(["check"]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.stderr.contains("nav/broken-reviews"), "{}", broken.stderr);
}

#[test]
fn both_front_ends_know_what_is_nested() {
    let book = Book::new()
        .summary("# Summary\n\n- [Draft]()\n  - [A](a.md)\n    - [Draft]()\n      - [B](b.md)\n\n# Part\n\n- [C](c.md)\n")
        .file("src/a.md", "# A\n\n{{#navigation}}\n")
        .file("src/b.md", "# B\n\n{{#navigation}}\n")
        .file("src/c.md", "# C\n\n{{#navigation}}\n");
    for host in Host::ALL {
        let rendered = host.build(&book).ok();
        let parents =
            |page: &str| rendered.select(page, "main strong").join(" ").contains("Parent");
        assert_eq!(["a.html", "b.html", "c.html"].map(parents), [false, true, false]);
        let links = rendered.attributes("b.html", "main p a", "href");
        assert_eq!(links, ["a.html", "c.html"]);
    }
}

#[test]
fn a_hub_lists_and_tables_the_same_chapters() {
    let kinds = "[preprocessor.handbook.adr.kinds.hub]\ntemplate = \"hub.md\"\n\
                 chapters = [\"data.md\"]\n\n[preprocessor.handbook.adr.kinds.dive]\n\
                 template = \"dive.md\"\nchapters = [\"*s.md\"]\n";
    let template = "# [Topic]\n\n## Short <!-- ? derive hub-table -->\n\n\
                    | A | B | C | D |\n|---|---|---|---|\n";
    let hub =
        |list: &str| format!("# Data\n\n{list}\n\nRead [pages](pages.md), too.\n\n## Short\n");
    let dive = |name: &str, more: &str| format!("# {name}\n\n{more}\n\n## Say\n\nOf {name}.\n");
    // What stands under the hub says so itself; what the hub links, stands elsewhere.
    let book = WholeBook::new("- [Data](data.md)\n- [Rings](rings.md)\n- [Pages](pages.md)\n")
        .file("book.toml", kinds)
        .file("hub.md", template)
        .file("dive.md", "# [Topic]\n\n## Say\n\n<!-- ? card answer -->\n[Words]\n")
        .file("src/data.md", &hub("**Deep-Dives:** {{#deep-dives}}"))
        .file("src/rings.md", &dive("Rings", "**Parent:** [Data](data.md)"))
        .file("src/pages.md", &dive("Pages", "Words"));
    let linked = |text: &str| {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        links.map(str::to_owned).collect::<Vec<_>>()
    };
    let parts = |book: &WholeBook| {
        let page = page(book, 0);
        let (list, rest) = page.split_once("Read [pages]").expect("the hub's own words");
        (linked(list), linked(rest.split_once("## Short").expect("the table").1))
    };
    let rings = vec!["rings.md".to_owned()];
    assert_eq!(parts(&book), (rings.clone(), rings));
    // Where nothing stands under it, what it links.
    let book =
        book.file("src/data.md", &hub("Words")).file("src/rings.md", &dive("Rings", "Words"));
    assert_eq!(parts(&book), (Vec::new(), vec!["pages.md".to_owned()]));
}

#[test]
fn a_title_is_the_first_heading_of_the_first_level() {
    let book = data();
    let hashing = "## Before\n\nWords\n\n# Hashing\n\n**Related:** [Ends](ends.md)  \n\
                   **Estimated study time:** 2 hours\n\nText\n\n{{#navigation}}\n";
    let timed = |text: &str| {
        let book = book.clone().file("src/hashing.md", text).file(
            "src/data.md",
            "# Data\n\n**Deep-Dives:**\n\n{{#deep-dives}}\n\nText\n\n{{#navigation}}\n",
        );
        page(&book, 1).contains("[Hashing](hashing.md) (2 h)")
    };
    assert!(timed(hashing));
    // Without one, the first heading is.
    assert!(timed(
        &hashing.replace("# Hashing", "## Hashing").replace("## Before\n\nWords\n\n", "")
    ));
}
