//! The course of a run: cache, batches, single snippets, reports.
//!
//! 1. **Plan**: who has no report is read and sorted into batches and single ones.
//! 2. **Busy**: compilers work beside programs, several of which share a processor. Who passes
//!    here has passed.
//! 3. **Quiet**: whoever failed to run, or to be run, is run once more when no compiler works and
//!    each program has a processor. Only what happens now is a snippet's fault: time that ran out,
//!    a panic about a duration, or a process that could not start may have been its neighbours'.

mod busy;
mod desk;
mod plan;
mod quiet;

use std::{
    borrow::Cow,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    Config, Error, Failure, Outcome, Progress, Report, Snippet, Verdict, bench::Bench,
    cache::Setting, compiler::Compiler, sandbox::Sandbox, scratch::Scratch,
};
use desk::Desk;

/// Runs snippets.
#[derive(Clone, Debug)]
pub struct Runner {
    config: Config,
}

impl Runner {
    /// Returns a runner. Nothing is looked at before [`run`](Self::run).
    pub fn new(config: Config) -> Self {
        Runner { config }
    }

    /// Returns a runner for several runs that neither believes what is remembered nor remembers
    /// anything. Dependencies that no cache keeps are built once, in the folder that comes with it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if there can be no such folder.
    pub(crate) fn forgetful(&self) -> Result<(Runner, Option<Scratch>), Error> {
        let mut config = Config { cache: None, ..self.config.clone() };
        let mut scratch = None;
        if let Some(dependencies) = config.dependencies.as_mut().filter(|one| one.cache.is_none()) {
            let folder = scratch.insert(Scratch::new(&config.scratch)?);
            dependencies.cache = Some(folder.path().to_owned());
        }
        Ok((Runner::new(config), scratch))
    }

    /// Returns what reports depend on beside the snippets, hashed; `None` if that is not known
    /// before dependencies are built. No process is started.
    ///
    /// # Errors
    ///
    /// If the sandbox is not what the policy demands.
    pub fn world(&self) -> Result<Option<String>, Error> {
        let sandbox = Sandbox::new(self.config.sandbox)?;
        let dependencies = match &self.config.dependencies {
            None => None,
            Some(wanted) => match wanted.key(&self.config.toolchain) {
                None => return Ok(None),
                known => known,
            },
        };
        let setting = Setting::of(&self.config, sandbox.report(), dependencies);
        Ok(Some(format!("{} {:?}", setting.hex(), self.config.timeout)))
    }

    /// Judges snippets, and returns a report for each in the same order.
    ///
    /// # Errors
    ///
    /// If nothing can be said about any of them: rustc does not start, the sandbox is not what
    /// the policy demands, or the scratch folder cannot be used. A snippet that fails is no error,
    /// nor is one that could not be compiled or run while others could; it gets
    /// [`Failure::CompilerFailed`].
    pub fn run(&self, snippets: &[Snippet], progress: &dyn Progress) -> Result<Outcome, Error> {
        let sandbox = &Sandbox::new(self.config.sandbox)?;
        let dependencies = self.config.dependencies.as_ref().filter(|_| !snippets.is_empty());
        let known = dependencies.and_then(|wanted| wanted.key(&self.config.toolchain));
        let mut desk = Desk::new(&self.config, sandbox, snippets, progress, known);
        let is_keyed = dependencies.is_none() || known.is_some();
        if is_keyed && desk.look_up() {
            desk.tell();
            return outcome(desk, sandbox, 0);
        }
        let scratch = Scratch::new(&self.config.scratch)?;
        let _keeper = crate::process::keep();
        let mut config = Cow::Borrowed(&self.config);
        // Nobody changes what is used here for as long as it is.
        let _ready = match dependencies {
            None => None,
            Some(wanted) => {
                let ready = wanted.ready(&self.config, sandbox, scratch.path(), progress)?;
                if known != Some(ready.key) {
                    desk = Desk::new(&self.config, sandbox, snippets, progress, Some(ready.key));
                    desk.look_up();
                }
                let config = config.to_mut();
                config.rustc_arguments.extend(ready.arguments.iter().cloned());
                config.readable.push(ready.readable.clone());
                Some(ready)
            }
        };
        let pending = desk.tell();
        let rustc_calls = match pending.as_slice() {
            [] => 0,
            pending => make(&config, &desk, sandbox, scratch.path(), pending)?,
        };
        outcome(desk, sandbox, rustc_calls)
    }
}

/// Makes the reports that are missing; returns how often rustc was called.
fn make(
    config: &Config,
    desk: &Desk<'_>,
    sandbox: &Sandbox,
    scratch: &Path,
    pending: &[usize],
) -> Result<usize, Error> {
    let jobs = config.jobs.get();
    let prepared = plan::prepare(desk.snippets, pending, jobs)?;
    let tasks = plan::plan(desk.snippets, &prepared, jobs);
    let compiler = Compiler::new(config, sandbox);
    let bench = Bench { config, sandbox, compiler, scratch };
    let shop = Shop { desk, bench: &bench, prepared: &prepared };
    let left = busy::work(shop, tasks)?;
    quiet::work(shop, left);
    Ok(bench.compiler.calls())
}

fn outcome(desk: Desk<'_>, sandbox: &Sandbox, rustc_calls: usize) -> Result<Outcome, Error> {
    let reports = desk.into_reports()?;
    let cached = reports.iter().filter(|report| report.from_cache).count();
    Ok(Outcome { reports, rustc_calls, cached, sandbox: sandbox.report() })
}

/// All that is needed to perform a task.
#[derive(Clone, Copy)]
struct Shop<'a> {
    desk: &'a Desk<'a>,
    bench: &'a Bench<'a>,
    prepared: &'a plan::AllPrepared,
}

/// Returns whether those who share a *crate* with a snippet could have made it fail: nobody is
/// blamed before that happened in a crate of its own. They do not make it run or write without
/// end.
fn may_be_neighbours_fault(report: &Report) -> bool {
    match &report.verdict {
        Verdict::Passed => false,
        Verdict::Failed(failure) => {
            !matches!(failure, Failure::TimedOut { .. } | Failure::OutputTooLong { .. })
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}
