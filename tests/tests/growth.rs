//! Claims of growth are judged by what snippets count.

use handbook_tests::Book;
use snapbox::{IntoData, assert_data_eq, str};

const JUMP: &str = r#"# Jump

```rust,name=jump
println!("n,steps,moves");
for n in (3..14).map(|power| 1_u32 << power) {
    println!("{n},{},{}", n.ilog2(), 5 * n + n % 7);
}
println!("sizes,two");
println!("1,2\n2,3");
```
"#;

fn check(text: &str) -> handbook_tests::Output {
    let book = Book::new().chapter("text.md", text).chapter("jump.md", JUMP);
    book.handbook(["check"])
}

#[test]
fn a_claim_that_holds_is_no_finding() {
    let check = check(
        "# Text\n\nIt takes `O(log n)`<!-- =jump.steps -->, **Θ(log₂ n)**<!-- =jump.steps -->, and\n\
         O(n^2)<!-- =jump.steps --> at most.\n\n| a | b |\n|---|---|\n| x | O(N)<!-- =jump.moves --> |\n",
    );
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
}

#[test]
fn a_claim_that_does_not_is_refuted_with_its_points() {
    let check =
        check("# Text\n\nIt takes O(log n)<!-- =jump.moves -->, Θ(n)<!-- =jump.steps -->.\n");
    assert_eq!(check.code, Some(1), "{check}");
    assert_data_eq!(check.stderr, str![[r#"
error[snippets/refuted-growth]: `jump.moves` grows like n, not O(log n)
 --> src/text.md:3:18
  |
3 | It takes O(log n)<!-- =jump.moves -->, Θ(n)<!-- =jump.steps -->.
  |                  ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = note: points: 8: 41, 16: 82, 32: 164, 64: 321, 128: 642, 256: 1284, 512: 2561, 1024: 5122, 2048: 10244, 4096: 20481, 8192: 40962
  = note: off by: 1 85 %, log n 79 %, sqrt n 70 %, n 1 %, n log n 21 %, n^2 68 %, n^3 76 %, 2^n 80 %
  = help: correct the claim, or what the snippet counts

error[snippets/refuted-growth]: `jump.steps` grows like log n, not Θ(n)
 --> src/text.md:3:44
  |
3 | It takes O(log n)<!-- =jump.moves -->, Θ(n)<!-- =jump.steps -->.
  |                                            ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = note: points: 8: 3, 16: 4, 32: 5, 64: 6, 128: 7, 256: 8, 512: 9, 1024: 10, 2048: 11, 4096: 12, 8192: 13
  = note: off by: 1 45 %, log n 0 %, sqrt n 21 %, n 32 %, n log n 33 %, n^2 38 %, n^3 40 %, 2^n 41 %
  = help: correct the claim, or what the snippet counts

2 errors found

"#]].raw());
}

/// Prints a series of every class, each number off by up to 4 %.
const ALL: &str = r#"# All

```rust,name=all
let mut seed = 7_u64;
let mut noisy = |number: f64| {
    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    number * (0.96 + 0.08 * (seed >> 40) as f64 / (1u64 << 24) as f64)
};
println!("n,c0,c1,c2,c3,c4,c5,c6");
for n in (4..16).map(|power| f64::from(1 << power)) {
    let exact =
        [3.0, n.log2(), n.sqrt(), n, n * n.log2(), n.powi(2), n.powi(3)];
    let row: Vec<String> = exact.iter().map(|it| format!("{:.3}", noisy(*it))).collect();
    println!("{n},{}", row.join(","));
}
println!("n,c7");
for n in 4..25 {
    println!("{n},{:.1}", noisy(f64::from(n).exp2()));
}
```
"#;

/// Every class of growth against every claim.
#[test]
fn claims_are_refuted_where_they_are_wrong_and_nowhere_else() {
    let claims = ["1", "log n", "√n", "n", "n log n", "n²", "n<sup>3</sup>", "2^n"];
    let mut text = "# Text\n\n".to_owned();
    let mut expected = Vec::new();
    for class in 0..claims.len() {
        for (claimed, claim) in claims.iter().enumerate() {
            let line = text.lines().count() + 1;
            text.push_str(&format!("O({claim})<!-- =all.c{class} -->\n"));
            if claimed < class {
                expected.push(format!("error snippets/refuted-growth src/text.md:{line}"));
            }
        }
    }
    let book = Book::new().chapter("all.md", ALL).chapter("text.md", &text);
    let check = book.handbook(["check"]);
    let found = check.printed_places();
    let found = found.iter().map(|place| place.rsplit_once(':').expect("a column").0);
    assert_eq!(found.collect::<Vec<_>>(), expected, "{check}");
}

#[test]
fn too_little_data_and_what_cannot_be_judged_are_findings() {
    let check = check(
        "# Text\n\nO(1)<!-- =jump.two --> O(n!)<!-- =jump.steps --> 5<!-- =jump.steps -->\n\
         {{#value jump.steps}} O(n)<!-- =jump.probes -->\n",
    );
    assert_data_eq!(
        check.stderr,
        str![[r#"
warning[snippets/too-few-points]: `jump.two` does not tell whether it grows like O(1)
 --> src/text.md:3:5
  |
3 | O(1)<!-- =jump.two --> O(n!)<!-- =jump.steps --> 5<!-- =jump.steps -->
  |     ^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = note: points: 1: 2, 2: 3
  = note: off by: 1 20 %, log n 14 %, sqrt n 3 %, n 0 %, n log n 14 %, n^2 3 %, n^3 8 %, 2^n 0 %
  = help: print 5 sizes or more, from 1 on, the largest 8 times the smallest

error[snippets/malformed-binding]: `n!` is no class of growth that can be judged
 --> src/text.md:3:29
  |
3 | O(1)<!-- =jump.two --> O(n!)<!-- =jump.steps --> 5<!-- =jump.steps -->
  |                             ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = help: known are `1`, `log n`, `sqrt n`, `n`, `n log n`, `n^2`, `n^3` and `2^n`

error[snippets/misplaced-binding]: a series is bound to something else than a claim of growth
 --> src/text.md:3:51
  |
3 | O(1)<!-- =jump.two --> O(n!)<!-- =jump.steps --> 5<!-- =jump.steps -->
  |                                                   ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = help: a series can hold a claim such as `O(log n)<!-- =jump.steps -->`; one number of it is named by its row, `<!-- =jump.steps[64] -->`

error[snippets/misplaced-binding]: a series is bound to something else than a claim of growth
 --> src/text.md:4:1
  |
4 | {{#value jump.steps}} O(n)<!-- =jump.probes -->
  | ^^^^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = help: a series can hold a claim such as `O(log n)<!-- =jump.steps -->`; one number of it is named by its row, `<!-- =jump.steps[64] -->`

error[snippets/unknown-value]: `jump` prints no `probes`
 --> src/text.md:4:27
  |
4 | {{#value jump.steps}} O(n)<!-- =jump.probes -->
  |                           ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: it prints `moves`, `steps`, `two`

4 errors and 1 warning found

"#]]
        .raw()
    );
}

/// A table is not judged by half of it.
#[test]
fn a_row_that_cannot_be_read_is_named() {
    let cut = JUMP.replace("println!(\"sizes,two\");", "println!(\"16384,n/a\\nsizes,two\");");
    let text = "# Text\n\nO(log n)<!-- =jump.steps -->\n";
    let book = Book::new().chapter("text.md", text).chapter("jump.md", cut);
    assert_data_eq!(
        book.handbook(["check"]).stderr,
        str![[r#"
error[snippets/broken-series]: the table of `jump.steps` has a row that cannot be read: `16384,n/a`
 --> src/text.md:3:9
  |
3 | O(log n)<!-- =jump.steps -->
  |         ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `jump` is here: src/jump.md:3
  = help: print a number for each column, without units or marks between thousands, or a blank line where the table ends

1 error found

"#]]
        .raw()
    );
}

/// A bound that holds in the end is a bound, and Θ is not.
#[test]
fn bounds_hold_in_the_end() {
    let snippet = "# All\n\n```rust,name=all\nprintln!(\"n,late,less,sort\");\n\
                   for n in (1..13).map(|power| f64::from(1 << power)) {\n    \
                   let late = if n < 20.0 { 1.0 } else { 3.0 };\n    \
                   println!(\"{n},{},{},{}\", late, n.powf(1.5).round(), n * n.log2() - n + 1.0);\n\
                   }\n```\n";
    let text = "# Text\n\nO(1)<!-- =all.late --> O(n²)<!-- =all.less --> O(n log n)<!-- =all.sort -->\n\
                Θ(n)<!-- =all.less -->\nO(n)<!-- =all.less -->\nO(n)<!-- =all.sort -->\n";
    let book = Book::new().chapter("text.md", text).chapter("all.md", snippet);
    let check = book.handbook(["check"]);
    let expected = [
        "error snippets/refuted-growth src/text.md:4:5",
        "error snippets/refuted-growth src/text.md:5:5",
        "error snippets/refuted-growth src/text.md:6:5",
    ];
    assert_eq!(check.printed_places(), expected, "{check}");
    assert!(check.stderr.contains("`all.less` grows faster than Θ(n)"), "{check}");
}

/// A column has a name whatever its header says, and a table of words beside numbers has series, too.
#[test]
fn a_column_with_an_unusual_name_is_a_series() {
    let jump = JUMP
        .replace("n,steps,moves", "n | p99.9 of steps | moves | note")
        .replace("{n},{},{}", "{n} | {} | {} | fine");
    let text = "# Text\n\nO(log n)<!-- =jump.p99-9-of-steps --> O(log(nV))<!-- =jump.moves -->\n\
                O(nV)<!-- =jump.moves -->\n";
    let book = Book::new().chapter("text.md", text).chapter("jump.md", jump);
    let check = book.handbook(["check"]);
    let expected = [
        "error snippets/refuted-growth src/text.md:3:49",
        "error snippets/malformed-binding src/text.md:4:6",
    ];
    assert_eq!(check.printed_places(), expected, "{check}");
    assert!(check.stderr.contains("`nV` has more than one size"), "{check}");
}
