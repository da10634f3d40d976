//! Starting a process without a copy of ours.
//!
//! The standard library forks when something has to be done before `exec`, and a fork copies the
//! page tables of a process that is about to throw them away: that took longer than most programs
//! run. Here the child borrows our memory, and our thread waits until it has executed, as `vfork`
//! and `posix_spawn` have it:
//!
//! 1. Everything that needs memory is made first: names, arguments, environment, a stack.
//! 2. All signals are blocked, so that no handler of ours runs in the child.
//! 3. The child leads a group of its own, takes its streams and folder, does what it was given to
//!    do, and executes. If a step fails it leaves the reason in our memory, and exits.

use std::{
    ffi::{CString, OsStr, OsString, c_char, c_int, c_void},
    fs::File,
    io, mem,
    os::{
        fd::{AsRawFd, FromRawFd as _, OwnedFd, RawFd},
        unix::ffi::OsStrExt as _,
    },
    ptr,
};

use rustix::{
    fs::{Mode, OFlags},
    pipe::{PipeFlags, pipe_with},
    process::Pid,
};

use super::Job;

/// A process that was started, and has to be waited for.
#[derive(Debug)]
pub(super) struct Spawned {
    pub(super) process: Pid,
    /// Readable once it has exited.
    pub(super) exit: OwnedFd,
    pub(super) stdout: File,
    pub(super) stderr: File,
    /// Why it exited instead of executing.
    pub(super) failure: Option<io::Error>,
}

/// What a child does before it executes: system calls and writes to memory, as it has nothing of
/// its own to allocate from or to lock.
pub(super) type Step<'a> = Box<dyn FnMut() -> io::Result<()> + 'a>;

/// How much stack the child has until it executes.
const STACK: usize = 64 * 1024;

/// Starts a process, which takes these steps in order. It has to be waited for even if it failed.
///
/// # Errors
///
/// Why there is none: the system has no process to give, or is older than Linux 5.3.
pub(super) fn spawn(job: &Job<'_>, steps: &mut [Step<'_>]) -> io::Result<Spawned> {
    let (stdout, to_stdout) = pipe()?;
    let (stderr, to_stderr) = pipe()?;
    let null = rustix::fs::open("/dev/null", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let streams = [above_streams(null)?, to_stdout, to_stderr];

    let name = job.called.map_or(job.program.as_os_str(), OsStr::new);
    let arguments: Vec<CString> = [name]
        .into_iter()
        .chain(job.arguments.iter().map(OsString::as_os_str))
        .map(c_string)
        .collect::<io::Result<_>>()?;
    let variable = |(name, value): &(&str, OsString)| {
        c_string(OsStr::from_bytes(&[name.as_bytes(), b"=", value.as_bytes()].concat()))
    };
    let environment: Vec<CString> =
        job.environment.iter().map(variable).collect::<io::Result<_>>()?;
    let (arguments, environment) = (pointers(&arguments), pointers(&environment));
    let program = c_string(job.program.as_os_str())?;
    let folder = c_string(job.folder.as_os_str())?;
    let mut child = Child {
        program: program.as_ptr(),
        arguments: arguments.as_ptr(),
        environment: environment.as_ptr(),
        folder: folder.as_ptr(),
        streams: streams.each_ref().map(OwnedFd::as_raw_fd),
        steps,
        failure: 0,
    };
    let mut stack = vec![0_u128; STACK / size_of::<u128>()];
    let (pid, exit) = child.start(&mut stack)?;
    drop(streams);
    let process = Pid::from_raw(pid).ok_or(io::ErrorKind::InvalidData)?;
    let failure = Some(child.failure).filter(|code| *code != 0).map(io::Error::from_raw_os_error);
    Ok(Spawned { process, exit, stdout: stdout.into(), stderr: stderr.into(), failure })
}

/// All that the child reads, and where it leaves why it failed.
struct Child<'a, 's> {
    program: *const c_char,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    folder: *const c_char,
    streams: [RawFd; 3],
    steps: &'a mut [Step<'s>],
    failure: c_int,
}

