//! Starting a process, and being certain that it ends.
//!
//! 1. The process leads a group of its own, has an environment of exactly what it is given, and
//!    reads from nowhere. On Linux it is killed when we are, and so is what it has started: see
//!    `keeper`.
//! 2. A thread for each stream keeps at most so many bytes; one more waits for the exit.
//! 3. On exit, on a timeout, on too much output or too many processes the whole group is killed,
//!    so that nothing that was left behind keeps running or keeps a pipe open. Only then is the
//!    process reaped: until that moment its number cannot be given to a stranger. Nobody of the
//!    group is left, or at least alive, when the call returns.
#![expect(clippy::disallowed_methods, reason = "this is the place where processes start")]

#[cfg(target_os = "linux")]
mod crowd;
#[cfg(target_os = "linux")]
mod keeper;

use std::{
    ffi::OsString,
    io::{self, Read},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    time::{Duration, Instant},
};

use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::{
    Error,
    config::LONGEST,
    sandbox::{Access, Sandbox},
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
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) end: End,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) duration: Duration,
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
    let failed = |source| Error::Spawn { program: job.program.to_owned(), source };
    let mut command = Command::new(job.program);
    command
        .args(&job.arguments)
        .env_clear()
        .envs(job.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(job.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    if let Some(name) = job.called {
        std::os::unix::process::CommandExt::arg0(&mut command, name);
    }
    #[cfg(target_os = "linux")]
    let place = keeper::Keeper::get().and_then(keeper::Place::take);
    #[cfg(target_os = "linux")]
    end_with_us(&mut command, place.as_ref());
    if let Some((sandbox, access)) = confined {
        sandbox.confine(&mut command, access).map_err(failed)?;
    }
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);

    let started = Instant::now();
    let child = command.spawn().map_err(failed)?;
    let mut running = Running {
        child,
        #[cfg(target_os = "linux")]
        place,
        is_over: false,
    };
    let (events, received) = mpsc::channel();
    let (stdout, stderr) = listen(running.child.as_mut(), job.cap, events)
        .map_err(|source| Error::Thread { source })?;
    let stopped = wait(running.child.as_mut(), &received, started, job.timeout);
    let duration = started.elapsed();
    let patience = if stopped.is_some() { LONG } else { SHORT };
    let status = running.end(patience).map_err(failed)?;
    let (stdout, stderr) = (stdout.finish(), stderr.finish());
    let too_long = stdout.too_long || stderr.too_long;
    let end = stopped.unwrap_or(if too_long { End::OutputTooLong } else { End::of(status) });
    Ok(Finished { end, stdout: stdout.text, stderr: stderr.text, duration })
}

/// A process that is ended when it is dropped: also if we fail, or panic, while it runs.
struct Running {
    child: Box<dyn ChildWrapper>,
    #[cfg(target_os = "linux")]
    place: Option<keeper::Place>,
    is_over: bool,
}

impl Running {
    /// Kills whoever is left of the group, and waits until they have ended.
    fn end(&mut self, patience: Duration) -> io::Result<ExitStatus> {
        self.is_over = true;
        // An error here means that nobody is left to be killed.
        let _ = self.child.start_kill();
        // Once it is reaped, its number may be a stranger's.
        #[cfg(target_os = "linux")]
        drop(self.place.take());
        let status = self.child.wait();
        #[cfg(unix)]
        await_group(self.child.id(), patience);
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            // Why it was dropped is told by others.
            let _ = self.end(LONG);
        }
    }
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

/// What the threads around a process have to tell.
enum Event {
    Exited,
    TooLong,
}

/// The signal of [`End::Killed`] where we sent it.
#[cfg(target_os = "linux")]
const KILL: i32 = 9;

/// How often to ask a process whether it lives, where the system cannot announce its end.
#[cfg(not(target_os = "linux"))]
const ASK_EVERY: Duration = Duration::from_millis(5);

/// Waits for the process's end; returns how it has to be ended, if it does not end by itself.
fn wait(
    child: &mut dyn ChildWrapper,
    events: &Receiver<Event>,
    started: Instant,
    timeout: Duration,
) -> Option<End> {
    #[cfg(target_os = "linux")]
    let mut crowd = crowd::Crowd::of(child.id());
    loop {
        let left = timeout.min(LONGEST).saturating_sub(started.elapsed());
        #[cfg(target_os = "linux")]
        if crowd.is_too_large() {
            return Some(End::Killed(KILL));
        }
        #[cfg(target_os = "linux")]
        let pause = left.min(crowd::COUNT_EVERY);
        #[cfg(not(target_os = "linux"))]
        let pause = if cfg!(unix) { left } else { left.min(ASK_EVERY) };
        match events.recv_timeout(pause) {
            Ok(Event::Exited) => return None,
            Ok(Event::TooLong) => return Some(End::OutputTooLong),
            Err(RecvTimeoutError::Timeout) if left.is_zero() => return Some(End::TimedOut),
            Err(_) if cfg!(unix) => {}
            Err(_) => {
                if matches!(child.try_wait(), Ok(Some(_))) {
                    return None;
                }
            }
        }
    }
}

