//! Processes on Linux: started by `spawn`, watched by the thread that starts them.

use std::{
    fs::File,
    io::{self, Read as _},
    os::{fd::BorrowedFd, unix::process::ExitStatusExt as _},
    process::ExitStatus,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process::{
        Pid, Signal, WaitOptions, getppid, kill_process_group, nice,
        set_parent_process_death_signal, waitpid,
    },
};

use super::{
    AFTER_EXIT, AFTER_KILL, End, Finished, GRACE, Job, await_group,
    crowd::{self, COUNT_EVERY, Crowd},
    keeper::{Keeper, Place},
    spawn::{Spawned, Step, spawn},
};
use crate::{
    Error,
    config::LONGEST,
    sandbox::{Access, Sandbox, Witness},
};

/// How far those go back who yield, of 19 steps.
const NICE: i32 = 10;

/// Runs a process inside the sandbox, or outside of it if there is no `Access`.
///
/// # Errors
///
/// [`Error::Spawn`] if it does not start.
pub(super) fn run(
    job: &Job<'_>,
    confined: Option<(&Sandbox, &Access<'_>)>,
) -> Result<Finished, Error> {
    let failed = |source| Error::Spawn { program: job.program.to_owned(), source };
    let place = Keeper::get().and_then(Place::take);
    let mut steps: Vec<Step<'_>> = Vec::new();
    if job.yields {
        steps.push(Box::new(|| {
            // Who cannot be made to yield is not less right.
            let _ = nice(NICE);
            Ok(())
        }));
    }
    let mut witness = None;
    if let Some((sandbox, access)) = confined {
        let (enter, sees) = sandbox.entry(access).map_err(failed)?;
        steps.push(Box::new(enter));
        witness = sees;
    }
    // Behind the sandbox: who becomes another user has to say it again.
    steps.push(Box::new(end_with_us(place.as_ref())));
    let started = Instant::now();
    let Spawned { process, exit, stdout, stderr, failure } =
        spawn(job, &mut steps).map_err(failed)?;
    if let Some(witness) = &mut witness {
        witness.arrive();
    }
    let mut running = Running { process, place, is_over: false };
    if let Some(failure) = failure {
        running.end(AFTER_EXIT).map_err(failed)?;
        return Err(failed(failure));
    }
    let mut streams = [stdout, stderr].map(|file| Stream::new(file, job.cap));
    let stopped = watch(process, &exit, &mut streams, witness.as_mut(), started, job.timeout)
        .map_err(failed)?;
    let duration = started.elapsed();
    let reaches_out = confined.is_some_and(|(_, access)| access.reaches_out);
    let left = if stopped.is_none() && reaches_out {
        left_by(process, &mut streams, witness.as_mut()).map_err(failed)?
    } else {
        Vec::new()
    };
    let status =
        running.end(if stopped.is_some() { AFTER_KILL } else { AFTER_EXIT }).map_err(failed)?;
    drain(&mut streams).map_err(failed)?;
    let too_long = streams.iter().any(|stream| stream.too_long);
    let end = stopped.unwrap_or(if too_long { End::OutputTooLong } else { End::of(status) });
    let [stdout, stderr] = streams.map(Stream::into_text);
    let refusals = witness.map(Witness::into_refusals).unwrap_or_default();
    Ok(Finished { end, stdout, stderr, duration, refusals, left })
}

/// A process that is ended when it is dropped: also if we fail, or panic, while it runs.
struct Running {
    process: Pid,
    place: Option<Place>,
    is_over: bool,
}

impl Running {
    /// Kills whoever is left of the group, and waits until they have ended.
    fn end(&mut self, patience: Duration) -> io::Result<ExitStatus> {
        self.is_over = true;
        // An error here means that nobody is left to be killed.
        let _ = kill_process_group(self.process, Signal::KILL);
        // Once it is reaped, its number may be a stranger's.
        drop(self.place.take());
        let status = loop {
            match waitpid(Some(self.process), WaitOptions::empty()) {
                Ok(Some((_, status))) => break Ok(ExitStatus::from_raw(status.as_raw())),
                Ok(None) | Err(Errno::INTR) => {}
                Err(error) => break Err(error.into()),
            }
        };
        await_group(self.process, patience);
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            // Why it was dropped is told by others.
            let _ = self.end(AFTER_KILL);
        }
    }
}

/// Returns what makes a process end with us: were we killed, nobody would be left to stop it.
///
/// Strictly, it ends with the thread that starts it, which is why that thread waits for it. What
/// it has started in turn is not reached that way; its place with the keeper is for that.
fn end_with_us(place: Option<&Place>) -> impl FnMut() -> io::Result<()> + use<> {
    let us = std::process::id().cast_signed();
    let enter = place.map(Place::enter);
    move || {
        if let Some(enter) = &enter {
            enter();
        }
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // We may have ended before that was said.
        let parent = getppid().map_or(0, |parent| parent.as_raw_nonzero().get());
        if parent == us { Ok(()) } else { Err(Errno::PIPE.into()) }
    }
}

