//! Markdown in bulk: the CommonMark specification's examples, and strategies that make chapters up.

use proptest::prelude::*;
use proptest::sample::select;

/// The Markdown of every example in the CommonMark specification, in its order.
pub fn common_mark_examples() -> Vec<String> {
    const SPECIFICATION: &str = include_str!("../fixtures/commonmark/spec.txt");
    const FENCE: &str = "````````````````````````````````";
    let start = format!("\n{FENCE} example\n");
    let examples = SPECIFICATION.split(&start).skip(1);
    let markdown = examples.map(|example| {
        // The HTML follows on a line with a dot; an example may be empty.
        let end = if example.starts_with(".\n") { Some(0) } else { example.find("\n.\n") };
        let end = end.expect("a dot ends an example's Markdown");
        let text = if end == 0 { "" } else { &example[..=end] };
        text.replace('→', "\t")
    });
    markdown.collect()
}

/// Blocks with nothing in them that the suite would take for its own.
const FOREIGN: &[&str] = &[
    "# A heading",
    "## Heading with `code` {#explicit}",
    "Setext\n======",
    "A paragraph with *emphasis*, a [link](other.md#x), and `code`.",
    "Two  \nlines\\\nand more ä € 𝄞",
    "- one\n- two\n\n  with a paragraph\n- three",
    "1. one\n2. two\n   - nested",
    "- [ ] open\n- [x] done",
    "> a quote\nthat goes on lazily",
    "> [!NOTE]\n> an admonition",
    "Term\n: Definition\n: Another",
    "| a | b |\n|---|:-:|\n| 1 | `x|y` |",
    "```\nno language\n```",
    "```text\nplain\n\n  text\n```",
    "~~~~python\nprint(1)\n~~~\n~~~~",
    "```rust,ignore\nfn f() {}\n# hidden\n```",
    "```rust,ignore,editable,ferris=happy\nlet x = 1;\n```",
    "```console\n$ cargo run\n```",
    "    indented code\n\n    in two parts",
    "<div>\n\n*Markdown* inside\n\n</div>",
    "<!-- a comment -->",
    "<!-- toc -->",
    "<pre>\n# no heading\n</pre>",
    "***",
    "[ref]: https://example.org 'title'",
    "A footnote[^1].\n\n[^1]: Its text.",
    "$$ x^2 $$ and \\\\( y \\\\)",
    "{{#include part.md}}",
    "{{ #include part.md:1:2 }}",
    "\\{{#include part.md}}",
    "{{#title Another title}}",
    "{{#chart of something}} and {{ mustache }}",
    "trailing blanks   ",
    "\u{a0}",
    "&amp; &lt; &#x41; <b>inline</b>",
    "**Label:** and what it says",
    "* * *\n+ other bullet",
];

/// Blocks that look like the suite's own, right or wrong.
const OURS: &[&str] = &[
    "```rust,name=ring,run\nprintln!(\"{}\", 1);\n```",
    "```rust,run\n# hidden();\n##[test]\nlet x = 1;\n```\n\n```output\n1\n```",
    "```output\norphan\n```",
    "```rust,run,as=table,nondeterministic\n```\n```output\na|b\n...\n| c\n```",
    "```rust,as=table,nondeterministic=paths+x\n```\n~~~output\na\t|\n\t*\n~~~",
    "```rust\n```\n```output\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n\
     19\n20\n21\n22\n23\n24\n25\n26\n27\n28\n29\n30\n31\n```",
    "```rust,timeout=1s,release\nloop {}\n```\n~~~~output,more\nx\n~~~~",
    "```rust,nmae=x,should_panic,mod=a,use=b\n",
    "```rust,mod=b,use=a\n#![allow(unused)]\n# fn f() {}\n```",
    "~~~mod=c,use=b,use=c\n}\n~~~",
    "```no_run,use=b\n#![allow(unused)]\nextern crate core; f()\n```",
    "- > ```rust,use=c,mod=\n  > let x = 1;\n  >\n  > Ok::<(), ()>(())\n  > ```",
    "``` rust , name= , run=1\n```",
    "9.1 %<!-- =ring.moved --> **1,234**<!-- =ring.v --> `O(n)`<!-- =ring.n --> x<!-- =y -->",
    "| {{#value ring.moved 0.0 %}} | ~3·10⁶<!-- =ring.v --> |\n|---|---|\n| {{#value}} | |",
    "## 5<!-- =ring.moved -->\n<!-- =ring.moved -->\n\n```rust,name=ring,values\n```",
    "<!-- handbook:value ring.moved -->\n9\n<!-- /handbook:value -->",
    "{{#output}}",
    "{{#references}} {{#output x=1}}",
    "<!-- handbook:output -->\nold\n<!-- /handbook:output -->",
    "<!-- handbook:nothing -->",
    "<!-- handbook:allow snippets/*, adr/damaged-text: x -->",
    "> <!--handbook:allow-section\n> book/open-block,,:x-->text <!-- handbook:allow-file -->",
    "- <b>ä</b> <!-- handbook:allow snippets/orphan-output: y --> <!-- handbook:allow : -->",
    "<!-- /handbook:output -->",
    "<!-- ? words 1..2 -->",
    "```output",
    "{{#include missing.md}}",
    "{{#include part.md:9:2}}",
];

/// A chapter in which the suite has nothing to say, but for blocks that are never closed.
pub fn foreign_chapter() -> impl Strategy<Value = String> {
    chapter(prop_oneof![8 => select(FOREIGN).prop_map(str::to_owned), 1 => odd_text()])
}

/// A chapter that may hold anything.
pub fn any_chapter() -> impl Strategy<Value = String> {
    let known = [FOREIGN, OURS].concat();
    let block = prop_oneof![
        4 => select(known).prop_map(str::to_owned),
        3 => select(OURS).prop_map(str::to_owned),
        1 => odd_text(),
        1 => "\\PC{0,40}",
    ];
    chapter(block)
}

/// Text of the characters that mean something to Markdown or to mdBook.
fn odd_text() -> impl Strategy<Value = String> {
    "[-`~*_#>|:!\\[\\](){}<&\\\\ \t\n\r0-9a-cä\u{feff}]{0,24}"
}

/// Blocks one after the other, some inside quotes and list items, some run together.
fn chapter(block: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let container = select(&["", "", "", "", "> ", "- ", "1. ", "> - "][..]);
    let separator = select(&["\n\n", "\n\n", "\n\n", "\n", "\r\n\r\n", "", "\n\n\n"][..]);
    let item = (container, block, separator);
    let start = select(&["", "", "", "\u{feff}", "\n"][..]);
    (start, prop::collection::vec(item, 0..8)).prop_map(|(start, items)| {
        let blocks = items.into_iter().map(|(container, block, separator)| {
            let inner: String =
                container.chars().map(|ch| if ch == '>' { '>' } else { ' ' }).collect();
            container.to_owned() + &block.replace('\n', &format!("\n{inner}")) + separator
        });
        start.to_owned() + &blocks.collect::<String>()
    })
}
