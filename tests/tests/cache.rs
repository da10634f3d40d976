//! What was run once is not run again, and what has changed is.
//!
//! A script named `rustc` stands first on the search path, logs each call, and hands it on to the
//! compiler. The runner would go around it to the compiler that it stands for, so it claims to lie
//! in a place where none is. Inside the sandbox no file can be opened for the log; it is open
//! already, as file 9.
#![cfg(unix)]

use handbook_tests::{Book, Output, write_script};
use std::fs;
use std::path::PathBuf;

const COUNTER: &str = r#"
fn main() {
    let words = ["ring", "jump", "maglev"];
    println!("words = {}", words.len());
}
"#;

/// A book with a compiler that is watched.
struct Watched {
    book: Book,
    log: PathBuf,
}

impl Watched {
    fn new(book: Book) -> Self {
        let sysroot = book.start_other("rustc").args(["--print", "sysroot"]).output().stdout;
        let rustc = PathBuf::from(sysroot.trim()).join("bin/rustc");
        let script = format!(
            "#!/bin/sh\n\
             echo \"$*\" >&9\n\
             [ \"$1\" = --print ] && echo / && exit\n\
             [ \"$1\" = -vV ] && exec '{rustc}' -vV\n\
             exec '{rustc}' \"$@\" -C prefer-dynamic=no\n",
            rustc = rustc.display()
        );
        write_script(&book.beside("bin/rustc"), &script);
        let log = book.beside("calls");
        Self { book, log }
    }

    /// Runs `handbook`; returns what it says and how often rustc was started.
    fn handbook(&self, args: &[&str]) -> (Output, usize) {
        fs::write(&self.log, "").expect("a log");
        let path = self.book.start_other("sh").args(["-c", "printf %s \"$PATH\""]).output().stdout;
        let output = self
            .book
            .start_other("sh")
            .args(["-c", "exec \"$0\" \"$@\" 9>>\"$LOG\""])
            .args([self.book.program("handbook")])
            .args(args)
            .env("LOG", &self.log)
            .env("PATH", format!("{}:{path}", self.book.beside("bin").display()))
            .output();
        let calls = fs::read_to_string(&self.log).expect("a log");
        (output, calls.lines().count())
    }
}

fn last_lines(output: &Output) -> Vec<&str> {
    output.stdout.lines().collect()
}

fn sample() -> Watched {
    let snippet = |number: usize| {
        format!("# {number}\n\n```rust,run\nprintln!(\"number = {{}}\", {number} + 1);\n```\n")
    };
    let book = Book::new()
        .chapter("a.md", format!("{}\n```rust{COUNTER}```\n", snippet(1)))
        .chapter("b.md", snippet(2))
        .chapter("c.md", "```rust,compile_fail,E0308\nlet x: u8 = \"\";\n```\n\n```rust,no_run\nloop {}\n```\n\n```rust,should_panic\npanic!();\n```\n");
    Watched::new(book)
}

#[test]
fn a_second_run_starts_no_compiler_and_says_so() {
    let watched = sample();
    let (first, calls) = watched.handbook(&["run"]);
    assert_eq!(first.code, Some(0), "{first}");
    assert!(calls > 2, "the compiler is not watched: {calls} calls\n{first}");
    assert_eq!(last_lines(&first)[1], "6 passed, 0 failed, 0 ignored");
    assert!(last_lines(&first)[0].starts_with("0 from the cache, rustc started "), "{first}");

    let second =
        ["6 from the cache, rustc started 0 times; [SANDBOX]", "6 passed, 0 failed, 0 ignored"];
    let (output, calls) = watched.handbook(&["run"]);
    assert_eq!((last_lines(&output), calls), (second.to_vec(), 0), "{output}");
    // All commands share what is remembered.
    for command in ["check", "build", "fix"] {
        let (output, calls) = watched.handbook(&[command]);
        assert_eq!((output.code, calls), (Some(0), 0), "{command}: {output}");
    }
}

#[test]
fn only_what_changed_is_run_again() {
    let watched = sample();
    let book = &watched.book;
    watched.handbook(&["run"]);

    // Text above a snippet moves it, and changes nothing about it.
    book.write("src/b.md", format!("More\n\n> text\n\n{}", book.read("src/b.md")));
    let (output, calls) = watched.handbook(&["run"]);
    assert_eq!(calls, 0, "{output}");

    book.write("src/b.md", book.read("src/b.md").replace("2 + 1", "2 + 2"));
    let (output, calls) = watched.handbook(&["run"]);
    assert_eq!(last_lines(&output)[0], "5 from the cache, rustc started once; [SANDBOX]");
    assert_eq!(calls, 1, "{output}");

    // A place is worked out anew, though the verdict is remembered.
    book.write("src/b.md", "```rust\npanic!();\n```\n");
    watched.handbook(&["run"]);
    book.write("src/b.md", "Above.\n\n- ```rust\n  panic!();\n  ```\n");
    let (output, calls) = watched.handbook(&["run", "--format", "json"]);
    assert_eq!(output.places(), ["error snippets/panics src/b.md:4:3"]);
    assert_eq!(calls, 0, "{output}");
}

#[test]
fn without_the_cache_all_is_run_again_and_nothing_remembered() {
    let watched = sample();
    let (first, calls) = watched.handbook(&["run", "--no-cache"]);
    let (second, again) = watched.handbook(&["run", "--no-cache"]);
    assert_eq!((&first, calls), (&second, again));
    assert!(calls > 2 && last_lines(&first)[0].starts_with("0 from the cache"), "{first}");
    assert!(!watched.book.beside("cache").exists());

    // Nor is anything believed that is remembered already.
    watched.handbook(&["run"]);
    let (third, again) = watched.handbook(&["run", "--no-cache"]);
    assert_eq!((&first, calls), (&third, again));
}

#[test]
fn the_cache_lies_where_it_is_told_to() {
    let watched = sample();
    let before = watched.book.tree();
    let elsewhere = watched.book.beside("elsewhere");
    let args = ["run", "--cache-dir", elsewhere.to_str().expect("UTF-8")];
    watched.handbook(&args);
    let (output, calls) = watched.handbook(&args);
    assert_eq!(calls, 0, "{output}");
    assert!(elsewhere.is_dir() && !watched.book.beside("cache").exists());
    assert_eq!(watched.book.tree(), before);
}
