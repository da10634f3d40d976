//! Results that are frozen in the book: builds without a compiler, and the proof that they are
//! right.

use handbook_tests::{Book, Host, OURS, Output, varied};
use snapbox::{assert_data_eq, str};
use std::fs;

/// Runs `handbook` where there is no compiler, and where nothing is remembered.
fn without_rustc(book: &Book, arguments: &[&str]) -> Output {
    let start = book.start("handbook").args(["--no-cache"]).args(arguments);
    start.env("PATH", book.beside("no-programs")).output()
}

/// Has the results of a book frozen.
fn freeze(book: &Book) -> String {
    let run = book.handbook(["run", "--freeze"]);
    assert_eq!(run.code, Some(0), "{run}");
    book.read("results.toml")
}

#[test]
fn a_build_without_a_compiler_is_the_one_with_it() {
    let book = varied::good();
    freeze(&book);
    let [with, without] = ["with", "without"].map(|name| book.beside(name));
    let build = |folder| format!("--dest-dir={}", std::path::Path::display(folder));
    let built = book.handbook(["build", &build(&with)]);
    assert_eq!((built.code, built.stderr.as_str()), (Some(0), ""), "{built}");
    let built = without_rustc(&book, &["build", &build(&without)]);
    assert_eq!(built.code, Some(0), "{built}");
    let remark = &built.stderr;
    assert!(remark.starts_with("no rustc here: the results of 23 snippets are those frozen in results.toml, by rustc 1."), "{built}");
    assert_eq!(remark.lines().count(), 1, "{built}");
    let [with, without] = [with, without].map(handbook_tests::Rendered::at);
    assert!(with.text("printed.html").contains("流れ"));
    assert_eq!(with.tree(), without.tree());
    // The others find the same.
    let check = without_rustc(&book, &["check", "--deny=warnings"]);
    assert_eq!((check.code, &check.stderr), (Some(0), remark), "{check}");
    let run = without_rustc(&book, &["run"]);
    assert_eq!((run.code, &run.stderr), (Some(0), remark), "{run}");
    assert!(run.stdout.ends_with("\n23 passed, 0 failed, 2 ignored\n"), "{run}");
    let fix = without_rustc(&book, &["fix", "--diff"]);
    assert!(fix.stdout.contains("\n+ein Fluß, 流れ"), "{fix}");
    let audit = without_rustc(&book, &["run", "--audit"]);
    assert_eq!(audit.printed_places(), ["error snippets/not-run src/printed.md:3:1"]);
    let one = without_rustc(&book, &["run", "--name=sum", "--verbose"]);
    assert!(one.stdout.starts_with("passed  src/deep/sorts.md:3 sum\n"), "{one}");
}

#[test]
fn a_preprocessor_without_a_compiler_gives_the_same_pages() {
    let book = varied::good();
    freeze(&book);
    let with = Host::V0_5.build(&book).ok();
    let handed = book.handed();
    let start = || book.start("mdbook-handbook").input(handed.clone());
    let there = start().output();
    assert_eq!((there.code, there.stderr.as_str()), (Some(0), ""), "{there}");
    let here = start().env("PATH", book.beside("no-programs")).output();
    assert_eq!((here.code, &here.stdout), (Some(0), &there.stdout));
    assert!(here.stderr.starts_with("no rustc here: the results of 23 snippets"), "{here}");
    assert!(with.text("printed.html").contains("流れ"));
}

