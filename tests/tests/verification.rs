//! The block that says what was verified: the same for the same book, known or not there, and with
//! links that lead somewhere.

use handbook_tests::{Book, Host, OURS};
use snapbox::{assert_data_eq, str};

const RING: &str = "# Ring\n\n## A `node` | [x]\n\n```rust,name=ring,edition2018\n\
    println!(\"moved = 9.07 %\");\nprintln!(\"n,steps\");\n\
    for n in (3..14).map(|power| 1_u32 << power) {\n    println!(\"{n},{}\", n.ilog2() + 1);\n}\n```\n\n\
    ```output\nmoved = 9.07 %\n...\n```\n\n\
    Moves 9.1 %<!-- =ring.moved -->, {{#value ring.moved}}, in `O(log n)`<!-- =ring.steps -->.\n\n\
    ```rust,compile_fail,E0308\nlet x: u8 = \"\";\n```\n\n\
    ## A `node` | [x]\n\n```rust,should_panic\npanic!();\n```\n\n```rust,should_panic\npanic!();\n```\n\n\
    ```rust,mod=m\npub fn f() {}\n```\n";

/// A book of two folders; what was verified stands last.
fn sample() -> Book {
    Book::new()
        .chapter("README.md", "# Start\n\n```rust,ignore\n```\n")
        .chapter("deep/ring.md", RING)
        .chapter("verified.md", "# Verified\n\n{{#verification}}\n")
}

