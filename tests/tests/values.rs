//! Numbers in the text are held to what snippets print, across chapters, whoever asks.

use handbook_tests::{Book, Host};
use snapbox::{IntoData, assert_data_eq, str};

/// Prints values, and a number of lines that are none.
const RING: &str = r#"# Ring

```rust,name=ring
println!("moved = {:.2} %", 9.07);
println!("tokens = {}", 4 * 160);
println!("latency = 1.5e-3 s");
println!("share = 0.907");
println!("keys: 12");
```
"#;

/// Names all of them, and is right.
const TEXT: &str = "# Text

Adding a node moves **9.1 %**<!-- =ring.moved --> of the keys to 640 tokens<!-- =ring.tokens -->,
in `1.5 ms`<!-- =ring.latency -->; 91 %<!-- =ring.share --> stay.

| What | How many |
|---|---:|
| tokens | 640<!-- =ring.tokens --> |

> - less than 10 %<!-- =ring.moved -->

## 640 tokens<!-- =ring.tokens --> {#tokens}
";

fn book(text: &str) -> Book {
    // The text comes first: the order of chapters does not matter.
    Book::new().chapter("text.md", text).chapter("ring.md", RING)
}

#[test]
fn numbers_that_are_right_are_no_findings() {
    let book = book(TEXT);
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.stdout, "nothing to fix\n", "{fix}");
}

#[test]
fn a_stale_number_is_an_error_and_says_what_is_printed() {
    let text = "# Text\n\nIt moves 8.5 %<!-- =ring.moved --> of 600–700 keys<!-- =ring.tokens -->,\n\
                and 12<!-- =ring.share --> in 5 KiB<!-- =ring.latency -->.\n";
    let check = book(text).handbook(["check"]);
    assert_eq!(check.code, Some(1), "{check}");
    assert_data_eq!(
        check.stderr,
        str![[r#"
error[snippets/stale-value]: `ring.moved` is 9.07 %
 --> src/text.md:3:10
  |
3 | It moves 8.5 %<!-- =ring.moved --> of 600–700 keys<!-- =ring.tokens -->,
  |          ^^^
  |
  = note: `ring` is here: src/ring.md:3
  = help: `handbook fix` writes down what the book gives now

error[snippets/stale-value]: `ring.share` is 0.907
 --> src/text.md:4:5
  |
4 | and 12<!-- =ring.share --> in 5 KiB<!-- =ring.latency -->.
  |     ^^
  |
  = note: `ring` is here: src/ring.md:3
  = help: `handbook fix` writes down what the book gives now

error[snippets/stale-value]: `ring.latency` is 1.5e-3 s
 --> src/text.md:4:31
  |
4 | and 12<!-- =ring.share --> in 5 KiB<!-- =ring.latency -->.
  |                               ^ `KiB`
  |
  = note: `ring` is here: src/ring.md:3
  = help: units of one kind are converted; these are none

3 errors found

"#]]
        .raw()
    );
}

/// The rows of the guide's table of written numbers: what is written, a value for which it holds, one
/// for which it does not, and what `fix` makes of it then.
fn table() -> Vec<[String; 4]> {
    let guide = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/guide.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let (_, table) = guide.split_once("| Written |").expect("the guide has the table");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells = row.trim_matches('|').split(" | ");
        let cells = cells.map(|cell| cell.trim().trim_matches('`').to_owned());
        cells.collect::<Vec<_>>().try_into().expect("four cells")
    })
    .collect()
}

