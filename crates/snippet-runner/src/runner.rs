//! The course of a run: cache, batches, single snippets, reports.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    Config, Edition, Error, Expect, Failure, Outcome, Progress, Report, Snippet, Verdict, alone,
    batch::{self, Batched, Member},
    bench::{Bench, Binary, Prepared, Step},
    cache::{Cache, Key},
    compiler::Compiler,
    program::Program,
    queue::Queue,
    sandbox::Sandbox,
    syntax::{self, Syntax},
};

/// Runs snippets.
#[derive(Clone, Debug)]
pub struct Runner {
    config: Config,
}

/// More snippets than this share no crate: rustc's memory grows with them.
const LARGEST_BATCH: usize = 400;

/// Programs run at a time for each job: most of them wait or are over in two milliseconds.
const RUNS_PER_JOB: usize = 4;

/// The lanes of the queue.
const COMPILE: usize = 0;
const RUN: usize = 1;

impl Runner {
    /// Returns a runner. Nothing is looked at before [`run`](Self::run).
    pub fn new(config: Config) -> Self {
        Runner { config }
    }

    /// Judges snippets, and returns a report for each in the same order.
    ///
    /// # Errors
    ///
    /// If nothing can be said about any of them: rustc does not start, the sandbox is not what
    /// the policy demands, or the scratch folder cannot be used. A snippet that fails is no error.
    pub fn run(&self, snippets: &[Snippet], progress: &dyn Progress) -> Result<Outcome, Error> {
        let config = &self.config;
        let sandbox = Sandbox::new(config.sandbox)?;
        let desk = Desk::new(config, &sandbox, snippets, progress);
        let pending = desk.look_up();
        let rustc_calls = if pending.is_empty() { 0 } else { desk.make(&sandbox, &pending)? };
        let reports = desk.reports.into_inner().unwrap_or_else(PoisonError::into_inner);
        let reports: Vec<Report> = reports.into_iter().flatten().collect();
        let cached = reports.iter().filter(|report| report.from_cache).count();
        Ok(Outcome { reports, rustc_calls, cached, sandbox: sandbox.report() })
    }
}

/// What is collected during a run.
struct Desk<'a> {
    config: &'a Config,
    snippets: &'a [Snippet],
    progress: &'a dyn Progress,
    cache: Option<Cache>,
    keys: Vec<Key>,
    reports: Mutex<Vec<Option<Report>>>,
    error: Mutex<Option<Error>>,
}

/// A piece of work; numbers are those of the snippets.
enum Task {
    /// Compile these together.
    Batch { edition: Edition, release: bool, members: Vec<usize> },
    /// Compile this one alone.
    Alone(usize),
    /// Run this one.
    Run(usize, Binary),
}

type Tasks = Queue<Task, 2>;

impl<'a> Desk<'a> {
    fn new(
        config: &'a Config,
        sandbox: &Sandbox,
        snippets: &'a [Snippet],
        progress: &'a dyn Progress,
    ) -> Self {
        let report = sandbox.report();
        let key = |snippet| Key::of(snippet, config, report, config.limit(snippet));
        Desk {
            config,
            snippets,
            progress,
            cache: config.cache.as_deref().map(|folder| Cache::open(folder, "reports")),
            keys: snippets.iter().map(key).collect(),
            reports: Mutex::new(vec![None; snippets.len()]),
            error: Mutex::new(None),
        }
    }

    /// Takes what the cache has; returns the others.
    fn look_up(&self) -> Vec<usize> {
        let ask = |&key| self.cache.as_ref().and_then(|cache| cache.report(key));
        let found: Vec<Option<Report>> = self.keys.iter().map(ask).collect();
        let pending: Vec<usize> =
            (0..found.len()).filter(|&index| found[index].is_none()).collect();
        self.progress.planned(found.len(), found.len() - pending.len());
        for (index, report) in found.iter().enumerate() {
            if let Some(report) = report {
                self.progress.finished(index, report);
            }
        }
        *self.reports.lock().unwrap_or_else(PoisonError::into_inner) = found;
        pending
    }

