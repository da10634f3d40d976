//! `handbook init` makes a book use the suite, and takes nothing from it.

use handbook_tests::{Book, Host};

const CONFIG: &str = "\
# Our book.
[book]
title = \"Ours\" # for now

[output.html]
additional-css = [
    # ours
    \"ours.css\",
]
";

/// A book of somebody's.
fn foreign(config: &str) -> Book {
    Book::foreign()
        .config(config)
        .file("ours.css", "")
        .chapter("a.md", "# Über\n\n```rust\nlet a = 1;\n```\n")
        .chapter("b.md", "# B — an Overview\n\n[sic] `[x]`\n")
}

fn init(book: &Book) -> String {
    let output = book.handbook(["init"]);
    assert_eq!(output.code, Some(0), "{output}");
    output.stdout
}

#[test]
fn a_book_that_starts_to_use_the_suite_is_clean() {
    let book = foreign(CONFIG);
    init(&book);
    let output = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{output}");
}

#[test]
fn what_stands_in_the_configuration_stays() {
    for config in [CONFIG.to_owned(), CONFIG.replace('\n', "\r\n"), format!("\u{feff}{CONFIG}")] {
        let book = foreign(&config);
        init(&book);
        let after = book.read("book.toml");
        let ending = if config.contains('\r') { "\r\n" } else { "\n" };
        let ours = format!("    \"theme/handbook.css\",{ending}");
        let (before, _) = after.split_once(&format!("{ending}[preprocessor")).expect("our table");
        assert_eq!(before.replace(&ours, ""), config);
        assert!(before.contains(&format!("[{ending}{ours}    # ours")), "{before}");
        assert!(after.split_inclusive('\n').all(|line| line.ends_with(ending)), "{after:?}");
    }
}

#[test]
fn the_second_time_nothing_changes() {
    let book = foreign(CONFIG);
    assert!(init(&book).starts_with("wrote templates/case-study.md\n"));
    book.write("templates/hub.md", "# [Ours]\n");
    let before = book.tree();
    assert_eq!(
        init(&book),
        "left alone: `[preprocessor.handbook]` in book.toml\n\
         left alone: the kinds of chapters in book.toml, and their templates\n\
         nothing to do\n"
    );
    assert_eq!(book.tree(), before);
}

#[test]
fn a_dry_run_shows_all_of_it() {
    let book = foreign(CONFIG);
    let before = book.tree();
    let output = book.handbook(["init", "--dry-run"]);
    assert_eq!(book.tree(), before);
    for added in
        ["+++ b/templates/madr.md", "+[preprocessor.handbook]", "+    \"theme/handbook.css\","]
    {
        assert!(output.stdout.contains(added), "{output}");
    }
}

#[test]
fn what_a_book_has_of_its_own_is_left_alone() {
    let config = "[book]\nsrc = \"text/src\"\n\n[preprocessor.handbook]\n\n\
                  [output.epub]\noptional = true\n";
    let book = Book::foreign()
        .config(config)
        .file("text/src/SUMMARY.md", "- [A](a.md)\n")
        .file("text/src/a.md", "# A\n")
        .file("text/templates/hub.md", "Ours.\n");
    let said = init(&book);
    for left in
        ["`[preprocessor.handbook]`", "text/templates/hub.md, which is there", "the style sheet"]
    {
        assert!(said.contains(&format!("left alone: {left}")), "{said}");
    }
    let after = book.read("book.toml");
    assert!(after.starts_with(config) && after.contains("adr.kinds.deep-dive]"), "{after}");
    assert!(!after.contains("kinds.hub") && !after.contains("additional-css"), "{after}");
    assert_eq!(book.read("text/templates/hub.md"), "Ours.\n");
    assert_eq!(book.handbook(["check", "--deny", "warnings"]).code, Some(0));
}

#[test]
fn who_has_kinds_gets_no_others() {
    let kinds = "[preprocessor.handbook.adr.kinds.essay]\ntemplate = \"essay.md\"\n";
    let book = foreign(&format!("{CONFIG}\n{kinds}")).file("essay.md", "# [What] — an Essay\n");
    assert!(init(&book).contains("left alone: the kinds of chapters"));
    assert!(!book.root().join("templates").exists());
}

#[test]
fn what_is_no_book_or_cannot_be_added_to_is_said() {
    for (config, folder, said) in [
        (CONFIG, "src", "make a book first, with `mdbook init`"),
        (CONFIG, "nowhere", "make a book first, with `mdbook init`"),
        ("[book\n", ".", "cannot be read as TOML"),
        ("preprocessor = {}\n", ".", "write `preprocessor` and `output` in it as tables"),
        ("[output]\nhtml = 1\n", ".", "`output.html` in book.toml is no table"),
        ("[preprocessor.snippets]\n", ".", "move its keys to `[preprocessor.handbook.snippets]`"),
    ] {
        let book = foreign(config);
        let before = book.tree();
        let output = book.handbook(["init", folder]);
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(said), "{output}");
        assert_eq!(book.tree(), before);
    }
}

#[test]
fn every_kind_that_is_given_can_be_written_and_rendered() {
    let book = foreign(CONFIG);
    init(&book);
    for (kind, title, file) in [
        ("hub", "Storage", "src/storage.md"),
        ("deep-dive", "Rings", "src/rings.md"),
        ("madr", "Use Raft", "src/decisions/use-raft.md"),
    ] {
        let output = book.handbook(["new", kind, title]);
        assert!(output.stdout.starts_with(&format!("wrote {file}\n")), "{output}");
    }
    let output = book.handbook(["check", "--format", "json"]);
    assert_eq!(output.code, Some(0), "{output}");
    // Beside placeholders, what a template counts and a scaffold has less of.
    let owed = ["left-placeholder", "wrong-length", "wrong-row-count", "too-few-citations"];
    let owed = owed.map(|rule| format!("adr/{rule} "));
    // Nothing leads to what was written without a parent.
    let alone = "nav/orphan src/rings.md:1:1";
    for place in output.places() {
        assert!(owed.iter().any(|rule| place.contains(rule)) || place.contains(alone), "{place}");
    }
    let config = book.read("book.toml").replace("\"mdbook-handbook\"", "\"$HANDBOOK\"");
    for host in Host::ALL {
        let _ = host.build_with(&book, &config).ok();
    }
}
