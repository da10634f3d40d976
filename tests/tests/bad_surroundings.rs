//! Whatever is wrong around chapters is a finding with a place or an error that says what to do, and
//! never a panic: the configuration, SUMMARY, arguments, what another program sends.

use handbook_tests::told::{check_error, check_findings};
use handbook_tests::{Book, OURS};
use snapbox::str;

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
