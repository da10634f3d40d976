//! The busy time: compiling and running at once.
//!
//! Each sort of work has a lane with threads of its own. Programs that sleep need no processor:
//! many of them run at a time, beside those that work.

use std::{
    sync::{Arc, Mutex},
    thread,
};

use super::{
    Shop, into_inner, lock, may_be_neighbours_fault,
    plan::{Batch, Task},
};
use crate::{
    Error, Expect, Failure, Report, Verdict,
    batch::{self, Batched, Member, Purpose},
    bench::{Binary, Pace, Step},
    queue::Queue,
};

/// What is left for the quiet time.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// To be done again.
    pub(super) again: Vec<Task>,
    /// Those that ran out of time.
    pub(super) late: Vec<Task>,
}

/// The lanes of the queue.
const COMPILE: usize = 0;
const RUN: usize = 1;
const SLEEP: usize = 2;

type Tasks = Queue<Task, 3>;

/// Programs run at a time for each job: most of them are over in two milliseconds, of which they
/// need the processor for one.
const RUNS_PER_JOB: usize = 4;

/// Programs that may sleep at a time.
const SLEEPERS: usize = 32;

/// Compiles and runs, as much as possible at once.
///
/// # Errors
///
/// [`Error::Thread`] if there is nobody to do the work.
pub(super) fn work(shop: Shop<'_>, plan: Vec<Task>) -> Result<Left, Error> {
    let hall = Hall { shop, tasks: Tasks::new(), left: Mutex::default() };
    plan.into_iter().for_each(|task| hall.tasks.add(COMPILE, task));
    let jobs = shop.bench.config.jobs.get();
    let sleepers = shop.prepared.values().filter(|read| read.waits).count().min(SLEEPERS);
    let lanes = [(COMPILE, jobs), (RUN, jobs * RUNS_PER_JOB), (SLEEP, sleepers)];
    thread::scope(|scope| {
        let hall = &hall;
        for (lane, threads) in lanes {
            for number in 0..threads {
                let work = move || hall.tasks.work(lane, |task| hall.perform(task));
                match thread::Builder::new().spawn_scoped(scope, work) {
                    Ok(_) => {}
                    // A lane needs somebody; fewer than wanted only take longer.
                    Err(_) if number > 0 => break,
                    Err(source) => {
                        hall.tasks.close();
                        return Err(Error::Thread { source });
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(into_inner(hall.left))
}

/// What the threads share.
struct Hall<'a> {
    shop: Shop<'a>,
    tasks: Tasks,
    left: Mutex<Left>,
}

impl Hall<'_> {
    fn perform(&self, task: Task) {
        let Shop { desk, bench, prepared } = self.shop;
        match task {
            Task::Batch(batch) => {
                // Each of them will say what is wrong.
                if self.compile(&batch).is_err() {
                    batch.members.iter().for_each(|&index| self.compile_alone(index, false));
                }
            }
            Task::Alone { index, failed } => {
                match bench.compile(&desk.snippets[index], &prepared[&index]) {
                    Ok(Step::Built(binary)) if failed => self.leave(Task::Run(index, binary)),
                    Ok(Step::Built(binary)) => self.run(index, binary),
                    Ok(Step::Judged(report)) if !is_compilers_fault(&report) => {
                        desk.finish(index, report);
                    }
                    Ok(Step::Judged(_)) | Err(_) => self.leave(Task::Alone { index, failed: true }),
                }
            }
            Task::Run(index, binary) => {
                match bench.run(&desk.snippets[index], &prepared[&index], &binary, Pace::Beside) {
                    Ok(report) if report.verdict.passed() || !bench.config.recheck => {
                        desk.finish(index, report);
                    }
                    Ok(report) if binary.is_shared() && may_be_neighbours_fault(&report) => {
                        self.compile_alone(index, true);
                    }
                    Ok(report) if is_late(&report) => {
                        lock(&self.left).late.push(Task::Run(index, binary));
                    }
                    Ok(_) | Err(_) => self.leave(Task::Run(index, binary)),
                }
            }
        }
    }

    /// Compiles a batch, and says what is to be done with each of its members.
    fn compile(&self, batch: &Batch) -> Result<(), Error> {
        let Shop { desk, bench, prepared } = self.shop;
        let folder = Arc::new(bench.folder()?);
        let member = |&index: &usize| {
            let read = &prepared[&index];
            Member { index, program: &read.program, purpose: read.purpose }
        };
        let members: Vec<Member<'_>> = batch.members.iter().map(member).collect();
        let group = batch.group;
        let (edition, release) = (group.edition, group.release);
        let Batched { kept, is_stalled, dropped } =
            batch::compile(&bench.compiler, folder.path(), edition, release, &members)?;
        for (index, found) in dropped {
            match &desk.snippets[index].expect {
                Expect::CompileError { codes } if found.keep_promise(codes) => {
                    desk.finish(index, Report::without_run(Verdict::Passed));
                }
                Expect::Success | Expect::Panic | Expect::CompileOnly if !bench.config.recheck => {
                    let failure = Failure::DoesNotCompile { diagnostics: Vec::new() };
                    desk.finish(index, Report::without_run(Verdict::Failed(failure)));
                }
                _ => self.compile_alone(index, false),
            }
        }
        if is_stalled {
            batch.halves(&kept).for_each(|half| self.tasks.add(COMPILE, half));
            return Ok(());
        }
        for index in kept {
            match prepared[&index].purpose {
                Purpose::Run => self.run(index, Binary::of_batch(Arc::clone(&folder), index)),
                Purpose::Check => desk.finish(index, Report::without_run(Verdict::Passed)),
                Purpose::Refuse => self.compile_alone(index, false),
            }
        }
        Ok(())
    }

    fn compile_alone(&self, index: usize, failed: bool) {
        self.tasks.add(COMPILE, Task::Alone { index, failed });
    }

    fn run(&self, index: usize, binary: Binary) {
        let lane = if self.shop.prepared[&index].waits { SLEEP } else { RUN };
        self.tasks.add(lane, Task::Run(index, binary));
    }

    fn leave(&self, task: Task) {
        lock(&self.left).again.push(task);
    }
}

fn is_late(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Failed(Failure::TimedOut { .. }))
}

fn is_compilers_fault(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Failed(Failure::CompilerFailed { .. }))
}
