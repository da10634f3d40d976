//! Snippets through the whole library, with the rustc on the search path.

mod batches;
mod cached;
mod processes;
mod sandboxed;
mod verdicts;

use std::{path::PathBuf, sync::LazyLock};

use snippet_runner::{
    Config, Edition, Failure, Outcome, Report, Runner, Snippet, Toolchain, ToolchainQuery, Verdict,
};

/// Returns a snippet of edition 2021 that is expected to succeed.
fn snippet(code: &str) -> Snippet {
    Snippet { edition: Edition::E2021, ..Snippet::new("test.md:1", code) }
}

/// Returns a configuration without cache.
fn config() -> Config {
    static TOOLCHAIN: LazyLock<Toolchain> =
        LazyLock::new(|| Toolchain::locate(&query()).expect("a rustc on the search path"));
    Config::new(TOOLCHAIN.clone(), std::env::temp_dir())
}

fn query() -> ToolchainQuery {
    #[expect(clippy::disallowed_methods, reason = "tests take the developer's compiler")]
    let variable = |name: &str| std::env::var_os(name);
    let folder = |name| variable(name).map(PathBuf::from);
    ToolchainQuery {
        rustc: None,
        search_path: variable("PATH").unwrap_or_default(),
        working_directory: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        home: folder("HOME"),
        rustup_home: folder("RUSTUP_HOME"),
        cargo_home: folder("CARGO_HOME"),
        rustup_toolchain: variable("RUSTUP_TOOLCHAIN"),
        cache: None,
    }
}

/// Runs snippets without cache.
fn run(snippets: &[Snippet]) -> Outcome {
    run_with(config(), snippets)
}

fn run_with(config: Config, snippets: &[Snippet]) -> Outcome {
    let outcome = Runner::new(config).run(snippets, &()).expect("the run takes place");
    assert_eq!(outcome.reports.len(), snippets.len());
    outcome
}

/// Runs snippets in one run, and alone: the reports have to be the same, and are returned.
fn run_both(snippets: &[Snippet]) -> Vec<Report> {
    let together = run(snippets).reports;
    let standalone = |snippet: &Snippet| Snippet { standalone: true, ..snippet.clone() };
    let alone = run(&snippets.iter().map(standalone).collect::<Vec<_>>()).reports;
    for (index, (together, alone)) in together.iter().zip(&alone).enumerate() {
        let comparable = |report: &Report| {
            (report.verdict.clone(), report.stdout.clone(), report.stderr.clone())
        };
        assert_eq!(comparable(together), comparable(alone), "{}", snippets[index].code);
    }
    together
}

#[track_caller]
fn assert_passed(report: &Report) {
    assert_eq!(report.verdict, Verdict::Passed, "stderr: {}", report.stderr);
}

/// Returns why a snippet failed.
#[track_caller]
fn failure(report: &Report) -> &Failure {
    match &report.verdict {
        Verdict::Failed(failure) => failure,
        Verdict::Passed => panic!("passed; stdout: {}", report.stdout),
    }
}
