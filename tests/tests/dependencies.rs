//! A book whose snippets use real crates: the first run, the second one, and runs without a network.
//!
//! A script named `rustc` and one named `cargo` stand first on the search path, and log each call
//! to file 9, as in `cache.rs`.
#![cfg(unix)]

use handbook_tests::{Book, Host, OURS, Output, write_script};
use snapbox::{assert_data_eq, str};
use std::fs;
use std::path::PathBuf;

const CONFIG: &str = "\
[book]
title = \"Test\"

[rust]
edition = \"2021\"

[preprocessor.handbook]
command = \"$HANDBOOK\"
before = [\"links\"]

[preprocessor.handbook.snippets.dependencies]
rand = \"0.9\"
serde = { version = \"1\", features = [\"derive\"] }
tokio = { version = \"1\", features = [\"rt\", \"macros\"] }
";

const CHAPTER: &str = "# Crates

```rust
use rand::{rngs::StdRng, Rng, SeedableRng};

let number: u8 = StdRng::seed_from_u64(7).random_range(1..=6);
assert!((1..=6).contains(&number));
```

```rust
#[derive(serde::Serialize, serde::Deserialize)]
struct Node {
    name: String,
}

fn is_serde<T: serde::Serialize + serde::de::DeserializeOwned>() {}
is_serde::<Node>();
```

```rust,run
#[tokio::main(flavor = \"current_thread\")]
async fn main() {
    let task = tokio::spawn(async { 40 + 2 });
    println!(\"{}\", task.await.unwrap());
}
```

```rust,edition2015
extern crate rand;

fn main() {
    let _: u8 = rand::random();
}
```

```rust,compile_fail,E0277
fn is_copy<T: Copy>() {}
is_copy::<rand::rngs::StdRng>();
```
";

/// A book whose compiler and cargo are watched.
struct Watched {
    book: Book,
    log: PathBuf,
}

impl Watched {
    fn new(book: Book) -> Self {
        let sysroot = book.start_other("rustc").args(["--print", "sysroot"]).output().stdout;
        let bin = PathBuf::from(sysroot.trim()).join("bin");
        // Inside the sandbox no file could be opened for it, so there is none.
        let log = book.beside("calls");
        let rustc = format!(
            "#!/bin/sh\n\
             echo \"rustc $*\" >> '{log}'\n\
             [ \"$1\" = --print ] && echo / && exit\n\
             case \"$*\" in *rust_out*) set -- \"$@\" -C prefer-dynamic=no ;; esac\n\
             exec '{bin}/rustc' \"$@\"\n",
            bin = bin.display(),
            log = log.display()
        );
        write_script(&book.beside("bin/rustc"), &rustc);
        let cargo = format!(
            "#!/bin/sh\necho \"cargo $*\" >> '{}'\nexec '{}/cargo' \"$@\"\n",
            log.display(),
            bin.display()
        );
        write_script(&book.beside("bin/cargo"), &cargo);
        Self { book, log }
    }

    /// Runs `handbook`; returns what it says, and how often cargo and rustc were started.
    fn handbook(&self, args: &[&str], variables: &[(&str, &str)]) -> (Output, usize, usize) {
        fs::write(&self.log, "").expect("a log");
        let path = self.book.start_other("sh").args(["-c", "printf %s \"$PATH\""]).output().stdout;
        let start = self
            .book
            .start("handbook")
            .args(args)
            .args(["--sandbox", "off"])
            .env("PATH", format!("{}:{path}", self.book.beside("bin").display()));
        let start = variables.iter().fold(start, |start, (name, value)| start.env(name, value));
        let output = start.output();
        let calls = fs::read_to_string(&self.log).expect("a log");
        let count = |name: &str| calls.lines().filter(|line| line.starts_with(name)).count();
        (output, count("cargo "), count("rustc "))
    }
}

const OFFLINE: (&str, &str) = ("CARGO_NET_OFFLINE", "true");
const PASSED: &str = "5 passed, 0 failed, 0 ignored\n";

#[test]
fn real_crates_cold_warm_and_offline() {
    let watched = Watched::new(Book::new().config(CONFIG).chapter("a.md", CHAPTER));
    let book = &watched.book;
    let (cold, cargo, rustc) = watched.handbook(&["run"], &[]);
    assert!(cold.code == Some(0) && cold.stdout.ends_with(PASSED), "{cold}");
    assert!(cargo >= 2 && rustc > 10, "cargo and rustc are not watched: {cargo}, {rustc}");
    let lockfile = book.read("snippets.lock");
    assert!(["rand", "serde_derive", "tokio"].iter().all(|name| lockfile.contains(name)));

    // Nothing is started, whoever asks.
    for command in [["run"], ["check"], ["build"]] {
        let (warm, cargo, rustc) = watched.handbook(&command, &[]);
        assert_eq!((warm.code, cargo, rustc), (Some(0), 0, 0), "{warm}");
    }
    // A new snippet takes what was built.
    book.write("src/a.md", CHAPTER.replace("40 + 2", "40 + 3"));
    let (changed, cargo, rustc) = watched.handbook(&["run"], &[]);
    assert!(changed.stdout.ends_with(PASSED), "{changed}");
    assert_eq!((cargo, rustc), (0, 1), "{changed}");

    // What was fetched is enough to build everything anew.
    let size = book.handbook(["cache", "size"]).stdout;
    assert_eq!(book.handbook(["cache", "clean"]).code, Some(0), "{size}");
    assert!(!book.beside("cache/handbook/dependencies").exists());
    let (offline, cargo, _) = watched.handbook(&["run"], &[OFFLINE]);
    assert!(offline.code == Some(0) && offline.stdout.ends_with(PASSED), "{offline}");
    assert_eq!(cargo, 2, "{offline}");
    assert_eq!(book.read("snippets.lock"), lockfile);
    // mdBook, too.
    assert_eq!(watched.handbook(&["build"], &[OFFLINE]).0.code, Some(0));

    // On a machine that has never fetched them, it is said what is missing.
    let home = book.beside("cargo-home").display().to_string();
    let elsewhere = book.beside("other-cache").display().to_string();
    let variables = [OFFLINE, ("CARGO_HOME", &home), ("XDG_CACHE_HOME", &elsewhere)];
    let (missing, _, _) = watched.handbook(&["run"], &variables);
    assert_eq!(missing.code, Some(1), "{missing}");
    assert_eq!(missing.printed_places(), ["error snippets/unusable-dependencies src/a.md:3:1"]);
    let help = "if sources are missing, run once with a network";
    assert!(missing.stderr.contains(help), "{missing}");
    assert_eq!(book.read("snippets.lock"), lockfile);
}

fn with(settings: &str) -> Book {
    let config = format!("{OURS}{settings}");
    Book::new()
        .config(&config)
        .chapter("a.md", "# A\n\n```rust\nfn main() {}\n```\n\n```rust\n```\n")
}

#[test]
fn settings_that_make_no_sense() {
    let book = with(
        "[preprocessor.handbook.snippets]\n\
         manifest = \"Cargo.toml\"\n\
         [preprocessor.handbook.snippets.dependencies]\n\
         a = \"1\"\n",
    );
    let check = book.handbook(["check", "--no-run"]);
    assert_eq!(check.printed_places(), ["warning book/unknown-setting book.toml:9:33"]);
    let book = with(
        "[preprocessor.handbook.snippets]\n\
         library-paths = \"target\"\n\
         [preprocessor.handbook.snippets.dependencies]\n\
         a = 1\n\
         b = { version = \"1\", feature = [] }\n",
    );
    let check = book.handbook(["check", "--no-run"]);
    let expected = [
        "warning book/unknown-setting book.toml:8:1",
        "warning book/unknown-setting book.toml:10:1",
        "warning book/unknown-setting book.toml:11:22",
    ];
    assert_eq!(check.printed_places(), expected, "{check}");
    assert!(check.stderr.contains("did you mean `features`?"), "{check}");
}

#[test]
fn a_manifest_that_is_not_there() {
    let book = with("[preprocessor.handbook.snippets]\nmanifest = \"crate/Cargo.toml\"\n");
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(1));
    assert_data_eq!(
        check.stderr,
        str![[r#"
error[snippets/unusable-dependencies]: the snippets' dependencies cannot be used: the manifest `[BOOK]/crate/Cargo.toml` cannot be read: No such file or directory (os error 2)
 --> src/a.md:3:1
  |
3 | ```rust
  | ^^^^^^^
  |
  = help: `manifest` in book.toml names a Cargo.toml, from the book's root

1 error found

"#]]
    );
}

#[test]
fn a_crate_that_is_not_there() {
    let book =
        with("[preprocessor.handbook.snippets.dependencies]\nmine = { path = \"crates/min\" }\n");
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places(), ["error snippets/unusable-dependencies src/a.md:3:1"]);
    assert!(check.stderr.contains("leads to no package: mend the path\n"), "{check}");
    // Nor is a lockfile that is a link to nowhere.
    let lockfile = book.root().join("snippets.lock");
    std::os::unix::fs::symlink(book.beside("outside"), lockfile).expect("a link");
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places(), ["error snippets/unusable-dependencies src/a.md:3:1"]);
    assert!(check.stderr.contains("help: put the lockfile itself there"), "{check}");
    assert!(!book.beside("outside").exists());
}

#[test]
fn a_toolchain_that_is_a_folder_of_the_book() {
    let book = with("").file("rust-toolchain.toml", "[toolchain]\npath = \"evil\"\n");
    let script = format!("#!/bin/sh\ntouch '{}'\n", book.beside("was-here").display());
    write_script(&book.root().join("evil/bin/rustc"), &script);
    // Whoever runs the tests may have chosen one.
    let check = book.start("handbook").args(["check"]).env("RUSTUP_TOOLCHAIN", "").output();
    assert_eq!(check.printed_places(), ["error snippets/not-run src/a.md:3:1"], "{check}");
    assert!(check.stderr.contains("rust-toolchain.toml` does not choose the compiler"), "{check}");
    assert!(!book.beside("was-here").exists());
}

#[test]
fn the_crate_that_a_book_is_about() {
    let book = with(
        "[preprocessor.handbook.snippets]\n\
         manifest = \"Cargo.toml\"\n\
         [rust]\n\
         edition = \"2021\"\n",
    )
    .file(
        "Cargo.toml",
        "[package]\nname = \"ring-buffer\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    )
    .file("src/lib.rs", "//! Rings.\npub fn size() -> usize { 4 }\n")
    .chapter(
        "b.md",
        "```rust,run\nprintln!(\"{}\", ring_buffer::size());\n```\n\n```output\n4\n```\n",
    );
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(0), "{check}");
    let tree = book.tree();
    for host in Host::ALL {
        assert_eq!(host.build(&book).ok().places(), [""; 0]);
    }
    assert_eq!(book.tree(), tree);
    book.write("src/lib.rs", "//! Rings.\npub fn size() -> usize { 8 }\n");
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places(), ["error snippets/stale-output src/b.md:6:1"], "{check}");
    book.write("src/lib.rs", "//! Rings.\npub fn size() -> usize { \"8\" }\n");
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places(), ["error snippets/unusable-dependencies src/a.md:3:1"]);
    assert!(check.stderr.contains("expected `usize`, found `&str`"), "{check}");
}

#[test]
fn folders_of_compiled_crates() {
    let book = with("[preprocessor.handbook.snippets]\nlibrary-paths = [\"libraries\"]\n")
        .file("helper.rs", "pub fn number() -> u8 { 3 }\n")
        .chapter("b.md", "```rust\nextern crate helper;\nassert_eq!(helper::number(), 3);\n```\n");
    let missing = book.handbook(["run"]);
    assert_eq!(missing.printed_places(), ["error snippets/not-run src/a.md:3:1"], "{missing}");
    let rustc = ["--crate-type", "rlib", "--out-dir", "libraries", "helper.rs"];
    assert_eq!(book.start_other("rustc").args(rustc).output().code, Some(0));
    let run = book.handbook(["run"]);
    assert_eq!(run.code, Some(0), "{run}");
}
