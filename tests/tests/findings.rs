//! A book goes wrong in four ways; each is one finding at its place, wherever it stands, and the
//! other chapters' findings are all there too.

use handbook_tests::Book;
use snapbox::{IntoData, assert_data_eq, str};

/// A number that is not printed any more, types that do not fit, a panic, a loop without end.
const BROKEN: &str = r#"```rust,name=NAME
println!("tokens = {}", 4 * 160);
```

```output
tokens = 641
```

```rust
let token: u32 = "a";
```

```rust
# let nodes: Vec<u32> = Vec::new();
let first = nodes[0];
```

```rust,timeout=1s
loop {}
```
"#;

/// The four, each line behind a prefix: the first one's, then that of all others.
fn broken(name: &str, first: &str, others: &str) -> String {
    let text = BROKEN.replace("NAME", name).replace('\n', &format!("\n{others}"));
    format!("# {name}\n\n{first}{}\n", text.trim_end_matches([' ', '>']).trim_end())
}

/// The places of the four in a text that starts on `line`, `column` characters from the left.
fn places(file: &str, line: usize, column: usize) -> Vec<String> {
    let rules = [
        ("stale-output", 5, 1),
        ("does-not-compile", 9, 18),
        ("panics", 14, 18),
        ("times-out", 17, 1),
    ];
    let place = |(rule, down, right): (&str, usize, usize)| {
        format!("error snippets/{rule} {file}:{}:{}", line + down, column + right)
    };
    rules.into_iter().map(place).collect()
}

/// The same place and the same exit code, whichever command looks.
#[test]
fn every_command_reports_all_findings_of_all_chapters() {
    let book = Book::new()
        .chapter("one.md", broken("one", "", ""))
        .chapter("fine.md", "# Fine\n\n```rust,run\nprintln!(\"fine\");\n```\n")
        .chapter("two.md", broken("two", "", ""))
        .file("src/part.md", &broken("part", "", "")["# part\n\n".len()..])
        .chapter("included.md", "# Included\n\nText.\n\n{{#include part.md}}\n")
        .chapter("list.md", broken("list", "- ", "  "))
        .chapter("quote.md", broken("quote", "> ", "> "))
        .chapter("deep.md", broken("deep", "1. > - ", "   >   "));
    let expected = [
        places("src/one.md", 3, 0),
        places("src/two.md", 3, 0),
        places("src/part.md", 1, 0),
        places("src/list.md", 3, 2),
        places("src/quote.md", 3, 2),
        places("src/deep.md", 3, 7),
    ]
    .concat();

    let check = book.handbook(["check", "--format", "json"]);
    assert_eq!((check.places(), check.code), (expected.clone(), Some(1)), "{check}");
    for finding in check.findings().iter().filter(|finding| finding["file"] == "src/part.md") {
        assert_eq!(finding["included_from"][0]["file"], "src/included.md");
        assert_eq!(finding["included_from"][0]["line"], 5);
    }
    let build = book.handbook(["build"]);
    assert_eq!((build.printed_places(), build.code), (expected.clone(), Some(1)), "{build}");
    assert!(!book.root().join("book").exists(), "a book with errors was rendered");
    let run = book.handbook(["run", "--format", "json"]);
    assert_eq!((run.places(), run.code), (expected, Some(1)), "{run}");
}

