//! Hands the snippets to the runner and keeps what became of each.

use crate::conditions::{Compiler, Conditions};
use crate::listed::{Expects, Flakiness, Listed, Status};
use crate::modules::Modules;
use crate::mutation::witnesses_beside;
use crate::program::Programs;
use crate::results::identity::Identities;
use crate::results::plan::Plan;
use crate::results::source::Source;
use crate::results::taken::{self, Taken};
use crate::settings::Sandbox;
use crate::snippet::{Listing, Snippet, SnippetId};
use crate::values::Bindings;
use crate::{Snippets, dependencies, rules};
use handbook_book::{Book, ChapterId};
use handbook_pass::{Environment, Facts, Places, Results, Sandbox as Wish, Watch};
use handbook_text::did_you_mean;
use serde::{Deserialize, Serialize};
use snippet_runner::{
    Audit, Config, Dependencies, DependencyProblem, Doubt, Error, Expect, Failure, Progress,
    Report, Retried, Retry, Runner, SandboxPolicy, Toolchain, ToolchainQuery, Verdict,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often an audit runs each snippet.
const AUDIT_RUNS: usize = 3;

/// A program that takes longer is worth a line: a reader of the book who tries it out will wait.
const SLOW: Duration = Duration::from_secs(1);

/// What became of the snippets of a book. Unknown if nothing was to be run.
#[derive(Clone, Debug)]
pub enum Verdicts {
    /// Nothing could be run.
    NotRun(NotRun),
    /// Nothing was run, because a name that was asked for is nobody's.
    NoSuchName(NoSuchName),
    /// The snippets were run.
    Reported {
        /// The reports of those that were run.
        reports: Reports,
        /// All that were asked for, in reading order.
        listed: Vec<Listed>,
        /// The counts.
        tally: Tally,
        /// The compiler and the sandbox; `None` if nothing had to be run.
        under: Option<Conditions>,
        /// From where the reports were taken; `None` if the snippets were run.
        taken: Option<Taken>,
    },
}

/// Why nothing could be run, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// What there is not.
    pub lack: Lack,
    /// The reason, a part of a sentence.
    pub reason: String,
    /// What another program said about it.
    pub note: Option<String>,
    /// What to do.
    pub help: &'static str,
}

/// What snippets cannot be run without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The crates that they may use.
    Dependencies,
    /// A compiler, or something else outside of the book.
    Tools,
}

/// A name that was asked for, of no snippet there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchName {
    /// The name.
    pub name: String,
    /// What to do.
    pub help: String,
}

/// Reports by snippet.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    reports: BTreeMap<SnippetId, Report>,
    doubts: BTreeMap<SnippetId, Doubt>,
    retries: BTreeMap<SnippetId, Retry>,
}

impl Reports {
    /// Those that somebody has kept.
    pub(crate) fn taken(
        reports: BTreeMap<SnippetId, Report>,
        retries: BTreeMap<SnippetId, Retry>,
    ) -> Self {
        Self { reports, doubts: BTreeMap::new(), retries }
    }

    pub(crate) fn get(&self, id: &SnippetId) -> Option<&Report> {
        self.reports.get(id)
    }

    /// The first of the modules that a snippet needs that does not compile. Then nothing that
    /// became of the snippet says anything about it.
    pub(crate) fn broken_module(&self, modules: &Modules, id: SnippetId) -> Option<SnippetId> {
        let does_not_compile = |id: &&SnippetId| {
            let verdict = self.get(id).map(|report| &report.verdict);
            matches!(verdict, Some(Verdict::Failed(Failure::DoesNotCompile { .. })))
        };
        modules.needs(id)?.modules.iter().find(does_not_compile).copied()
    }

    /// What speaks against relying on the report.
    pub(crate) fn doubt(&self, id: &SnippetId) -> Option<&Doubt> {
        self.doubts.get(id)
    }

    /// What came of running it again.
    pub(crate) fn retry(&self, id: &SnippetId) -> Option<&Retry> {
        self.retries.get(id)
    }

    /// The report of a snippet that is listed, if it was run.
    pub fn report(&self, listed: &Listed) -> Option<&Report> {
        self.get(&listed.id)
    }

