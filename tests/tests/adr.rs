//! Chapters held to templates, as an author meets it: kinds, what pages show, what `fix` inserts.

use handbook_tests::in_process::{Files, OneChapter};
use handbook_tests::{Book, Host};
use proptest::prelude::*;

const CONFIG: &str = "\
[book]
title = \"Test\"

[preprocessor.handbook]
command = \"$HANDBOOK\"
before = [\"links\"]

[preprocessor.handbook.adr.kinds.deep-dive]
template = \"templates/deep-dive.md\"

[preprocessor.handbook.adr.kinds.note]
template = \"templates/note.md\"
chapters = [\"notes/*.md\"]
";

const DEEP_DIVE: &str = "\
# [Topic] — Deep Dive

**Time:** [How long]

## Options

### Option A: [Name] <!-- ? repeat 2.., define option -->

**Trade-offs:**

<!-- ? filled -->
| Advantage | Disadvantage |
|-----------|--------------|
| [Pro]     | [Con]        |

### Option B: [Name]

[The same]

## Failures

[What goes wrong]
";

const NOTE: &str = "# [Title]\n\n## Context\n\n[Why]\n";

fn book() -> Book {
    Book::new()
        .config(CONFIG)
        .file("templates/deep-dive.md", DEEP_DIVE)
        .file("templates/note.md", NOTE)
}

/// The findings in short: rule, file, line.
fn places(book: &Book) -> Vec<String> {
    let short = |place: &String| {
        let place = place.split_once(' ').map_or("", |(_, place)| place);
        place.rsplit_once(':').map_or(place, |(place, _)| place).replace("src/", "")
    };
    book.handbook(["check", "--format", "json"]).places().iter().map(short).collect()
}

#[test]
fn a_chapter_is_of_the_kind_that_it_or_the_book_says() {
    let book = book()
        .chapter("title.md", "# Rings — deep dive\n")
        .chapter("notes/path.md", "# Anything\n")
        .chapter("front.md", "---\nkind: note\ntags: [a, b]\n---\n\n# Anything\n")
        .chapter("notes/both.md", "---\nkind: deep-dive\n---\n# Rings — Deep Dive\n")
        .chapter("none.md", "# Of no kind\n")
        .chapter("deep.md", "Words\n\n## Rings — deep dive\n")
        .chapter("wrong.md", "---\nkind: nte\n---\n# A note\n")
        .chapter("broken.md", "---\nkind: [\n---\n# A note\n");
    assert_eq!(
        places(&book),
        [
            "adr/missing-part title.md:1",
            "adr/missing-part title.md:1",
            "adr/missing-part title.md:1",
            "adr/missing-part notes/path.md:1",
            "adr/missing-part front.md:6",
            "adr/missing-part notes/both.md:4",
            "adr/missing-part notes/both.md:4",
            "adr/missing-part notes/both.md:4",
            "adr/missing-part deep.md:1",
            "adr/missing-part deep.md:1",
            "adr/missing-part deep.md:1",
            "adr/missing-part deep.md:3",
            "adr/unknown-kind wrong.md:2",
            "adr/unknown-kind broken.md:1",
        ]
        .map(str::to_owned)
    );
}

#[test]
fn what_a_template_asks_for_is_asked_of_every_chapter() {
    let filled = "# Rings — Deep Dive\n\n**Time:** an hour\n\n## Options\n\n\
                  ### Option A: Ring\n\n**Trade-offs:**\n\n| Advantage | Disadvantage |\n|--|--|\n\
                  | few move | uneven |\n\n### Option B: Jump\n\n**Trade-offs:**\n\n\
                  | Advantage | Disadvantage |\n|--|--|\n| small | stiff |\n\n## Failures\n\nNone.\n";
    let book = book().chapter("a.md", filled).chapter("b.md", filled);
    assert_eq!(places(&book), Vec::<String>::new());
    book.write("templates/deep-dive.md", format!("{DEEP_DIVE}\n## History\n\n[Since when]\n"));
    assert_eq!(places(&book), ["adr/missing-part a.md:23", "adr/missing-part b.md:23"]);
    book.write("templates/deep-dive.md", DEEP_DIVE.replace("Disadvantage", "Price"));
    assert_eq!(
        places(&book),
        ["a.md:11", "a.md:19", "b.md:11", "b.md:19"].map(|at| format!("adr/missing-column {at}"))
    );
}

#[test]
fn templates_have_findings_of_their_own() {
    let template = DEEP_DIVE.replace("? filled", "? filed");
    let book = book().file("templates/deep-dive.md", template).chapter("a.md", "# A\n");
    assert_eq!(places(&book), ["template/unknown-constraint templates/deep-dive.md:11"]);
    std::fs::remove_file(book.root().join("templates/note.md")).unwrap();
    std::fs::write(book.root().join("templates/deep-dive.md"), DEEP_DIVE).unwrap();
    let output = book.handbook(["check"]);
    assert!(output.stderr.contains("cannot read the template `templates/note.md`"), "{output}");
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(places(&book), ["template/unreadable-template templates/note.md"]);
}

#[test]
fn a_template_that_refines_another_asks_for_what_both_do() {
    let refining = "<!-- ? extends deep-dive.md -->\n\n# [Topic] — Protocol\n\n## Failures\n\n\
                    <!-- ? rows 2.. -->\n- [What fails]\n- [What fails next]\n";
    let config = format!(
        "{CONFIG}\n[preprocessor.handbook.adr.kinds.protocol]\ntemplate = \"templates/protocol.md\"\n"
    );
    let chapter = "# Gossip — Protocol\n\n**Time:** an hour\n\n## Options\n\n\
                   ### Option A: Push\n\n**Trade-offs:**\n\n| Advantage | Disadvantage |\n|--|--|\n\
                   | fast | |\n\n### Option B: Pull\n\n**Trade-offs:**\n\n\
                   | Advantage | Disadvantage |\n|--|--|\n| small | slow |\n\n## Failures\n\n- One.\n";
    let book =
        book().config(&config).file("templates/protocol.md", refining).chapter("a.md", chapter);
    assert_eq!(places(&book), ["adr/empty-cell a.md:13", "adr/wrong-row-count a.md:25"]);
    let stray = refining.replacen("\n\n", "\n\nNobody takes this.\n\n", 1);
    book.write("templates/protocol.md", stray);
    assert!(places(&book).contains(&"template/untaken-text templates/protocol.md:3".to_owned()));
    // What is wrong with a template is said where it stands.
    book.write("templates/deep-dive.md", DEEP_DIVE.replace("? filled", "? filed"));
    book.write("templates/protocol.md", refining.replace("rows 2..", "row 2.."));
    assert_eq!(
        places(&book),
        [
            "template/unknown-constraint templates/deep-dive.md:11",
            "template/unknown-constraint templates/protocol.md:7",
        ]
    );
    book.write("templates/deep-dive.md", format!("<!-- ? extends protocol.md -->\n{DEEP_DIVE}"));
    book.write("templates/protocol.md", refining);
    let circles = places(&book).into_iter().filter(|place| place.starts_with("template/"));
    assert_eq!(
        circles.collect::<Vec<_>>(),
        ["protocol.md:1", "deep-dive.md:1"]
            .map(|at| format!("template/unknown-base templates/{at}"))
    );
}

#[test]
fn pages_show_what_is_owed_and_hide_what_only_programs_read() {
    let text = "---\nkind: note\n---\n# A note\n\n{{#adr context}}\n";
    for host in Host::ALL {
        let book = book().chapter("notes/a.md", text).chapter("b.md", "# Of no kind\n");
        let page = host.build(&book).ok().text("notes/a.html");
        assert!(page.contains("To be written:"), "{page}");
        assert!(page.contains("[Why]") && !page.contains("kind: note"), "{page}");
        assert!(!page.contains("id=\"context\""), "a scaffold's heading is none of the page's");

        let hidden = CONFIG.replace(
            "[preprocessor.handbook.adr.kinds.deep-dive]",
            "[preprocessor.handbook.adr]\nscaffolds = false\n\
             [preprocessor.handbook.adr.kinds.deep-dive]",
        );
        let book =
            self::book().config(&hidden).chapter("notes/a.md", text.split("{{").next().unwrap());
        let page = host.build(&book).ok().text("notes/a.html");
        assert!(!page.contains("To be written:"), "{page}");
    }
}

#[test]
fn fix_inserts_what_is_owed_if_asked() {
    let book = book().chapter("a.md", "# Rings — Deep Dive\r\n\r\nText.\r\n");
    book.handbook(["fix"]);
    assert_eq!(book.read("src/a.md"), "# Rings — Deep Dive\r\n\r\nText.\r\n");
    book.handbook(["fix", "--unsafe"]);
    let fixed = book.read("src/a.md");
    assert!(fixed.starts_with("# Rings — Deep Dive\r\n\r\nText.\r\n\r\n**Time:** [How long]"));
    assert!(!fixed.replace("\r\n", "").contains('\n'), "{fixed:?}");
    let left: Vec<String> = places(&book);
    assert!(left.iter().all(|place| place.starts_with("adr/left-placeholder ")), "{left:#?}");
    book.handbook(["fix", "--unsafe"]);
    assert_eq!(book.read("src/a.md"), fixed);
}

#[test]
fn a_directive_is_written_out_if_asked() {
    let directive = "{{#adr option \"Jump hash\"}}";
    let chapter = "# Rings — Deep Dive\n\n**Time:** 1 h\n\n## Options\n\n### Option A: Ring\n\n\
                   **Trade-offs:**\n\n| Advantage | Disadvantage |\n|--|--|\n| few | uneven |\n\n\
                   DIRECTIVE\n\n## Failures\n\nNone.\n";
    let book = book().chapter("a.md", chapter.replace("DIRECTIVE", directive));
    book.handbook(["fix", "--unsafe"]);
    let fixed = book.read("src/a.md");
    assert!(fixed.contains("### Option B: Jump hash\n\n**Trade-offs:**\n"), "{fixed}");
    assert!(!fixed.contains("{{#adr"), "{fixed}");
    let book = self::book().chapter("a.md", chapter.replace("DIRECTIVE", "{{#adr optin \"X\"}}"));
    assert!(places(&book).contains(&"adr/unknown-part a.md:15".to_owned()));
}

#[test]
fn a_directive_in_a_list_is_written_out_within_its_item() {
    for (container, first, more) in [("- One\n\n  ", "  ", "- Two\n"), ("> ", "> ", "> Two\n")] {
        let text = format!("# A\n\n{container}{{{{#adr context}}}}\n\n{more}");
        let book = book().chapter("notes/a.md", &text);
        book.handbook(["fix", "--unsafe"]);
        let part = format!("## Context\n{}\n{first}[Why]", first.trim_end());
        assert!(book.read("src/notes/a.md").starts_with(&text.replace("{{#adr context}}", &part)));
    }
}

#[test]
fn what_is_inserted_stays_behind_front_matter() {
    let book = book().chapter("a.md", "---\nkind: note\n---\n\n## Context\n\nWhy.\n");
    book.handbook(["fix", "--unsafe"]);
    let fixed = book.read("src/a.md");
    assert!(fixed.starts_with("---\nkind: note\n---\n"), "{fixed}");
    assert_eq!(places(&book), ["adr/left-placeholder a.md:4"], "{fixed}");
}

#[test]
fn one_kind_that_is_wrong_leaves_the_others() {
    let config = format!("{CONFIG}\n[preprocessor.handbook.adr.kinds.x]\ntemplat = \"x.md\"\n");
    let allowed = "# A\n\n<!-- handbook:allow-file adr/wrong-cell: of another kind -->\n";
    let book = book().config(&config).chapter("notes/a.md", "# A\n").chapter("b.md", allowed);
    assert_eq!(
        places(&book),
        ["book/unknown-setting book.toml:16", "adr/missing-part notes/a.md:1"]
    );
}

#[test]
fn a_directive_stands_for_its_part() {
    let book = book().chapter("notes/a.md", "# A\n\n{{#adr context}}\n");
    assert_eq!(places(&book), ["adr/unexpanded-part notes/a.md:3"]);
    book.handbook(["fix", "--unsafe"]);
    assert_eq!(book.read("src/notes/a.md"), "# A\n\n## Context\n\n[Why]\n");
    let book = self::book().chapter("b.md", "# Of no kind\n\n{{#adr context}}\n");
    assert_eq!(places(&book), ["adr/unknown-part b.md:3"]);
}

#[test]
fn a_placeholder_matters_as_much_as_its_part() {
    let template = "# [Title]\n\n## Safety <!-- ? priority 0 -->\n\n[What can go wrong]\n";
    let book = one_chapter(template);
    let analysis = book.analyse("# A\n\n## Safety\n\n[What can go wrong]\n");
    let [located] = &analysis.findings[..] else { panic!("one finding") };
    assert_eq!(located.finding.priority, Some(handbook_text::Priority::P0));
}

#[test]
fn constraints_that_demand_nothing_are_found() {
    for constraint in [
        "# [T] <!-- ? rows 3.. -->\n",
        "# [T] <!-- ? covers nobody -->\n",
        "# [T] <!-- ? pace 1..2 -->\n",
        "# [T]\n\n<!-- ? cell Nope ~ O( -->\n| A |\n|---|\n| [b] |\n",
        "# [T]\n\n<!-- ? cell A in nobody -->\n| A |\n|---|\n| [b] |\n",
        "# [T]\n\n<!-- ? define it -->\n- [b]\n",
        "# [T]\n\n<!-- ? distinct -->\n[b]\n",
    ] {
        let found = one_chapter(constraint).findings("# A\n\n- b\n\n| A |\n|---|\n| b |\n\nc\n");
        assert_eq!(found[0].0, "template/stray-constraint", "{constraint}: {found:?}");
    }
}

#[test]
fn cells_of_marks_say_something_if_they_are_code() {
    let template = "# [T]\n\n<!-- ? filled -->\n| A | B |\n|---|---|\n| [a] | [b] |\n";
    let chapter =
        "# A\n\n| A | B |\n|---|---|\n| `?` | ![yes](y.png) |\n| `-` | [^1] |\n\n[^1]: x\n";
    assert_eq!(one_chapter(template).findings(chapter), []);
}

/// A chapter of a template and lines of all sorts.
fn chapters() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        3 => proptest::sample::select(DEEP_DIVE.lines().map(str::to_owned).collect::<Vec<_>>()),
        1 => proptest::sample::select(vec![
            "Options", "=======", "---", "> ## Failures", "<div>", "</div>", "<!-- note -->", "```",
            "- **Time:** now", "| a |", "|---|", "    code", "{{#include part.md}}", "text  ",
            "* ## Options", "[^1]: note", "[a]: b", "{{#adr option \"X\"}}", "{{#adr}}", "",
            "### Option Z: Last", "**Trade-offs:**", "<!-- ? filled -->", "kind: note", "é Ã© \u{fffd}",
        ])
        .prop_map(str::to_owned),
    ];
    let ending = proptest::sample::select(vec!["\n", "\r\n"]);
    (proptest::collection::vec(line, 0..40), ending, any::<bool>()).prop_map(
        |(lines, ending, title)| {
            let title = if title { "# Rings — Deep Dive" } else { "" };
            let lines = [title.to_owned()].into_iter().chain(lines);
            lines.collect::<Vec<_>>().join(ending)
        },
    )
}

