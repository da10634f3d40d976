//! The course of a run: cache, batches, single snippets, reports.
//!
//! 1. **Busy**: compilers work beside programs, several of which share a processor. Who passes
//!    here has passed.
//! 2. **Quiet**: whoever failed to run, or to be run, is run once more when no compiler works and
//!    each program has a processor. Only what happens now is a snippet's fault: time that ran out,
//!    a panic about a duration, or a process that could not start may have been its neighbours'.

use std::{
    collections::BTreeMap,
    error::Error as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Config, Edition, Error, Expect, Failure, Outcome, Progress, Report, Snippet, Verdict, alone,
    batch::{self, Batched, Member},
    bench::{Bench, Binary, Prepared, Step},
    cache::{Cache, Key},
    compiler::Compiler,
    program::Program,
    queue::{self, Queue},
    sandbox::Sandbox,
    scratch::Scratch,
    syntax::{self, Syntax},
};

/// Runs snippets.
#[derive(Clone, Debug)]
pub struct Runner {
    config: Config,
}

/// More snippets than this share no crate: rustc's memory grows with them.
const LARGEST_BATCH: usize = 400;

/// Programs run at a time for each job, while it is busy: most of them wait or are over in two
/// milliseconds.
const RUNS_PER_JOB: usize = 4;

/// How long to wait for a process or thread that the system does not have, when nothing else is
/// left to do, and how often to ask for it.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

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
    /// the policy demands, or the scratch folder cannot be used. A snippet that fails is no error,
    /// nor is one that could not be compiled or run while others could; it gets
    /// [`Failure::CompilerFailed`].
    pub fn run(&self, snippets: &[Snippet], progress: &dyn Progress) -> Result<Outcome, Error> {
        let config = &self.config;
        let sandbox = Sandbox::new(config.sandbox)?;
        let desk = Desk::new(config, &sandbox, snippets, progress);
        let pending = desk.look_up();
        let rustc_calls = if pending.is_empty() { 0 } else { desk.make(&sandbox, &pending)? };
        let reports = desk.reports.into_inner().unwrap_or_else(PoisonError::into_inner);
        let reports: Vec<Report> = reports.into_iter().flatten().collect();
        let mut refused = desk.refused.into_inner().unwrap_or_else(PoisonError::into_inner);
        if refused.len() == reports.len()
            && let Some(error) = refused.pop()
        {
            return Err(error);
        }
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
    /// What is left for the quiet time.
    again: Mutex<Vec<Task>>,
    /// What is left for the end of it.
    late: Mutex<Vec<Task>>,
    /// What the system had no process or thread for, even then.
    last: Mutex<Vec<Task>>,
    /// Why snippets could not be compiled or run; each has its report.
    refused: Mutex<Vec<Error>>,
}