    /// The reports of the runs in which a listed snippet failed, if it was run again.
    pub fn failures(&self, listed: &Listed) -> &[Report] {
        self.retry(&listed.id).map_or(&[], |retry| &retry.failures)
    }
}

/// How many snippets there were of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Those with the promised verdict.
    pub passed: usize,
    /// Those among them that failed before, and were run again.
    pub flaky: usize,
    /// Those without.
    pub failed: usize,
    /// Those that say `ignore`.
    pub ignored: usize,
    /// How many verdicts were remembered from an earlier run.
    pub cached: usize,
    /// How many times rustc was started.
    pub rustc_calls: usize,
}

/// Whether all is known that a rule asks about the snippets of a chapter. Of one that does not
/// compile nobody knows what it would do, of one that fails, what it would print, and of one that is
/// not in the results that were taken, anything.
pub(crate) fn is_known(rule: &str, chapter: ChapterId, facts: &Facts) -> bool {
    let Some(Verdicts::Reported { reports, taken, .. }) = facts.get() else { return false };
    let mut outdated = taken.iter().flat_map(|taken| taken.outdated.keys());
    let mut failed = reports.reports.iter().filter_map(|(id, report)| match &report.verdict {
        Verdict::Failed(failure) => Some((id.chapter, failure)),
        _ => None,
    });
    if rules::ABOUT_PRINTED.contains(&rule) {
        // Values may be named in one chapter and printed in another.
        let bindings: Option<&Bindings> = facts.get();
        let names_any = bindings.is_some_and(|all| all.iter().any(|(id, _)| id == chapter));
        !failed.any(|(id, _)| names_any || id == chapter)
            && !outdated.any(|id| names_any || id.chapter == chapter)
    } else if rules::ABOUT_PROGRAMS.contains(&rule) {
        let has_none = |failure: &Failure| {
            matches!(failure, Failure::DoesNotCompile { .. } | Failure::CompilerFailed { .. })
        };
        !failed.any(|(id, failure)| id == chapter && has_none(failure))
            && !outdated.any(|id| id.chapter == chapter)
    } else {
        !outdated.any(|id| id.chapter == chapter)
    }
}

/// Runs the snippets of `book` that are asked for.
pub(crate) fn execute(
    pass: &Snippets,
    book: &Book,
    places: &dyn Places,
    listing: &Listing,
    programs: &Programs,
) -> Verdicts {
    if let Some(missing) = missing_name(pass, book, listing) {
        return Verdicts::NoSuchName(missing);
    }
    let entry = |(id, snippet)| {
        let listed = Listed::new(book, places, &pass.root, id, snippet);
        Asked { id, snippet, code: programs.text(id, snippet), listed }
    };
    let mut asked: Vec<Asked<'_>> = pass.asked(book, listing).map(entry).collect();
    let identities = || Identities::of(pass, book, listing, programs);
    if let Results::Part(part) = &pass.environment.results {
        let plan = Plan::of(&identities(), part);
        asked.retain(|asked| plan.is_mine(asked.id));
    }
    if asked.iter().all(|asked| asked.snippet.info.ignored) {
        return reported(asked, &programs.modules, Made::default());
    }
    let ids = || asked.iter().map(|asked| asked.id);
    let mut needed = programs.modules.needed_beside(ids());
    if pass.environment.mutation.is_some() {
        needed.extend(witnesses_beside(&ids().collect(), listing, &programs.modules));
    }
    let needed: Vec<Asked<'_>> =
        needed.into_iter().map(|id| entry((id, listing.get(id)))).collect();
    let made = match Source::of(pass, places) {
        Ok(Source::Runner(config)) => run(pass, &asked, &needed, *config),
        Ok(Source::File(file, lender)) => {
            let snippets = asked.iter().chain(&needed).map(|asked| (asked.id, asked.snippet));
            Ok(taken::take(pass, *file, lender, &identities(), snippets))
        }
        Err(not_run) => return Verdicts::NotRun(not_run),
    };
    match made {
        Ok(made) => reported(asked, &programs.modules, made),
        Err(error) => Verdicts::NotRun(NotRun::because(&error)),
    }
}