#[test]
fn everything_that_was_verified_is_said_snippet_by_snippet() {
    let book = sample();
    book.write(
        "src/verified.md",
        "# Verified\n\n<!-- handbook:verification -->\n<!-- /handbook:verification -->\n",
    );
    let check = book.handbook(["check", "--format=json"]);
    assert_eq!(check.places(), ["error snippets/stale-verification src/verified.md:3:31"]);
    assert_eq!(book.handbook(["fix"]).code, Some(0));
    assert_data_eq!(
        book.read("src/verified.md"),
        str![[r#"
# Verified

<!-- handbook:verification -->
**5 of 6 snippets passed**, 1 ignored, so not verified. 1 output, 2 numbers in the text, and 1 claim of growth are held to what they print. They were compiled by rustc [..], editions 2015 and 2018. [..]

**[README.md](README.md)**

| Snippet | Verdict | Promise | Compared |
|---|---|---|---|
| [Start](README.md#start) | ignored | runs | nothing |

**[deep/ring.md](deep/ring.md)**

| Snippet | Verdict | Promise | Compared |
|---|---|---|---|
| [`ring`](deep/ring.md#a-node--x) | passed | runs | output; 2 numbers; growth |
| [A node &#124; &#91;x&#93;](deep/ring.md#a-node--x) | passed | does not compile: E0308 | nothing |
| [A node &#124; &#91;x&#93;](deep/ring.md#a-node--x-1) | passed | panics | nothing |
| [A node &#124; &#91;x&#93; (2)](deep/ring.md#a-node--x-1) | passed | panics | nothing |
| [`m`](deep/ring.md#a-node--x-1) | passed | compiles | nothing |
<!-- /handbook:verification -->

"#]]
    );
    assert_eq!(book.handbook(["check", "--deny=warnings"]).code, Some(0));
    assert_eq!(book.handbook(["run", "--deny=warnings"]).code, Some(0));
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
    // Under other conditions it is another record.
    let open = book.handbook(["run", "--sandbox=off"]);
    assert_eq!(open.printed_places(), ["error snippets/stale-verification src/verified.md:4:1"]);
    assert!(open.stderr.contains("+**5 of 6") && open.stderr.contains("not confined"), "{open}");
}

#[test]
fn the_page_is_the_same_each_time_and_its_links_lead_to_headings() {
    let book = sample();
    let again = || {
        let built = Host::V0_5.build(&book).ok();
        assert_eq!(built.select("verified.html", "td a").len(), 6);
        for target in built.attributes("verified.html", "td a", "href") {
            let (page, anchor) = target.split_once('#').expect("an anchor");
            let headings = built.attributes(page, "h1, h2", "id");
            assert!(headings.iter().any(|id| id == anchor), "{target}: {headings:?}");
        }
        built.text("verified.html")
    };
    let first = again();
    assert!(first.contains("href=\"index.html#start\"") && !first.contains("{{#"), "{first}");
    std::fs::remove_dir_all(book.beside("cache")).expect("a cache");
    // Whether it was remembered, where it lies and when it ran makes no difference.
    assert_eq!(again(), first);
    assert!(!first.contains(&book.root().display().to_string()));
    book.write("src/README.md", format!("\n\n\n{}", book.read("src/README.md")));
    assert_eq!(again(), first);
    // The older mdBook says the same.
    let old = Host::V0_4.build(&book).ok();
    assert_eq!(
        old.select("verified.html", "td"),
        Host::V0_5.build(&book).ok().select("verified.html", "td")
    );
}

#[test]
fn a_chapter_can_be_asked_for_alone() {
    let book = sample();
    book.write("src/deep/ring.md", format!("{RING}\n{{{{#verification chapter}}}}\n"));
    let built = Host::V0_5.build(&book).ok();
    let said = built.select("deep/ring.html", "p strong");
    assert_eq!(said, ["5 of 5 snippets passed"]);
    let targets = built.attributes("deep/ring.html", "td a", "href");
    assert_eq!(targets[0], "#a-node--x");
    assert_eq!(built.select("verified.html", "p strong a"), ["README.md", "deep/ring.md"]);
}

#[test]
fn what_is_unknown_is_not_said() {
    let book = sample();
    let said = |book: &Book, config: &str| {
        let built = Host::V0_5.build_with(book, config).ok();
        (built.select("verified.html", "table").len(), built.text("verified.html"))
    };
    let off = format!("{OURS}\n[preprocessor.handbook.snippets]\nrun = false\n");
    let (tables, text) = said(&book, &off);
    assert!(tables == 0 && text.contains("verification is not known in this build"), "{text}");

    // A region is left alone where only a part was run, or nothing.
    book.write(
        "src/verified.md",
        "<!-- handbook:verification -->\nold\n<!-- /handbook:verification -->\n",
    );
    for args in [
        &["check", "--no-run"][..],
        &["run", "--name=ring"],
        &["run", "src/verified.md"],
        &["run", "src/deep/ring.md"],
    ] {
        let output = book.handbook(args);
        assert_eq!(output.code, Some(0), "{args:?}: {output}");
    }
    assert_eq!(book.handbook(["run"]).code, Some(1));

    let empty = Book::new().chapter("verified.md", "{{#verification}}\n");
    let (tables, text) = said(&empty, OURS);
    assert!(
        tables == 0 && text.contains("There is no Rust here that could be verified."),
        "{text}"
    );
}

#[test]
fn what_failed_or_went_stale_is_said_while_a_book_is_served() {
    let book = Book::new().chapter("verified.md", "# V\n\n{{#verification}}\n").chapter(
        "a.md",
        "# A\n\n```rust,name=ring\nprintln!(\"moved = 9\");\n```\n\n```output\nmoved = 8\n```\n\n\
         Moves 8<!-- =ring.moved --> or 9<!-- =ring.moved --> keys.\n\n\
         ```rust,name=lost\npanic!();\n```\n",
    );
    let served = format!("{OURS}\n[output.html]\nlive-reload-endpoint = \"__livereload\"\n");
    let built = Host::V0_5.build_with(&book, &served).ok();
    let cells = built.select("verified.html", "td");
    assert_eq!(
        cells,
        [
            "ring",
            "passed",
            "runs",
            "output, stale; 2 numbers, 1 stale",
            "lost",
            "failed",
            "runs",
            "nothing"
        ]
    );
    assert_eq!(built.select("verified.html", "main p strong")[0], "1 of 2 snippets passed");
    assert!(Host::V0_5.build(&book).error.is_some());
}

#[test]
fn other_words_behind_it_are_findings() {
    let book = Book::new().chapter(
        "a.md",
        "{{#verification chaptr}}\n\n<!-- handbook:verification all -->\n<!-- /handbook:verification -->\n",
    );
    let check = book.handbook(["check"]);
    assert_eq!(
        check.printed_places(),
        [
            "error snippets/malformed-verification src/a.md:1:1",
            "error snippets/malformed-verification src/a.md:3:1"
        ]
    );
    assert!(check.stderr.contains("help: did you mean `chapter`?"), "{check}");
    assert!(check.stderr.contains("help: behind it stands nothing, or `chapter`"), "{check}");
}
