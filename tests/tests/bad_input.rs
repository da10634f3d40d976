//! Whatever an author gets wrong in a chapter is a finding with a place that says what to do, and never
//! a panic.

use handbook_tests::Book;
use handbook_tests::told::check_findings;
use snapbox::str;

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
