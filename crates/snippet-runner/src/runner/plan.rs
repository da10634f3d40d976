//! What there is to do, and in which order.
//!
//! Snippets of an edition and with the same flags share a crate. Those that sleep have one of
//! their own, which comes first: they sleep while the others are compiled. So have those that
//! should not compile, which come last: nobody waits for them.

use std::{collections::BTreeMap, sync::Mutex};

use super::{into_inner, lock};
use crate::{
    Edition, Error, Snippet, batch::Purpose, bench::Binary, prepared::Prepared, queue, syntax,
};

/// A piece of work; numbers are those of the snippets.
#[derive(Debug)]
pub(super) enum Task {
    /// Compile these together.
    Batch(Batch),
    /// Compile this one alone.
    Alone {
        index: usize,
        /// It failed among others: it is not run again before it is quiet.
        failed: bool,
    },
    /// Run this one.
    Run(usize, Binary),
}

/// Snippets that share a crate.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) group: Group,
    pub(super) members: Vec<usize>,
}

/// What the snippets of a crate have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    turn: Turn,
    pub(super) edition: Edition,
    pub(super) release: bool,
}

/// When a group is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Its programs sleep.
    Early,
    Middle,
    /// It should not compile.
    Late,
}

/// The snippets that were read, by number.
pub(super) type AllPrepared = BTreeMap<usize, Prepared>;

/// More snippets than this share no crate: rustc's memory grows with them.
const LARGEST: usize = 400;

/// From how many snippets on a crate is worth a compiler of its own, where another one is idle: two
/// compilers do some work twice.
const WORTHWHILE: usize = 60;

/// Reads the snippets that are pending, on so many threads.
///
/// # Errors
///
/// [`Error::Thread`] if the system has no thread for it.
pub(super) fn prepare(
    snippets: &[Snippet],
    pending: &[usize],
    jobs: usize,
) -> Result<AllPrepared, Error> {
    let (prepared, failed) = (Mutex::default(), Mutex::default());
    let size = pending.len().div_ceil(jobs).max(1);
    queue::share(jobs, pending.chunks(size).collect(), |part: &[usize]| {
        let read = |longest| -> Vec<(usize, Prepared)> {
            let read = |&index: &usize| (index, Prepared::read(&snippets[index], longest));
            part.iter().map(read).collect()
        };
        match syntax::with_deep_stack(read) {
            Ok(read) => lock::<AllPrepared>(&prepared).extend(read),
            Err(error) => *lock(&failed) = Some(error),
        }
    });
    into_inner(failed).map_or_else(|| Ok(into_inner(prepared)), Err)
}

/// Returns the first tasks for so many compilers, in their order.
pub(super) fn plan(snippets: &[Snippet], prepared: &AllPrepared, jobs: usize) -> Vec<Task> {
    let mut groups = BTreeMap::<Group, Vec<usize>>::new();
    let mut alone = Vec::new();
    for (&index, read) in prepared {
        let snippet = &snippets[index];
        let turn = match read.purpose {
            _ if read.waits => Turn::Early,
            Purpose::Refuse => Turn::Late,
            Purpose::Run | Purpose::Check => Turn::Middle,
        };
        match read.alone {
            Some(_) => alone.push((turn, Task::Alone { index, failed: false })),
            None => {
                let group = Group { turn, edition: snippet.edition, release: snippet.release };
                groups.entry(group).or_default().push(index);
            }
        }
    }
    let mut tasks = Vec::new();
    for (group, members) in groups {
        let parts = members.len().div_ceil(LARGEST).max(jobs.min(members.len() / WORTHWHILE));
        let size = members.len().div_ceil(parts);
        tasks.extend(members.chunks(size).map(|part| (group.turn, Task::of(group, part))));
    }
    tasks.extend(alone);
    tasks.sort_by_key(|(turn, _)| *turn);
    tasks.into_iter().map(|(_, task)| task).collect()
}

impl Batch {
    /// Returns the tasks that do the work of this one with `left` of its members: two halves.
    pub(super) fn halves(&self, left: &[usize]) -> impl Iterator<Item = Task> {
        left.chunks(left.len().div_ceil(2).max(1)).map(|half| Task::of(self.group, half))
    }
}

impl Task {
    /// Returns the task to compile these.
    fn of(group: Group, members: &[usize]) -> Self {
        match *members {
            [index] => Task::Alone { index, failed: false },
            _ => Task::Batch(Batch { group, members: members.to_vec() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expect;

    /// Plans snippets and returns the numbers of each task.
    fn numbers(snippets: &[Snippet], jobs: usize) -> Vec<Vec<usize>> {
        let pending: Vec<usize> = (0..snippets.len()).collect();
        let tasks = plan(snippets, &prepare(snippets, &pending, jobs).unwrap(), jobs);
        let numbers = |task| match task {
            Task::Batch(batch) => batch.members,
            Task::Alone { index, .. } | Task::Run(index, _) => vec![index],
        };
        tasks.into_iter().map(numbers).collect()
    }

    #[test]
    fn sleepers_come_first_and_refusals_last() {
        let refused = Expect::CompileError { codes: Vec::new() };
        let snippets = [
            Snippet { expect: refused.clone(), ..Snippet::new("0", "x") },
            Snippet::new("1", "()"),
            Snippet::new("2", "sleep(3)"),
            Snippet { expect: refused, ..Snippet::new("3", "y") },
            Snippet::new("4", "#![feature(x)] sleep(1)"),
            Snippet { edition: Edition::E2021, ..Snippet::new("5", "()") },
            Snippet::new("6", "()"),
        ];
        assert_eq!(numbers(&snippets, 2), [vec![2], vec![4], vec![1, 6], vec![5], vec![0, 3]]);
    }

    #[test]
    fn crates_are_neither_too_large_nor_too_small() {
        let sizes = |count, jobs| {
            let snippets = vec![Snippet::new("s", "()"); count];
            numbers(&snippets, jobs).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(LARGEST + 2, 1), [LARGEST / 2 + 1; 2]);
        assert_eq!(sizes(LARGEST, 1), [LARGEST]);
        assert_eq!(sizes(2 * WORTHWHILE - 1, 8), [2 * WORTHWHILE - 1]);
        assert_eq!(sizes(2 * WORTHWHILE, 8), [WORTHWHILE; 2]);
        assert_eq!(sizes(8 * WORTHWHILE, 2), [4 * WORTHWHILE; 2]);
    }
}
