//! Whatever an author, an mdBook or a machine gets wrong is a finding with a place or an error that
//! says what to do, and never a panic.

use handbook_tests::{Book, OURS, Output};
use snapbox::{assert_data_eq, str};

/// Asserts that a program gave up in words: exit code 2, one error, no panic.
#[track_caller]
fn check_error(output: &Output, expected: impl snapbox::IntoData) {
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{output}");
    assert_data_eq!(output.stderr.clone(), expected.into_data());
}

/// Asserts what `check` finds, that the book is as it was, and that `build` finds the same.
#[track_caller]
fn check_findings(book: &Book, code: i32, expected: impl snapbox::IntoData) {
    let before = book.tree();
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(code), "{check}");
    assert_data_eq!(check.stderr.clone(), expected.into_data());
    assert_eq!(book.tree(), before, "`check` changes the book");
    let build = book.handbook(["build"]);
    assert_eq!((build.stderr.as_str(), build.code), (check.stderr.as_str(), check.code), "build");
    let mut tree = book.tree();
    tree.retain(|path, _| !path.starts_with("book"));
    assert_eq!(tree, before, "`build` changes the book");
}

const BROKEN: &str = "# Other\n\n```rust\npanic!();\n```\n";

#[test]
fn a_chapter_that_is_not_utf_8() {
    let book = Book::new().chapter("a.md", b"# A\n\nna\xefve\n").chapter("b.md", BROKEN);
    check_findings(
        &book,
        1,
        str![[r#"
error[book/unreadable-chapter]: the file is not UTF-8 from byte 7 on
--> src/a.md
 = help: save it as UTF-8

error[snippets/panics]: the snippet panics: explicit panic
 --> src/b.md:4:1
  |
4 | panic!();
  | ^^^^^

2 errors found

"#]],
    );
}

#[test]
fn a_chapter_that_is_not_there() {
    let book =
        Book::new().chapter("a.md", BROKEN).summary("# Summary\n\n- [A](a.md)\n- [B](b.md)\n");
    check_findings(
        &book,
        1,
        str![[r#"
error[book/unreadable-chapter]: there is no such file
--> src/b.md
 = help: write the chapter, or take it out of SUMMARY.md

error[snippets/panics]: the snippet panics: explicit panic
 --> src/a.md:4:1
  |
4 | panic!();
  | ^^^^^

2 errors found

"#]],
    );
}

#[test]
fn a_chapter_that_is_a_folder() {
    let book = Book::new().file("src/b.md/x", "").summary("# Summary\n\n- [B](b.md)\n");
    check_findings(
        &book,
        1,
        str![[r#"
error[book/unreadable-chapter]: the file cannot be read: Is a directory (os error 21)
--> src/b.md
 = help: make it a readable file

1 error found

"#]],
    );
}

#[test]
fn includes_that_fail() {
    let book = Book::new()
        .file("src/part.md", "one\ntwo\n{{#include none.md}}\n")
        .file("src/bytes.md", b"\xff\n")
        .file("src/cycle.md", "{{#include cycle.md}}\n")
        .chapter(
            "a.md",
            "# A\n\n{{#include gone.md}}\n\n- {{#include part.md}}\n\n{{#include part.md:9}}\n\n\
             {{#include part.md:anchor}}\n\n{{#include bytes.md}}\n\n{{#include cycle.md}}\n",
        );
    check_findings(
        &book,
        1,
        str![[r#"
error[book/broken-include]: cannot include `src/gone.md`: there is no such file
 --> src/a.md:3:1
  |
3 | {{#include gone.md}}
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: paths start from the folder of the file that holds the directive

error[book/broken-include]: cannot include `src/none.md`: there is no such file
 --> src/part.md:3:1
  |
3 | {{#include none.md}}
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = note: included from src/a.md:5
  = help: paths start from the folder of the file that holds the directive

error[book/broken-include]: `src/part.md` has no line 9, only 3
 --> src/a.md:7:1
  |
7 | {{#include part.md:9}}
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: correct the range, or include by anchor, which moves with the text

error[book/broken-include]: `src/part.md` has no anchor `anchor`
 --> src/a.md:9:1
  |
9 | {{#include part.md:anchor}}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: mark the lines with `ANCHOR: name` and `ANCHOR_END: name`

error[book/broken-include]: cannot include `src/bytes.md`: the file is not UTF-8 from byte 0 on
  --> src/a.md:11:1
   |
11 | {{#include bytes.md}}
   | ^^^^^^^^^^^^^^^^^^^^^
   |
   = help: included files have to be readable UTF-8

error[book/broken-include]: includes nest more than 10 levels deep here, probably in a cycle
 --> src/cycle.md:1:1
  |
1 | {{#include cycle.md}}
  | ^^^^^^^^^^^^^^^^^^^^^
  |
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/cycle.md:1
  = note: included from src/a.md:13
  = help: let no file include itself

6 errors found

"#]],
    );
}

#[test]
fn fences_that_are_never_closed() {
    let book = Book::new()
        .chapter("a.md", "# A\n\n```rust,run\nprintln!(\"1\");\n\n# B\n")
        .chapter("b.md", "> ~~~text\n> x\n\nnot in it\n");
    check_findings(
        &book,
        1,
        str![[r#"
error[book/open-block]: this code fence is never closed, and takes in the rest of the chapter
 --> src/a.md:3:1
  |
3 | ```rust,run
  | ^^^^^^^^^^^
  |
  = help: close it with the same marks on a line of their own

error[snippets/does-not-compile]: the snippet does not compile: cannot find value `B` in this scope [E0425]
 --> src/a.md:6:3
  |
6 | # B
  |   ^ not found in this scope
  |
  = note: error[E0425]: cannot find value `B` in this scope
           --> src/main.rs:3:1
            |
          3 | B
            | ^ not found in this scope

2 errors found

"#]],
    );
}

#[test]
fn words_that_are_nearly_ours() {
    let book = Book::new().chapter(
        "a.md",
        "```rust,nmae=ring\n```\n\n```rust,timeout=soon,run=1,chart=x\n```\n\n```rust,name=a b\n```\n\n\
         ```rust,run,no_run\n```\n\n```rust,relase,shuold_panic,ferris\n```\n\n\
         ```rust,name=twice\n```\n\n```rust,name=twice\n```\n",
    );
    check_findings(
        &book,
        1,
        str![[r#"
warning[snippets/unknown-attribute]: `nmae=ring` means nothing behind a Rust fence
 --> src/a.md:1:9
  |
1 | ```rust,nmae=ring
  |         ^^^^^^^^^
  |
  = help: did you mean `name`?

error[snippets/unknown-attribute]: `timeout=soon` is not understood
 --> src/a.md:4:9
  |
4 | ```rust,timeout=soon,run=1,chart=x
  |         ^^^^^^^^^^^^
  |
  = help: expected is a time such as `timeout=2s` or `timeout=500ms`, a day at most

error[snippets/unknown-attribute]: `run=1` is not understood
 --> src/a.md:4:22
  |
4 | ```rust,timeout=soon,run=1,chart=x
  |                      ^^^^^
  |
  = help: expected is the word alone, without a value

error[snippets/unknown-attribute]: `chart` means nothing yet: it is kept for a later version
 --> src/a.md:4:28
  |
4 | ```rust,timeout=soon,run=1,chart=x
  |                            ^^^^^^^
  |
  = help: remove `chart`

warning[snippets/unknown-attribute]: `relase` means nothing behind a Rust fence
  --> src/a.md:13:9
   |
13 | ```rust,relase,shuold_panic,ferris
   |         ^^^^^^
   |
   = help: did you mean `release`?

warning[snippets/unknown-attribute]: `shuold_panic` means nothing behind a Rust fence
  --> src/a.md:13:16
   |
13 | ```rust,relase,shuold_panic,ferris
   |                ^^^^^^^^^^^^
   |
   = help: did you mean `should_panic`?

error[snippets/duplicate-name]: another snippet has the name `twice`
  --> src/a.md:19:14
   |
19 | ```rust,name=twice
   |              ^^^^^
   |
   = note: the first is here: src/a.md:16
   = help: names are unique in the book; choose another

4 errors and 3 warnings found

"#]],
    );
}

#[test]
fn marks_of_ours_that_do_not_fit() {
    let book = Book::new().chapter(
        "a.md",
        "<!-- handbook:refs -->\nx\n<!-- /handbook:refs -->\n\n<!-- handbook:output -->\n\ntext\n\n\
         <!-- /handbook:other -->\n\n```output\norphan\n```\n",
    );
    check_findings(
        &book,
        1,
        str![[r#"
warning[book/unknown-region]: nothing fills a region named `refs`
 --> src/a.md:1:1
  |
1 | <!-- handbook:refs -->
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: remove the marks

error[book/open-region]: the region `output` is never closed
 --> src/a.md:5:1
  |
5 | <!-- handbook:output -->
  | ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: close it with `<!-- /handbook:output -->`

error[book/open-region]: nothing opens the region `other` that ends here
 --> src/a.md:9:1
  |
9 | <!-- /handbook:other -->
  | ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: open it with `<!-- handbook:other -->`

warning[snippets/orphan-output]: this `output` block stands behind no snippet
  --> src/a.md:11:1
   |
11 | ```output
   | ^^^^^^^^^
   |
   = help: put it right behind the snippet that prints it, or call it `text`

2 errors and 2 warnings found

"#]],
    );
}

#[test]
fn keys_that_mean_nothing() {
    let book = Book::new()
        .config(&format!(
            "{OURS}snipets = true\nfar-away = 1\n\n[preprocessor.handbook.snippets]\n\
             timout = 3\nrun = true\n\n[preprocessor.snippets]\ncommand = \"$SNIPPETS\"\n"
        ))
        .chapter("a.md", "# A\n");
    check_findings(
        &book,
        0,
        str![[r#"
warning[book/unknown-setting]: unknown key `far-away`
 --> book.toml:8:1
  |
8 | far-away = 1
  | ^^^^^^^^

warning[book/unknown-setting]: unknown key `snipets`
 --> book.toml:7:1
  |
7 | snipets = true
  | ^^^^^^^
  |
  = help: did you mean `snippets`?

warning[book/doubled-preprocessor]: `snippets` is part of `handbook`, which is configured too
  --> book.toml:14:15
   |
14 | [preprocessor.snippets]
   |               ^^^^^^^^
   |
   = help: move its keys to `[preprocessor.handbook.snippets]`

warning[book/unknown-setting]: unknown key `timout`
  --> book.toml:11:1
   |
11 | timout = 3
   | ^^^^^^
   |
   = help: did you mean `timeout`?

4 warnings found

"#]],
    );
    assert_eq!(book.handbook(["check", "--deny", "warnings"]).code, Some(1));
}

/// A value of the wrong type is a finding, and hides none.
#[test]
fn values_that_make_no_sense() {
    let config = format!(
        "{OURS}\n[preprocessor.handbook.snippets]\nunlabeled = true\ntimout = 3\noutput-limit = \"big\"\n\
         alpha = 1\n"
    );
    let book = Book::new().config(&config).chapter("a.md", "# A\n");
    let mut places = book.handbook(["check", "--format", "json"]).places();
    places.sort();
    let place = |line: usize| format!("warning book/unknown-setting book.toml:{line}:1");
    assert_eq!(places, [place(10), place(11), place(12), place(9)]);
}

#[test]
fn a_configuration_that_is_no_toml() {
    let book = Book::new().config("[book]\ntitle = \"a\n").chapter("a.md", "# A\n");
    let check = book.handbook(["check"]);
    check_error(
        &check,
        str![[r#"
error: `[BOOK]/book.toml` cannot be read as TOML: TOML parse error at line 2, column 11
  |
2 | title = "a
  |           ^
invalid basic string, expected `"`


"#]],
    );
    for command in ["run", "build", "fix"] {
        assert_eq!(book.handbook([command]), check, "{command}");
    }
}

#[test]
fn a_configuration_of_the_wrong_shape() {
    for config in [
        "book = 1\n",
        "[book]\nsrc = 7\n",
        "preprocessor = 3\n",
        "[preprocessor]\nhandbook = \"yes\"\n",
        "[preprocessor.handbook]\nsnippets = 4\nbefore = \"links\"\n",
        "[output]\nhtml = true\n",
        "[rust]\nedition = 2024\n",
        "[rust]\nedition = \"1999\"\n",
    ] {
        let book = Book::foreign().config(config).chapter("a.md", "# A\n\n```rust\n```\n");
        for command in ["check", "run", "build", "fix"] {
            let output = book.handbook([command]);
            let code = output.code.unwrap_or(-1);
            assert!((0..=2).contains(&code), "{command} on {config:?} {output}");
            assert!(!output.stderr.contains("panicked"), "{command} on {config:?} {output}");
        }
    }
}

#[test]
fn a_summary_that_is_not_there_or_makes_no_sense() {
    let book = Book::new();
    std::fs::remove_file(book.root().join("src/SUMMARY.md")).expect("it is there");
    let before = book.tree();
    let check = book.handbook(["check"]);
    check_error(
        &check,
        str![[r#"
error: `[BOOK]` holds no book; name its folder with `--dir`: cannot read `[BOOK]/src/SUMMARY.md`: there is no such file

"#]],
    );
    for command in ["run", "build", "fix"] {
        assert_eq!(book.handbook([command]), check, "{command}");
        assert_eq!(book.tree(), before, "{command}");
    }
    let book = book.summary("# Summary\n\n- [A](a.md)\n- not a link\n");
    check_error(
        &book.handbook(["check"]),
        str![[r#"
error: cannot understand `[BOOK]/src/SUMMARY.md`: There was an error parsing the numbered chapters: There was an error parsing the numbered chapters: failed to parse SUMMARY.md line 4, column 3: The link items for nested chapters must only contain a hyperlink

"#]],
    );
    let book = book.file("src/SUMMARY.md", b"\xff");
    check_error(
        &book.handbook(["check"]),
        str![[r#"
error: cannot read `[BOOK]/src/SUMMARY.md`: the file is not UTF-8 from byte 0 on

"#]],
    );
}

#[test]
fn folders_and_arguments_that_are_not_there() {
    let book = Book::new().chapter("a.md", "# A\n");
    check_error(
        &book.handbook(["check", "--dir", "gone"]),
        str![[r#"
error: there is no folder `[BOOK]/gone`

"#]],
    );
    check_error(
        &book.handbook(["check", "gone.md"]),
        str![[r#"
error: no chapter `gone.md`; SUMMARY.md names them

"#]],
    );
    check_error(
        &book.handbook(["chekc"]),
        str![[r#"
error: unrecognized subcommand 'chekc'

  tip: a similar subcommand exists: 'check'

Usage: handbook [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
    );
    check_error(
        &book.handbook(["check", "--fromat", "json"]),
        str![[r#"
error: unexpected argument '--fromat' found

  tip: a similar argument exists: '--format'

Usage: handbook check --format <FORMAT> [CHAPTER]...

For more information, try '--help'.

"#]],
    );
    check_error(
        &book.handbook(["check", "--jobs", "0"]),
        str![[r#"
error: invalid value '0' for '--jobs <N>': number would be zero for non-zero type

For more information, try '--help'.

"#]],
    );
    let nothing: [&str; 0] = [];
    assert_eq!(book.handbook(nothing).code, Some(2));
    assert_eq!(book.start("mdbook-handbook").args(["suports", "html"]).output().code, Some(2));
    assert_eq!(book.start("mdbook-handbook").args(["supports", "html"]).output().code, Some(0));
    assert_eq!(book.start("mdbook-handbook").args(["supports"]).output().code, Some(2));
}

/// What another program than mdBook may send to a preprocessor.
#[test]
fn standard_input_that_is_no_book() {
    let book = Book::new();
    let preprocess = |input: &[u8]| book.start("mdbook-handbook").input(input).output();
    check_error(
        &preprocess(b""),
        str![[r#"
mdbook-handbook: expected the JSON that mdBook writes to its preprocessors: EOF while parsing a value at line 1 column 0

"#]],
    );
    check_error(
        &preprocess(b"garbage"),
        str![[r#"
mdbook-handbook: expected the JSON that mdBook writes to its preprocessors: expected value at line 1 column 1

"#]],
    );
    check_error(
        &preprocess(b"\xff\xfe\x00"),
        str![[r#"
mdbook-handbook: expected the JSON that mdBook writes to its preprocessors: expected value at line 1 column 1

"#]],
    );
    check_error(
        &preprocess(b"{}"),
        str![[r#"
mdbook-handbook: expected the context and the book that mdBook writes to its preprocessors: this is no array

"#]],
    );
    check_error(
        &preprocess(b"[1, 2, 3]"),
        str![[r#"
mdbook-handbook: expected the context and the book that mdBook writes to its preprocessors: this array is no pair

"#]],
    );
    check_error(
        &preprocess(b"[{}, {}]"),
        str![[r#"
mdbook-handbook: expected the context and the book that mdBook writes to its preprocessors: the second value has no chapters

"#]],
    );
    check_error(
        &preprocess(br#"[{"root": 1}, {"items": []}]"#),
        str![[r#"
mdbook-handbook: expected the context and the book that mdBook writes to its preprocessors: no root

"#]],
    );
    check_error(
        &preprocess(br#"[{"root": "/"}, {"items": 1}]"#),
        str![[r#"
mdbook-handbook: expected the context and the book that mdBook writes to its preprocessors: the second value has no chapters

"#]],
    );
    // The single preprocessor is the same program.
    check_error(
        &book.start("mdbook-snippets").input("[]").output(),
        str![[r#"
mdbook-snippets: expected the context and the book that mdBook writes to its preprocessors: this array is no pair

"#]],
    );
    // Deeper than any stack.
    check_error(
        &preprocess("[".repeat(1_000_000).as_bytes()),
        str![[r#"
mdbook-handbook: expected the JSON that mdBook writes to its preprocessors: recursion limit exceeded at line 1 column 128

"#]],
    );
}
