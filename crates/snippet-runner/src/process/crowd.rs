//! Noticing a program that forks without end, before nobody else gets a turn.
//!
//! Among tens of thousands of processes it can take minutes until the thread runs that would end
//! them. So the machine's tasks are counted often, which is cheap;
//! when there are many more than at the start, the group is stopped before anything else, and its
//! own processes are counted at leisure.
//!
//! Those that a program leaves behind are found here, too.

use std::{
    collections::BTreeSet,
    fs,
    time::{Duration, Instant},
};

use super::MOST_PROCESSES;
use rustix::process::{Pid, Signal, kill_process_group};

/// How often to count.
pub(super) const COUNT_EVERY: Duration = Duration::from_millis(10);

/// How many tasks more on the whole machine make one look closer.
const SUSPICIOUS: usize = MOST_PROCESSES;

/// The watch over a group.
#[derive(Debug)]
pub(super) struct Crowd {
    group: Pid,
    /// The least tasks that the machine had since the group was started, or was last found
    /// innocent.
    tasks: Option<usize>,
    counted: Instant,
}

impl Crowd {
    /// Starts to watch the group that a process leads.
    pub(super) fn of(leader: Pid) -> Self {
        Crowd { group: leader, tasks: tasks(), counted: Instant::now() }
    }

    /// Returns whether the group has become too large, as far as it is time to look.
    pub(super) fn is_too_large(&mut self) -> bool {
        if self.counted.elapsed() < COUNT_EVERY {
            return false;
        }
        self.counted = Instant::now();
        let (group, Some(before), Some(now)) = (self.group, self.tasks, tasks()) else {
            return false;
        };
        if now < before + SUSPICIOUS {
            // Those whom an earlier program has left may still be going.
            self.tasks = Some(now.min(before));
            return false;
        }
        // An error means that nobody is left.
        let _ = kill_process_group(group, Signal::STOP);
        if count(group) > MOST_PROCESSES {
            return true;
        }
        let _ = kill_process_group(group, Signal::CONT);
        self.tasks = Some(now);
        false
    }
}

/// Returns how many processes and threads the machine has.
fn tasks() -> Option<usize> {
    // As in `0.74 1.43 2.45 2/95 7915`.
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    load.split_whitespace().nth(3)?.split_once('/')?.1.parse().ok()
}

fn count(group: Pid) -> usize {
    members(group).take(MOST_PROCESSES + 1).count()
}

/// Returns the members of a group.
fn members(group: Pid) -> impl Iterator<Item = i32> {
    let group = group.as_raw_nonzero().get();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    // SAFETY: this call takes and returns numbers only. (rustix's panics at a process of the
    // kernel's own, whose group is 0.)
    pids.filter(move |pid| unsafe { libc::getpgid(*pid) } == group)
}

/// Returns the names of those in a group that have not ended.
pub(super) fn names(leader: Pid) -> BTreeSet<String> {
    members(leader).filter_map(living).collect()
}

/// Returns the name of a process that has not ended.
fn living(process: i32) -> Option<String> {
    // As in `7 (name) S 1 …`; the name may hold anything.
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
    (!rest.starts_with(['Z', 'X'])).then(|| name.to_owned())
}
