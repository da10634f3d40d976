//! Cells of printed tables are bound like values, by column and row.

use handbook_tests::{Book, Host};
use snapbox::{IntoData, assert_data_eq, str};
use std::fmt::Write as _;

/// Two tables among other lines, and a value.
const LATENCY: &str = r#"# Latency

```rust,name=latency.v2,values
println!("Simulated, not measured");
println!("policy      | mean of p99s | p99.9");
for (policy, mean, worst) in [("random", 46.17, 9.84), ("in turn", 26.379, 5.69)] {
    println!("{policy:<11} | {mean:>9.3} ms | {worst:.2} %");
}
println!("limit = 2.6141");
println!("queue,load,kept");
for (queue, load, kept) in [("ring", 1, 640), ("ring", 2, 64), ("none", 1, 0)] {
    println!("{queue},{load},{}", if kept > 0 { kept.to_string() } else { "n/a".to_owned() });
}
```
"#;

const TEXT: &str = "# Text

The mean is **46.2 ms**<!-- =latency.v2.mean-of-p99s[random] -->, about {{#value latency.v2.mean-of-p99s[in turn] 0 ms}}
in turn; {{#value latency.v2.p99-9[in turn]}} are late, and 2.6<!-- =latency.v2.limit --> is the limit.

| Queue | Kept |
|---|---:|
| ring | 640<!-- =latency.v2.kept[ring, 1] --> |
";

fn book(text: &str) -> Book {
    Book::new().chapter("text.md", text).chapter("latency.md", LATENCY)
}

#[test]
fn cells_are_bound_in_text_and_tables_and_shown() {
    let book = book(TEXT);
    // Nobody names all cells of a table, and what is there to be used is the value.
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let paragraphs = built.select("text.html", "main p");
        let expected =
            "The mean is 46.2 ms, about 26 ms\nin turn; 5.69 % are late, and 2.6 is the limit.";
        assert_eq!(paragraphs, [expected], "{host:?}");
    }
    let unknown = book.handbook(["build", "--no-run"]);
    assert_eq!(unknown.code, Some(0), "{unknown}");
    assert!(book.read("book/text.html").contains("<code>latency.v2.p99-9[in turn]</code>"));
}

#[test]
fn a_stale_cell_is_an_error_and_fixed() {
    let stale = TEXT.replace("46.2", "46.0").replace("| 640", "| 6,400");
    let book = book(&stale);
    let check = book.handbook(["check"]);
    assert_data_eq!(
        check.stderr,
        str![[r#"
error[snippets/stale-value]: `latency.v2.mean-of-p99s[random]` is 46.170 ms
 --> src/text.md:3:15
  |
3 | The mean is **46.0 ms**<!-- =latency.v2.mean-of-p99s[random] -->, about {{#value latency.v2.mean-of-p99s[in turn] 0 ms}}
  |               ^^^^
  |
  = note: `latency.v2` is here: src/latency.md:3
  = help: `handbook fix` writes down what the book gives now

error[snippets/stale-value]: `latency.v2.kept[ring, 1]` is 640
 --> src/text.md:8:10
  |
8 | | ring | 6,400<!-- =latency.v2.kept[ring, 1] --> |
  |          ^^^^^
  |
  = note: `latency.v2` is here: src/latency.md:3
  = help: `handbook fix` writes down what the book gives now

2 errors found

"#]]
        .raw()
    );
    let fix = book.handbook(["fix"]);
    assert_data_eq!(
        fix.stdout,
        str![[r#"
fixed src/text.md
  3: 46.0 ms is now 46.2 ms (latency.v2.mean-of-p99s[random])
  8: 6,400 is now 640 (latency.v2.kept[ring, 1])

"#]]
    );
    assert_eq!(book.read("src/text.md"), TEXT);
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
}

#[test]
fn what_leads_to_no_cell_says_what_the_tables_have() {
    let text = "# Text\n\n\
        1<!-- =latency.v2.p99[random] -->\n1<!-- =latency.v2.limit[random] -->\n\
        1<!-- =latency.v2.p99-9 -->\n1<!-- =latency.v2.p99-9[randon] -->\n\
        1<!-- =latency.v2.p99-9[9] -->\n1<!-- =latency.v2.kept[ring] -->\n\
        1<!-- =latency.v2.kept[none] -->\n1<!-- =twice.x[1] -->\n1<!-- =twice.y[1] -->\n\
        1<!-- =twice.z[3] -->\n1<!-- =twice.x[1 -->\n1<!-- =lateny.v2.kept[none] -->\n\
        O(n)<!-- =latency.v2.kept[ring, 1] -->\n1<!-- =twice.z -->\n\n\
        ```rust,name=twice\nprintln!(\"n,x,y,y\\n1,2,3,3\\n\\nn,x,z\\n1,2,3\\n2,000,3,4\\n3,4,5\");\n```\n\
        <!-- =latency.v2.limit -->\n";
    let check = book(text).handbook(["check"]);
    let told: Vec<&str> = check
        .stderr
        .lines()
        .filter(|line| line.starts_with("error[") || line.contains("= help"))
        .map(|line| line.trim_start().trim_start_matches("= help: "))
        .collect();
    assert_data_eq!(told.join("\n"), str![[r#"
error[snippets/unknown-value]: `latency.v2` prints no table with a column `p99`
its tables have `kept`, `load`, `mean-of-p99s`, `p99-9`, `policy`, `queue`
error[snippets/unknown-value]: `latency.v2` prints no table with a column `limit`
`latency.v2.limit` is a value, which has no rows
error[snippets/unknown-value]: `latency.v2` prints no `p99-9`
it is a column of a table: name a row, as in `latency.v2.p99-9[random]`
error[snippets/unknown-value]: the table in line 2 of what `latency.v2` prints has no row `randon`
did you mean `latency.v2.p99-9[random]`?
error[snippets/unknown-value]: the table in line 2 of what `latency.v2` prints has no row `9`
its rows begin with `random`, `in turn`
error[snippets/unknown-value]: more than one row of what `latency.v2` prints begins with `ring`: lines 7 and 8
name more of its cells: `[ring, …]`
error[snippets/unknown-value]: `latency.v2.kept[none]` is `n/a`, which is no number
line 9 of what `latency.v2` prints needs a number as Rust prints it there, with a unit of one word or without
error[snippets/unknown-value]: `twice` prints two tables with a column `x`, in lines 1 and 4
give each column a name of its own
error[snippets/unknown-value]: line 1 of what `twice` prints has two columns `y`
give each column a name of its own
error[snippets/unknown-value]: the table in line 4 of what `twice` prints has no row `3`
line 6 ends the table: it has another number of cells than line 4
error[snippets/malformed-binding]: this binding cannot be read
it is `<!-- =SNIPPET.KEY -->` or `<!-- =SNIPPET.COLUMN[ROW] -->`, or `{{#value SNIPPET.KEY}}` with a sample such as `0.0 %` behind the key; the column `p99.9 (ms)` is named `p99-9-ms`
error[snippets/unknown-value]: no snippet has the name `lateny.v2`
did you mean `latency.v2.kept[none]`?
error[snippets/misplaced-binding]: growth is claimed, and bound to a single cell
leave the row out: a claim is about all of a column
error[snippets/misplaced-binding]: a series is bound to something else than a claim of growth
a series can hold a claim such as `O(log n)<!-- =jump.steps -->`; one number of it is named by its row, `<!-- =jump.steps[64] -->`
error[snippets/misplaced-binding]: this binding stands in raw HTML or an image, or first on its line
put it right behind the number, in a paragraph or table of Markdown
bind it with `<!-- =latency.v2.limit -->` behind a number, or take `values` away
"#]].raw());
}

/// Tables of all three sorts with random cells, and numbers beside them that are right or wrong: a
/// number is stale if and only if the cell does not round to it, and `fix` makes all of them right.
#[test]
fn a_bound_number_is_right_iff_the_cell_rounds_to_it() {
    let mut seed = 7_u64;
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut lines = String::new();
    let mut text = "# Text\n\n".to_owned();
    let mut expected = Vec::new();
    for (table, between) in ["\t", " | ", ","].iter().cycle().take(12).enumerate() {
        let header = ["row", "no.", &format!("a b{table}"), &format!("c{table} (%)")].join(between);
        let _ = writeln!(lines, "Table {table}:\n{header}");
        for row in 0..8 {
            // Thousandths, of which the text writes tenths.
            let cells = [draw(4000), draw(4000)];
            let label = ["left", "right side"][row / 4];
            let unit = ["", " %"];
            let shown = cells.iter().zip(unit);
            let shown =
                shown.map(|(cell, unit)| format!("{}.{:03}{unit}", cell / 1000, cell % 1000));
            let shown: Vec<String> = shown.collect();
            let _ = writeln!(lines, "{label}{between}{row}{between}{}", shown.join(between));
            for ((column, unit), cell) in ["a-b", "c"].iter().zip(unit).zip(cells) {
                let written = (cell / 100 + draw(3)).saturating_sub(1);
                if (written * 100).abs_diff(cell) > 50 {
                    let line = text.lines().count() + 1;
                    expected.push(format!("error snippets/stale-value src/text.md:{line}:1"));
                }
                let _ = writeln!(
                    text,
                    "{}.{}{unit}<!-- =t.{column}{table}[{label}, {row}] -->",
                    written / 10,
                    written % 10
                );
            }
        }
        lines.push_str(["\n", "done = 1\n"][table % 2]);
    }
    let snippet = format!("# S\n\n```rust,name=t\nprint!(\"{{}}\", r\"{lines}\");\n```\n");
    let book = Book::new().chapter("text.md", &text).chapter("s.md", snippet);
    assert!(expected.len() > 60 && expected.len() < 160, "{}", expected.len());
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places(), expected, "{check}");
    assert_eq!(book.handbook(["fix"]).code, Some(0));
    let fixed = book.read("src/text.md");
    assert_eq!(fixed.lines().count(), text.lines().count());
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
    assert_eq!(book.read("src/text.md"), fixed);
}

/// What is bound counts wherever values do: in the record, and when code is changed.
#[test]
fn a_bound_cell_is_held_and_is_evidence() {
    let snippet =
        "# S\n\n```rust,name=s\nprintln!(\"n,twice\");\nprintln!(\"5,{}\", 3 + 4);\n```\n";
    let book = Book::new()
        .chapter("s.md", format!("{snippet}\n7<!-- =s.twice[5] -->\n"))
        .chapter("verified.md", "# Verified\n\n{{#verification}}\n");
    assert_eq!(book.handbook(["build"]).code, Some(0));
    assert!(book.read("book/verified.html").contains("1 number in the text is held"));
    let mutate = book.handbook(["mutate"]);
    assert!(mutate.stdout.ends_with("5 of 5 changes noticed (100.0 %)\n"), "{mutate}");
    book.write("src/s.md", snippet);
    let mutate = book.handbook(["mutate"]);
    assert!(mutate.stdout.ends_with("0 of 5 changes noticed (0.0 %)\n"), "{mutate}");
}