#[test]
fn written_numbers_claim_what_the_guide_says() {
    let table = table();
    assert!(table.len() > 25);
    let printed = |column: usize| -> String {
        let lines = table.iter().enumerate();
        lines.map(|(index, row)| format!("println!(\"v{index} = {}\");\n", row[column])).collect()
    };
    let written = |cells: &dyn Fn(&[String; 4]) -> String| -> String {
        let lines = table.iter().enumerate();
        let line = |(index, row)| format!("| Row | so **{}**<!-- =t.v{index} --> |\n", cells(row));
        format!("# T\n\n| a | b |\n|---|---|\n{}", lines.map(line).collect::<String>())
    };
    let snippet = |printed: String| format!("# S\n\n```rust,name=t\n{printed}```\n");
    let text = written(&|row| row[0].clone());
    let book = Book::new().chapter("t.md", &text).chapter("s.md", snippet(printed(1)));
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
    book.write("src/s.md", snippet(printed(2)));
    let check = book.handbook(["check"]);
    let expected =
        (0..table.len()).map(|index| format!("error snippets/stale-value src/t.md:{}", index + 5));
    let found = check.printed_places();
    let found = found.iter().map(|place| place.rsplit_once(':').expect("a column").0);
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{check}");
    let fix = book.handbook(["fix"]);
    let told: Vec<&str> = fix.stdout.lines().collect();
    assert_eq!((told[0], told.len()), ("fixed src/t.md", 12), "{fix}");
    assert_eq!(told[1], "  5: 9.1 % is now 9.2 % (t.v0)");
    let left = table.iter().filter(|row| row[3] != "–").count() - 10;
    assert_eq!(told[11], format!("  and {left} more, which `--verbose` lists"));
    let fixed = written(&|row| if row[3] == "–" { row[0].clone() } else { row[3].clone() });
    assert_eq!(book.read("src/t.md"), fixed);
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
}

/// Numbers of all notations, wrong most of the time: `fix` changes digits and nothing else, comes to
/// rest, and leaves nothing that it would change.
#[test]
fn fix_changes_numbers_only() {
    let before = ["", "about ", "~", "**", "(see 7) ", "from 3 ", "≈ ", "ä ", "< "];
    let numbers = [
        "12",
        "9.10",
        "1,234",
        "−3.5",
        "0.5",
        "1\u{202f}234",
        "2.0e3",
        "1.5 × 10^3",
        "10–20",
        "7 890",
    ];
    let after = ["", " %", " ms", "&nbsp;keys", "k", " million", "×"];
    let values = ["12.4", "1234567", "-0.04", "9.07 %", "3.5e-3 s", "77 keys", "0"];
    let mut text = "# T\r\n\n".to_owned();
    let mut count = 0;
    for before in before {
        for number in numbers {
            for after in after {
                let close = if before == "**" { "**" } else { "" };
                let value = count * 5 % values.len();
                text.push_str(&format!("{before}{number}{after}{close}<!-- =t.v{value} -->  \n"));
                count += 1;
            }
        }
    }
    let printed = values.iter().enumerate();
    let printed = printed.map(|(index, value)| format!("println!(\"v{index} = {value}\");\n"));
    let snippet = format!("# S\n\n```rust,name=t\n{}```\n", printed.collect::<String>());
    let book = Book::new().chapter("t.md", &text).chapter("s.md", snippet);
    let stale = book.handbook(["check"]).printed_places().len();
    let fix = book.handbook(["fix"]);
    assert!(fix.stdout.starts_with("fixed src/t.md\n"), "{fix}");
    let fixed = book.read("src/t.md");
    let left = book.handbook(["check"]);
    // Units that do not go together, ranges and bounds are for the author.
    let undecided = left.printed_places().len();
    assert!(undecided + 150 < stale, "{stale} before, {undecided} after");
    assert!(!left.stderr.contains("`handbook fix`"), "{left}");
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
    assert_eq!(book.read("src/t.md"), fixed);
    // A number may lose its thousands or its sign, and nothing around it changes.
    let around = |text: &str| -> Vec<String> {
        let is_number = |ch: char| ch.is_ascii_digit() || ".,−-\u{202f}".contains(ch);
        text.lines().map(|line| line.replace(is_number, "")).collect()
    };
    assert_eq!(around(&fixed), around(&text));
}

/// `fix` changes the numbers, in their own notation, and not a byte more.
#[test]
fn numbers_are_written_anew_in_their_own_notation() {
    let stale = TEXT
        .replace("**9.1 %**", "**8.50 %**")
        .replace("`1.5 ms`", "`1.4e0 ms`")
        .replace("640 tokens<", "1,639 tokens<")
        .replace("| 640<", "| ~700<")
        .replace("91 %", "90.0 %")
        .replace('\n', "\r\n");
    let fixed = TEXT
        .replace("**9.1 %**", "**9.07 %**")
        .replace("`1.5 ms`", "`1.5e0 ms`")
        .replace("| 640<", "| ~700<")
        .replace("91 %", "90.7 %")
        .replace('\n', "\r\n");
    let book = book(&stale);
    let fix = book.handbook(["fix"]);
    let told = "fixed src/text.md\n  3: 8.50 % is now 9.07 % (ring.moved)\n  \
                3: 1,639 tokens is now 640 tokens (ring.tokens)\n  \
                4: 1.4e0 ms is now 1.5e0 ms (ring.latency)\n  \
                4: 90.0 % is now 90.7 % (ring.share)\n  \
                12: 1,639 tokens is now 640 tokens (ring.tokens)\n";
    assert_eq!((fix.stdout.as_str(), fix.code), (told, Some(0)), "{fix}");
    assert_eq!(book.read("src/text.md"), fixed);
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
    assert_eq!(book.read("src/ring.md"), RING);
}

