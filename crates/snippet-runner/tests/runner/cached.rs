//! A second run has nothing to do.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use snippet_runner::{
    Expect, Outcome, Progress, Report, Runner, Snippet, Toolchain, ToolchainQuery,
};

use crate::{config, query, run_with, snippet};

fn run_cached(cache: &Path, snippets: &[Snippet]) -> Outcome {
    let mut config = config();
    config.cache = Some(cache.to_owned());
    run_with(config, snippets)
}

fn snippets() -> Vec<Snippet> {
    let codes = ["println!(\"a\");", "let x: u8 = \"\";", "crate::f();", "panic!(\"b\");"];
    codes.iter().map(|code| snippet(code)).collect()
}

/// Returns the files of a folder, at any depth.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn a_second_run_calls_nobody() {
    let cache = tempfile::tempdir().unwrap();
    let first = run_cached(cache.path(), &snippets());
    assert_eq!(first.cached, 0);
    assert!(first.rustc_calls > 0);
    // A snippet that moved keeps its report.
    let mut moved = snippets();
    moved.iter_mut().for_each(|snippet| snippet.name = "elsewhere.md:7".to_owned());
    moved.reverse();
    let second = run_cached(cache.path(), &moved);
    assert_eq!((second.cached, second.rustc_calls), (4, 0));
    for (first, second) in first.reports.iter().zip(second.reports.iter().rev()) {
        assert_eq!(&Report { from_cache: true, ..first.clone() }, second);
    }
}

#[test]
fn what_matters_is_in_the_key() {
    let cache = tempfile::tempdir().unwrap();
    let base = snippet("println!(\"a\");");
    run_cached(cache.path(), std::slice::from_ref(&base));
    for changed in [
        Snippet { code: "println!(\"b\");".to_owned(), ..base.clone() },
        Snippet { expect: Expect::CompileOnly, ..base.clone() },
        Snippet { release: true, ..base.clone() },
        Snippet { timeout: Some(Duration::from_secs(3)), ..base.clone() },
        Snippet { edition: snippet_runner::Edition::E2024, ..base.clone() },
    ] {
        assert_eq!(run_cached(cache.path(), &[changed]).cached, 0);
    }
    assert_eq!(run_cached(cache.path(), &[base]).cached, 1);
}

#[test]
fn a_truncated_entry_is_made_again() {
    let cache = tempfile::tempdir().unwrap();
    run_cached(cache.path(), &snippets());
    for file in files(cache.path()) {
        let text = fs::read(&file).unwrap();
        fs::write(&file, &text[..text.len() - 2]).unwrap();
    }
    assert_eq!(run_cached(cache.path(), &snippets()).cached, 0);
    assert_eq!(run_cached(cache.path(), &snippets()).cached, 4);
}

#[test]
fn a_timeout_is_not_remembered() {
    let cache = tempfile::tempdir().unwrap();
    let endless = Snippet { timeout: Some(Duration::from_millis(200)), ..snippet("loop {}") };
    run_cached(cache.path(), std::slice::from_ref(&endless));
    assert_eq!(run_cached(cache.path(), &[endless]).cached, 0);
}

#[test]
fn a_run_leaves_nothing_in_the_scratch_folder() {
    let scratch = tempfile::tempdir().unwrap();
    let mut config = config();
    config.scratch = scratch.path().join("deeper");
    run_with(config, &snippets());
    assert_eq!(files(scratch.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_compiler_is_found_without_a_process_the_second_time() {
    let cache = tempfile::tempdir().unwrap();
    let query = ToolchainQuery { cache: Some(cache.path().to_owned()), ..query() };
    let first = Toolchain::locate(&query).unwrap();
    assert!(first.version().starts_with("rustc "));
    assert_eq!(Toolchain::locate(&query).unwrap(), first);
}

#[test]
fn progress_hears_of_every_snippet_once() {
    #[derive(Default)]
    struct Count(AtomicUsize, AtomicUsize);
    impl Progress for Count {
        fn planned(&self, total: usize, cached: usize) {
            assert_eq!((total, cached), (4, 0));
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        fn finished(&self, _: usize, _: &Report) {
            self.1.fetch_add(1, Ordering::Relaxed);
        }
    }
    let count = Count::default();
    Runner::new(config()).run(&snippets(), &count).unwrap();
    assert_eq!((count.0.into_inner(), count.1.into_inner()), (1, 4));
}

#[test]
fn libraries_are_used_and_count() {
    let folder = tempfile::tempdir().unwrap();
    let (libraries, cache) = (folder.path().join("libraries"), folder.path().join("cache"));
    fs::create_dir(&libraries).unwrap();
    let build = |number: u32| {
        let source = folder.path().join("helper.rs");
        fs::write(&source, format!("pub fn number() -> u32 {{ {number} }}\n")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "a test makes what it needs")]
        let rustc = std::process::Command::new("rustc")
            .args(["--crate-type", "rlib", "--edition", "2021", "--out-dir"])
            .args([&libraries, &source])
            .status();
        assert!(rustc.unwrap().success());
    };
    let used = ["println!(\"{}\", helper::number());", "assert_eq!(helper::number(), 1);"];
    let used = used.map(|code| snippet(&format!("extern crate helper;\n{code}")));
    let run = || {
        let mut config = config();
        config.cache = Some(cache.clone());
        config.add_library_path(&libraries).unwrap();
        run_with(config, &used)
    };
    build(1);
    let first = run();
    assert!(first.reports.iter().all(|report| report.verdict.passed()), "{:?}", first.reports);
    assert_eq!((first.reports[0].stdout.as_str(), run().cached), ("1\n", 2));
    build(2);
    let second = run();
    assert_eq!((second.reports[0].stdout.as_str(), second.cached), ("2\n", 0));
    assert!(!second.reports[1].verdict.passed());
    // Without the libraries nothing of that is believed.
    assert_eq!(run_cached(&cache, &used).cached, 0);
    assert!(config().add_library_path(&folder.path().join("nowhere")).is_err());
}
