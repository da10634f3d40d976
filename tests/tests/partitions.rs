//! A run in parts, each in a process of its own, is one whole run once it is merged.

use handbook_tests::{Book, Output, varied};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::thread;

/// Runs all parts at once, remembering nothing; returns their files.
fn parts(book: &Book, number: usize, more: &[&str]) -> Vec<PathBuf> {
    let file = |part: usize| book.beside(&format!("part-{part}-of-{number}.toml"));
    thread::scope(|scope| {
        for part in 1..=number {
            let partition = format!("--partition={part}/{number}");
            let results = format!("--results={}", file(part).display());
            let start = book.start("handbook").args(["run", "--no-cache", &partition, &results]);
            let start = start.args(more);
            scope.spawn(move || {
                let run = start.output();
                assert!(run.code < Some(2), "{run}");
            });
        }
    });
    (1..=number).map(file).collect()
}

fn merge(book: &Book, files: &[PathBuf], more: &[&str]) -> Output {
    let empty = book.beside("no-programs");
    let start = book.start("handbook").args(["run", "--merge"]).args(files).args(more);
    // There is no compiler to be had.
    start.env("PATH", empty).output()
}

/// The JSON of a run, without times and the work that it took.
fn without_times(run: &Output) -> Value {
    let mut report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    for snippet in report["snippets"].as_array_mut().expect("a list") {
        let ran = !snippet["milliseconds"].take().is_null();
        snippet["milliseconds"] = ran.into();
        snippet["cached"].take();
    }
    report["tally"]["cached"].take();
    report["tally"]["rustc_calls"].take();
    report
}

#[test]
fn parts_that_are_merged_are_one_whole_run() {
    let book = varied::bad();
    let whole = book.handbook(["run", "--no-cache"]);
    let whole_json = book.handbook(["run", "--no-cache", "--format=json", "--verbose"]);
    let snippets = without_times(&whole_json)["snippets"].as_array().expect("a list").len();
    assert!(snippets > 35, "{snippets} snippets");
    for number in 1..=4 {
        let files = parts(&book, number, &[]);
        let json = merge(&book, &files, &["--format=json", "--verbose"]);
        assert_eq!(without_times(&json), without_times(&whole_json), "{number} parts");
        let text = merge(&book, &files, &[]);
        assert_eq!((&text.stderr, text.code), (&whole.stderr, whole.code), "{number} parts");
        let last = |run: &Output| run.stdout.lines().last().map(str::to_owned);
        assert_eq!(last(&text), last(&whole));
    }
}

#[test]
fn each_snippet_is_in_one_part_and_long_ones_are_apart() {
    let book = Book::new();
    let snippet =
        |index: usize| format!("```rust,name=s{index}\nassert_eq!({index}, {index});\n```\n\n");
    let book = book.chapter("a.md", (0..6).map(snippet).collect::<String>());
    let weights = book.beside("weights.toml");
    let entry = |index: usize| {
        let milliseconds = if index < 2 { 9000 } else { 1 };
        format!(
            "[[snippet]]\nid = \"a.md#s{index}\"\nasked = \"\"\nmilliseconds = {milliseconds}\n"
        )
    };
    let entries: String = (0..5).map(entry).collect();
    fs::write(&weights, format!("format = 1\n{entries}")).expect("a file");
    let files = parts(&book, 2, &["--weights", weights.to_str().expect("UTF-8")]);
    let ids = |file: &PathBuf| -> String {
        let text = fs::read_to_string(file).expect("a file of results");
        let lines = text.lines().filter_map(|line| line.strip_prefix("id = \"a.md#"));
        lines.map(|line| line.trim_end_matches('"')).collect::<Vec<_>>().join(" ")
    };
    // The sixth is new: it may take what the others take on average.
    assert_eq!(files.iter().map(ids).collect::<Vec<_>>(), ["s0 s5", "s1 s2 s3 s4"]);
    // What was merged can be weighed the next time.
    let merged = book.beside("merged.toml").display().to_string();
    assert_eq!(merge(&book, &files, &["--results", &merged]).code, Some(0));
    let files = parts(&book, 3, &["--weights", &merged]);
    assert_eq!(merge(&book, &files, &["--freeze"]).code, Some(0));
    let frozen = book.read("results.toml");
    assert_eq!(book.handbook(["run", "--freeze"]).code, Some(0));
    assert_eq!(book.read("results.toml"), frozen);
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let book = varied::good();
    let three = parts(&book, 3, &[]);
    let two = parts(&book, 2, &[]);
    let check = |files: &[&PathBuf], expected: &str| {
        let files: Vec<PathBuf> = files.iter().map(|file| (*file).clone()).collect();
        let merged = merge(&book, &files, &[]);
        assert_eq!(merged.code, Some(2), "{merged}");
        let stderr = merged.stderr.replace(&book.beside("").display().to_string(), "");
        assert_eq!(stderr, format!("error: {expected}\n"));
        assert_eq!(merged.stdout, "");
    };
    check(
        &[&three[0], &three[2]],
        "there is no part 2 of 3: run `--partition 2/3`, and name its file, too",
    );
    check(
        &[&three[0], &three[1], &three[0]],
        "`part-1-of-3.toml` and `part-1-of-3.toml` are both part 1 of 3: name each part once",
    );
    let other_run = "are parts of different runs: run all parts on one version of the book, with \
                     one N and one `--weights`";
    check(&[&three[0], &two[1]], &format!("`part-1-of-3.toml` and `part-2-of-2.toml` {other_run}"));
    // Another version of the book.
    let first = book.read("src/printed.md");
    book.write("src/printed.md", format!("{first}```rust\nlet new = 1;\n```\n"));
    let later = parts(&book, 3, &[]);
    let old = book.beside("old.toml");
    book.write("src/printed.md", &first);
    fs::copy(&later[1], &old).expect("a file");
    let three = parts(&book, 3, &[]);
    check(&[&three[0], &old, &three[2]], &format!("`part-1-of-3.toml` and `old.toml` {other_run}"));
    // Another compiler, a damaged file, one of another sort, none.
    let text = fs::read_to_string(&three[1]).expect("a file of results");
    let line = text.lines().find(|line| line.starts_with("rustc = ")).expect("a compiler");
    let rustc = line.split('"').nth(1).expect("its name");
    let host = text.lines().find_map(|line| line.strip_prefix("host = ")).expect("a host");
    let host = host.trim_matches('"');
    fs::write(&old, text.replace(rustc, "rustc 1.0.0")).expect("a file");
    check(
        &[&three[0], &old, &three[2]],
        &format!(
            "`part-1-of-3.toml` was made with {rustc} on {host}, and `old.toml` with rustc 1.0.0 \
             on {host}: run all parts with one compiler"
        ),
    );
    fs::write(&old, text.replace("asked = ", "asket = ")).expect("a file");
    let merged = merge(&book, std::slice::from_ref(&old), &[]);
    assert!(merged.stderr.contains("`asket`") && merged.stderr.contains("in line "), "{merged}");
    assert_eq!(book.handbook(["run", "--freeze"]).code, Some(0));
    check(
        &[&PathBuf::from("results.toml")],
        "`results.toml` holds frozen results; what can be merged is written by `--results`",
    );
    check(&[&PathBuf::from("gone.toml")], "there is no file `gone.toml`");
    for arguments in [
        &["--partition", "0/3", "--results", "x"][..],
        &["--partition", "4/3", "--results", "x"],
        &["--partition", "1/9999999999", "--results", "x"],
        &["--partition", "1/3"],
        &["--partition", "1/3", "--results", "x", "--name", "sum"],
        &["--locked", "--freeze"],
        &["--freeze", "a.md"],
    ] {
        let run = book.start("handbook").args(["run"]).args(arguments).output();
        assert_eq!(run.code, Some(2), "{arguments:?}: {run}");
    }
}

