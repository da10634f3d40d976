//! What `handbook run` lists, what it can be asked for, and what it says on the way.

use handbook_tests::{Book, Output};
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};
use std::path::PathBuf;

/// A snippet of each sort; the second chapter comes first in the alphabet.
fn sample() -> Book {
    let first = "# B\n\n```rust,no_run\nloop {}\n```\n\n{{#include deep/part.md}}\n\n\
                 ```rust,ignore\n```\n\n```rust,ignore-x86_64,ignore-aarch64\n```\n";
    let second = "> ```rust,name=ring,run\n> println!(\"ring\");\n> ```\n\n\
                  ```rust,should_panic\npanic!();\n```\n\n\
                  ```rust,name=types,compile_fail,E0308\nlet x: u8 = \"\";\n```\n";
    Book::new()
        .chapter("b.md", first)
        .file("src/deep/part.md", "Text.\n\n```rust,name=part\npanic!(\"no\");\n```\n")
        .chapter("a.md", second)
}

/// The lines of a listing, times left out.
fn listed(output: &Output) -> String {
    let line = |line: &str| {
        let is_time = |part: &str| part.ends_with(" ms") || part.ends_with(" s");
        let Some((place, about)) = line.strip_suffix(')').and_then(|line| line.split_once(" ("))
        else {
            return format!("{line}\n");
        };
        let about = about.split(", ").map(|part| if is_time(part) { "[TIME]" } else { part });
        format!("{place} ({})\n", about.collect::<Vec<_>>().join(", "))
    };
    output.stdout.lines().map(line).collect()
}