/// What `fix` makes of sentences is told, with the lines as they are afterwards.
#[test]
fn what_is_rewritten_in_sentences_is_told() {
    let numbers: String = (10..22).map(|it| format!("{it}<!-- =a.x -->\n")).collect();
    let snippet = "```rust,name=a,run\nprintln!(\"x = 9\\ny = 5 keys per node\");\n```\n";
    let chapter = format!("# A\n\n{snippet}\nOf **6** keys per node<!-- =a.y -->\n{numbers}");
    let book = Book::new().chapter("a.md", &chapter);
    let first = "  12: 6 keys per node is now 5 keys per node (a.y)\n  13: 10 is now 9 (a.x)\n";
    let diff = book.handbook(["fix", "--diff"]);
    assert!(diff.stdout.contains(&format!("+9<!-- =a.x -->\n{first}")), "{diff}");
    assert_eq!(book.read("src/a.md"), chapter);
    let fix = book.handbook(["fix"]);
    assert!(fix.stdout.starts_with(&format!("fixed src/a.md\n{first}")), "{fix}");
    assert!(fix.stdout.ends_with("(a.x)\n  and 3 more, which `--verbose` lists\n"), "{fix}");
    assert_eq!(fix.stdout.lines().count(), 12, "{fix}");
    book.write("src/a.md", &chapter);
    let verbose = book.handbook(["fix", "--verbose"]);
    assert!(verbose.stdout.ends_with("  24: 21 is now 9 (a.x)\n"), "{verbose}");
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
}

