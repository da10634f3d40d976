//! Hands the snippets to the runner and keeps what became of each.

use crate::Snippets;
use crate::snippet::{Listing, Snippet};
use handbook_book::{Book, ChapterId};
use handbook_pass::{Environment, Progress as Watcher};
use snippet_runner::{
    Config, Error, Expect, Progress, Report, Runner, Toolchain, ToolchainQuery, Verdict,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What became of the snippets of a book. Unknown if nothing was to be run.
#[derive(Clone, Debug)]
pub enum Verdicts {
    /// Nothing could be run, for this reason.
    NoCompiler(String),
    /// The snippets were run.
    Reported {
        /// The reports of those that were run, by place in the book.
        reports: BTreeMap<usize, Report>,
        /// The counts.
        tally: Tally,
        /// Which layers of the sandbox were active, in words.
        sandbox: String,
    },
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
    let chosen = |id: ChapterId| {
        let only = &pass.environment.only;
        only.is_empty() || only.contains(&book[id].path)
    };
    let (ignored, runnable): (Vec<_>, Vec<_>) = listing
        .0
        .iter()
        .enumerate()
        .filter(|(_, (id, _))| chosen(*id))
        .partition(|(_, (_, snippet))| snippet.info.ignored);
    let snippets: Vec<_> =
        runnable.iter().map(|(_, (id, snippet))| program(pass, book, *id, snippet)).collect();
    let mut tally = Tally { ignored: ignored.len(), ..Tally::default() };
    let outcome = if snippets.is_empty() {
        return Verdicts::Reported { reports: BTreeMap::new(), tally, sandbox: String::new() };
    } else {
        configure(pass).and_then(|config| {
            let progress = Forward::new(&*pass.environment.progress, &snippets);
            Runner::new(config).run(&snippets, &progress)
        })
    };
    match outcome {
        Ok(outcome) => {
            let (passed, failed): (Vec<_>, Vec<_>) =
                outcome.reports.iter().partition(|report| report.verdict == Verdict::Passed);
            (tally.passed, tally.failed) = (passed.len(), failed.len());
            (tally.cached, tally.rustc_calls) = (outcome.cached, outcome.rustc_calls);
            let sandbox = outcome.sandbox.to_string();
            let indexes = runnable.iter().map(|(index, _)| *index);
            Verdicts::Reported { reports: indexes.zip(outcome.reports).collect(), tally, sandbox }
        }
        Err(error) => Verdicts::NoCompiler(with_causes(&error)),
    }
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
    id: ChapterId,
    snippet: &Snippet,
) -> snippet_runner::Snippet {
    let info = &snippet.info;
    let title = snippet.name().map_or_else(String::new, |name| format!(" {name}"));
    let name = format!("{}{title}", book[id].path.display());
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
    config.timeout = Duration::from_secs(pass.settings.timeout.max(1));
    config.output_cap = pass.settings.output_limit;
    Ok(config)
}

/// The system's folder for what is gone tomorrow.
fn scratch(environment: &Environment) -> PathBuf {
    let named = ["TMPDIR", "TEMP", "TMP"].into_iter().find_map(|name| environment.variable(name));
    named.map_or_else(|| PathBuf::from("/tmp"), PathBuf::from)
}

/// Tells the suite's watcher what the runner's is told.
struct Forward<'a> {
    watcher: &'a dyn Watcher,
    snippets: &'a [snippet_runner::Snippet],
    done: AtomicUsize,
}

impl<'a> Forward<'a> {
    fn new(watcher: &'a dyn Watcher, snippets: &'a [snippet_runner::Snippet]) -> Self {
        Self { watcher, snippets, done: AtomicUsize::new(0) }
    }
}

impl Progress for Forward<'_> {
    fn finished(&self, index: usize, _report: &Report) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.watcher.advance(done, self.snippets.len(), &self.snippets[index].name);
    }
}