/// How long to wait for the end of those who were killed. The dead count until they are buried,
/// which a system may do late or never; who ended by itself has few of them.
const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(5);

/// Waits until nobody is left in the group of a process that was killed: what forked without end
/// takes a while to end, and until then there may be no process for others.
#[cfg(unix)]
fn await_group(leader: u32, patience: Duration) {
    use rustix::process::{Pid, test_kill_process_group};

    let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) else { return };
    let started = Instant::now();
    let mut pause = Duration::from_micros(100);
    while test_kill_process_group(group).is_ok() && started.elapsed() < patience {
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Starts the threads around a process.
fn listen(
    child: &mut dyn ChildWrapper,
    cap: usize,
    events: Sender<Event>,
) -> io::Result<(Stream, Stream)> {
    let stdout = Stream::read(child.stdout().take(), cap, &events)?;
    let stderr = Stream::read(child.stderr().take(), cap, &events)?;
    announce_exit(child.id(), events)?;
    Ok((stdout, stderr))
}

/// Makes the process end with us: were we killed, nobody would be left to stop it.
///
/// Strictly, it ends with the thread that starts it, which is why that thread waits for it. What
/// it has started in turn is not reached that way; its place with the keeper is for that.
#[cfg(target_os = "linux")]
fn end_with_us(command: &mut Command, place: Option<&keeper::Place>) {
    use std::os::unix::process::CommandExt as _;

    use rustix::process::{Signal, getppid, set_parent_process_death_signal};

    let us = std::process::id().cast_signed();
    let enter = place.map(keeper::Place::enter);
    let prepare = move || {
        if let Some(enter) = &enter {
            enter();
        }
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // We may have ended before that was said.
        let parent = getppid().map_or(0, |parent| parent.as_raw_nonzero().get());
        if parent == us { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
    };
    // SAFETY: the closure runs in the forked child, where only async-signal-safe calls are
    // allowed; it makes system calls and writes to memory, and neither allocates nor locks.
    unsafe { command.pre_exec(prepare) };
}

/// Sends [`Event::Exited`] when the process exits, and leaves it to be reaped.
#[cfg(unix)]
fn announce_exit(process: u32, events: Sender<Event>) -> io::Result<()> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    std::thread::Builder::new().spawn(move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let interrupted =
            |pid| matches!(waitid(WaitId::Pid(pid), options), Err(rustix::io::Errno::INTR));
        while pid.is_some_and(interrupted) {}
        // The receiver is gone if the process was ended by us.
        let _ = events.send(Event::Exited);
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn announce_exit(_process: u32, _events: Sender<Event>) -> io::Result<()> {
    Ok(())
}

/// An output stream while it is read.
struct Stream {
    kept: Arc<Mutex<Kept>>,
    ended: Receiver<()>,
}

#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    too_long: bool,
}

/// All that a stream held.
struct Text {
    text: String,
    too_long: bool,
}

/// How long a stream may stay open after everyone who is known to hold it was killed.
const GRACE: Duration = Duration::from_millis(500);

impl Stream {
    fn read(
        pipe: Option<impl Read + Send + 'static>,
        cap: usize,
        events: &Sender<Event>,
    ) -> io::Result<Self> {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let (end, ended) = mpsc::channel();
        let (shared, events) = (Arc::clone(&kept), events.clone());
        // Not joined: a process that escaped its group could keep the pipe open for ever.
        std::thread::Builder::new().spawn(move || {
            let mut buffer = [0; 16 * 1024];
            let Some(mut pipe) = pipe else { return };
            loop {
                let count = match pipe.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(_) => break,
                };
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let room = cap - kept.bytes.len();
                kept.bytes.extend_from_slice(&buffer[..count.min(room)]);
                if count > room {
                    kept.too_long = true;
                    let _ = events.send(Event::TooLong);
                    break;
                }
            }
            let _ = end.send(());
        })?;
        Ok(Stream { kept, ended })
    }

    fn finish(self) -> Text {
        // Both a timeout and a thread that is gone mean: take what there is.
        let _ = self.ended.recv_timeout(GRACE);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Text { text: String::from_utf8_lossy(&kept.bytes).into_owned(), too_long: kept.too_long }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, timeout: Duration, cap: usize) -> Finished {
        let job = Job {
            program: Path::new("/bin/sh"),
            called: None,
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("A", "b".into())],
            folder: Path::new("/"),
            timeout,
            cap,
        };
        run(&job, None).unwrap()
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