fn one_chapter(template: &str) -> OneChapter {
    let config = "[preprocessor.handbook.adr.kinds.kind]\n\
                  template = \"template.md\"\nchapters = [\"*.md\"]\n";
    let files = [
        ("template.md".into(), template.to_owned()),
        ("src/part.md".into(), "## Failures\n\nIn a part.\n".to_owned()),
    ];
    OneChapter { config: config.to_owned(), files: Files(files.into()) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_inserted_comes_to_rest_and_breaks_no_line(chapter in chapters()) {
        let book = one_chapter(DEEP_DIVE);
        let fixed = book.fix(&chapter).expect("fixes come to rest");
        if let Some(fixed) = &fixed {
            let mut lines = fixed.lines();
            for line in chapter.lines() {
                // Directives that stand for a part go, damaged characters are read back.
                let may_go = line.starts_with("{{#adr") || !line.is_ascii();
                prop_assert!(may_go || lines.any(|one| one == line), "{line:?} of\n{chapter}\nis lost in\n{fixed}");
            }
            prop_assert_eq!(book.fix(fixed).expect("rest"), None, "{}", chapter);
        }
    }

    #[test]
    fn templates_of_any_sort_are_read(template in chapters(), chapter in chapters()) {
        let book = one_chapter(&template);
        book.analyse(&chapter);
        // A template may ask for what another rule takes away; then nothing is written.
        _ = book.fix(&chapter);
    }
}
