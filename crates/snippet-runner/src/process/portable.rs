//! Processes as the standard library starts them, watched by threads.
//!
//! A thread for each stream reads it; one more waits for the exit.
#![expect(clippy::disallowed_methods, reason = "this is a place where processes start")]

use std::{
    io::{self, Read},
    process::{Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    time::{Duration, Instant},
};

use process_wrap::std::{ChildWrapper, CommandWrap};

use super::{End, Finished, Job};
use crate::{Error, config::LONGEST};

/// Runs a process.
///
/// # Errors
///
/// [`Error::Spawn`] if it does not start, [`Error::Thread`] if nobody can watch it.
pub(super) fn run(job: &Job<'_>) -> Result<Finished, Error> {
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
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);

    let started = Instant::now();
    let child = command.spawn().map_err(failed)?;
    let mut running = Running { child, is_over: false };
    let (events, received) = mpsc::channel();
    let (stdout, stderr) = listen(running.child.as_mut(), job.cap, events)
        .map_err(|source| Error::Thread { source })?;
    let stopped = wait(running.child.as_mut(), &received, started, job.timeout);
    let duration = started.elapsed();
    let status = running.end().map_err(failed)?;
    let (stdout, stderr) = (stdout.finish(), stderr.finish());
    let too_long = stdout.too_long || stderr.too_long;
    let end = stopped.unwrap_or(if too_long { End::OutputTooLong } else { End::of(status) });
    let (stdout, stderr) = (stdout.text, stderr.text);
    Ok(Finished { end, stdout, stderr, duration, refusals: Vec::new(), left: Vec::new() })
}

/// A process that is ended when it is dropped: also if we fail, or panic, while it runs.
struct Running {
    child: Box<dyn ChildWrapper>,
    is_over: bool,
}

impl Running {
    /// Kills whoever is left of the group, and waits until they have ended.
    fn end(&mut self) -> io::Result<ExitStatus> {
        self.is_over = true;
        // An error here means that nobody is left to be killed.
        let _ = self.child.start_kill();
        let status = self.child.wait();
        #[cfg(unix)]
        if let Some(group) =
            i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw)
        {
            super::await_group(group, super::AFTER_EXIT);
        }
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            // Why it was dropped is told by others.
            let _ = self.end();
        }
    }
}

/// What the threads around a process have to tell.
enum Event {
    Exited,
    TooLong,
}

/// How often to ask a process whether it lives, where the system cannot announce its end.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// Waits for the process's end; returns how it has to be ended, if it does not end by itself.
fn wait(
    child: &mut dyn ChildWrapper,
    events: &Receiver<Event>,
    started: Instant,
    timeout: Duration,
) -> Option<End> {
    loop {
        let left = timeout.min(LONGEST).saturating_sub(started.elapsed());
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
        let _ = self.ended.recv_timeout(super::GRACE);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Text { text: String::from_utf8_lossy(&kept.bytes).into_owned(), too_long: kept.too_long }
    }
}
