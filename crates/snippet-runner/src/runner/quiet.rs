//! The quiet time: what failed is done again, one sort of work at a time.

use std::{
    mem,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use super::{Shop, busy::Left, lock, may_be_neighbours_fault, plan::Task};
use crate::{
    Error,
    bench::{Pace, Step},
    queue,
};

/// How long to wait for a process or thread that the system does not have, when nothing else is
/// left to do, and how often to ask for it.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

/// Does what the busy time has left: everybody gets a report.
pub(super) fn work(shop: Shop<'_>, left: Left) {
    let room = Room { shop, again: Mutex::default(), last: Mutex::default() };
    let jobs = shop.bench.config.jobs.get();
    let processors = thread::available_parallelism().map_or(jobs, |count| count.get().min(jobs));
    let settle = |task| room.settle(task, false);
    // Who ran out of time goes last: it may be the one that took it from the others.
    for tasks in [left.again, left.late] {
        let (runs, mut compilations): (Vec<Task>, Vec<Task>) =
            tasks.into_iter().partition(|task| matches!(task, Task::Run(..)));
        queue::share(processors, runs, settle);
        compilations.append(&mut take(&room.again));
        queue::share(jobs, compilations, settle);
        queue::share(processors, take(&room.again), settle);
    }
    // One by one, and with patience: others may have taken all that the system has.
    let started = Instant::now();
    loop {
        let mut tasks = take(&room.last);
        tasks.append(&mut take(&room.again));
        if tasks.is_empty() {
            break;
        }
        thread::sleep(PAUSE);
        let is_over = started.elapsed() > PATIENCE;
        queue::share(1, tasks, |task| room.settle(task, is_over));
    }
}

/// What the threads share.
struct Room<'a> {
    shop: Shop<'a>,
    /// What is to be done when this sort of work is over.
    again: Mutex<Vec<Task>>,
    /// What the system had no process or thread for.
    last: Mutex<Vec<Task>>,
}

impl Room<'_> {
    /// Performs a task: what comes of it is final, or left to be run again. Nothing is left
    /// because of a want that may pass, if patience `is_over`.
    fn settle(&self, task: Task, is_over: bool) {
        let Shop { desk, bench, prepared } = self.shop;
        let again = |task| lock(&self.again).push(task);
        let refuse = |index, task, error: Error| {
            if error.may_pass() && !is_over {
                lock(&self.last).push(task);
            } else {
                desk.refuse(index, error);
            }
        };
        match task {
            Task::Batch(_) => unreachable!("batches are compiled in the busy time"),
            Task::Alone { index, failed } => {
                match bench.compile(&desk.snippets[index], &prepared[&index]) {
                    Ok(Step::Judged(report)) => desk.finish(index, report),
                    Ok(Step::Built(binary)) => again(Task::Run(index, binary)),
                    Err(error) => refuse(index, Task::Alone { index, failed }, error),
                }
            }
            Task::Run(index, binary) => {
                match bench.run(&desk.snippets[index], &prepared[&index], &binary, Pace::Quiet) {
                    Ok(report) if binary.is_shared() && may_be_neighbours_fault(&report) => {
                        again(Task::Alone { index, failed: true });
                    }
                    Ok(report) => desk.finish(index, report),
                    Err(error) => refuse(index, Task::Run(index, binary), error),
                }
            }
        }
    }
}

fn take(list: &Mutex<Vec<Task>>) -> Vec<Task> {
    mem::take(&mut *lock(list))
}