impl NotRun {
    pub(crate) fn because(error: &Error) -> Self {
        if let Error::Dependencies { source } = error {
            return NotRun {
                lack: Lack::Dependencies,
                reason: source.to_string(),
                note: source.message().map(str::to_owned),
                help: remedy(source),
            };
        }
        let help = match error {
            Error::NoRustc { .. } | Error::NoSuchRustc { .. } => {
                "install Rust, or leave the snippets unchecked with `--no-run` or `run = false`"
            }
            Error::ToolchainFile { .. } => {
                "mend the file, or leave the snippets unchecked with `--no-run`"
            }
            Error::NoSandbox { .. } => {
                "run them where the sandbox works, or with `--sandbox best-effort`"
            }
            Error::NotThere { .. } => "change `allow` in book.toml, or bring the file back",
            _ => "the reason is outside the book; mend it, or say `--no-run`",
        };
        NotRun { lack: Lack::Tools, reason: error.in_full(), note: None, help }
    }
}

/// What to do about dependencies that cannot be used.
fn remedy(problem: &DependencyProblem) -> &'static str {
    match problem {
        DependencyProblem::NoCargo => "install cargo, which comes with Rust",
        DependencyProblem::NoManifest { .. } => {
            "`manifest` in book.toml names a Cargo.toml, from the book's root"
        }
        DependencyProblem::NoPackage { .. } => "`manifest` in book.toml names it",
        DependencyProblem::Nothing { .. } => "give it dependencies, or a `src/lib.rs`",
        DependencyProblem::HoldsHome { .. } => "move the package into a folder of its own",
        DependencyProblem::HoldsPassword { .. } => {
            "move it to a configuration of your own, which no build reads"
        }
        DependencyProblem::Lockfile { .. } => "put the lockfile itself there, or nothing",
        DependencyProblem::Strange { .. } => "mend the build script or macro that does so",
        DependencyProblem::Unresolved { message } if is_misplaced(message) => {
            "a path in book.toml, or in a manifest that it names, leads to no package: mend the \
             path"
        }
        DependencyProblem::Unresolved { .. } => {
            "if sources are missing, run once with a network; what was fetched stays, and is \
             enough from then on"
        }
        DependencyProblem::Refused { .. } => {
            "a build has no network, reads its own sources, and writes to its own folder"
        }
        DependencyProblem::DoNotBuild { .. } => {
            "if it builds elsewhere: here it has no network, and may read its own sources only"
        }
        _ => "run once more",
    }
}

/// Whether cargo says that a manifest is not where a path leads.
fn is_misplaced(message: &str) -> bool {
    message.contains("failed to load manifest") || message.contains("failed to read")
}

/// A snippet that is asked for, or that one of these needs.
struct Asked<'a> {
    id: SnippetId,
    snippet: &'a Snippet,
    /// What is compiled; `None` if that cannot be put together.
    code: Option<&'a str>,
    listed: Listed,
}

impl Asked<'_> {
    fn program(&self, pass: &Snippets) -> Option<snippet_runner::Snippet> {
        Some(program(pass, self.snippet, self.listed.title(), self.code?))
    }
}

fn missing_name(pass: &Snippets, book: &Book, listing: &Listing) -> Option<NoSuchName> {
    let names = &pass.environment.selection.names;
    let has = |snippet: &Snippet, name: &str| snippet.names().any(|one| one.text == name);
    let is_missing =
        |name: &&String| !pass.asked(book, listing).any(|(_, snippet)| has(snippet, name));
    let name = names.iter().find(is_missing)?;
    let elsewhere = listing.iter().find(|(_, snippet)| has(snippet, name));
    let all_names = listing.iter().flat_map(|(_, snippet)| snippet.names());
    let near = did_you_mean(name, all_names.map(|one| one.text.as_str()));
    let help = match (elsewhere, near) {
        (Some((id, _)), _) => format!("it is in `{}`", book[id.chapter].path.display()),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) if pass.foreign => "snippets have names only in a book that configures the \
                                         suite, with `[preprocessor.handbook]` in book.toml"
            .to_owned(),
        (None, None) => "`name=` behind a fence gives one".to_owned(),
    };
    Some(NoSuchName { name: name.clone(), help })
}