#[test]
fn people_read_what_is_wrong_and_where() {
    let book = Book::new().chapter("one.md", broken("one", "", "")).chapter("ok.md", "# Fine\n");
    let check = book.handbook(["check"]);
    assert_data_eq!(
        check.to_string(),
        str![[r#"
ended with 1
--- standard output
--- standard error
error[snippets/stale-output]: `one` prints `tokens = 640` here
 --> src/one.md:8:1
  |
8 | tokens = 641
  | ^^^^^^^^^^^^
  |
  = note:  ```output
          -tokens = 641
          +tokens = 640
           ```
  = help: `handbook fix` writes down what the book gives now

error[snippets/does-not-compile]: the snippet does not compile: mismatched types [E0308]
  --> src/one.md:12:18
   |
12 | let token: u32 = "a";
   |                  ^^^ expected `u32`, found `&str`
   |
...

error[snippets/panics]: the snippet panics: index out of bounds: the len is 0 but the index is 0
  --> src/one.md:17:18
   |
17 | let first = nodes[0];
   |                  ^

error[snippets/times-out]: the snippet was stopped after 1s
  --> src/one.md:20:1
   |
20 | ```rust,timeout=1s
   | ^^^^^^^^^^^^^^^^^^
   |
   = help: do less work, say `no_run`, or give it time: `timeout=30s` behind its fence, or `--timeout 30`

4 errors found

"#]]
    );
    let run = book.handbook(["run"]);
    assert_eq!((run.stderr, run.code), (check.stderr, Some(1)));
    assert_data_eq!(
        run.stdout,
        str![[r#"
3 from the cache, rustc started once; [SANDBOX]
1 passed, 3 failed, 0 ignored

"#]]
    );
    let fine = book.handbook(["check", "src/ok.md"]);
    assert_data_eq!(
        fine.to_string(),
        str![[r#"
ended with 0
--- standard output
1 chapter checked
--- standard error

"#]]
    );
}

#[test]
fn programs_read_what_is_wrong_and_how_to_fix_it() {
    let book = Book::new().chapter(
        "one.md",
        "Ä\n\n- ```rust,run\n  print!(\"1\");\n  ```\n  ```output\n  2\n  ```\n",
    );
    let json = book.handbook(["check", "--format", "json"]);
    assert_data_eq!(
        json.stdout,
        str![[r#"
{
  "findings": [
    {
      "rule": "snippets/stale-output",
      "level": "error",
      "message": "the snippet prints `1` here",
      "file": "src/one.md",
      "start": {
        "line": 7,
        "column": 3,
        "offset": 53
      },
      "end": {
        "line": 7,
        "column": 4,
        "offset": 54
      },
      "label": null,
      "notes": [
        " ```output\n-2\n+1\n ```"
      ],
      "help": "`handbook fix` writes down what the book gives now",
      "included_from": [],
      "related": [],
      "fix": {
        "safe": true,
        "edits": [
          {
            "start": 41,
            "end": 60,
            "replacement": "```output\n  1\n  ```"
          }
        ]
      }
    }
  ]
}

"#]]
        .raw()
    );
}

/// A chapter that is asked for alone is judged alone.
#[test]
fn naming_a_chapter_leaves_the_others_out() {
    let book = Book::new()
        .chapter("one.md", "```rust\npanic!();\n```\n")
        .chapter("two.md", "```rust\npanic!();\n```\n");
    for command in ["check", "run"] {
        for name in ["src/two.md", "two.md"] {
            let output = book.handbook([command, name, "--format", "json"]);
            assert_eq!(output.places(), ["error snippets/panics src/two.md:2:1"], "{output}");
        }
    }
    let unknown = book.handbook(["check", "tow.md"]);
    assert_data_eq!(
        unknown.to_string(),
        str![[r#"
ended with 2
--- standard output
--- standard error
error: no chapter `tow.md`; did you mean `two.md`?

"#]]
        .raw()
    );
}

/// Warnings fail only where they are denied.
#[test]
fn denied_warnings_fail() {
    let book = Book::new().chapter("a.md", "```output\norphan\n```\n");
    let output = book.handbook(["check", "--format", "json"]);
    assert_eq!(output.places(), ["warning snippets/orphan-output src/a.md:1:1"]);
    assert_eq!(output.code, Some(0));
    assert_eq!(book.handbook(["check", "--deny", "warnings"]).code, Some(1));
    assert_eq!(book.handbook(["build", "--deny", "warnings"]).code, Some(1));
    assert_eq!(book.handbook(["build"]).code, Some(0));
}