/// A piece of work; numbers are those of the snippets.
enum Task {
    /// Compile these together.
    Batch { edition: Edition, release: bool, members: Vec<usize> },
    /// Compile this one alone.
    Alone {
        index: usize,
        /// It failed among others: it is not run again before it is quiet.
        failed: bool,
    },
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
            again: Mutex::new(Vec::new()),
            late: Mutex::new(Vec::new()),
            last: Mutex::new(Vec::new()),
            refused: Mutex::new(Vec::new()),
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
        *lock(&self.reports) = found;
        pending
    }

    /// Makes the reports that are missing; returns how often rustc was called.
    fn make(&self, sandbox: &Sandbox, pending: &[usize]) -> Result<usize, Error> {
        let scratch = Scratch::new(&self.config.scratch)?;
        let prepared = syntax::with_deep_stack(|longest| self.prepare(pending, longest))?;
        let compiler = Compiler::new(self.config, sandbox);
        let bench = Bench { config: self.config, sandbox, compiler, scratch: scratch.path() };
        self.be_busy(&bench, &prepared, self.plan(pending, &prepared))?;
        self.be_quiet(&bench, &prepared);
        Ok(bench.compiler.calls())
    }

    /// Compiles and runs, as much as possible at once.
    fn be_busy(
        &self,
        bench: &Bench<'_>,
        prepared: &BTreeMap<usize, Prepared>,
        plan: Vec<Task>,
    ) -> Result<(), Error> {
        let tasks = Tasks::new();
        plan.into_iter().for_each(|task| tasks.add(COMPILE, task));
        let jobs = self.config.jobs.get();
        let work = |lane| tasks.work(lane, |task| self.perform(bench, prepared, &tasks, task));
        let work = &work;
        thread::scope(|scope| {
            for (lane, threads) in [(COMPILE, jobs), (RUN, jobs * RUNS_PER_JOB)] {
                for number in 0..threads {
                    match thread::Builder::new().spawn_scoped(scope, move || work(lane)) {
                        Ok(_) => {}
                        // A lane needs somebody; fewer than wanted only take longer.
                        Err(_) if number > 0 => break,
                        Err(source) => {
                            tasks.close();
                            return Err(Error::Thread { source });
                        }
                    }
                }
            }
            Ok(())
        })
    }

    /// Does what is left, one sort of work at a time.
    fn be_quiet(&self, bench: &Bench<'_>, prepared: &BTreeMap<usize, Prepared>) {
        let jobs = self.config.jobs.get();
        let processors =
            thread::available_parallelism().map_or(jobs, |count| count.get().min(jobs));
        let take = |list| std::mem::take(&mut *lock(list));
        let settle = |task| self.settle(bench, prepared, task, false);
        // Who ran out of time goes last: it may be the one that took it from the others.
        for list in [&self.again, &self.late] {
            let (runs, mut compilations): (Vec<Task>, Vec<Task>) =
                take(list).into_iter().partition(|task| matches!(task, Task::Run(..)));
            queue::share(processors, runs, settle);
            compilations.append(&mut take(&self.again));
            queue::share(jobs, compilations, settle);
            queue::share(processors, take(&self.again), settle);
        }
        // One by one, and with patience: others may have taken all that the system has.
        let started = Instant::now();
        loop {
            let mut tasks = take(&self.last);
            tasks.append(&mut take(&self.again));
            if tasks.is_empty() {
                break;
            }
            thread::sleep(PAUSE);
            let is_over = started.elapsed() > PATIENCE;
            queue::share(1, tasks, |task| self.settle(bench, prepared, task, is_over));
        }
    }

    /// Reads the snippets.
    fn prepare(&self, pending: &[usize], longest: usize) -> BTreeMap<usize, Prepared> {
        let prepare = |&index: &usize| {
            let snippet = &self.snippets[index];
            let syntax = Syntax::read_up_to(longest, &snippet.code);
            let program = if snippet.test_harness {
                Program::unchanged(&snippet.code)
            } else {
                Program::new(&snippet.code, syntax.as_ref())
            };
            let alone = alone::reason(snippet, syntax.as_ref());
            let sees_place =
                syntax.as_ref().is_some_and(|syntax| alone::sees_place(&syntax.tokens));
            let is_named = syntax.is_some_and(|syntax| syntax.has_crate_attribute("crate_name"));
            (index, Prepared { program, alone, sees_place, is_named })
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
                Some(_) => alone.push(Task::Alone { index, failed: false }),
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

    /// Performs a task while others are performed.
    fn perform(
        &self,
        bench: &Bench<'_>,
        prepared: &BTreeMap<usize, Prepared>,
        tasks: &Tasks,
        task: Task,
    ) {
        let again = |task| lock(&self.again).push(task);
        match task {
            Task::Batch { edition, release, members } => {
                let alone = |index| tasks.add(COMPILE, Task::Alone { index, failed: false });
                match self.compile_batch(bench, prepared, tasks, edition, release, &members) {
                    Ok(dropped) => dropped.into_iter().for_each(alone),
                    // Each of them will say what is wrong.
                    Err(_) => members.into_iter().for_each(alone),
                }
            }
            Task::Alone { index, failed } => {
                match bench.compile(&self.snippets[index], &prepared[&index]) {
                    Ok(Step::Built(binary)) if failed => again(Task::Run(index, binary)),
                    Ok(Step::Built(binary)) => tasks.add(RUN, Task::Run(index, binary)),
                    Ok(Step::Judged(report)) if !is_compilers_fault(&report) => {
                        self.finish(index, report);
                    }
                    Ok(Step::Judged(_)) | Err(_) => again(Task::Alone { index, failed: true }),
                }
            }
            Task::Run(index, binary) => {
                match bench.run(&self.snippets[index], &prepared[&index], &binary) {
                    Ok(report) if report.verdict.passed() => self.finish(index, report),
                    Ok(report) if binary.is_shared() && may_be_neighbours_fault(&report) => {
                        tasks.add(COMPILE, Task::Alone { index, failed: true });
                    }
                    Ok(report) if is_late(&report) => {
                        lock(&self.late).push(Task::Run(index, binary));
                    }
                    Ok(_) | Err(_) => again(Task::Run(index, binary)),
                }
            }
        }
    }

    /// Compiles a batch; returns who has to be compiled alone.
    fn compile_batch(
        &self,
        bench: &Bench<'_>,
        prepared: &BTreeMap<usize, Prepared>,
        tasks: &Tasks,
        edition: Edition,
        release: bool,
        members: &[usize],
    ) -> Result<Vec<usize>, Error> {
        let folder = Arc::new(bench.folder()?);
        let member = |&index: &usize| Member {
            index,
            program: &prepared[&index].program,
            runs: self.is_run(index),
        };
        let members: Vec<Member<'_>> = members.iter().map(member).collect();
        match batch::compile(&bench.compiler, folder.path(), edition, release, &members)? {
            Batched::Built { kept, dropped } => {
                for index in kept {
                    if self.is_run(index) {
                        let binary = Binary::of_batch(Arc::clone(&folder), index);
                        tasks.add(RUN, Task::Run(index, binary));
                    } else {
                        self.finish(index, Report::without_run(Verdict::Passed));
                    }
                }
                Ok(dropped)
            }
            Batched::Stalled { left, dropped } => {
                for half in left.chunks(left.len().div_ceil(2)) {
                    tasks.add(COMPILE, batch_of(edition, release, half.to_vec()));
                }
                Ok(dropped)
            }
        }
    }

    /// Performs a task when it is quiet: what comes of it is final, or left to be run again.
    /// Nothing is left because of a want that may pass, if patience `is_over`.
    fn settle(
        &self,
        bench: &Bench<'_>,
        prepared: &BTreeMap<usize, Prepared>,
        task: Task,
        is_over: bool,
    ) {
        let again = |task| lock(&self.again).push(task);
        let refuse = |index, task, error: Error| {
            if error.may_pass() && !is_over {
                lock(&self.last).push(task);
            } else {
                self.refuse(index, error);
            }
        };
        match task {
            Task::Batch { .. } => unreachable!("batches are compiled in the busy time"),
            Task::Alone { index, failed } => {
                match bench.compile(&self.snippets[index], &prepared[&index]) {
                    Ok(Step::Judged(report)) => self.finish(index, report),
                    Ok(Step::Built(binary)) => again(Task::Run(index, binary)),
                    Err(error) => refuse(index, Task::Alone { index, failed }, error),
                }
            }
            Task::Run(index, binary) => {
                match bench.run(&self.snippets[index], &prepared[&index], &binary) {
                    Ok(report) if binary.is_shared() && may_be_neighbours_fault(&report) => {
                        again(Task::Alone { index, failed: true });
                    }
                    Ok(report) => self.finish(index, report),
                    Err(error) => refuse(index, Task::Run(index, binary), error),
                }
            }
        }
    }

    fn is_run(&self, index: usize) -> bool {
        self.snippets[index].expect != Expect::CompileOnly
    }

    /// Reports that a snippet could not be compiled or run.
    fn refuse(&self, index: usize, error: Error) {
        let message = in_full(&error);
        lock(&self.refused).push(error);
        self.finish(
            index,
            Report::without_run(Verdict::Failed(Failure::CompilerFailed { message })),
        );
    }

    fn finish(&self, index: usize, report: Report) {
        if let Some(cache) = &self.cache
            && report.is_repeatable()
        {
            cache.put(self.keys[index], &report);
        }
        self.progress.finished(index, &report);
        lock(&self.reports)[index] = Some(report);
    }
}

fn batch_of(edition: Edition, release: bool, members: Vec<usize>) -> Task {
    match members[..] {
        [index] => Task::Alone { index, failed: false },
        _ => Task::Batch { edition, release, members },
    }
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

fn is_late(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Failed(Failure::TimedOut { .. }))
}

fn is_compilers_fault(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Failed(Failure::CompilerFailed { .. }))
}

/// Returns an error with its causes, in one line.
fn in_full(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
