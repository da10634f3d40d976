//! What a program starts, seen from outside.
//!
//! The program is traced by this one as a debugger would do it, but only to be told when it starts
//! another: at that moment the other's arguments, environment and files are noted, and it is let
//! go. Nothing has to be known about the program, nor believed.

use anyhow::{Context, ensure};
use std::ffi::{CString, OsString, c_int, c_long};
use std::fs;
use std::io::{self, Error};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program as it was started.
#[derive(Debug)]
pub(crate) struct Start {
    /// The program's file.
    pub(crate) program: PathBuf,
    /// Its name first.
    pub(crate) arguments: Vec<OsString>,
    /// Each as `NAME=value`.
    pub(crate) environment: Vec<OsString>,
    /// Its working directory.
    pub(crate) folder: PathBuf,
}

/// Runs a command; `notice` sees every program that it starts before that does anything. What
/// those start in turn is not seen, unless they are the same program: a helper of its own.
pub(crate) fn run(
    mut command: Command,
    mut notice: impl FnMut(Start) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let own = fs::canonicalize(command.get_program()).context("there is no such program")?;
    // SAFETY: the closure runs in the forked child, where only async-signal-safe calls are
    // allowed; it makes one system call on numbers.
    unsafe { command.pre_exec(|| request(libc::PTRACE_TRACEME, 0, 0)) };
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let leader = libc::pid_t::try_from(child.id())?;
    let options = libc::PTRACE_O_TRACECLONE
        | libc::PTRACE_O_TRACEFORK
        | libc::PTRACE_O_TRACEVFORK
        | libc::PTRACE_O_TRACEEXEC
        | libc::PTRACE_O_EXITKILL;
    let mut is_traced = false;
    let mut noticed = Ok(());
    loop {
        let (process, status) = next_stop()?;
        if libc::WIFEXITED(status) || libc::WIFSIGNALED(status) {
            if process == leader {
                ensure!(is_traced, "the program cannot be traced");
                return noticed;
            }
            continue;
        }
        let (signal, event) = (libc::WSTOPSIG(status), status >> 16);
        // A process that was killed meanwhile is no longer there to be let go.
        if process == leader && !is_traced {
            request(libc::PTRACE_SETOPTIONS, process, options.into())?;
            is_traced = true;
            let _ = request(libc::PTRACE_CONT, process, 0);
        } else if event == libc::PTRACE_EVENT_EXEC && program(process)? != own {
            noticed = noticed.and_then(|()| notice(start(process)?));
            let _ = request(libc::PTRACE_DETACH, process, 0);
        } else {
            // New processes stop before they start, which is nobody's signal.
            let is_ours = event != 0 || signal == libc::SIGSTOP;
            let passed_on = if is_ours { 0 } else { signal };
            let _ = request(libc::PTRACE_CONT, process, passed_on.into());
        }
    }
}

/// Waits until something happens to somebody who is traced.
fn next_stop() -> io::Result<(libc::pid_t, c_int)> {
    let mut status = 0;
    // SAFETY: the kernel writes to a variable on this stack.
    let process = unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL) };
    if process < 0 { Err(Error::last_os_error()) } else { Ok((process, status)) }
}

/// One of the requests that take no address.
fn request(what: libc::c_uint, process: libc::pid_t, data: c_long) -> io::Result<()> {
    // SAFETY: the requests used here read and write no memory of this process.
    let result = unsafe { libc::ptrace(what, process, 0 as c_long, data) };
    if result < 0 { Err(Error::last_os_error()) } else { Ok(()) }
}

/// The file that a process is made of.
fn program(process: libc::pid_t) -> anyhow::Result<PathBuf> {
    fs::read_link(format!("/proc/{process}/exe")).context("a process hides itself")
}

/// Reads how a process that is stopped was started.
fn start(process: libc::pid_t) -> anyhow::Result<Start> {
    let folder = Path::new("/proc").join(process.to_string());
    let list = |name| {
        let bytes = fs::read(folder.join(name))?;
        let parts = bytes.split_inclusive(|byte| *byte == 0);
        let text = |part: &[u8]| CString::from_vec_with_nul(part.to_vec()).ok();
        let text = |part| Some(OsString::from_vec(text(part)?.into_bytes()));
        anyhow::Ok(parts.filter_map(text).collect())
    };
    Ok(Start {
        program: program(process)?,
        arguments: list("cmdline")?,
        environment: list("environ")?,
        folder: fs::read_link(folder.join("cwd"))?,
    })
}
