//! Work for several threads, which may find more work while they do it.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// A queue of tasks in lanes, so that one sort of work does not wait for another.
#[derive(Debug)]
pub(crate) struct Queue<T, const LANES: usize> {
    state: Mutex<State<T, LANES>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T, const LANES: usize> {
    lanes: [VecDeque<T>; LANES],
    /// Tasks that were added and are not done yet, waiting or under way.
    open: usize,
    /// Nobody can do what waits.
    closed: bool,
}

impl<T, const LANES: usize> Queue<T, LANES> {
    pub(crate) fn new() -> Self {
        let lanes = std::array::from_fn(|_| VecDeque::new());
        Queue {
            state: Mutex::new(State { lanes, open: 0, closed: false }),
            changed: Condvar::new(),
        }
    }

    /// Adds a task to a lane.
    pub(crate) fn add(&self, lane: usize, task: T) {
        let mut state = self.lock();
        state.lanes[lane].push_back(task);
        state.open += 1;
        self.changed.notify_all();
    }

    /// Does the tasks of a lane, until every lane is empty and nobody could add to one.
    pub(crate) fn work(&self, lane: usize, mut perform: impl FnMut(T)) {
        while let Some(task) = self.take(lane) {
            let _done = Done(self);
            perform(task);
        }
    }

    /// Forgets what waits.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn take(&self, lane: usize) -> Option<T> {
        let mut state = self.lock();
        loop {
            if state.closed || state.open == 0 {
                return None;
            }
            if let Some(task) = state.lanes[lane].pop_front() {
                return Some(task);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T, LANES>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Performs tasks on several threads, this one among them.
pub(crate) fn share<T: Send>(threads: usize, tasks: Vec<T>, perform: impl Fn(T) + Sync) {
    let queue = Queue::<T, 1>::new();
    let threads = threads.min(tasks.len());
    tasks.into_iter().for_each(|task| queue.add(0, task));
    let work = || queue.work(0, &perform);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Whoever cannot be started is not needed.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
}

/// Marks a task as done when dropped, so that a panic does not leave others waiting.
struct Done<'a, T, const LANES: usize>(&'a Queue<T, LANES>);

impl<T, const LANES: usize> Drop for Done<'_, T, LANES> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.open -= 1;
        // There may be nobody left in this lane, and others would wait for it.
        state.closed |= std::thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn tasks_may_add_tasks_in_other_lanes() {
        let queue = Queue::<u32, 2>::new();
        (1..=5).for_each(|count| queue.add(0, count));
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| queue.work(0, |count| (0..count).for_each(|_| queue.add(1, 0))));
            for _ in 0..2 {
                scope.spawn(|| {
                    queue.work(1, |_| {
                        done.fetch_add(1, Ordering::Relaxed);
                    });
                });
            }
        });
        assert_eq!(done.into_inner(), 15);
    }

    #[test]
    fn work_is_shared() {
        let sum = AtomicUsize::new(0);
        for threads in [0, 1, 3] {
            share(threads, (1..=4).collect(), |task| {
                sum.fetch_add(task, Ordering::Relaxed);
            });
        }
        share(3, Vec::new(), |()| unreachable!());
        assert_eq!(sum.into_inner(), 30);
    }

    #[test]
    fn a_closed_queue_ends() {
        let queue = Queue::<u32, 1>::new();
        queue.add(0, 1);
        queue.close();
        queue.work(0, |_| unreachable!());
    }
}