    /// Makes the reports that are missing; returns how often rustc was called.
    fn make(&self, sandbox: &Sandbox, pending: &[usize]) -> Result<usize, Error> {
        let base = &self.config.scratch;
        fs::create_dir_all(base).map_err(Error::io(base))?;
        let scratch = tempfile::Builder::new().prefix("snippets-").tempdir_in(base);
        let scratch = scratch.map_err(Error::io(base))?;
        // Rules for a folder are made for its real path.
        let path = scratch.path().canonicalize().map_err(Error::io(scratch.path()))?;
        let prepared = syntax::with_deep_stack(|| self.prepare(pending))?;
        let compiler = Compiler::new(self.config, sandbox);
        let bench = Bench { config: self.config, sandbox, compiler, scratch: &path };
        let tasks = Tasks::new();
        self.plan(pending, &prepared).into_iter().for_each(|task| tasks.add(COMPILE, task));
        let jobs = self.config.jobs.get();
        let work = |lane| {
            tasks.work(lane, |task| {
                if let Err(error) = self.perform(&bench, &prepared, &tasks, task) {
                    *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    tasks.close();
                }
            });
        };
        let work = &work;
        std::thread::scope(|scope| {
            for (lane, threads) in [(COMPILE, jobs), (RUN, jobs * RUNS_PER_JOB)] {
                for _ in 0..threads {
                    scope.spawn(move || work(lane));
                }
            }
        });
        match self.error.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(bench.compiler.calls()),
        }
    }

    /// Reads the snippets.
    fn prepare(&self, pending: &[usize]) -> BTreeMap<usize, Prepared> {
        let prepare = |&index: &usize| {
            let snippet = &self.snippets[index];
            let syntax = Syntax::read(&snippet.code);
            let program = if snippet.test_harness {
                Program::unchanged(&snippet.code)
            } else {
                Program::new(&snippet.code, syntax.as_ref())
            };
            let alone = alone::reason(snippet, syntax.as_ref());
            let is_named = syntax.is_some_and(|syntax| syntax.has_crate_attribute("crate_name"));
            (index, Prepared { program, alone, is_named })
        };
        pending.iter().map(prepare).collect()
    }

    /// Sorts the snippets into batches and single ones, batches first: they take longest.
    fn plan(&self, pending: &[usize], prepared: &BTreeMap<usize, Prepared>) -> Vec<Task> {
        let mut groups = BTreeMap::<(Edition, bool), Vec<usize>>::new();
        let mut alone = Vec::new();
        for &index in pending {
            let snippet = &self.snippets[index];
            match prepared[&index].alone {
                Some(_) => alone.push(Task::Alone(index)),
                None => groups.entry((snippet.edition, snippet.release)).or_default().push(index),
            }
        }
        let mut tasks = Vec::new();
        for ((edition, release), members) in groups {
            let parts = members.len().div_ceil(LARGEST_BATCH);
            for members in members.chunks(members.len().div_ceil(parts)) {
                tasks.push(batch_of(edition, release, members.to_vec()));
            }
        }
        tasks.append(&mut alone);
        tasks
    }

    fn perform(
        &self,
        bench: &Bench<'_>,
        prepared: &BTreeMap<usize, Prepared>,
        tasks: &Tasks,
        task: Task,
    ) -> Result<(), Error> {
        match task {
            Task::Batch { edition, release, members } => {
                let folder = Arc::new(bench.folder()?);
                let member = |&index: &usize| Member {
                    index,
                    program: &prepared[&index].program,
                    runs: self.is_run(index),
                };
                let members: Vec<Member<'_>> = members.iter().map(member).collect();
                let compiled =
                    batch::compile(&bench.compiler, folder.path(), edition, release, &members)?;
                let dropped = match compiled {
                    Batched::Built { kept, dropped } => {
                        for index in kept {
                            if self.is_run(index) {
                                let binary = Binary::of_batch(Arc::clone(&folder), index);
                                tasks.add(RUN, Task::Run(index, binary));
                            } else {
                                self.finish(index, Report::without_run(Verdict::Passed));
                            }
                        }
                        dropped
                    }
                    Batched::Stalled { left, dropped } => {
                        for half in left.chunks(left.len().div_ceil(2)) {
                            tasks.add(COMPILE, batch_of(edition, release, half.to_vec()));
                        }
                        dropped
                    }
                };
                dropped.into_iter().for_each(|index| tasks.add(COMPILE, Task::Alone(index)));
            }
            Task::Alone(index) => match bench.compile(&self.snippets[index], &prepared[&index])? {
                Step::Judged(report) => self.finish(index, report),
                Step::Built(binary) => tasks.add(RUN, Task::Run(index, binary)),
            },
            Task::Run(index, binary) => {
                let program = &prepared[&index].program;
                let report = bench.run(&self.snippets[index], program, &binary)?;
                if binary.is_shared() && deserves_another_chance(&report) {
                    tasks.add(COMPILE, Task::Alone(index));
                } else {
                    self.finish(index, report);
                }
            }
        }
        Ok(())
    }

    fn is_run(&self, index: usize) -> bool {
        self.snippets[index].expect != Expect::CompileOnly
    }

    fn finish(&self, index: usize, report: Report) {
        if let Some(cache) = &self.cache
            && report.is_repeatable()
        {
            cache.put(self.keys[index], &report);
        }
        self.progress.finished(index, &report);
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(report);
    }
}

fn batch_of(edition: Edition, release: bool, members: Vec<usize>) -> Task {
    match members[..] {
        [index] => Task::Alone(index),
        _ => Task::Batch { edition, release, members },
    }
}

/// Nobody is blamed for what happened among neighbours: a failure counts when it happens alone.
/// Except where time or output ran out; that would only take as long again.
fn deserves_another_chance(report: &Report) -> bool {
    match &report.verdict {
        Verdict::Passed => false,
        Verdict::Failed(failure) => {
            !matches!(failure, Failure::TimedOut { .. } | Failure::OutputTooLong { .. })
        }
    }
}
