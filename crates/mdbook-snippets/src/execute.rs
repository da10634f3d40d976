//! Hands the snippets to the runner and keeps what became of each.

use crate::Snippets;
use crate::settings::Sandbox;
use crate::snippet::{Listing, Snippet, SnippetId};
use handbook_book::Book;
use handbook_pass::{Environment, Watch};
use snippet_runner::{
    Config, Error, Expect, Progress, Report, Runner, SandboxPolicy, Toolchain, ToolchainQuery,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What became of the snippets of a book. Unknown if nothing was to be run.
#[derive(Clone, Debug)]
pub enum Verdicts {
    /// Nothing could be run.
    NotRun(NotRun),
    /// The snippets were run.
    Reported {
        /// The reports of those that were run.
        reports: Reports,
        /// The counts.
        tally: Tally,
        /// Which layers of the sandbox were active, in words; empty if nothing had to be run.
        sandbox: String,
    },
}

/// Why nothing could be run, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// The reason, a part of a sentence.
    pub reason: String,
    /// What to do.
    pub help: &'static str,
}

/// Reports by snippet.
#[derive(Clone, Debug, Default)]
pub struct Reports(BTreeMap<SnippetId, Report>);

impl Reports {
    pub(crate) fn get(&self, id: &SnippetId) -> Option<&Report> {
        self.0.get(id)
    }
}

/// How many snippets there were of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those with the promised verdict.
    pub passed: usize,
    /// Those without.
    pub failed: usize,
    /// Those that say `ignore`.
    pub ignored: usize,
    /// How many verdicts were remembered from an earlier run.
    pub cached: usize,
    /// How many times rustc was started.
    pub rustc_calls: usize,
}

/// Runs all snippets of `book` that are to be run.
pub(crate) fn execute(pass: &Snippets, book: &Book, listing: &Listing) -> Verdicts {
    let only = &pass.environment.only;
    let chosen = |id: SnippetId| only.is_empty() || only.contains(&book[id.chapter].path);
    let chosen: Vec<_> = listing.iter().filter(|(id, _)| chosen(*id)).collect();
    if chosen.iter().all(|(_, snippet)| snippet.info.ignored) {
        let tally = Tally { ignored: chosen.len(), ..Tally::default() };
        return Verdicts::Reported { reports: Reports::default(), tally, sandbox: String::new() };
    }
    match configure(pass).and_then(|config| run(pass, book, &chosen, config)) {
        Ok(reported) => reported,
        Err(error) => Verdicts::NotRun(NotRun {
            reason: with_causes(&error),
            help: match error {
                Error::NoRustc { .. } => {
                    "install Rust, or leave the snippets unchecked with `--no-run` or `run = false`"
                }
                Error::NoSandbox { .. } => {
                    "run them where the sandbox works, or say `sandbox = \"best-effort\"`"
                }
                _ => "the reason is outside the book; mend it, or say `--no-run`",
            },
        }),
    }
}

fn run(
    pass: &Snippets,
    book: &Book,
    chosen: &[(SnippetId, &Snippet)],
    config: Config,
) -> Result<Verdicts, Error> {
    let version = config.toolchain.version().to_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let is_ignored = |snippet: &Snippet| {
        snippet.info.ignored || snippet.info.ignored_on.iter().any(|part| host.contains(part))
    };
    let runnable = chosen.iter().filter(|(_, snippet)| !is_ignored(snippet));
    let (ids, snippets): (Vec<_>, Vec<_>) =
        runnable.map(|(id, snippet)| (*id, program(pass, book, *id, snippet))).unzip();
    let progress = Forward::new(&*pass.environment.progress, &snippets);
    let outcome = Runner::new(config).run(&snippets, &progress)?;
    let passed = outcome.reports.iter().filter(|report| report.verdict.passed()).count();
    let tally = Tally {
        passed,
        failed: ids.len() - passed,
        ignored: chosen.len() - ids.len(),
        cached: outcome.cached,
        rustc_calls: outcome.rustc_calls,
    };
    let sandbox = outcome.sandbox.to_string();
    let reports = Reports(ids.into_iter().zip(outcome.reports).collect());
    Ok(Verdicts::Reported { reports, tally, sandbox })
}

fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn program(
    pass: &Snippets,
    book: &Book,
    id: SnippetId,
    snippet: &Snippet,
) -> snippet_runner::Snippet {
    let info = &snippet.info;
    let title = snippet.name().map_or_else(String::new, |name| format!(" {name}"));
    let name = format!("{}{title}", book[id.chapter].path.display());
    let expect = if info.compile_fail {
        Expect::CompileError { codes: info.error_codes.clone() }
    } else if info.no_run {
        Expect::CompileOnly
    } else if info.should_panic {
        Expect::Panic
    } else {
        Expect::Success
    };
    snippet_runner::Snippet {
        edition: info.edition.unwrap_or(pass.edition),
        expect,
        timeout: info.timeout,
        release: info.release,
        standalone: info.standalone,
        test_harness: info.test_harness,
        ..snippet_runner::Snippet::new(name, snippet.program.clone())
    }
}

fn configure(pass: &Snippets) -> Result<Config, Error> {
    let environment = &pass.environment;
    let folder = |name: &str| environment.variable(name).map(PathBuf::from);
    let query = ToolchainQuery {
        rustc: environment.variable("RUSTC").cloned(),
        search_path: environment.variable("PATH").cloned().unwrap_or_default(),
        working_directory: pass.root.clone(),
        home: folder("HOME"),
        rustup_home: folder("RUSTUP_HOME"),
        cargo_home: folder("CARGO_HOME"),
        rustup_toolchain: environment.variable("RUSTUP_TOOLCHAIN").cloned(),
        cache: environment.cache.clone(),
    };
    let mut config = Config::new(Toolchain::locate(&query)?, scratch(environment));
    config.cache.clone_from(&environment.cache);
    config.jobs = environment.jobs.unwrap_or(config.jobs);
    config.timeout = Duration::from_secs(pass.settings.timeout.clamp(1, 24 * 60 * 60));
    config.output_cap = pass.settings.output_limit;
    config.sandbox = match pass.settings.sandbox {
        Sandbox::Required => SandboxPolicy::Required,
        Sandbox::BestEffort => SandboxPolicy::BestEffort,
    };
    Ok(config)
}

/// The system's folder for what is gone tomorrow.
fn scratch(environment: &Environment) -> PathBuf {
    let named = ["TMPDIR", "TEMP", "TMP"].into_iter().find_map(|name| environment.variable(name));
    named.map_or_else(|| PathBuf::from("/tmp"), PathBuf::from)
}

/// Tells the suite's watcher what the runner's is told.
struct Forward<'a> {
    watcher: &'a dyn Watch,
    snippets: &'a [snippet_runner::Snippet],
    done: AtomicUsize,
}

impl<'a> Forward<'a> {
    fn new(watcher: &'a dyn Watch, snippets: &'a [snippet_runner::Snippet]) -> Self {
        Self { watcher, snippets, done: AtomicUsize::new(0) }
    }
}

impl Progress for Forward<'_> {
    fn finished(&self, index: usize, _report: &Report) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.watcher.advance(done, self.snippets.len(), &self.snippets[index].name);
    }
}
