//! The ids of finished pages are those that mdBook writes, whatever authors make headings of.

use handbook_book::{Document, HostVersion, anchors};
use handbook_tests::{Book, Host};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// Pieces that headings are made of.
const PIECES: &[&str] = &[
    "Ring",
    "ring",
    " ",
    "  ",
    " -- ",
    "-1",
    "_x_",
    "*em*",
    "**Bold**",
    "~~gone~~",
    "`code <T>`",
    "``a ` b``",
    "[link](x.md)",
    "[ref]",
    "![alt text](i.png)",
    "<b>raw</b>",
    "<a id=\"given\"></a>",
    "<!-- c -->",
    "<br>",
    "&amp;",
    "&lt;T&gt;",
    "&nbsp;",
    "&copy;",
    "\\*",
    "\\#",
    "#",
    "Ü",
    "ß",
    "İ",
    "ΣΑΣ",
    "中文",
    "🦀",
    "é\u{301}",
    "\u{200b}",
    "'quoted'",
    "\"double\"",
    "...",
    "C++",
    "100%",
    "a/b",
    "[^n]",
    "[^m]",
    ":",
    "1.",
    "|",
    "$x$",
    "https://example.org",
    "<https://example.org/a>",
];

const ATTRIBUTES: &[&str] = &[
    "",
    "",
    "",
    "",
    "",
    "",
    " {#given}",
    " {#A-b.c}",
    " {.class}",
    " {#x .class}",
    " {#}",
    " {key=value}",
    " {id=other}",
    " {.menu-title}",
    " #",
    " ###",
    " {#a}{#b}",
    " { #blank }",
];

/// Blocks between headings, some of which have ids.
const BLOCKS: &[&str] = &[
    "Text.",
    "<div id=\"box\">\n\nText\n\n</div>",
    "<h2>Raw <em>heading</em></h2>",
    "<h3 id=\"raw\" class=\"c\">Raw</h3>",
    "<h4 class=\"menu-title\">Raw</h4>",
    "<h2>Raw\nlines</h2>",
    "<h2>Ring</h2><h3>Ring &lt; &copy;</h3>",
    "<a name=\"named\"></a> text",
    "> <p\n> id='quoted'>\n",
    "<!-- <p id=no> -->",
    "```html\n<p id=\"no\">\n```",
    "<pre id=pre>\n# no\n</pre>",
    "<script>\nlet x = '<p id=no>';\n</script>",
    "<style id=\"sheet\">\na { b: c }\n</style>",
    "Text with a note[^n] and another[^n].",
    "Term\n: Its *meaning*",
    "Ring\n\n: It goes round",
    "- # In a list\n- Ring",
    "> ## Quoted",
    "Set *ext*\n===",
    "Two\nlines\n---",
    "Two\\\nlines\n---",
    "| a |\n|---|\n| <i id=\"cell\">b</i> |",
];

fn chapter() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(select(PIECES), 0..5);
    let heading = (1..4_usize, words, select(ATTRIBUTES)).prop_map(|(level, words, attributes)| {
        format!("{} {}{attributes}", "#".repeat(level), words.concat())
    });
    let odd = "#{1,2} [-a-zA-Z0-9 _*`<>&;\\[\\](){}#!'\".:/\\\\äß]{0,16}";
    let block = prop_oneof![
        5 => heading,
        1 => odd,
        3 => select(BLOCKS).prop_map(str::to_owned),
    ];
    prop::collection::vec(block, 1..7).prop_map(|blocks| {
        let notes = "[^n]: A note.\n\n[^m]: Another.\n\n[^unused]: Nobody asks.\n\n[ref]: x.md";
        format!("{}\n\n{notes}\n", blocks.join("\n\n"))
    })
}

/// The ids that we say a page has.
fn ours(text: &str, version: HostVersion) -> BTreeSet<String> {
    let document = Document::parse(text, handbook_book::Host::new(version));
    let sources = document.anchor_sources.iter();
    let sources = sources.map(|source| (source.explicit.as_deref(), source.text.as_str()));
    anchors(sources, version).into_iter().chain(document.ids.iter().cloned()).collect()
}

/// The ids on a page, and the names of its anchors.
fn theirs(page: &handbook_tests::Rendered, path: &str) -> BTreeSet<String> {
    let ids = page.attributes(path, "main [id]", "id");
    ids.into_iter().chain(page.attributes(path, "main a[name]", "name")).collect()
}

fn compare(chapters: &[String], host: Host, version: HostVersion) {
    let book = chapters
        .iter()
        .enumerate()
        .fold(Book::foreign(), |book, (index, text)| book.chapter(&format!("c{index}.md"), text));
    let built = host.build(&book).ok();
    let mut different = Vec::new();
    for (index, text) in chapters.iter().enumerate() {
        let (ours, theirs) = (ours(text, version), theirs(&built, &format!("c{index}.html")));
        if ours != theirs {
            let (only, lacks): (Vec<_>, Vec<_>) =
                (ours.difference(&theirs).collect(), theirs.difference(&ours).collect());
            different.push(format!("{text}\n  only ours {only:?}, only {host:?}'s {lacks:?}\n"));
        }
    }
    let (number, all) = (different.len(), chapters.len());
    assert!(different.is_empty(), "{number} of {all} chapters:\n{}", different.concat());
}

fn made_up(number: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let chapter = chapter();
    let mut next = || chapter.new_tree(&mut runner).expect("a chapter").current();
    (0..number).map(|_| next()).collect()
}

#[test]
fn hostile_headings_have_the_ids_that_mdbook_0_5_gives_them() {
    compare(&made_up(400), Host::V0_5, HostVersion::V0_5);
}

#[test]
fn hostile_headings_have_the_ids_that_mdbook_0_4_gives_them() {
    // Its parser takes two references to footnotes for a link.
    let mut chapters = made_up(400);
    chapters.retain(|text| !text.contains("][^"));
    compare(&chapters, Host::V0_4, HostVersion::V0_4);
}
