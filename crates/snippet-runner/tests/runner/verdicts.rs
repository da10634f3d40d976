//! The verdicts are rustdoc's, whether a snippet shares a crate or not.

use snippet_runner::{Edition, Expect, Failure, NoteKind, Position, Report, Snippet};

use crate::{assert_passed, failure, run, run_both, snippet};

/// Judges one snippet, in a batch and alone.
#[track_caller]
fn judge(snippet: Snippet) -> Report {
    judge_all([snippet]).remove(0)
}

/// Judges snippets, in a batch and alone.
#[track_caller]
fn judge_all(snippets: impl IntoIterator<Item = Snippet>) -> Vec<Report> {
    let neighbour = snippet("println!(\"neighbour\");");
    let mut all = vec![neighbour.clone(), neighbour];
    all.splice(1..1, snippets);
    let mut reports = run_both(&all);
    assert_passed(&reports.remove(0));
    assert_passed(&reports.pop().expect("two neighbours"));
    reports
}

fn expecting(expect: Expect, code: &str) -> Snippet {
    Snippet { expect, ..snippet(code) }
}

fn compile_fail(codes: &[&str], code: &str) -> Snippet {
    let codes = codes.iter().map(|&code| code.to_owned()).collect();
    expecting(Expect::CompileError { codes }, code)
}

#[test]
fn statements_items_and_nothing() {
    judge_all(
        ["let x = 1;\nassert_eq!(x, 1);", "struct S;", "", "// a comment", "fn main() {}"]
            .map(snippet),
    )
    .iter()
    .for_each(assert_passed);
}

#[test]
fn output_is_kept() {
    let report = judge(snippet("println!(\"out\");\neprintln!(\"err\");"));
    assert_eq!((report.stdout.as_str(), report.stderr.as_str()), ("out\n", "err\n"));
}

#[test]
fn dbg_prints_the_snippets_line() {
    let report = judge(snippet("let x = 1;\n    dbg!(x + line!());"));
    assert_eq!(report.stderr, "[src/main.rs:2:5] x + line!() = 3\n");
}

#[test]
fn a_program_that_looks_at_its_place_sees_the_snippets() {
    let hook = "std::panic::set_hook(Box::new(|info| println!(\"{}\", info.location().unwrap())));";
    let hooked = |code: &str| Snippet { expect: Expect::Panic, ..snippet(code) };
    let reports = judge_all([
        hooked(&format!("{hook} panic!();")),
        hooked(&format!("{hook}\n    panic!();")),
        snippet("println!(\"{}\", std::panic::Location::caller());"),
        snippet("println!(\"{}:{}\", line!(), column!());\nprintln!(\"{}\", column!());"),
        snippet("println!(\"{}\", concat!(line!(), ':', column!()));"),
    ]);
    reports.iter().for_each(assert_passed);
    let printed: Vec<&str> = reports.iter().map(|report| report.stdout.as_str()).collect();
    let column = hook.len() + 2;
    assert_eq!(
        printed,
        [
            &*format!("src/main.rs:1:{column}\n"),
            "src/main.rs:2:5\n",
            "src/main.rs:1:16\n",
            "1:28\n16\n",
            "1:38\n"
        ]
    );
}

#[test]
fn a_broken_type_has_a_place() {
    let report = judge(snippet("let ä = 1;\nlet x: String = ä;"));
    let Failure::DoesNotCompile { diagnostics } = failure(&report) else { panic!("{report:?}") };
    let [diagnostic] = &diagnostics[..] else { panic!("{diagnostics:?}") };
    assert_eq!(diagnostic.message, "mismatched types");
    assert_eq!(diagnostic.code.as_deref(), Some("E0308"));
    assert_eq!(
        diagnostic.at,
        Some(Position { line: 2, column: 17 }..Position { line: 2, column: 18 })
    );
    assert_eq!(diagnostic.label.as_deref(), Some("expected `String`, found integer"));
    assert_eq!(diagnostic.notes[0].kind, NoteKind::Help);
    assert!(diagnostic.rendered.contains("--> src/main.rs:2:17"), "{}", diagnostic.rendered);
    assert!(diagnostic.rendered.contains("2 | let x: String = ä;"), "{}", diagnostic.rendered);
}

