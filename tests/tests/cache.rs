//! What was run once is not run again, and what has changed is.
//!
//! A script named `rustc` stands first on the search path, logs each call, and hands it on to the
//! compiler. The runner would go around it to the compiler that it stands for, so it claims to lie
//! in a place where none is. Inside the sandbox no file could be opened for the log, so there is
//! none.
#![cfg(unix)]

use handbook_tests::{Book, Output, Start, write_script};
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

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
        let log = book.beside("calls");
        let script = format!(
            "#!/bin/sh\n\
             echo \"$*\" >> '{log}'\n\
             [ \"$1\" = --print ] && echo / && exit\n\
             [ \"$1\" = -vV ] && exec '{rustc}' -vV\n\
             exec '{rustc}' \"$@\" -C prefer-dynamic=no\n",
            rustc = rustc.display(),
            log = log.display()
        );
        write_script(&book.beside("bin/rustc"), &script);
        Self { book, log }
    }

    /// Runs `handbook`; returns what it says and how often rustc was started.
    fn handbook(&self, args: &[&str]) -> (Output, usize) {
        fs::write(&self.log, "").expect("a log");
        let path = self.book.start_other("sh").args(["-c", "printf %s \"$PATH\""]).output().stdout;
        let output = self
            .book
            .start("handbook")
            .args(args)
            .args(["--sandbox", "off"])
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
    let places = output.places();
    assert!(places.contains(&"error snippets/panics src/b.md:4:3".to_owned()), "{places:?}");
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

/// What `cache` says: its lines, the folder it speaks of called `[CACHE]`.
fn cache(book: &Book, args: &[&str]) -> Vec<String> {
    let folder = book.beside("shared");
    // No book is needed, nor a folder that is one.
    let start = book.start("handbook").args(["--dir", "/nowhere", "cache"]).args(args);
    let output = start.args(["--cache-dir"]).args([&folder]).output();
    assert_eq!((output.stderr.as_str(), output.code), ("", Some(0)), "{output}");
    let text = output.stdout.replace(&folder.display().to_string(), "[CACHE]");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn the_cache_is_shown_and_emptied_of_what_is_ours() {
    let Watched { book, .. } = sample();
    assert_eq!(cache(&book, &["size"]), ["[CACHE]", "0 entries, 0 bytes"]);
    let folder = book.beside("shared");
    // Somebody names a folder that is used for other things, too.
    let precious = ["thesis.md", "reports/2024.txt", "reports/ab/cd", "toolchains/x/y"];
    for file in precious {
        fs::create_dir_all(folder.join(file).parent().expect("a folder")).expect("it is made");
        fs::write(folder.join(file), "precious").expect("it is written");
    }
    let args = ["run", "--cache-dir", folder.to_str().expect("UTF-8")];
    assert_eq!(book.handbook(args).code, Some(0));
    // Six reports, these together, a compiler, and the note that the run found nothing.
    assert_eq!(cache(&book, &["size"]), ["[CACHE]", "9 entries, 36 KiB"]);
    assert_eq!(cache(&book, &["clean"]), ["removed 9 entries, freed 36 KiB"]);
    assert_eq!(cache(&book, &["clean"]), ["removed 0 entries, freed 0 bytes"]);
    for file in precious {
        assert_eq!(fs::read_to_string(folder.join(file)).ok().as_deref(), Some("precious"));
    }
    let run = book.handbook(args);
    assert!(run.stdout.starts_with("0 from the cache"), "{run}");

    let none = book.handbook(["cache", "size", "--no-cache"]);
    assert_eq!(none.code, Some(2), "{none}");
    let nowhere = book.start("handbook").args(["cache", "size"]).env("XDG_CACHE_HOME", "");
    let nowhere = nowhere.env("HOME", "").env("LOCALAPPDATA", "").output();
    assert_eq!(nowhere.code, Some(2), "{nowhere}");
    assert!(nowhere.stderr.contains("`--cache-dir DIR`"), "{nowhere}");
}

/// What was of no use for long goes when a run puts something in, and what a run reads is of use.
#[test]
fn a_run_rids_the_cache_of_what_nobody_uses() {
    let Watched { book, .. } = sample();
    let reports = book.beside("cache/handbook/reports");
    let entries = || {
        let fans =
            fs::read_dir(&reports).expect("a cache").map(|fan| fan.expect("a folder").path());
        let files =
            fans.filter(|path| path.is_dir()).flat_map(|fan| fs::read_dir(fan).expect("it"));
        files.map(|file| file.expect("an entry").path()).collect::<Vec<_>>()
    };
    let age = |file: &PathBuf, days: u64| {
        let time = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
        let file = fs::File::options().write(true).open(file).expect("a file");
        file.set_modified(time).expect("its time is set");
    };
    book.handbook(["run"]);
    assert_eq!(entries().len(), 6);
    entries().iter().for_each(|entry| age(entry, 40));
    age(&reports.join("swept"), 2);
    // The chapter is used, and so are its entries; there is nothing new, so nothing goes.
    book.handbook(["run", "a.md"]);
    assert_eq!(entries().len(), 6);
    book.write("src/a.md", format!("{}\n```rust\nlet new = 1;\n```\n", book.read("src/a.md")));
    book.handbook(["run", "a.md"]);
    assert_eq!(entries().len(), 3);
    assert!(book.handbook(["run"]).stdout.starts_with("3 from the cache"));
}

#[test]
fn processes_share_a_cache_at_once() {
    let Watched { book, .. } = sample();
    let passed = "6 passed, 0 failed, 0 ignored\n";
    let starts = |times: u32, args: &[&str]| {
        (0..times).map(|_| book.start("handbook").args(args)).collect::<Vec<Start>>()
    };
    let one_by_one = |starts: Vec<Start>, end: &str| {
        for start in starts {
            let output = start.output();
            assert!(output.code == Some(0) && output.stdout.ends_with(end), "{output}");
        }
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            let starts = starts(3, &["run"]);
            scope.spawn(|| one_by_one(starts, passed));
        }
        let starts = starts(10, &["cache", "clean"]);
        scope.spawn(|| one_by_one(starts, "\n"));
    });
    one_by_one(starts(1, &["run"]), passed);
    assert!(book.handbook(["run"]).stdout.starts_with("6 from the cache"));
}