#[test]
fn what_changed_since_the_parts_were_run_is_not_known() {
    let book = Book::new()
        .chapter("a.md", "```rust,name=a\n```\n\n```rust,name=b,run\nprintln!(\"b\");\n```\n");
    let files = parts(&book, 2, &[]);
    book.write("src/a.md", "Text.\n\n```rust,name=a\nlet a = 1;\n```\n\n```rust,name=b,run\nprintln!(\"b\");\n```\n\n```rust\n```\n");
    let merged = merge(&book, &files, &["--freeze", "--format=json"]);
    assert_eq!(
        merged.places(),
        [
            "error snippets/outdated-results src/a.md:3:1",
            "error snippets/outdated-results src/a.md:11:1"
        ]
    );
    let report: Value = serde_json::from_str(&merged.stdout).expect("JSON");
    assert_eq!(report["tally"]["passed"], 1);
    // That is no whole run, so it cannot be frozen.
    assert_eq!(merged.code, Some(1));
    assert_eq!(
        merged.stderr,
        "results.toml was not written: 2 snippets changed since the parts were run\n"
    );
    assert!(!book.root().join("results.toml").exists());
    // Nor is it a sound book, whether or not it is frozen.
    assert_eq!(merge(&book, &files, &[]).code, Some(1));
}

#[test]
fn what_no_part_knows_makes_nothing_unused() {
    let allow = "<!-- handbook:allow snippets/panics: it may -->\n";
    let text = format!("{allow}```rust,name=a\nlet a = 1;\n```\n\n```rust,name=b\n```\n");
    let book = Book::new().chapter("a.md", &text);
    let unused = |run: &Output| run.stderr.contains("unused-suppression");
    assert!(unused(&book.handbook(["run"])));
    let part = |part: &str| {
        let results = book.beside("any.toml").display().to_string();
        book.handbook(["run", "--partition", part, "--results", &results])
    };
    assert!(!unused(&part("1/2")) && !unused(&part("2/2")));
    let files = parts(&book, 2, &[]);
    assert!(unused(&merge(&book, &files, &[])));
    book.write("src/a.md", text.replace("a = 1", "a = 2"));
    let merged = merge(&book, &files, &[]);
    assert_eq!(merged.printed_places(), ["error snippets/outdated-results src/a.md:2:1"]);
}

#[test]
fn places_that_are_not_there_do_no_harm() {
    let book = varied::bad();
    let files = parts(&book, 1, &[]);
    let text = fs::read_to_string(&files[0]).expect("a file of results");
    for number in ["0", "1", "7", "9223372036854775807"] {
        let line = |line: &str| match line.split_once(" = ") {
            Some((key @ ("line" | "column"), _)) => format!("{key} = {number}\n"),
            _ => format!("{line}\n"),
        };
        let changed: String = text.lines().map(line).collect();
        assert!(changed.contains(&format!("\ncolumn = {number}\n")), "there are places");
        fs::write(&files[0], changed).expect("a file");
        let merged = merge(&book, &files, &[]);
        assert_eq!(merged.code, Some(1), "{merged}");
    }
    let weights = text.replace("milliseconds = ", "milliseconds = 999999999999999");
    fs::write(&files[0], weights).expect("a file");
    parts(&book, 2, &["--weights", files[0].to_str().expect("UTF-8")]);
}