#[test]
fn an_error_on_the_first_line_does_not_show_the_wrapper() {
    let report = judge(snippet("let x: u8 = \"a\";"));
    let Failure::DoesNotCompile { diagnostics } = failure(&report) else { panic!("{report:?}") };
    let expected = "\
error[E0308]: mismatched types
 --> src/main.rs:1:13
  |
1 | let x: u8 = \"a\";
  |        --   ^^^ expected `u8`, found `&str`
  |        |
  |        expected due to this

";
    assert_eq!(diagnostics[0].rendered, expected);
}

#[test]
fn windows_line_ends_keep_places() {
    let report = judge(snippet("let x = 1;\r\nlet y = 2;\r\nlet z: u8 = \"a\";\r\n"));
    let Failure::DoesNotCompile { diagnostics } = failure(&report) else { panic!("{report:?}") };
    assert_eq!(diagnostics[0].at.clone().unwrap().start, Position { line: 3, column: 13 });
}

#[test]
fn a_panic_has_a_place() {
    let code = "let list: Vec<u8> = Vec::new();\n\tlet ä日 = 0; list[ä日];";
    let report = judge(snippet(code));
    // rustc points at the bracket.
    let at = Some(Position { line: 2, column: 18 });
    let message = "index out of bounds: the len is 0 but the index is 0".to_owned();
    assert_eq!(failure(&report), &Failure::Panicked { at, message });
    assert!(
        report.stderr.contains("thread 'main' panicked at src/main.rs:2:18:"),
        "{}",
        report.stderr
    );
}

#[test]
fn an_error_from_main_is_an_exit() {
    let code = "fn main() -> Result<(), String> { Err(\"no\".into()) }";
    let report = judge(snippet(code));
    assert_eq!(failure(&report), &Failure::Exited { code: 1 });
    assert_eq!(report.stderr, "Error: \"no\"\n");
}

#[test]
fn exits_and_signals() {
    let codes = ["std::process::exit(0);", "std::process::exit(7);", "std::process::abort();"];
    let reports = judge_all(codes.map(snippet));
    assert_passed(&reports[0]);
    assert_eq!(failure(&reports[1]), &Failure::Exited { code: 7 });
    assert_eq!(failure(&reports[2]), &Failure::Killed { signal: 6 });
}

#[test]
fn should_panic() {
    let codes = ["panic!();", "std::process::exit(3);", "std::process::abort();", "let x = 1;"];
    let reports = judge_all(codes.map(|code| expecting(Expect::Panic, code)));
    reports[..3].iter().for_each(assert_passed);
    assert_eq!(failure(&reports[3]), &Failure::DidNotPanic);
}

#[test]
fn no_run() {
    assert_passed(&judge(expecting(Expect::CompileOnly, "loop {}")));
    let report = judge(expecting(Expect::CompileOnly, "let x: u8 = \"\";"));
    assert!(matches!(failure(&report), Failure::DoesNotCompile { .. }));
}

#[test]
fn compile_fail_by_code() {
    let code = "let x: u8 = \"\";";
    let reports = judge_all([
        compile_fail(&[], code),
        compile_fail(&["E0308"], code),
        compile_fail(&["E0382"], code),
        compile_fail(&[], "let x = 1;"),
    ]);
    reports[..2].iter().for_each(assert_passed);
    let Failure::WrongErrorCode { expected, found, .. } = failure(&reports[2]) else {
        panic!("{reports:?}");
    };
    assert_eq!((&expected[..], &found[..]), (&["E0382".to_owned()][..], &["E0308".to_owned()][..]));
    assert_eq!(failure(&reports[3]), &Failure::CompiledButShouldNot);
}

