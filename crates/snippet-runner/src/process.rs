//! Starting a process, and being certain that it ends.
//!
//! 1. The process leads a group of its own, has an environment of exactly what it is given, and
//!    reads from nowhere. On Linux it is killed when we are, and so is what it has started: see
//!    `keeper`.
//! 2. At most so many bytes of each stream are kept.
//! 3. On exit, on a timeout, on too much output or too many processes the whole group is killed,
//!    so that nothing that was left behind keeps running or keeps a pipe open. Only then is the
//!    process reaped: until that moment its number cannot be given to a stranger. Nobody of the
//!    group is left, or at least alive, when the call returns.
//!
//! A book has hundreds of programs that run for a millisecond, so that starting them has to be
//! quick: `linux` does it without a fork and without threads. Elsewhere `portable` has the standard
//! library do it.

#[cfg(target_os = "linux")]
mod crowd;
#[cfg(target_os = "linux")]
mod keeper;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
#[cfg(target_os = "linux")]
mod spawn;

use std::{ffi::OsString, path::Path, process::ExitStatus, time::Duration};

use crate::{
    Error,
    sandbox::{Access, Refusal, Sandbox},
};

/// What to run.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// The program.
    pub(crate) program: &'a Path,
    /// What it is told its name is, where that is possible; `None` is its path.
    pub(crate) called: Option<&'a str>,
    /// Its arguments.
    pub(crate) arguments: Vec<OsString>,
    /// All of its environment.
    pub(crate) environment: Vec<(&'a str, OsString)>,
    /// Its working directory.
    pub(crate) folder: &'a Path,
    /// How long it may run.
    pub(crate) timeout: Duration,
    /// How many bytes it may write to each stream.
    pub(crate) cap: usize,
    /// It leaves the processors to whoever else needs them, where that can be said.
    pub(crate) yields: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) end: End,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) duration: Duration,
    /// What it and those that it started were refused, as far as the system tells.
    pub(crate) refusals: Vec<Refusal>,
    /// The names of processes that it left behind, which were killed: of one that reaches out (see
    /// [`Access`]), and as far as the system tells.
    pub(crate) left: Vec<String>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It exited with this code.
    Exited(i32),
    /// A signal ended it.
    Killed(i32),
    /// It was killed because it ran too long.
    TimedOut,
    /// It was killed because it wrote too much.
    OutputTooLong,
    /// It was killed because it started too many processes.
    TooManyProcesses,
}

/// Holds on to what processes share, for as long as the result lives: to make it for each of them
/// takes longer.
pub(crate) fn keep() -> impl Sized {
    #[cfg(target_os = "linux")]
    keeper::Keeper::get()
}

/// Runs a process inside the sandbox, or outside of it if there is no `Access`.
///
/// # Errors
///
/// [`Error::Spawn`] if it does not start, [`Error::Thread`] if nobody can watch it.
pub(crate) fn run(
    job: &Job<'_>,
    confined: Option<(&Sandbox, &Access<'_>)>,
) -> Result<Finished, Error> {
    #[cfg(target_os = "linux")]
    let finished = linux::run(job, confined);
    // There is no layer of the sandbox elsewhere.
    #[cfg(not(target_os = "linux"))]
    let finished = {
        let _ = confined;
        portable::run(job)
    };
    finished
}

impl End {
    fn of(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return End::Killed(signal);
        }
        End::Exited(status.code().unwrap_or(-1))
    }
}

/// How many processes a program may have.
pub(crate) const MOST_PROCESSES: usize = 500;

/// How long a stream may stay open after everyone who is known to hold it was killed.
const GRACE: Duration = Duration::from_millis(500);

/// How long to wait for the end of those who were killed. The dead count until they are buried,
/// which a system may do late or never; who ended by itself has few of them.
const AFTER_EXIT: Duration = Duration::from_millis(100);
const AFTER_KILL: Duration = Duration::from_secs(5);

/// Waits until nobody is left in the group of a process that was killed: what forked without end
/// takes a while to end, and until then there may be no process for others.
#[cfg(unix)]
fn await_group(group: rustix::process::Pid, patience: Duration) {
    use rustix::process::test_kill_process_group;

    let started = std::time::Instant::now();
    let mut pause = Duration::from_micros(100);
    while test_kill_process_group(group).is_ok() && started.elapsed() < patience {
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Runs a script in every way there is here; returns what came of the quickest.
    fn shell(script: &str, timeout: Duration, cap: usize) -> Finished {
        let job = Job {
            program: Path::new("/bin/sh"),
            called: None,
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("A", "b".into())],
            folder: Path::new("/"),
            timeout,
            cap,
            yields: false,
        };
        let finished = run(&job, None).unwrap();
        let elsewhere = portable::run(&job).unwrap();
        let comparable =
            |finished: &Finished| (finished.end, finished.stdout.clone(), finished.stderr.clone());
        assert_eq!(comparable(&elsewhere), comparable(&finished));
        finished
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn output_and_exit_code() {
        let finished = shell("echo $A; echo err >&2; exit 3", LONG, 100);
        assert_eq!(finished.end, End::Exited(3));
        assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("b\n", "err\n"));
    }

    #[test]
    fn a_timeout_that_no_clock_can_hold() {
        assert_eq!(shell("exit 0", Duration::MAX, 100).end, End::Exited(0));
    }

    #[test]
    fn a_signal() {
        assert_eq!(shell("kill -ABRT $$", LONG, 100).end, End::Killed(6));
    }

    #[test]
    fn a_timeout_reaches_the_children() {
        let finished = shell("echo first; sleep 30 & sleep 30", Duration::from_millis(300), 100);
        assert_eq!(finished.end, End::TimedOut);
        assert_eq!(finished.stdout, "first\n");
        assert!(finished.duration < Duration::from_secs(5));
    }

    #[test]
    fn endless_output_is_cut() {
        let finished = shell("yes", LONG, 1000);
        assert_eq!(finished.end, End::OutputTooLong);
        assert_eq!(finished.stdout.len(), 1000);
    }

    #[test]
    fn a_child_that_is_left_behind_does_not_hold_us() {
        let started = Instant::now();
        let finished = shell("sleep 30 & echo done", LONG, 100);
        assert_eq!((finished.end, finished.stdout.as_str()), (End::Exited(0), "done\n"));
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_child_that_escapes_the_group_does_not_hold_us() {
        let started = Instant::now();
        let finished = shell("setsid sleep 5 & sleep 0.2; echo done", LONG, 100);
        assert_eq!((finished.end, finished.stdout.as_str()), (End::Exited(0), "done\n"));
        assert!(started.elapsed() < Duration::from_secs(4));
    }
}
