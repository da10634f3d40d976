//! What the tests of the whole library share.

use std::{path::PathBuf, sync::LazyLock};

use snippet_runner::{
    Config, Edition, Failure, Outcome, Report, Runner, Snippet, Toolchain, ToolchainQuery, Verdict,
};

/// Returns a snippet of edition 2021 that is expected to succeed.
pub(crate) fn snippet(code: &str) -> Snippet {
    Snippet { edition: Edition::E2021, ..Snippet::new("test.md:1", code) }
}

/// Returns a configuration without cache.
pub(crate) fn config() -> Config {
    static TOOLCHAIN: LazyLock<Toolchain> =
        LazyLock::new(|| Toolchain::locate(&query()).expect("a rustc on the search path"));
    Config::new(TOOLCHAIN.clone(), std::env::temp_dir())
}

pub(crate) fn query() -> ToolchainQuery {
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
pub(crate) fn run(snippets: &[Snippet]) -> Outcome {
    run_with(config(), snippets)
}

pub(crate) fn run_with(config: Config, snippets: &[Snippet]) -> Outcome {
    let outcome = Runner::new(config).run(snippets, &()).expect("the run takes place");
    assert_eq!(outcome.reports.len(), snippets.len());
    outcome
}

/// Runs snippets in one run, and alone: the reports have to be the same, and are returned.
pub(crate) fn run_both(snippets: &[Snippet]) -> Vec<Report> {
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
pub(crate) fn assert_passed(report: &Report) {
    assert_eq!(report.verdict, Verdict::Passed, "stderr: {}", report.stderr);
}

/// Returns why a snippet failed.
#[track_caller]
pub(crate) fn failure(report: &Report) -> &Failure {
    match &report.verdict {
        Verdict::Failed(failure) => failure,
        Verdict::Passed => panic!("passed; stdout: {}", report.stdout),
    }
}

/// Returns whether a refused file can be named: that takes a look into another process's memory,
/// which root may not take in most containers.
pub(crate) fn names_files() -> bool {
    const CAP_SYS_PTRACE: u32 = 19;
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return false };
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    let rights = u64::from_str_radix(field("CapEff:").trim(), 16).unwrap();
    let is_root = field("Uid:").split_whitespace().nth(1) == Some("0");
    !is_root || rights >> CAP_SYS_PTRACE & 1 == 1
}

/// Returns the processes that run a file in a folder, or work in it.
#[cfg(target_os = "linux")]
pub(crate) fn processes_in(folder: &std::path::Path) -> Vec<PathBuf> {
    let folder = folder.canonicalize().unwrap();
    let is_inside = |process: &PathBuf| {
        let is_inside = |link: &str| {
            std::fs::read_link(process.join(link)).is_ok_and(|path| path.starts_with(&folder))
        };
        is_inside("exe") || is_inside("cwd")
    };
    let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter(is_inside).collect()
}
