//! Trees of files, generated from fragments that mean something to `links`.

use proptest::prelude::*;

/// A chapter and the files around it, by their paths below `src`.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) chapter: String,
    /// Whether the chapter stands in `src/sub`, not in `src`.
    pub(crate) nested: bool,
}

/// How many files include the next one in a row, which is more than `links` follows.
const CHAIN: usize = 12;

/// Anchors that nest, reopen, share a line and stay open, under all line endings.
const REGIONS: &str = "// ANCHOR: a\r\none\r\n\r\n// ANCHOR: b\r\ntwo\r\r\n// ANCHOR_END: a\r\nthree\n\
    // ANCHOR: a\nfour\n// ANCHOR: c ANCHOR_END: a\nfive\n// ANCHOR_END: b\nsix\n// ANCHOR: b\nseven";

pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let names = ["a.md", "b.rs", "c.md", "sub/d.md", "sub/e.rs"];
    let files = names.map(|name| {
        text(file_directives(), 6).prop_map(move |text| (name.to_owned(), text.into()))
    });
    let chain = prop::collection::vec((text(Just(0).boxed(), 2), text(Just(0).boxed(), 2)), CHAIN);
    let root = text((1..6_usize).boxed(), 8);
    (files, chain, root, any::<bool>()).prop_map(|(files, chain, chapter, nested)| {
        let mut files: Vec<(String, Vec<u8>)> = files.into();
        let names_chain =
            |text: &[u8]| text.windows(4).any(|word| word[0] == b'n' && &word[2..] == b".m");
        let chained =
            names_chain(chapter.as_bytes()) || files.iter().any(|(_, text)| names_chain(text));
        for (index, (before, after)) in chain.into_iter().enumerate().filter(|_| chained) {
            let next = format!("{before}{{{{#include n{}.md}}}}{after}", index + 1);
            files.push((format!("n{index}.md"), next.into()));
        }
        files.push(("empty.md".to_owned(), Vec::new()));
        files.push(("sub/regions.rs".to_owned(), REGIONS.into()));
        files.push(("bad.bin".to_owned(), b"fine \xff\n".into()));
        Tree { files, chapter, nested }
    })
}

/// How many directives a file holds: few, since they multiply in cycles.
fn file_directives() -> BoxedStrategy<usize> {
    prop_oneof![2 => Just(0_usize), 4 => Just(1), 1 => Just(2)].boxed()
}

/// Fragments with whole directives among them.
fn text(directives: BoxedStrategy<usize>, fragments: usize) -> impl Strategy<Value = String> {
    let directives = directives.prop_flat_map(|count| prop::collection::vec(directive(), count));
    (directives, prop::collection::vec(fragment(), 0..=fragments))
        .prop_flat_map(|(directives, fragments)| {
            Just([directives, fragments].concat()).prop_shuffle()
        })
        .prop_map(|parts| parts.concat())
}

/// Text that means nothing to anybody.
pub(crate) fn plain() -> impl Strategy<Value = String> {
    prop_oneof![Just(""), Just("new"), Just("two\nlines\n"), Just("ü "), Just("\n\n")]
        .prop_map(str::to_owned)
}

/// Text that would mean something if it were obeyed.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    text((0..4_usize).boxed(), 4)
}

fn fragment() -> impl Strategy<Value = String> {
    let harmless = prop::sample::select(vec![
        "word",
        "ä→𝄞",
        " ",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "one\ntwo\nthree\n",
        "fn main() {}\n",
        "\u{feff}",
        "\u{2003}",
        "```\n",
        "# Heading\n",
    ]);
    let anchors = prop::sample::select(vec![
        "// ANCHOR: a\n",
        "// ANCHOR_END: a\n",
        "// ANCHOR:b\n",
        "ANCHOR_END:  b\r\n",
        "// ANCHOR: ü-1\n",
        "ANCHOR: a ANCHOR_END: a\n",
        "<!-- ANCHOR_END: a ANCHOR: b -->\n",
    ]);
    let broken = prop::sample::select(vec![
        "\\",
        "{",
        "}",
        "{{",
        "}}",
        "}}}",
        "#",
        "{{#",
        "\\{{#",
        "{{ #",
        "{{#include ",
        "include a.md",
        "{{#value ",
        "}}\n",
        "{{\n",
        "#include c.md}}",
        "{{#include}}",
        "{{#references}}",
        "\\{{#x}}",
        "{{#value x}}",
        "\\{{#title x}}",
    ]);
    prop_oneof![4 => harmless, 2 => anchors, 3 => broken].prop_map(str::to_owned)
}

fn directive() -> impl Strategy<Value = String> {
    let open = prop_oneof![
        8 => Just("{{#"),
        1 => prop::sample::select(vec!["{{ #", "{{\n#", "{{\u{2003}#", "{{{#"]),
        2 => prop::sample::select(vec!["\\{{#", "\\\\{{#", "\\{{ #"]),
    ];
    let name = prop_oneof![
        6 => Just("include"),
        2 => Just("rustdoc_include"),
        1 => Just("playground"),
        1 => Just("playpen"),
        1 => prop::sample::select(vec!["value", "includes", "INCLUDE"]),
    ];
    let space = prop_oneof![8 => Just(" "), 1 => prop::sample::select(vec!["  ", "\t", "\n", "\r\n", "\u{2003}"])];
    let path = prop_oneof![
        6 => prop::sample::select(vec!["a.md", "b.rs", "c.md", "sub/d.md", "sub/e.rs"]),
        2 => prop::sample::select(vec!["../a.md", "../b.rs", "d.md", "e.rs", "sub/../c.md", "./a.md"]),
        1 => prop::sample::select(vec!["n0.md", "n1.md", "n2.md", "n3.md", "../n2.md"]),
        3 => prop::sample::select(vec!["empty.md", "sub/regions.rs", "regions.rs"]),
        1 => prop::sample::select(vec!["gone.md", "bad.bin", "sub", ".", "a.md{"]),
    ];
    let part = prop_oneof![
        10 => Just(""),
        4 => prop::sample::select(vec![
            ":", "::", ":1", ":2", ":0", ":2:", "::2", ":1:2", ":2:3", ":3:2", ":99", ":1:99", ":+2", ":1:x",
        ]),
        4 => prop::sample::select(vec![":a", ":b", ":ü-1", ":gone", ":a:b", ":-1"]),
    ];
    let rest = prop_oneof![
        8 => Just(""),
        2 => prop::sample::select(vec![" ", "\n", " editable", " no_run,x y", " {{", " \\{{#z", " {{#include"]),
    ];
    let close = prop_oneof![6 => Just("}}"), 3 => Just("}}\n"), 1 => prop::sample::select(vec!["}", "}}}", "} }"])];
    let file = (open.clone(), name, space, path, part, rest, close).prop_map(
        |(open, name, space, path, part, rest, close)| {
            [open, name, space, path, part, rest, close].concat()
        },
    );
    let title = (open, prop::sample::select(vec!["A", "  B b ", " ", "Ç\nd", "{{#x"]))
        .prop_map(|(open, title)| format!("{open}title {title}}}}}"));
    prop_oneof![8 => file, 1 => title]
}