#[test]
fn every_verdict_is_listed_in_reading_order() {
    let book = sample();
    let run = book.handbook(["run", "--verbose"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_data_eq!(
        listed(&run),
        str![[r#"
passed  src/b.md:3 (no_run)
failed  src/deep/part.md:3 part ([TIME])
ignored src/b.md:9
ignored src/b.md:12
passed  src/a.md:1 ring ([TIME])
passed  src/a.md:5 (should_panic, [TIME])
passed  src/a.md:9 types (compile_fail)
0 from the cache, rustc started [..]; [SANDBOX]
4 passed, 1 failed, 2 ignored

"#]]
    );
    let again = listed(&book.handbook(["run", "--verbose"]));
    let lines: Vec<&str> = again.lines().collect();
    assert_eq!(lines[0], "passed  src/b.md:3 (no_run, cached)");
    assert_eq!(lines[4], "passed  src/a.md:1 ring ([TIME], cached)");
    assert_eq!(lines[7], "5 from the cache, rustc started 0 times; [SANDBOX]");
    // Without being asked it says no more than what came of it.
    assert_eq!(book.handbook(["run"]).stdout.lines().count(), 2);
}

/// The JSON of `run`, times and calls left out, as far as there were any.
fn report(output: &Output) -> Value {
    let mut report: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("no JSON ({error}):\n{output}"));
    for snippet in report["snippets"].as_array_mut().expect("a list") {
        if snippet["milliseconds"].is_u64() {
            snippet["milliseconds"] = "some".into();
        }
    }
    report
}

#[test]
fn programs_read_every_verdict() {
    let book = sample();
    let run =
        |args: &[&str]| report(&book.handbook(["run", "--format", "json"].iter().chain(args)));
    let mut report = run(&[]);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    assert!(report["tally"]["rustc_calls"].take().as_u64() > Some(1));
    let (none, some) = (Value::Null, Value::from("some"));
    let entry =
        |place: [&str; 2], line: usize, name: Option<&str>, about: [&str; 2], took: &Value| {
            json!({
                "chapter": place[0], "file": place[1], "line": line, "name": name,
                "expects": about[0], "verdict": about[1], "milliseconds": took, "cached": false,
                "flaky": null,
            })
        };
    let (a, b, part) = (["a.md", "src/a.md"], ["b.md", "src/b.md"], ["b.md", "src/deep/part.md"]);
    let snippets = json!([
        entry(b, 3, None, ["compile", "passed"], &none),
        entry(part, 3, Some("part"), ["success", "failed"], &some),
        entry(b, 9, None, ["success", "ignored"], &none),
        entry(b, 12, None, ["success", "ignored"], &none),
        entry(a, 1, Some("ring"), ["success", "passed"], &some),
        entry(a, 5, None, ["panic", "passed"], &some),
        entry(a, 9, Some("types"), ["compile-error", "passed"], &none),
    ]);
    assert_eq!(report["snippets"], snippets);
    let tally = json!({"passed": 4, "flaky": 0, "failed": 1, "ignored": 2, "cached": 0, "rustc_calls": null});
    assert_eq!(report["tally"], tally);
    assert_eq!(run(&["a.md"])["tally"]["cached"], 3);

    // `check` has findings only, in the same shape.
    let check = book.handbook(["check", "--format", "json"]);
    let check: Value = serde_json::from_str(&check.stdout).expect("JSON");
    assert_eq!(check, json!({"findings": report["findings"]}));
}

#[test]
fn what_is_not_known_is_not_listed() {
    let book = sample();
    let nothing = book.beside("no-programs");
    let start = book.start("handbook").args(["run", "--format", "json"]).env("PATH", &nothing);
    let output = start.output();
    let report = report(&output);
    assert_eq!((&report["snippets"], &report["tally"]), (&json!([]), &Value::Null));
    assert_eq!(output.places(), ["error snippets/not-run src/b.md:3:1"]);

    let off = Book::new()
        .config("[preprocessor.handbook.snippets]\nrun = false\n")
        .chapter("a.md", "```rust\n```\n");
    let output = off.handbook(["run", "--verbose"]);
    let said = "nothing was run: the configuration says `run = false`\n";
    assert_eq!((output.stdout.as_str(), output.code), (said, Some(0)), "{output}");
}

/// The names, or lines, of the snippets that were run.
fn ran(output: &Output) -> Vec<String> {
    let report = report(output);
    let snippets = report["snippets"].as_array().expect("a list");
    let title = |snippet: &Value| match snippet["name"].as_str() {
        Some(name) => name.to_owned(),
        None => snippet["line"].to_string(),
    };
    snippets.iter().map(title).collect()
}

#[test]
fn snippets_are_asked_for_by_name_and_chapter() {
    let book = sample();
    let run = |args: &[&str]| {
        let args = ["run", "--format", "json"].iter().chain(args);
        book.handbook(args)
    };
    assert_eq!(ran(&run(&["--name", "ring"])), ["ring"]);
    assert_eq!(ran(&run(&["--name", "types", "--name", "ring"])), ["ring", "types"]);
    assert_eq!(ran(&run(&["--name", "ring", "a.md", "src/b.md"])), ["ring"]);
    let part = run(&["--name", "part"]);
    assert_eq!(part.places(), ["error snippets/panics src/deep/part.md:4:1"], "{part}");
    assert_eq!(ran(&run(&["a.md"])), ["ring", "5", "types"]);
}

#[test]
fn a_name_of_nobody_is_wrong_use() {
    let book = sample();
    let error = |book: &Book, args: &[&str]| {
        let output = book.handbook(["run"].iter().chain(args));
        assert_eq!((output.stdout.as_str(), output.code), ("", Some(2)), "{output}");
        output.stderr
    };
    let cases: [(&[&str], &str); 4] = [
        (
            &["--name", "ring", "--name", "rnig"],
            "no snippet has the name `rnig`; did you mean `ring`?",
        ),
        (&["--name", "Ring"], "no snippet has the name `Ring`; did you mean `ring`?"),
        (&["--name", "jump"], "no snippet has the name `jump`; `name=` behind a fence gives one"),
        (
            &["--name", "ring", "b.md"],
            "no snippet in these chapters has the name `ring`; it is in `a.md`",
        ),
    ];
    for (args, expected) in cases {
        assert_eq!(error(&book, args), format!("error: {expected}\n"));
    }
    // Nothing was tried.
    assert!(!book.beside("cache/handbook/reports").exists());
    let foreign = Book::foreign().chapter("a.md", "```rust,name=ring\n```\n");
    assert!(error(&foreign, &["--name", "ring"]).contains("`[preprocessor.handbook]`"));
}

/// What else is wrong in a book neither hides because of a selection nor shows up in it.
#[test]
fn a_selection_reports_on_itself_alone() {
    let ring = "```rust,name=ring,nmae=x\npanic!();\n```\n";
    let rest = "```rust,name=other,tiemout=x\npanic!();\n```\n\n```output\nx\n```\n\n```output\ny\n```\n\n\
                ```rust,custom\n```\n";
    let book = Book::new()
        .chapter("a.md", format!("{ring}\n{rest}"))
        .chapter("b.md", format!("{rest}\n{{{{#include gone.md}}}}\n"));
    let places =
        |args: &[&str]| book.handbook(["run", "--format", "json"].iter().chain(args)).places();
    let of_ring =
        ["warning snippets/unknown-attribute src/a.md:1:19", "error snippets/panics src/a.md:2:1"];
    assert_eq!(places(&["--name", "ring"]), of_ring);
    let all = places(&[]);
    let of =
        |file: &str| all.iter().filter(|place| place.contains(file)).cloned().collect::<Vec<_>>();
    assert_eq!(places(&["a.md"]), of("src/a.md"));
    assert_eq!(places(&["b.md"]), of("src/b.md"));
    assert!(of("src/a.md").len() > 4 && of("src/b.md").len() > 4, "{all:#?}");

    // A name that is given twice means both, and that is wrong with both.
    let other = places(&["--name", "other", "a.md"]);
    assert!(other.iter().all(|place| place.contains("src/a.md")), "{other:#?}");
    assert!(
        places(&["--name", "other"])
            .contains(&"error snippets/duplicate-name src/b.md:1:14".to_owned())
    );
}

/// The finding that nothing was run stands in a chapter that was asked for.
#[test]
fn a_chapter_that_cannot_be_run_is_no_success() {
    let book = sample();
    let nothing = book.beside("no-programs");
    for args in [&["a.md"][..], &["--name", "ring"]] {
        let run = book.start("handbook").args(["run"]).args(args).env("PATH", &nothing).output();
        assert_eq!(run.printed_places(), ["error snippets/not-run src/a.md:1:3"], "{run}");
        assert_eq!(run.code, Some(1));
    }
}

#[test]
fn slow_snippets_are_told_of_once() {
    let sleep = |name: &str, time: u32| {
        format!(
            "```rust,{name}\nstd::thread::sleep(std::time::Duration::from_millis({time}));\n```\n\n"
        )
    };
    let slow = sleep("name=slow", 1100) + &sleep("timeout=1s", 9000) + &sleep("name=quick", 1);
    let book = Book::new().chapter("a.md", slow);
    let lines = |args: &[&str]| {
        let output = book.handbook(args);
        let lines = output.stderr.lines().filter(|line| line.starts_with("slow"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let told = lines(&["run"]);
    assert_eq!(told.len(), 1, "{told:?}");
    let time = told[0].strip_prefix("slow: src/a.md:1 slow took ").expect("the line");
    assert!(time.ends_with(" s") && time[..time.len() - 2].parse::<f32>().is_ok(), "{time}");
    assert_eq!(lines(&["run"]), [""; 0], "a remembered verdict took no time");
    assert_eq!(lines(&["check", "--no-cache"]).len(), 1);
    // `fix` looks at the book more than once.
    assert_eq!(lines(&["fix", "--no-cache"]).len(), 1);
}

#[test]
fn a_time_limit_can_be_set_for_all() {
    let sleep = "std::thread::sleep(std::time::Duration::from_millis(1300));";
    let text = format!("```rust\n{sleep}\n```\n\n```rust,timeout=9s\n{sleep}\n```\n");
    let book = Book::new().chapter("a.md", text);
    let run = book.handbook(["run", "--timeout", "1", "--format", "json"]);
    assert_eq!(run.places(), ["error snippets/times-out src/a.md:1:1"]);
    assert_eq!(book.handbook(["run"]).code, Some(0));
    assert_eq!(book.handbook(["run", "--timeout", "0"]).code, Some(2));
}

/// A folder with the library `helper`, whose `number` is what is asked for.
fn library(book: &Book, number: u32) -> PathBuf {
    let (folder, source) = (book.beside("libraries"), book.beside("helper.rs"));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(&source, format!("pub fn number() -> u32 {{ {number} }}\n")).expect("a file");
    let rustc = book
        .start_other("rustc")
        .args(["--crate-type", "rlib", "--edition", "2021", "--out-dir"])
        .args([&folder, &source])
        .output();
    assert_eq!(rustc.code, Some(0), "{rustc}");
    folder
}

#[test]
fn snippets_use_the_libraries_that_they_are_given() {
    let text = "```rust,run\nextern crate helper;\nprintln!(\"{}\", helper::number());\n```\n\n```output\n1\n```\n";
    let book = Book::new().chapter("a.md", text);
    assert_eq!(book.handbook(["check"]).code, Some(1));
    library(&book, 1);
    // Folders are named from the working directory.
    for command in ["run", "check", "build", "fix"] {
        for option in ["-L", "--library-path"] {
            let output = book.handbook([command, option, "../libraries"]);
            assert_eq!(output.code, Some(0), "{command}: {output}");
        }
    }
    library(&book, 2);
    let stale = book.handbook(["check", "-L", "../libraries", "--format", "json"]);
    assert_eq!(stale.places(), ["error snippets/stale-output src/a.md:7:1"]);

    let missing = book.handbook(["run", "-L", "gone"]);
    assert_eq!(missing.code, Some(2), "{missing}");
    assert_eq!(missing.stderr, "error: there is no folder `gone` to look for libraries in\n");
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let book = Book::new();
    for command in ["build", "check", "fix", "run", "cache"] {
        let help = book.handbook([command, "--help"]);
        let example = format!("Examples:\n  handbook {command} ");
        assert!(help.code == Some(0) && help.stdout.contains(&example), "{help}");
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}

#[test]
fn an_audit_tells_who_cannot_be_relied_on() {
    let book = Book::new().chapter(
        "a.md",
        "```rust,name=steady\nprintln!(\"1\");\n```\n\n\
         ```rust,name=clock\nprintln!(\"{:?}\", std::time::SystemTime::now());\n```\n\n\
         ```rust,name=size\nprintln!(\"{}\", std::fs::metadata(\"/proc/self/exe\").unwrap().len());\n```\n",
    );
    let run = book.handbook(["run", "--audit", "--deny=warnings"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_data_eq!(
        run.stderr.clone(),
        str![[r#"
warning[snippets/nondeterminism]: `clock` behaves differently each time
 --> src/a.md:5:1
  |
5 | ```rust,name=clock
  | ^^^^^^^^^^^^^^^^^^
  |
  = note: line 1 of what it prints is first `SystemTime { tv_sec: [..] }`, then `SystemTime { tv_sec: [..] }`

warning[snippets/interference]: `size` behaves differently among others than alone
 --> src/a.md:9:1
  |
9 | ```rust,name=size
  | ^^^^^^^^^^^^^^^^^
  |
  = note: line 1 of what it prints is first `[..]`, then `[..]`

2 warnings found

"#]]
    );
    assert!(run.stdout.ends_with("3 passed, 0 failed, 0 ignored\n"), "{run}");
    // Nothing remembered is believed, and nothing of it is remembered.
    let again = book.handbook(["run", "--name=steady"]);
    assert!(again.stdout.starts_with("0 from the cache"), "{again}");
}