impl Child<'_, '_> {
    /// Starts the child, and returns when it has executed or failed.
    fn start(&mut self, stack: &mut [u128]) -> io::Result<(c_int, OwnedFd)> {
        let mut exit: c_int = -1;
        // Kernels want the higher end; it is aligned to 16 bytes, as its elements are.
        let top = stack.as_mut_ptr_range().end;
        // SAFETY: the sets are on this stack, and zeros are a valid set. The child has a stack of
        // its own; while it uses our memory this thread waits, so what it is given outlives it,
        // and nobody else has the reference.
        unsafe {
            let (mut all, mut before) = (mem::zeroed(), mem::zeroed());
            libc::sigfillset(&raw mut all);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
            let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD;
            let process =
                libc::clone(run, top.cast(), flags, (&raw mut *self).cast(), &raw mut exit);
            let failed = io::Error::last_os_error();
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
            if process < 0 {
                return Err(failed);
            }
            if exit < 0 {
                // Nobody would tell when it ends.
                libc::kill(process, libc::SIGKILL);
                libc::waitpid(process, ptr::null_mut(), 0);
                return Err(io::ErrorKind::Unsupported.into());
            }
            Ok((process, OwnedFd::from_raw_fd(exit)))
        }
    }

    /// Does everything up to `exec`, from which only a failure returns.
    fn execute(&mut self) -> io::Error {
        if let Err(error) = self.prepare() {
            return error;
        }
        // SAFETY: the name ends in zero and the lists in null, and all of them outlive the child.
        unsafe { libc::execve(self.program, self.arguments, self.environment) };
        io::Error::last_os_error()
    }

    fn prepare(&mut self) -> io::Result<()> {
        let done = |result: c_int| {
            if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
        };
        // SAFETY: the calls take numbers, and a name that ends in zero.
        unsafe {
            done(libc::setpgid(0, 0))?;
            for (target, stream) in (0..).zip(self.streams) {
                done(libc::dup2(stream, target))?;
            }
            done(libc::chdir(self.folder))?;
            // Whoever started us may have left something open for us. Before Linux 5.11 it stays.
            libc::syscall(libc::SYS_close_range, 3, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
        }
        self.steps.iter_mut().try_for_each(|step| step())?;
        // SAFETY: zeros are a valid set, which is on this stack. The program finds signals as it
        // would anywhere else.
        unsafe {
            forget_handlers();
            libc::signal(libc::SIGPIPE, libc::SIG_DFL);
            let mut none = mem::zeroed();
            libc::sigemptyset(&raw mut none);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut());
        }
        Ok(())
    }
}

/// Has signals do what they do without a handler: ours are not for the child, which has its own
/// table of them, but our memory.
unsafe fn forget_handlers() {
    /// The last signal that there is.
    const LAST: c_int = 64;

    for signal in 1..=LAST {
        // SAFETY: the kernel writes to and reads from a structure on this stack, of which zeros are
        // a valid value. What it refuses is no signal that could have a handler.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            let is_known = libc::sigaction(signal, ptr::null(), &raw mut action) == 0;
            if is_known && action.sa_sigaction != libc::SIG_IGN {
                libc::signal(signal, libc::SIG_DFL);
            }
        }
    }
}

/// What the child does.
extern "C" fn run(child: *mut c_void) -> c_int {
    // SAFETY: it is what `start` handed over, which waits meanwhile.
    let child = unsafe { &mut *child.cast::<Child<'_, '_>>() };
    let error = child.execute();
    child.failure = error.raw_os_error().unwrap_or(libc::EIO);
    // SAFETY: this call takes a number and does not return.
    unsafe { libc::_exit(127) }
}

/// Makes a pipe; the end for the child is none of the three that it is put in the place of.
fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&read, true)?;
    Ok((read, above_streams(write)?))
}

/// Returns a descriptor above those of the standard streams, of which we may have none.
fn above_streams(descriptor: OwnedFd) -> io::Result<OwnedFd> {
    const FIRST: RawFd = 3;
    if descriptor.as_raw_fd() >= FIRST {
        return Ok(descriptor);
    }
    Ok(rustix::io::fcntl_dupfd_cloexec(&descriptor, FIRST)?)
}

fn c_string(text: &OsStr) -> io::Result<CString> {
    Ok(CString::new(text.as_bytes())?)
}

/// Returns a list of strings as C has it.
fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|text| text.as_ptr()).chain([ptr::null()]).collect()
}
