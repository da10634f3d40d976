//! What the programs say where there is no Rust compiler, or none that works.

use handbook_tests::Book;
use snapbox::{assert_data_eq, str};

#[test]
fn a_machine_without_a_compiler() {
    let book = Book::new()
        .chapter("a.md", "# A\n\n```rust,ignore\n```\n\n```rust,run\nprintln!(\"1\");\n```\n\n```output\n2\n```\n")
        .chapter("b.md", "```rust,nmae=x\n```\n");
    let empty = book.beside("no-programs");
    let start =
        |arguments: &[&str]| book.start("handbook").args(arguments).env("PATH", &empty).output();
    let check = start(&["check"]);
    assert_data_eq!(
        check.to_string(),
        str![[r#"
ended with 1
--- standard output
--- standard error
error[snippets/not-run]: 2 snippets were not run: no Rust compiler found: `rustc` is not on the search path; install Rust or name a compiler in the configuration
 --> src/a.md:6:1
  |
6 | ```rust,run
  | ^^^^^^^^^^^
  |
  = help: install Rust, or leave the snippets unchecked with `--no-run` or `run = false`

warning[snippets/unknown-attribute]: `nmae=x` means nothing behind a Rust fence
 --> src/b.md:1:9
  |
1 | ```rust,nmae=x
  |         ^^^^^^
  |
  = help: did you mean `name`?

1 error and 1 warning found

"#]]
    );
    let build = start(&["build"]);
    assert_eq!((&build.stderr, build.code), (&check.stderr, Some(1)));
    assert_eq!(start(&["run"]), check);
    let fix = start(&["fix"]);
    assert_eq!((fix.stdout.as_str(), fix.code), ("nothing to fix\n", Some(1)));
    // Whoever wants nothing run needs no compiler.
    let without = start(&["check", "--no-run"]);
    assert_eq!(without.printed_places(), ["warning snippets/unknown-attribute src/b.md:1:9"]);
    assert_eq!(without.code, Some(0));
    assert_eq!(start(&["build", "--no-run"]).code, Some(0));
}

#[test]
fn a_compiler_that_does_not_work() {
    let book = Book::new().chapter("a.md", "```rust\n```\n");
    let folder = book.beside("broken");
    handbook_tests::write_script(
        &folder.join("rustc"),
        "#!/bin/sh\necho 'no toolchain' >&2\nexit 1\n",
    );
    let check = book.start("handbook").args(["check"]).env("PATH", &folder).output();
    assert_eq!(check.code, Some(1), "{check}");
    assert_eq!(check.printed_places(), ["error snippets/not-run src/a.md:1:1"]);
    assert!(check.stderr.contains("no toolchain"), "{check}");
}
