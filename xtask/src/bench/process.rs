//! Starting programs, and measuring what they take.

use anyhow::{Context, ensure};
use std::ffi::OsStr;
use std::fs;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A program that has ended.
pub(crate) struct Ran {
    pub(crate) took: Duration,
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// A command that inherits nothing of what cargo tells its programs.
#[expect(clippy::disallowed_methods, reason = "programs are measured by starting them")]
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["LD_LIBRARY_PATH", "RUSTC", "RUSTFLAGS", "RUSTDOCFLAGS", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Ran> {
    let started = Instant::now();
    let output = command.output();
    let took = started.elapsed();
    let output = output.with_context(|| format!("{command:?} does not start"))?;
    Ok(Ran { took, status: output.status, stdout: output.stdout, stderr: output.stderr })
}

impl Ran {
    /// This, if it succeeded.
    pub(crate) fn ok(self) -> anyhow::Result<Self> {
        let Self { status, stdout, stderr, .. } = &self;
        let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(bytes));
        ensure!(status.success(), "ended with {status}:\n{}{}", said[0], said[1]);
        Ok(self)
    }
}

/// How much memory processes had at most, in KiB.
pub(crate) struct Peaks {
    /// The process that was started.
    pub(crate) own: u64,
    /// The largest of those that it started and waited for, or itself, if it is larger.
    pub(crate) largest: u64,
}

/// Runs a program and watches its memory.
///
/// What `wait4` tells of a process counts the children in that it waited for, so the process's own
/// peak is asked for while it lives. A peak does not fall: only what is reached in the last moment
/// is missed.
pub(crate) fn peaks(command: &mut Command) -> anyhow::Result<Peaks> {
    const ASK_EVERY: Duration = Duration::from_millis(1);

    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let process = libc::pid_t::try_from(child.id())?;
    let mut own = 0;
    loop {
        own = high_water_mark(child.id()).unwrap_or_default().max(own);
        let mut status = 0;
        // SAFETY: zeroes are a value of this structure of numbers.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: the kernel writes to two variables on this stack; nobody else waits for the
        // process, because `child` is only dropped.
        let ended = unsafe { libc::wait4(process, &raw mut status, libc::WNOHANG, &raw mut usage) };
        if ended != 0 {
            ensure!(ended == process, "{}", std::io::Error::last_os_error());
            ensure!(libc::WIFEXITED(status), "{command:?} was ended by a signal");
            return Ok(Peaks { own, largest: u64::try_from(usage.ru_maxrss)? });
        }
        std::thread::sleep(ASK_EVERY);
    }
}

/// The most memory that a living process has had.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