/// A number that is not held says which word is in the way.
#[test]
fn what_is_in_the_way_of_a_number_is_named() {
    let text = "# Text\n\nAt least 9.1 %<!-- =ring.moved -->, at most **8 %**<!-- =ring.moved -->,\n\
                640 tokens in all<!-- =ring.tokens --> and 3 or 5<!-- =ring.tokens -->,\n\
                `O(n)` steps each<!-- =ring.tokens -->.\n";
    let check = book(text).handbook(["check"]);
    let told: Vec<&str> = check
        .stderr
        .lines()
        .filter(|line| line.starts_with("error[") || line.contains("= help"))
        .map(|line| line.trim_start().trim_start_matches("= help: "))
        .collect();
    assert_data_eq!(
        told.join("\n"),
        str![[r#"
error[snippets/stale-value]: `ring.moved` is 9.07 %
`at least` makes it a bound, which is not rounded: write `about 9.1`, or a bound that 9.07 % keeps
error[snippets/stale-value]: `ring.moved` is 9.07 %
`at most` makes it a bound, which is yours to choose
error[snippets/misplaced-binding]: `tokens in all` stands between `640` and its binding
a unit is one word, or two with `per` between them; other words stand behind the binding: 640<!-- =ring.tokens --> tokens in all
error[snippets/stale-value]: `ring.tokens` is 640
it is a part of something larger, which is yours to write anew
error[snippets/misplaced-binding]: `steps each` stands between `O(n)` and its binding
a unit is one word, or two with `per` between them; other words stand behind the binding: `O(n)`<!-- =ring.tokens --> steps each
"#]]
        .raw()
    );
}

#[test]
fn a_number_in_an_included_file_is_fixed_there() {
    let book = Book::new()
        .file("src/part.md", "It moves 8.5 %<!-- =ring.moved -->.\n")
        .chapter("a.md", "# A\n\n{{#include part.md}}\n")
        .chapter("b.md", "# B\n\n{{#include part.md}}\n")
        .chapter("ring.md", RING);
    let fix = book.handbook(["fix"]);
    let told = "fixed src/part.md\n  1: 8.5 % is now 9.1 % (ring.moved)\n";
    assert_eq!((fix.stdout.as_str(), fix.code), (told, Some(0)), "{fix}");
    assert_eq!(book.read("src/part.md"), "It moves 9.1 %<!-- =ring.moved -->.\n");
}

#[test]
fn names_that_lead_nowhere_and_places_that_hold_nothing_are_findings() {
    let text = "# Text {#text}\n\n5<!-- =rng.moved --> 5<!-- =ring.movd --> 5<!-- =ring.keys -->\n\
                x<!-- =ring.moved --> 5<!-- =ring --> {{#value ring.gone}} {{#value}}\n\
                {{#value ring.moved some}} {{#value ring.moved 0.0 ms}}\n\
                5<!-- =quiet.x --> 5<!-- =module.x --> 5<!-- =twice.x --> O(n)<!-- =ring.moved -->\n\n\
                <!-- =ring.moved -->\n\n## 5<!-- =ring.moved -->\n\n\
                ```rust,name=quiet,no_run\n```\n\n```rust,mod=module\n```\n\n\
                ```rust,name=twice\nfor x in 1..3 { println!(\"x = {x}\"); }\n```\n";
    let check = book(text).handbook(["check"]);
    assert_data_eq!(check.stderr, str![[r#"
error[snippets/unknown-value]: no snippet has the name `rng`
 --> src/text.md:3:2
  |
3 | 5<!-- =rng.moved --> 5<!-- =ring.movd --> 5<!-- =ring.keys -->
  |  ^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `ring.moved`?

error[snippets/unknown-value]: `ring` prints no `movd`
 --> src/text.md:3:23
  |
3 | 5<!-- =rng.moved --> 5<!-- =ring.movd --> 5<!-- =ring.keys -->
  |                       ^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `ring.moved`?

error[snippets/unknown-value]: `ring` prints no `keys`
 --> src/text.md:3:44
  |
3 | 5<!-- =rng.moved --> 5<!-- =ring.movd --> 5<!-- =ring.keys -->
  |                                            ^^^^^^^^^^^^^^^^^^^
  |
  = help: it prints `latency`, `moved`, `share`, `tokens`

error[snippets/misplaced-binding]: no number that can be read stands before this binding
 --> src/text.md:4:2
  |
4 | x<!-- =ring.moved --> 5<!-- =ring --> {{#value ring.gone}} {{#value}}
  |  ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `ring` is here: src/ring.md:3
  = help: put it right behind a number and its unit: `9.1 %<!-- =ring.moved -->`

error[snippets/malformed-binding]: this binding cannot be read
 --> src/text.md:4:24
  |
4 | x<!-- =ring.moved --> 5<!-- =ring --> {{#value ring.gone}} {{#value}}
  |                        ^^^^^^^^^^^^^^
  |
  = help: it is `<!-- =SNIPPET.KEY -->` or `<!-- =SNIPPET.COLUMN[ROW] -->`, or `{{#value SNIPPET.KEY}}` with a sample such as `0.0 %` behind the key; the column `p99.9 (ms)` is named `p99-9-ms`

error[snippets/unknown-value]: `ring` prints no `gone`
 --> src/text.md:4:39
  |
4 | x<!-- =ring.moved --> 5<!-- =ring --> {{#value ring.gone}} {{#value}}
  |                                       ^^^^^^^^^^^^^^^^^^^^
  |
  = help: it prints `latency`, `moved`, `share`, `tokens`

error[snippets/malformed-binding]: this binding cannot be read
 --> src/text.md:4:60
  |
4 | x<!-- =ring.moved --> 5<!-- =ring --> {{#value ring.gone}} {{#value}}
  |                                                            ^^^^^^^^^^
  |
  = help: it is `<!-- =SNIPPET.KEY -->` or `<!-- =SNIPPET.COLUMN[ROW] -->`, or `{{#value SNIPPET.KEY}}` with a sample such as `0.0 %` behind the key; the column `p99.9 (ms)` is named `p99-9-ms`

error[snippets/malformed-binding]: this binding cannot be read
 --> src/text.md:5:1
  |
5 | {{#value ring.moved some}} {{#value ring.moved 0.0 ms}}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: it is `<!-- =SNIPPET.KEY -->` or `<!-- =SNIPPET.COLUMN[ROW] -->`, or `{{#value SNIPPET.KEY}}` with a sample such as `0.0 %` behind the key; the column `p99.9 (ms)` is named `p99-9-ms`

error[snippets/malformed-binding]: the value cannot be written like `0.0 ms`
 --> src/text.md:5:28
  |
5 | {{#value ring.moved some}} {{#value ring.moved 0.0 ms}}
  |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: `ring` is here: src/ring.md:3
  = help: a sample is one number with a unit that goes with the value's, such as `0.0 %`

error[snippets/unknown-value]: `quiet` says `no_run`, and is not run
 --> src/text.md:6:2
  |
6 | 5<!-- =quiet.x --> 5<!-- =module.x --> 5<!-- =twice.x --> O(n)<!-- =ring.moved -->
  |  ^^^^^^^^^^^^^^^^^
  |
  = help: only what runs has values

error[snippets/unknown-value]: `module` is a module, and prints nothing
 --> src/text.md:6:21
  |
6 | 5<!-- =quiet.x --> 5<!-- =module.x --> 5<!-- =twice.x --> O(n)<!-- =ring.moved -->
  |                     ^^^^^^^^^^^^^^^^^^
  |
  = help: name a snippet that uses it

error[snippets/unknown-value]: `twice` prints more than one `x`
 --> src/text.md:6:41
  |
6 | 5<!-- =quiet.x --> 5<!-- =module.x --> 5<!-- =twice.x --> O(n)<!-- =ring.moved -->
  |                                         ^^^^^^^^^^^^^^^^^
  |
  = note: `twice` is here: src/text.md:18
  = help: give each its own name

error[snippets/misplaced-binding]: growth is claimed, and bound to a single number
 --> src/text.md:6:63
  |
6 | 5<!-- =quiet.x --> 5<!-- =module.x --> 5<!-- =twice.x --> O(n)<!-- =ring.moved -->
  |                                                               ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `ring` is here: src/ring.md:3
  = help: print a table: a line `n,steps`, then a line of numbers for each size

error[snippets/misplaced-binding]: this binding stands in raw HTML or an image, or first on its line
 --> src/text.md:8:1
  |
8 | <!-- =ring.moved -->
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: put it right behind the number, in a paragraph or table of Markdown

error[snippets/misplaced-binding]: a value in a heading changes its anchor
  --> src/text.md:10:5
   |
10 | ## 5<!-- =ring.moved -->
   |     ^^^^^^^^^^^^^^^^^^^^
   |
   = help: give the heading an anchor, `{#name}`, or move the value into the text

15 errors found

"#]].raw());
}

/// What is not known in a run is no finding: snippets that fail have one of their own.
#[test]
fn what_is_unknown_is_no_finding() {
    let stale = TEXT.replace("9.1 %", "8.1 %") + "\n{{#value ring.moved}}\n";
    let book = book(&stale);
    let check = book.handbook(["check", "--no-run", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
    book.write("src/ring.md", RING.replace("println!(\"keys: 12\");", "panic!();"));
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places(), ["error snippets/panics src/ring.md:8:1"], "{check}");
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
}

#[test]
fn a_snippet_can_say_that_its_values_are_to_be_used() {
    let ring = RING.replace("name=ring", "name=ring,values");
    let text = "# Text\n\n9 %<!-- =ring.moved --> {{#value ring.tokens}}\n";
    let book = Book::new().chapter("ring.md", ring).chapter("text.md", text);
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(0), "{check}");
    assert_data_eq!(
        check.stderr,
        str![[r#"
warning[snippets/unused-value]: nothing uses the value `ring.latency`
 --> src/ring.md:3:1
  |
3 | ```rust,name=ring,values
  | ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: bind it with `<!-- =ring.latency -->` behind a number, or take `values` away

warning[snippets/unused-value]: nothing uses the value `ring.share`
 --> src/ring.md:3:1
  |
3 | ```rust,name=ring,values
  | ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: bind it with `<!-- =ring.share -->` behind a number, or take `values` away

2 warnings found

"#]]
        .raw()
    );
    book.write("src/text.md", TEXT);
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
}

#[test]
fn a_directive_becomes_the_number() {
    let text = "# Text\n\nIt moves {{#value ring.moved}}, *{{#value ring.moved 0.0%}}*, to\n\
                {{#value ring.tokens 0,000}} tokens in {{#value ring.latency 0.0 ms}}.\n\n\
                {{#value ring.share 0 %}}\n\n\
                | a | b |\n|---|---|\n| {{#value ring.tokens}} | `{{#value ring.tokens}}` |\n\n\
                ```text\n{{#value ring.tokens}}\n```\n\nStays: 640<!-- =ring.tokens -->.\n";
    let book = book(text);
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
    let mut pages = Vec::new();
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let paragraphs = built.select("text.html", "main p");
        assert_eq!(paragraphs[0], "It moves 9.07 %, 9.1%, to\n640 tokens in 1.5 ms.", "{host:?}");
        assert_eq!(paragraphs[1], "91 %", "{host:?}");
        assert_eq!(paragraphs[2], "Stays: 640.", "{host:?}");
        let cells = built.select("text.html", "main td");
        assert_eq!(cells, ["640", "{{#value ring.tokens}}"], "{host:?}");
        pages.push(built.text("text.html"));
    }
    let build = book.handbook(["build"]);
    assert_eq!(build.code, Some(0), "{build}");
    assert!(pages.contains(&book.read("book/text.html")), "the pages are those of mdBook");
}

/// What the author wrote around a number stays what it is.
#[test]
fn a_number_opens_no_block() {
    let text = "# Text\n\n{{#value ring.tokens}}. That\n{{#value ring.one}}. is\n{{#value ring.one}}) all\n\n\
                - {{#value ring.tokens}}. In a list\n\n> {{#value ring.grew}} keys\n";
    let ring = RING.replace("println!(\"keys", "println!(\"one = 1\\ngrew = +5\\nkeys");
    let book = Book::new().chapter("text.md", text).chapter("ring.md", ring);
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let paragraphs = built.select("text.html", "main p");
        assert_eq!(paragraphs, ["640. That\n1. is\n1) all", "+5 keys"], "{host:?}");
        assert_eq!(built.select("text.html", "main li"), ["640. In a list"], "{host:?}");
    }
}

/// A sentence has no hole where a number is not known.
#[test]
fn an_unknown_value_leaves_its_name_in_the_page() {
    let book = book("# Text\n\nIt moves {{#value ring.moved}}.\n");
    let build = book.handbook(["build", "--no-run"]);
    assert_eq!(build.code, Some(0), "{build}");
    assert!(book.read("book/text.html").contains("It moves <code>ring.moved</code>."));
}

/// Whoever asks hears the same.
#[test]
fn hosts_find_what_check_finds() {
    let stale = TEXT.replace("9.1 %", "8.1 %").replace("640", "{{#value ring.tokns}}");
    let book = book(&stale);
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(1), "{check}");
    for host in Host::ALL {
        assert_eq!(host.build(&book).log, check.stderr, "{host:?}");
    }
    let run = book.handbook(["run"]);
    assert_eq!(run.stderr, check.stderr);
    assert_eq!(book.handbook(["run", "--name", "ring"]).code, Some(0));
}

#[test]
fn a_foreign_book_may_write_such_comments() {
    let book = Book::foreign().chapter("a.md", "# A\n\n5<!-- =a.b --> {{#value a.b}}\n");
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
}

/// Whoever asks for one chapter has its snippets run, and those whose values it names.
#[test]
fn a_chapter_is_checked_with_what_it_names_and_nothing_else() {
    let text = "# Text\n\nThere 9.2 %<!-- =ring.moved --> move.\n\n```rust\nassert!(true);\n```\n";
    let other = "# Other\n\n```rust,name=other\nprintln!(\"x = 1\");\n```\n\n\
                 2<!-- =other.x -->\n";
    let book = book(text).chapter("other.md", other);
    let check = book.handbook(["check", "src/text.md", "--format", "json"]);
    assert_eq!(check.places(), ["error snippets/stale-value src/text.md:3:7"], "{check}");
    // All three are asked for now, and two are known.
    let run = book.handbook(["run"]);
    assert!(run.stdout.contains("2 from the cache"), "{run}");
    book.handbook(["fix", "src/text.md"]);
    assert!(book.read("src/text.md").contains("9.1 %"));
    assert!(book.read("src/other.md").contains("2<!-- =other.x -->"));
}
