//! Books that have never heard of the suite: rustdoc's verdicts, mdBook's pages, nothing touched.

use handbook_tests::{Book, Host, Rendered};

/// Everything that rustdoc knows, words that nobody knows, and fences that belong to the book.
const CHAPTER: &str = r#"# Foreign

```rust
println!("one = {}", 1);
```

```output
one = 2, says the author
```

```rust,run,release,nmae,values,my-own-word
# let hidden = 1;
##[allow(unused)]
let shown = hidden;
```

```output
An orphan.
```

```rust,should_panic
panic!("as said");
```

```rust,compile_fail
let x: u32 = "a";
```

```rust,compile_fail,E0382
let a = String::new();
drop(a);
drop(a);
```

```rust,no_run
loop {}
```

```rust,ignore
this is no Rust at all
```

```rust,edition2015
let async = 1;
```

```rust,edition2021
async fn f() {}
```

```no_run
std::process::exit(3);
```

```should_panic
panic!();
```

```text
no Rust
```

```
neither is this
```

- ```rust
  let in_a_list: &str = "x";
  ```

> ```rust
> let in_a_quote = 1;
> ```

```rust,ignore-windows
panic_if_windows();
fn panic_if_windows() {}
```

```rust,edition2024,standalone_crate
fn main() { let x = 1; assert_eq!(x, 1); }
```

```toml,no_run
a = 1
```

<!-- toc -->