#[test]
fn compile_fail_when_code_is_generated() {
    let code = "fn f<T>() { const { assert!(size_of::<T>() == 1) } }\nf::<u32>();";
    assert_passed(&judge(compile_fail(&["E0080"], code)));
}

#[test]
fn the_question_mark() {
    let code =
        "let x: u8 = \"3\".parse()?;\nassert_eq!(x, 3);\nOk::<(), std::num::ParseIntError>(())";
    assert_passed(&judge(snippet(code)));
    let report = judge(snippet(&code.replace("\"3\"", "\"x\"")));
    let Failure::Panicked { at: None, message } = failure(&report) else { panic!("{report:?}") };
    assert!(message.contains("InvalidDigit"), "{message}");
}

#[test]
fn crate_attributes_hold() {
    let code = "#![deny(unused_variables)]\nlet x = 1;";
    let report = judge(snippet(code));
    let Failure::DoesNotCompile { diagnostics } = failure(&report) else { panic!("{report:?}") };
    assert_eq!(diagnostics[0].at.clone().unwrap().start, Position { line: 2, column: 5 });
    assert_passed(&judge(snippet("#![allow(dead_code)]\n//! Docs.\n\nstruct S;")));
    let unstable = "#![feature(never_type)]\nlet x = 1;";
    assert!(run(&[snippet(unstable)]).rustc_calls == 1);
    let named = "#![crate_name = \"rary\"]\nprintln!(\"{}\", module_path!());";
    assert_eq!(judge(snippet(named)).stdout, "rary\n");
}

#[test]
fn editions_differ() {
    let code = "let async = 1;\nprintln!(\"{}\", async);";
    let old = Snippet { edition: Edition::E2015, ..snippet(code) };
    assert_passed(&judge(old));
    assert!(matches!(failure(&judge(snippet(code))), Failure::DoesNotCompile { .. }));
}

#[test]
fn a_test_harness_runs_tests() {
    let harness = |code: &str| Snippet { test_harness: true, ..snippet(code) };
    let reports = run(&[
        harness("#[test] fn fine() {}"),
        harness("\n#[test]\nfn broken() {\n    assert_eq!(1, 2);\n}"),
    ])
    .reports;
    assert_passed(&reports[0]);
    let Failure::Panicked { message, .. } = failure(&reports[1]) else { panic!("{reports:?}") };
    assert!(message.starts_with("assertion `left == right` failed"), "{message}");
}

#[test]
fn release_is_optimised() {
    let code = "assert!(!cfg!(debug_assertions));";
    let release = Snippet { release: true, ..snippet(code) };
    assert_passed(&judge(release));
    assert!(matches!(failure(&judge(snippet(code))), Failure::Panicked { .. }));
}

#[test]
fn text_that_is_no_rust() {
    let codes = ["fn main() {", "\"open", "let x = ;", "}", "日本語 text"];
    for report in judge_all(codes.map(snippet)) {
        let Failure::DoesNotCompile { diagnostics } = failure(&report) else {
            panic!("{report:?}");
        };
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.at.is_some()), "{report:?}");
    }
}

#[test]
fn what_is_about_nothing_is_left_out() {
    let reports = run_both(&[
        snippet("let x = 1;\n/// about nothing"),
        snippet("println!(\"ran\");\n#[allow(unused)]\n#![allow(unused)]"),
        snippet("fn main() { panic!() }\n/** about nothing */"),
        snippet("/// about nothing"),
        snippet("fn r#main() { panic!() }"),
    ]);
    for passing in [0, 1, 3] {
        assert_passed(&reports[passing]);
    }
    assert_eq!(reports[1].stdout, "ran\n");
    for panicking in [2, 4] {
        assert!(matches!(failure(&reports[panicking]), Failure::Panicked { .. }));
    }
}