/// An output stream, and what was read of it.
struct Stream {
    /// `None` after its end.
    file: Option<File>,
    kept: Vec<u8>,
    cap: usize,
    too_long: bool,
}

impl Stream {
    fn new(file: File, cap: usize) -> Self {
        Stream { file: Some(file), kept: Vec::new(), cap, too_long: false }
    }

    /// Reads what there is, or one byte more than may be kept.
    fn read(&mut self) -> io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        while let Some(file) = &mut self.file {
            match file.read(&mut buffer) {
                Ok(0) => self.file = None,
                Ok(count) => {
                    let kept = count.min(self.cap - self.kept.len());
                    self.kept.extend_from_slice(&buffer[..kept]);
                    if kept < count {
                        self.too_long = true;
                        self.file = None;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn into_text(self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }
}

/// Reads the streams until the process exits; returns how it has to be ended, if it does not end
/// by itself.
fn watch(
    process: Pid,
    exit: &impl std::os::fd::AsFd,
    streams: &mut [Stream; 2],
    mut witness: Option<&mut Witness>,
    started: Instant,
    timeout: Duration,
) -> io::Result<Option<End>> {
    let mut crowd = Crowd::of(process);
    loop {
        let left = timeout.min(LONGEST).saturating_sub(started.elapsed());
        let exited =
            wait_for(streams, Some(exit.as_fd()), witness.as_deref_mut(), left.min(COUNT_EVERY))?;
        streams.iter_mut().try_for_each(Stream::read)?;
        if streams.iter().any(|stream| stream.too_long) {
            return Ok(Some(End::OutputTooLong));
        }
        if exited {
            return Ok(None);
        }
        if left.is_zero() {
            return Ok(Some(End::TimedOut));
        }
        if crowd.is_too_large() {
            return Ok(Some(End::TooManyProcesses));
        }
    }
}

/// Returns the names of those that a process has left behind, sorted. Who is about to end gets the
/// time for it.
fn left_by(
    process: Pid,
    streams: &mut [Stream; 2],
    mut witness: Option<&mut Witness>,
) -> io::Result<Vec<String>> {
    const PATIENCE: Duration = Duration::from_millis(100);
    const PAUSE: Duration = Duration::from_millis(5);

    let started = Instant::now();
    loop {
        let left = crowd::names(process);
        if left.is_empty() || started.elapsed() > PATIENCE {
            return Ok(left.into_iter().collect());
        }
        wait_for(streams, None, witness.as_deref_mut(), PAUSE)?;
        streams.iter_mut().try_for_each(Stream::read)?;
    }
}

/// Reads what is left in the streams. Somebody who left the group may hold one for ever.
fn drain(streams: &mut [Stream; 2]) -> io::Result<()> {
    let started = Instant::now();
    loop {
        streams.iter_mut().try_for_each(Stream::read)?;
        let left = GRACE.saturating_sub(started.elapsed());
        if left.is_zero() || streams.iter().all(|stream| stream.file.is_none()) {
            return Ok(());
        }
        wait_for(streams, None, None, left)?;
    }
}

/// Waits until something can be read, or the process has exited; returns whether it has. Who waits
/// for the witness is answered.
fn wait_for(
    streams: &[Stream; 2],
    exit: Option<BorrowedFd<'_>>,
    witness: Option<&mut Witness>,
    time: Duration,
) -> io::Result<bool> {
    let listener = witness.as_deref().and_then(Witness::listener);
    let files = streams.iter().filter_map(|stream| stream.file.as_ref());
    let mut waited: Vec<PollFd<'_>> = [exit, listener]
        .into_iter()
        .flatten()
        .map(|other| PollFd::from_borrowed_fd(other, PollFlags::IN))
        .chain(files.map(|file| PollFd::new(file, PollFlags::IN)))
        .collect();
    let time =
        Timespec { tv_sec: time.as_secs().cast_signed(), tv_nsec: time.subsec_nanos().into() };
    match poll(&mut waited, Some(&time)) {
        Ok(0) | Err(Errno::INTR) => return Ok(false),
        Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    let mut events = waited.iter().map(PollFd::revents);
    let exited = exit.is_some() && events.next().is_some_and(|events| !events.is_empty());
    let asked = listener.and_then(|_| events.next()).unwrap_or(PollFlags::empty());
    if let Some(witness) = witness {
        if asked.contains(PollFlags::IN) {
            witness.hear();
        } else if !asked.is_empty() {
            witness.is_over();
        }
    }
    Ok(exited)
}