{{#references}} {{#value x}}
"#;

/// Words that only the suite gives a meaning to, twice the same name, and outputs that say something
/// else. rustdoc does not even test such blocks.
const WORDS: &str = "# Words

```rust,name=x,timeout=1ms,nmae=y,mod=z
let a = 1;
```

```output
x
```

```rust,run,name=x,use=gone,use=z
let a = 1;
```
";

/// Info strings of all sorts; rustdoc says which of them make a block Rust.
const INFO: &[&str] = &[
    "rust",
    "Rust",
    "rust,foo",
    "rust foo-bar",
    "rust,foo=bar",
    "foo=bar,rust",
    "rust,no_run,a=b",
    "rust,hidelines=!!!",
    "rust,#x",
    "rust;foo",
    "rust,,foo",
    "rust,a:b",
    "rust,a.b",
    "rust,{.a}",
    "rust,{class=a}",
    "{.a}",
    "rust,custom,{.a}",
    "custom,{.a}",
    "custom,rust",
    "rust,(comment)",
    "rust,\"quoted\"",
    "foo,should_panic",
    "should_panic,foo",
    "rust,foo,should_panic",
    "foo,compile_fail",
    "compile_fail,foo",
    "foo,no_run",
    "foo,test_harness",
    "rust,E0308",
    "E0308",
    "edition2015",
    "foo,edition2021",
    "rust,ignore-x86_64",
    "ignore-foo",
    "foo,ignore",
    "ignore,a=b",
    "standalone_crate",
    "standalone-crate",
    "rust,editable",
    "mdbook-runnable",
    "noplayground,rust",
    "text",
    "console",
    "rust,text",
    "text,rust",
];

/// In the middle of this rustdoc says "test result: ok. 13 passed; 0 failed; 1 ignored; …".
fn rustdoc_counts(book: &Book, file: &str) -> [String; 3] {
    let output = book.start_other("rustdoc").args(["--test", "--edition", "2021", file]).output();
    let result = output.stdout.lines().find(|line| line.starts_with("test result"));
    let result = result.unwrap_or_else(|| panic!("rustdoc says\n{output}"));
    let count = |word: &str| {
        let (before, _) = result.split_once(&format!(" {word}")).expect("a count");
        before.rsplit(' ').next().expect("a number").to_owned()
    };
    ["passed", "failed", "ignored"].map(count)
}

fn sample() -> Book {
    let config = "[book]\ntitle = \"Foreign\"\n[rust]\nedition = \"2021\"\n";
    Book::foreign().config(config).chapter("a.md", CHAPTER).chapter("b.md", WORDS)
}

#[test]
fn the_verdicts_are_those_of_rustdoc() {
    let book = sample();
    let before = book.tree();
    // Blocks without a language are Rust to rustdoc alone, mdBook's own pages say otherwise.
    let labelled = CHAPTER.replace("```\nneither is this\n```\n", "");
    let run = book.handbook(["run", "a.md"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run}");
    book.write("src/a.md", &labelled);
    let [passed, failed, ignored] = rustdoc_counts(&book, "src/a.md");
    book.write("src/a.md", CHAPTER);
    let last = run.stdout.lines().last();
    let expected = format!("{passed} passed, {failed} failed, {ignored} ignored");
    assert_eq!(last, Some(expected.as_str()), "{run}");
    assert_eq!(book.tree(), before);
}

/// Each block has a line of its own that fails, so that a verdict tells whether it was tested.
#[test]
fn what_is_rust_is_what_rustdoc_takes_for_it() {
    let blocks = INFO.iter().map(|info| format!("```{info}\nlet x: () = 1;\n```\n\n"));
    let book = Book::foreign().chapter("a.md", blocks.collect::<String>());
    let rustdoc = book.start_other("rustdoc").args(["--test", "src/a.md"]).output().stdout;
    let expected = INFO.iter().enumerate().map(|(index, info)| {
        let test = format!("(line {})", 4 * index + 1);
        let line = rustdoc.lines().find(|line| line.starts_with("test ") && line.contains(&test));
        let verdict = line.map(|line| line.rsplit(' ').next().unwrap_or_default());
        format!("{info}: {}", verdict == Some("FAILED"))
    });
    let run = book.handbook(["run", "--format", "json"]);
    let places = run.places();
    let found = INFO.iter().enumerate().map(|(index, info)| {
        let (fence, below) = (format!(":{}:", 4 * index + 1), format!(":{}:", 4 * index + 2));
        let here = |place: &String| place.contains(&fence) || place.contains(&below);
        let fails = places.iter().any(|place| place.starts_with("error") && here(place));
        format!("{info}: {fails}")
    });
    let differences: Vec<_> =
        expected.zip(found).filter(|(expected, found)| expected != found).collect();
    assert!(differences.is_empty(), "rustdoc's verdict fails, ours does: {differences:#?}");
}

/// Blocks without a language, of all sorts, and indented ones.
const UNLABELLED: &str = "# Unlabelled

```
let fine = 1;
```

```
let wrong: u8 = \"\";
```

    let indented: u8 = \"\";

Text.

    # let hidden = 1;
    assert_eq!(hidden, 1);

```text
no Rust
```

    let two = 1;

    let parts = two;

- ```
  let in_a_list = 1;
  ```

      let indented_in_a_list = 1;

> ```
> panic!();
> ```

```{.class}
let x: u8 = \"\";
```

```,
let x: u8 = \"\";
```

```  \t
let x: u8 = \"\";
```

```ignore
x
```

\tlet tab = 1;

<div>

    let in_html: u8 = \"\";

</div>

```
```

    fn main() {
        panic!();
    }
";

/// A book may ask for what rustdoc does with blocks that do not say what they are.
#[test]
fn unlabelled_blocks_get_the_verdicts_of_rustdoc() {
    let book = Book::new()
        .config("[rust]\nedition = \"2021\"\n[preprocessor.snippets]\nunlabelled = true\n")
        .chapter("a.md", UNLABELLED);
    let rustdoc = ["--test", "--edition", "2021", "src/a.md"];
    let rustdoc = book.start_other("rustdoc").args(rustdoc).output().stdout;
    // test src/a.md - Unlabelled (line 3) ... ok
    let mut expected: Vec<(u64, &str)> = rustdoc
        .lines()
        .filter_map(|line| line.split_once("(line ")?.1.split_once(") ... "))
        .map(|(line, verdict)| (line.parse().expect("a line"), verdict))
        .collect();
    expected.sort_unstable();
    assert!(expected.len() > 10, "{rustdoc}");
    let run = book.handbook(["run", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let verdict = |snippet: &serde_json::Value| match snippet["verdict"].as_str() {
        Some("passed") => "ok",
        Some("failed") => "FAILED",
        _ => "ignored",
    };
    let snippets = report["snippets"].as_array().expect("a list").iter();
    let found =
        snippets.map(|snippet| (snippet["line"].as_u64().expect("a line"), verdict(snippet)));
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

/// What rustdoc passes over without a word is told, as information.
#[test]
fn what_rustdoc_silently_skips_is_told() {
    let text = "```rust,other,should_panic\npanic!();\n```\n\n```rust,a=b\n```\n\n```rust,a=b,ignore\n```\n";
    let book = Book::foreign().chapter("a.md", text);
    let run = book.handbook(["run", "--format", "json"]);
    let rule = "info snippets/silently-skipped";
    assert_eq!(run.places(), [format!("{rule} src/a.md:1:1"), format!("{rule} src/a.md:5:1")]);
    assert_eq!(run.code, Some(0), "{run}");
}

/// Only a nightly rustdoc looks at the codes.
#[test]
fn error_codes_count_for_what_they_do_in_rustdoc() {
    let book = Book::foreign().chapter("a.md", "```compile_fail,E0382\nlet x: () = 1;\n```\n");
    let [passed, failed, _] = rustdoc_counts(&book, "src/a.md");
    let run = book.handbook(["run"]);
    let expected = format!("{passed} passed, {failed} failed, 0 ignored");
    assert_eq!(run.stdout.lines().last(), Some(expected.as_str()), "{run}");
}

/// Nothing is said about words and outputs, nothing is derived, nothing is to be fixed.
#[test]
fn a_foreign_book_is_left_in_peace() {
    let book = sample();
    let before = book.tree();
    let check = book.handbook(["check", "--format", "json", "--deny", "warnings"]);
    assert_eq!(check.code, Some(0), "{check}");
    let fix = book.handbook(["fix"]);
    assert_eq!((fix.stdout.as_str(), fix.code), ("nothing to fix\n", Some(0)), "{fix}");
    assert_eq!(book.tree(), before);
}

#[test]
fn a_snippet_that_rustdoc_rejects_fails() {
    let book = sample();
    book.write("src/b.md", "```rust\npanic!();\n```\n\n```rust,compile_fail\nlet x = 1;\n```\n");
    assert_eq!(rustdoc_counts(&book, "src/b.md"), ["0", "2", "0"]);
    let run = book.handbook(["run", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(
        run.places(),
        ["error snippets/panics src/b.md:2:1", "error snippets/compiles src/b.md:5:1"]
    );
}

/// What `links` and CommonMark put up with is no reason for `run` to fail.
#[test]
fn faults_beyond_the_snippets_do_not_fail_a_run() {
    let book = sample();
    book.write("src/b.md", "{{#include gone.md}}\n\n```text\nnever closed\n");
    let run = book.handbook(["run"]);
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn the_pages_are_those_of_mdbook_alone() {
    let book = sample();
    let alone = Host::V0_5.build(&book).ok();
    let folder = book.beside("ours");
    let before = book.tree();
    let build = book.start("handbook").args(["build", "--dest-dir"]).args([&folder]).output();
    assert_eq!((build.code, build.stderr.as_str()), (Some(0), ""), "{build}");
    assert_eq!(book.tree(), before);
    let ours = Rendered::at(folder);
    let (ours, alone) = (ours.tree(), alone.tree());
    let names = |tree: &std::collections::BTreeMap<_, _>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&alone));
    for (path, contents) in &alone {
        assert!(ours[path] == *contents, "`{}` differs", path.display());
    }
}

/// A book without `book.toml` is a book.
#[test]
fn a_book_without_configuration_runs() {
    let book = Book::foreign().chapter("a.md", "```rust\nlet async = 1;\n```\n");
    std::fs::remove_file(book.root().join("book.toml")).expect("the file is there");
    let run = book.handbook(["run"]);
    // rustdoc's own default is the edition of 2015.
    assert_eq!(run.stdout.lines().last(), Some("1 passed, 0 failed, 0 ignored"), "{run}");
}