/// The reports of snippets, and what they come from.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) reports: Reports,
    pub(crate) rustc_calls: usize,
    pub(crate) under: Option<Conditions>,
    pub(crate) taken: Option<Taken>,
}

/// Runs the snippets that are asked for, and the modules that they need.
fn run(
    pass: &Snippets,
    asked: &[Asked<'_>],
    needed: &[Asked<'_>],
    config: Config,
) -> Result<Made, Error> {
    let compiler = Compiler::of(&config.toolchain);
    let is_ignored = |snippet: &Snippet| snippet.info.is_ignored_on(&compiler.host);
    let runnable = asked.iter().chain(needed).filter(|asked| !is_ignored(asked.snippet));
    let (ids, snippets): (Vec<_>, Vec<_>) =
        runnable.filter_map(|asked| Some((asked.id, asked.program(pass)?))).unzip();
    let watcher = &*pass.environment.progress;
    let runner = Runner::new(config);
    let (outcome, doubts, retries) = if pass.environment.audit {
        let progress = Forward::new(watcher, &snippets, AUDIT_RUNS);
        let Audit { outcome, doubts } = runner.audit(&snippets, &progress)?;
        (outcome, doubts, Vec::new())
    } else {
        let (times, progress) = (pass.environment.retries, Forward::new(watcher, &snippets, 1));
        let Retried { outcome, retries } = runner.run_with_retries(&snippets, times, &progress)?;
        (outcome, Vec::new(), retries)
    };
    let doubts = doubts.into_iter().map(|doubt| (ids[doubt.index], doubt)).collect();
    let retries = retries.into_iter().map(|retry| (ids[retry.index], retry)).collect();
    let reports = ids.into_iter().zip(outcome.reports).collect();
    Ok(Made {
        reports: Reports { reports, doubts, retries },
        rustc_calls: outcome.rustc_calls,
        under: Some(Conditions { compiler, sandbox: outcome.sandbox }),
        taken: None,
    })
}

/// Brings together who was asked for and what became of them.
fn reported(asked: Vec<Asked<'_>>, modules: &Modules, made: Made) -> Verdicts {
    let Made { reports, rustc_calls, under, taken } = made;
    let is_known = |id| taken.as_ref().is_none_or(|taken| !taken.outdated.contains_key(&id));
    let known = asked.into_iter().filter(|asked| is_known(asked.id));
    let listed = known.map(|Asked { id, snippet, code, mut listed }| {
        if let Some(report) = reports.get(&id) {
            listed.judge(report);
            listed.flaky = reports.retry(&id).and_then(Flakiness::of);
            if reports.broken_module(modules, id).is_some() {
                listed.verdict = Status::Failed;
            }
        } else if code.is_none() && !snippet.info.ignored {
            listed.verdict = Status::Failed;
        }
        listed
    });
    let listed: Vec<Listed> = listed.collect();
    let count = |status| listed.iter().filter(|listed| listed.verdict == status).count();
    let tally = Tally {
        passed: count(Status::Passed),
        failed: count(Status::Failed),
        ignored: count(Status::Ignored),
        flaky: listed.iter().filter(|listed| listed.flaky.is_some()).count(),
        cached: listed.iter().filter(|listed| listed.cached).count(),
        rustc_calls,
    };
    Verdicts::Reported { reports, listed, tally, under, taken }
}

/// What the runner gets for a snippet whose program has this `code`.
pub(crate) fn program(
    pass: &Snippets,
    snippet: &Snippet,
    name: String,
    code: &str,
) -> snippet_runner::Snippet {
    let info = &snippet.info;
    let expect = match Expects::of(snippet) {
        Expects::CompileError => Expect::CompileError { codes: info.error_codes.clone() },
        Expects::Compile => Expect::CompileOnly,
        Expects::Panic => Expect::Panic,
        Expects::Success => Expect::Success,
    };
    snippet_runner::Snippet {
        edition: info.edition.unwrap_or(pass.edition),
        expect,
        timeout: info.timeout,
        release: info.release,
        standalone: info.standalone,
        test_harness: info.test_harness,
        ..snippet_runner::Snippet::new(name, code)
    }
}

/// What the verdicts depend on beside the snippets.
pub(crate) fn world(pass: &Snippets) -> Result<Option<String>, Error> {
    Runner::new(configured(pass)?).world()
}

/// How snippets are run. To find that out takes a while, and is done once.
pub(crate) fn configured(pass: &Snippets) -> Result<Config, Error> {
    match pass.config.get_or_init(|| configure(pass).ok()) {
        Some(config) => Ok(config.clone()),
        // Why not is not kept.
        None => configure(pass),
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
    let timeout = Duration::from_secs(pass.settings.timeout.clamp(1, 24 * 60 * 60));
    config.timeout = environment.timeout.unwrap_or(timeout);
    config.output_cap = pass.settings.output_limit;
    config.sandbox = match (environment.sandbox, pass.settings.sandbox) {
        (Some(Wish::Off), _) => SandboxPolicy::Off,
        (Some(Wish::Required), _) | (None, Sandbox::Required) => SandboxPolicy::Required,
        (Some(Wish::BestEffort), _) | (None, Sandbox::BestEffort) => SandboxPolicy::BestEffort,
    };
    for name in &pass.settings.allow {
        let allowed = config.allow(&pass.root, name);
        allowed.map_err(|source| Error::NotThere { name: name.clone(), source })?;
    }
    let configured = pass.settings.library_paths.iter().map(|path| pass.root.join(path));
    for path in configured.chain(environment.library_paths.iter().cloned()) {
        let added = config.add_library_path(&path);
        added.map_err(|source| Error::Io { path, source })?;
    }
    config.dependencies =
        dependencies::wanted(&pass.settings, &pass.root).map(|wanted| Dependencies {
            wanted,
            environment: environment.variables.clone(),
            cache: environment.cache.clone(),
            ignored: pass.own_folders.clone(),
        });
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
    left: Mutex<Left>,
}

/// What is still to come.
struct Left {
    /// How many reports each snippet still gets; those that get none are not in it.
    runs: BTreeMap<usize, usize>,
    done: usize,
    total: usize,
}

impl<'a> Forward<'a> {
    /// Each snippet is run so many times.
    fn new(watcher: &'a dyn Watch, snippets: &'a [snippet_runner::Snippet], times: usize) -> Self {
        let left = Left {
            runs: (0..snippets.len()).map(|index| (index, times)).collect(),
            done: 0,
            total: times * snippets.len(),
        };
        Self { watcher, snippets, left: Mutex::new(left) }
    }

    fn name(&self, index: usize) -> &'a str {
        &self.snippets[index].name
    }
}

impl Progress for Forward<'_> {
    fn planned(&self, total: usize, cached: usize) {
        if cached < total {
            self.watcher.advance(cached, total, "compiling");
        }
    }

    fn repeated(&self, indices: &[usize]) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.total += indices.len();
        indices.iter().for_each(|index| *left.runs.entry(*index).or_default() += 1);
        self.watcher.advance(left.done, left.total, "running again what failed");
    }

    fn preparing(&self, what: &str) {
        self.watcher.advance(0, self.snippets.len(), what);
    }

    fn finished(&self, index: usize, report: &Report) {
        /// So many are named while they are waited for.
        const FEW: usize = 3;

        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.done += 1;
        if let Some(runs) = left.runs.get_mut(&index) {
            *runs -= 1;
            if *runs == 0 {
                left.runs.remove(&index);
            }
        }
        if report.from_cache {
            return;
        }
        // Of those whose time ran out a finding will tell.
        let timed_out = matches!(report.verdict, Verdict::Failed(Failure::TimedOut { .. }));
        if report.duration > SLOW && !timed_out {
            self.watcher.slow(self.name(index), report.duration);
        }
        let what = match left.runs.len() {
            1..=FEW => {
                let names: Vec<&str> = left.runs.keys().map(|index| self.name(*index)).collect();
                format!("waiting for {}", names.join(", "))
            }
            _ => self.name(index).to_owned(),
        };
        // Still holding the lock, so that nobody counts backwards.
        self.watcher.advance(left.done, left.total, &what);
    }
}