#[test]
fn the_file_is_made_to_be_read() {
    let book = Book::new().chapter(
        "a.md",
        "# A\n\n```rust,name=ring\nprintln!(\"one\\n  \\\"two\\\"\");\n```\n\n```rust\n```\n\n\
         ```rust,no_run\nloop {}\n```\n\n```rust\n```\n",
    );
    let frozen = freeze(&book);
    let (_, snippets) = frozen.split_once("[[snippet]]").expect("a snippet");
    assert_data_eq!(
        format!("[[snippet]]{snippets}"),
        str![[r#"
[[snippet]]
id = "a.md#ring"
asked = "[..]"
stdout = """
one
  "two"
"""

[[snippet]]
id = "a.md@[..]"
asked = "[..]"

[[snippet]]
id = "a.md@[..]"
asked = "[..]"

[[snippet]]
id = "a.md@[..]~2"
asked = "[..]"

"#]]
    );
}

#[test]
fn what_is_frozen_again_stays_as_it_is() {
    let book = varied::good();
    // A run that is remembered is done again for this.
    assert_eq!(
        book.handbook(["run"]).stdout.lines().last(),
        book.handbook(["run"]).stdout.lines().last()
    );
    let first = freeze(&book);
    let changed = |book: &Book| {
        fs::metadata(book.root().join("results.toml")).and_then(|it| it.modified()).expect("a time")
    };
    let time = changed(&book);
    // The clock of the book tells another time in each run.
    let again = book.handbook(["run", "--freeze", "--no-cache"]);
    assert_eq!(again.stderr, "results.toml is as it has to be\n");
    assert_eq!((book.read("results.toml"), changed(&book)), (first.clone(), time));
    // Nothing in it says where a snippet stands.
    book.write("src/printed.md", format!("Text.\n\n{}", book.read("src/printed.md")));
    assert_eq!(freeze(&book), first);
    // What git may do to lines does no harm.
    book.write("results.toml", first.replace('\n', "\r\n"));
    assert_eq!(book.handbook(["run", "--locked"]).code, Some(0));
    let again = book.handbook(["run", "--freeze"]);
    assert_eq!(again.stderr, "results.toml is as it has to be\n");
    // Whatever is damaged is written anew.
    let head = first.lines().next().expect("lines");
    book.write("results.toml", format!("{head}\n<<<<<<< HEAD\n"));
    freeze(&book);
    assert_eq!(book.handbook(["run", "--locked"]).code, Some(0));
}

#[test]
fn what_fails_is_not_frozen() {
    let book = varied::bad();
    let run = book.handbook(["run", "--freeze"]);
    assert_eq!(run.code, Some(1));
    let last = run.stderr.lines().last().expect("lines");
    assert_eq!(last, "results.toml was not written: 15 snippets failed", "{run}");
    assert!(!book.root().join("results.toml").exists());
    let nowhere = without_rustc(&book, &["run", "--freeze"]);
    assert!(nowhere.stderr.ends_with("no results were written: nothing was run\n"), "{nowhere}");
}

#[test]
fn the_configuration_names_another_place() {
    let book = varied::good().config(
        "[preprocessor.handbook]\n[preprocessor.handbook.snippets]\nresults = \"data.toml\"\n",
    );
    assert_eq!(book.handbook(["run", "--freeze"]).code, Some(0));
    assert!(book.root().join("data.toml").exists());
    assert_eq!(without_rustc(&book, &["check"]).code, Some(0));
    for place in ["../data.toml", "/data.toml", "", "."] {
        book.write(
            "book.toml",
            format!("[preprocessor.handbook.snippets]\nresults = \"{place}\"\n"),
        );
        let check = book.handbook(["check", "--no-run", "--format=json"]);
        assert_eq!(check.places(), ["warning book/unknown-setting book.toml:2:1"], "{place}");
    }
}

/// The findings in short, about the rule of this name.
fn about(output: &Output, rule: &str) -> Vec<String> {
    let mut places = output.printed_places();
    places.retain(|place| place.contains(rule));
    places
}

const THREE: &str = "\
```rust,name=a,run
println!(\"a\");
```

```rust,name=b,run
println!(\"b\");
```

```rust
let c = 1;
```
";

#[test]
fn what_changed_is_not_known_without_a_compiler() {
    let book = Book::new().chapter("a.md", THREE);
    freeze(&book);
    book.write(
        "src/a.md",
        THREE
            .replace("(\"b\")", "(\"B\")")
            .replace("c = 1", "c = 2")
            .replace("name=a", "name=a,release"),
    );
    let check = without_rustc(&book, &["check"]);
    assert_eq!(check.code, Some(0));
    assert_data_eq!(
        check.stderr.clone(),
        str![[r#"
no rustc here: the results of 0 snippets are those frozen in results.toml, by rustc [..]
warning[snippets/outdated-results]: `a` is not what it was in `results.toml`
 --> src/a.md:1:1
  |
1 | ```rust,name=a,release,run
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: `handbook run --freeze` writes it anew, where there is Rust

warning[snippets/outdated-results]: `b` is not what it was in `results.toml`
 --> src/a.md:5:1
  |
5 | ```rust,name=b,run
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: `handbook run --freeze` writes it anew, where there is Rust

warning[snippets/outdated-results]: there is no result of the snippet in `results.toml`
 --> src/a.md:9:1
  |
9 | ```rust
  | ^^^^^^^
  |
  = help: `handbook run --freeze` writes it anew, where there is Rust

3 warnings found

"#]]
    );
    assert_eq!(without_rustc(&book, &["check", "--deny=warnings"]).code, Some(1));
    // No wrong output gets into a page.
    assert_eq!(without_rustc(&book, &["build"]).code, Some(0));
    assert!(!book.read("book/a.html").contains("language-output"));
    // With a compiler nothing of the file matters.
    assert_eq!(book.handbook(["check", "--deny=warnings"]).code, Some(0));
}

#[test]
fn all_that_the_book_decides_is_asked() {
    let config = |more: &str| {
        format!(
            "[book]\n[rust]\nedition = \"2021\"\n[preprocessor.handbook.snippets]\n\
             timeout = 20\nallow = [\"data\"]\n{more}"
        )
    };
    let book = Book::new().config(&config("")).file("data/a.txt", "1").chapter(
        "a.md",
        "```rust,mod=m\npub fn f() {}\n```\n\n```rust,name=u,use=m\nm::f();\n```\n",
    );
    freeze(&book);
    let outdated = |book: &Book| about(&without_rustc(book, &["check"]), "outdated").len();
    assert_eq!(outdated(&book), 0);
    let change = |file: &str, before: &str, after: &str| {
        let text = book.read(file);
        assert!(text.contains(before), "{file}: {before}");
        book.write(file, text.replace(before, after));
        let number = outdated(&book);
        book.write(file, text);
        number
    };
    assert_eq!(change("data/a.txt", "1", "2"), 2);
    assert_eq!(change("book.toml", "2021", "2024"), 2);
    assert_eq!(change("book.toml", "allow", "dependencies = { rand = \"0.9\" }\nallow"), 2);
    assert_eq!(change("src/a.md", "f() {}", "f() { }"), 2);
    assert_eq!(change("src/a.md", "name=u,", "name=u,should_panic,"), 1);
    assert_eq!(change("src/a.md", "name=u,", "name=u,release,"), 1);
    // How long it may take is not what it does.
    assert_eq!(change("book.toml", "timeout = 20", "timeout = 10"), 0);
    assert_eq!(change("src/a.md", "name=u,", "name=u,timeout=5s,"), 0);
    assert_eq!(change("src/a.md", "```rust,mod", "Text.\n\n```rust,mod"), 0);
}

#[test]
fn locked_results_are_those_of_a_run() {
    let book = Book::new().chapter("a.md", THREE);
    let locked = |book: &Book| {
        let [run, check] = [["run", "--locked"], ["check", "--locked"]].map(|it| book.handbook(it));
        assert_eq!((&run.stderr, run.code), (&check.stderr, check.code));
        run
    };
    assert_data_eq!(
        locked(&book).stderr,
        str![[r#"
error[snippets/stale-results]: there is no `results.toml`
 --> src/a.md:1:1
  |
1 | ```rust,name=a,run
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: `handbook run --freeze` writes the file anew

1 error found

"#]]
    );
    let frozen = freeze(&book);
    let fresh = locked(&book);
    assert_eq!((fresh.code, fresh.stderr.as_str()), (Some(0), ""));
    // A plain run, which is remembered, says nothing about it.
    book.write("results.toml", frozen.replace("\na\n", "\nx\n"));
    assert_eq!(book.handbook(["check"]).code, Some(0));
    assert_data_eq!(
        locked(&book).stderr,
        str![[r#"
error[snippets/stale-results]: `a` prints something else than in `results.toml`
 --> src/a.md:1:1
  |
1 | ```rust,name=a,run
  | ^^^^^^^^^^^^^^^^^^
  |
  = note: line 1 is `x` there, and `a` now
  = help: `handbook run --freeze` writes the file anew

1 error found

"#]]
    );
    book.write("results.toml", &frozen);
    book.write("src/a.md", THREE.replace("(\"b\")", "(\"B\")").replace("c = 1", "c = 2"));
    let changed = locked(&book);
    assert_eq!(
        changed.printed_places(),
        [
            "error snippets/stale-results src/a.md:1:1",
            "error snippets/stale-results src/a.md:5:1",
            "error snippets/stale-results src/a.md:9:1",
        ]
    );
    let gone = "`results.toml` holds results of what is not there: `a.md@";
    assert!(changed.stderr.contains(gone), "{changed}");
    book.write("src/a.md", "# No snippet at all\n");
    assert_eq!(locked(&book).printed_places(), ["error snippets/stale-results src/a.md"]);
    // Without a compiler nothing can be proved.
    book.write("src/a.md", THREE);
    let here = without_rustc(&book, &["check", "--locked"]);
    assert_eq!(here.printed_places(), ["error snippets/not-run src/a.md:1:1"]);
}

#[test]
fn a_damaged_file_is_told_with_its_line() {
    let book = Book::new().chapter("a.md", THREE);
    let frozen = freeze(&book);
    let line = frozen.lines().position(|line| line == "a").expect("an output") + 1;
    book.write("results.toml", frozen.replace("\na\n", "\n\"\"\"a\n"));
    let expected = format!("`results.toml` is damaged in line {line}: ");
    let locked = book.handbook(["check", "--locked"]);
    assert_eq!(locked.printed_places(), ["error snippets/stale-results src/a.md:1:1"]);
    assert!(locked.stderr.contains(&expected), "{locked}");
    let without = without_rustc(&book, &["check"]);
    assert_eq!(without.printed_places(), ["error snippets/not-run src/a.md:1:1"]);
    assert!(without.stderr.contains(&expected), "{without}");
    book.write("results.toml", frozen.replace("format = 1", "format = 2"));
    let newer = without_rustc(&book, &["check"]);
    assert!(newer.stderr.contains("has format 2"), "{newer}");
}

#[test]
fn only_results_are_written_over() {
    let config =
        |place: &str| format!("{OURS}[preprocessor.handbook.snippets]\nresults = \"{place}\"\n");
    let book = Book::new().chapter("a.md", THREE);
    for place in ["src/a.md", "src/SUMMARY.md", "book.toml"] {
        book.write("book.toml", config(place));
        let before = book.tree();
        let file = format!("--results={place}");
        for arguments in [&["run", "--freeze"][..], &["run", &file]] {
            let run = book.handbook(arguments);
            assert_eq!(run.code, Some(2), "{place}: {run}");
            assert!(run.stderr.contains("holds no results; name another place"), "{run}");
            assert!(book.tree() == before, "{place}");
        }
    }
    book.write("book.toml", config("results.toml"));
    freeze(&book);
    #[cfg(unix)]
    {
        let frozen = book.root().join("results.toml");
        fs::rename(&frozen, book.beside("kept.toml")).expect("a file");
        std::os::unix::fs::symlink(book.beside("kept.toml"), &frozen).expect("a link");
        let run = book.handbook(["run", "--results=results.toml"]);
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains("is no regular file"), "{run}");
        assert!(frozen.is_symlink());
    }
    // An empty file holds nothing to lose.
    book.write("empty.toml", "");
    assert_eq!(book.handbook(["run", "--results=empty.toml"]).code, Some(0));
}

#[test]
fn what_nobody_froze_is_not_believed() {
    let book = Book::new().chapter("a.md", THREE);
    let frozen = freeze(&book);
    let check = |text: String, at: &str, says: &str| {
        assert_ne!(text, frozen);
        book.write("results.toml", text);
        let locked = book.handbook(["check", "--locked"]);
        assert_eq!(locked.code, Some(1), "{locked}");
        assert_eq!(locked.printed_places(), [format!("error snippets/stale-results {at}")]);
        assert!(locked.stderr.contains(says), "{locked}");
    };
    let entry = "id = \"a.md#a\"\n";
    let failed = "{ Panicked = { message = \"x\" } }";
    for more in [
        "milliseconds = 3",
        "stderr = \"x\"",
        &format!("failure = {failed}"),
        &format!("failed_before = [{failed}]"),
    ] {
        let text = frozen.replace(entry, &format!("{entry}{more}\n"));
        check(text, "src/a.md:1:1", "says more than `--freeze` writes");
    }
    let confined = |now: bool| format!("limits = {now}");
    let has = frozen.contains(&confined(true));
    let text = frozen.replace(&confined(has), &confined(!has));
    check(text, "src/a.md:1:1", "the sandbox is another one than in `results.toml`");
}

#[test]
fn where_nothing_is_run_nothing_is_proved() {
    let book = Book::new().chapter("a.md", THREE);
    freeze(&book);
    book.write("book.toml", format!("{OURS}[preprocessor.handbook.snippets]\nrun = false\n"));
    assert_eq!(book.handbook(["check"]).code, Some(0));
    for command in ["check", "run"] {
        let locked = book.handbook([command, "--locked"]);
        assert_eq!(locked.code, Some(1), "{locked}");
        assert!(locked.stderr.contains("nothing was run, so nothing is proved"), "{locked}");
    }
}

#[test]
fn a_compiler_that_was_named_is_not_replaced_by_a_file() {
    let book = Book::new().chapter("a.md", THREE);
    freeze(&book);
    let start = book.start("handbook").args(["--no-cache", "check"]);
    let check = start.env("RUSTC", book.beside("no-rustc")).output();
    assert_eq!(check.printed_places(), ["error snippets/not-run src/a.md:1:1"]);
    assert!(check.stderr.contains("no Rust compiler found"), "{check}");
}
