//! Learning what a process was refused.
//!
//! A program that is refused something sees an error number, and often nothing of that reaches its
//! output. So the filter of system calls asks somebody instead of refusing by itself:
//!
//! 1. The process installs the filter with a *listener*, and sends it to us before it executes.
//! 2. Whoever makes a call that the filter asks about, waits. We see the call's number and
//!    arguments, note what it was, and answer: refused.
//! 3. Calls on files are Landlock's to refuse, which tells nobody. Of a process that may use files
//!    we ask for these calls, too, see which file is meant, note it, and answer: go on. Were we
//!    wrong, or is the file another one by then, Landlock still has its say.
//! 4. Modes and times of files are nothing that Landlock sees. These calls we make in the process's
//!    place ([`attributes`](super::attributes)), on a descriptor of ours that we have looked at.
//!
//! Source: seccomp_unotify(2).

use std::{
    collections::BTreeSet,
    io::{self, IoSliceMut},
    mem,
    os::{
        fd::{AsFd, AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd},
        unix::ffi::OsStringExt as _,
    },
    path::{Path, PathBuf},
    ptr,
};

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};

use super::{
    attributes::{self, Outside},
    check,
    file_calls::{FILE_CALLS, FileCall, Use},
    files::Territory,
    syscalls,
};
use crate::sandbox::{Access, Refusal, Role};

/// So many are noted of one process, of those that matter and of the others: a program may try
/// without end.
const NOTED: usize = 16;

/// Sees the calls of a process, and of those that it starts.
#[derive(Debug)]
pub(crate) struct Witness {
    /// Where the listener arrives.
    ours: OwnedFd,
    /// The end of the process, which is closed when it has executed.
    theirs: Option<OwnedFd>,
    listener: Option<OwnedFd>,
    territory: Territory,
    role: Role,
    /// Whether calls on files are asked about: only then does Landlock see all of them.
    sees_files: bool,
    /// Names that were looked up and are fine, with the flags: a program may open a file again and
    /// again.
    fine: BTreeSet<(PathBuf, libc::c_int)>,
    refusals: [BTreeSet<Refusal>; 2],
}

/// The kernel's `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP`.
const SYNC_WAKE_UP: u64 = 1;

/// So many names are kept.
const FINE: usize = 1000;

/// An answer to a process that waits.
#[derive(Debug)]
pub(super) enum Answer {
    /// The call fails with this error.
    Fail(libc::c_int),
    /// The call was made in its place.
    Done,
    /// It may make the call.
    GoOn,
}

impl Witness {
    pub(super) fn new(access: &Access<'_>, sees_files: bool) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::DGRAM, flags, None)?;
        // The standard streams are put in the place of the first three.
        let theirs = rustix::io::fcntl_dupfd_cloexec(&theirs, 3)?;
        Ok(Witness {
            ours,
            theirs: Some(theirs),
            listener: None,
            territory: Territory::of(access),
            role: access.role,
            sees_files,
            fine: BTreeSet::new(),
            refusals: Default::default(),
        })
    }

    /// Returns what the process sends its listener to.
    pub(super) fn receiver(&self) -> RawFd {
        self.theirs.as_ref().map_or(-1, OwnedFd::as_raw_fd)
    }

    /// Takes the listener, once the process has executed.
    pub(crate) fn arrive(&mut self) {
        self.theirs = None;
        self.listener = receive(&self.ours);
        if let Some(listener) = &self.listener {
            // We run at once, where they waited, and they where we answer: Linux 6.6 and later.
            let flags: u64 = SYNC_WAKE_UP;
            // SAFETY: the kernel takes the number by value, or does not know the request.
            unsafe {
                libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags)
            };
        }
    }

    /// Returns what can be read when somebody waits for an answer.
    pub(crate) fn listener(&self) -> Option<BorrowedFd<'_>> {
        self.listener.as_ref().map(AsFd::as_fd)
    }

    /// Nobody is left to listen to.
    pub(crate) fn is_over(&mut self) {
        self.listener = None;
    }

    /// Answers somebody who waits.
    pub(crate) fn hear(&mut self) {
        let Some(listener) = &self.listener else { return };
        // SAFETY: zeros are a valid value.
        let mut call: libc::seccomp_notif = unsafe { mem::zeroed() };
        let listener = listener.as_raw_fd();
        // SAFETY: the kernel writes a structure of this layout to this stack.
        let heard = unsafe { libc::ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut call) };
        if heard != 0 {
            // Who waited was killed meanwhile.
            return;
        }
        let (error, flags) = match self.judge(&call) {
            Answer::Fail(errno) => (-errno, 0),
            Answer::Done => (0, 0),
            Answer::GoOn => (0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
        };
        let mut answer = libc::seccomp_notif_resp { id: call.id, val: 0, error, flags };
        // SAFETY: the kernel reads a structure of this layout from this stack. It refuses it if
        // who waited was killed meanwhile.
        unsafe { libc::ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut answer) };
    }

    /// Returns what was refused: first what matters in any case, each part sorted.
    pub(crate) fn into_refusals(self) -> Vec<Refusal> {
        self.refusals.into_iter().flatten().collect()
    }

    fn judge(&mut self, call: &libc::seccomp_notif) -> Answer {
        let number = libc::c_long::from(call.data.nr);
        let process = Process(call.pid);
        if self.sees_files
            && let Some(file_call) = FILE_CALLS.iter().find(|known| known.number == number)
        {
            if let Some(refusal) = self.refused_file(file_call, &process, call) {
                self.note(refusal);
            }
            return Answer::GoOn;
        }
        if let Some(attribute) = attributes::of(number) {
            return match attributes::change(attribute, &process, &call.data.args, &self.territory) {
                Ok(answer) => answer,
                Err(Outside(Some(path))) => {
                    self.note(Refusal::Write { path });
                    Answer::Fail(libc::EPERM)
                }
                // A compiler that is somebody else can do no harm, and needs these calls.
                Err(Outside(None))
                    if self.role == Role::Compiler || attribute.is_of_open_file() =>
                {
                    Answer::GoOn
                }
                Err(Outside(None)) => self.refuse(number, &call.data.args),
            };
        }
        self.refuse(number, &call.data.args)
    }

    /// Refuses a call, and notes that.
    fn refuse(&mut self, number: libc::c_long, arguments: &[u64; 6]) -> Answer {
        if !is_name_service(number, arguments) {
            self.note(refused_call(number, arguments[0]));
        }
        Answer::Fail(libc::EPERM)
    }

    fn note(&mut self, refusal: Refusal) {
        let noted = &mut self.refusals[usize::from(!refusal.is_serious())];
        if noted.len() < NOTED {
            noted.insert(refusal);
        }
    }

    /// Returns what Landlock refuses of a call; `None` if it does not, or if that is not known.
    fn refused_file(
        &mut self,
        file_call: &FileCall,
        process: &Process,
        call: &libc::seccomp_notif,
    ) -> Option<Refusal> {
        let argument = |at: usize| call.data.args[at];
        let path = |&(folder, name): &(Option<usize>, usize)| {
            let folder = folder.map_or(libc::AT_FDCWD, |at| argument(at) as libc::c_int);
            process.path(folder, argument(name))
        };
        let paths: Vec<PathBuf> = file_call.paths.iter().map(path).collect::<Option<_>>()?;
        let first = paths.first()?;
        let is_there = || first.symlink_metadata().is_ok();
        // Where a call fails anyway, Landlock is not asked.
        match file_call.purpose {
            Use::Make => (!is_there()).then(|| self.refused_change(first))?,
            Use::Remove => is_there().then(|| self.refused_change(first))?,
            Use::Move if is_there() => paths.iter().find_map(|path| self.refused_change(path)),
            Use::Move => None,
            Use::Truncate => self.refused_open(process, first, libc::O_WRONLY),
            Use::Open(at) => self.refused_again(process, first, argument(at) as libc::c_int),
            Use::OpenHow(at) => {
                self.refused_again(process, first, process.number(argument(at))? as libc::c_int)
            }
        }
    }

    /// Returns what is refused of opening a file, unless that was fine before.
    fn refused_again(
        &mut self,
        process: &Process,
        path: &Path,
        flags: libc::c_int,
    ) -> Option<Refusal> {
        let asked = (path.to_owned(), flags);
        if self.fine.contains(&asked) {
            return None;
        }
        let refused = self.refused_open(process, path, flags);
        if refused.is_none() && self.fine.len() < FINE {
            self.fine.insert(asked);
        }
        refused
    }

    fn refused_open(&self, process: &Process, path: &Path, flags: libc::c_int) -> Option<Refusal> {
        if flags & libc::O_PATH != 0 {
            return None;
        }
        // What it has open already may have no place at all, such as a pipe.
        if path.starts_with(process.folder().join("fd")) {
            return None;
        }
        let creates = flags & libc::O_CREAT != 0 || flags & libc::O_TMPFILE == libc::O_TMPFILE;
        let reads = flags & libc::O_ACCMODE == libc::O_RDONLY && flags & libc::O_TRUNC == 0;
        match path.canonicalize() {
            Ok(file) if reads && !creates => {
                let is_fine = self.territory.may_read(&file) || process.owns(&file);
                (!is_fine).then(|| Refusal::Read { path: shown(&file) })
            }
            Ok(file) => {
                (!self.territory.may_write(&file)).then(|| Refusal::Write { path: shown(&file) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && creates => {
                self.refused_change(path)
            }
            // There is nothing to open.
            Err(_) => None,
        }
    }

    fn refused_change(&self, path: &Path) -> Option<Refusal> {
        let file = path.parent()?.canonicalize().ok()?.join(path.file_name()?);
        (!self.territory.may_write(&file)).then(|| Refusal::Write { path: shown(&file) })
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Returns whether a call is how the C library asks the system's name service, which need not run.
/// No other library opens such a socket, and `ls -l` does.
fn is_name_service(number: libc::c_long, arguments: &[u64; 6]) -> bool {
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    let [family, of_kind, protocol, ..] = arguments.map(|argument| argument as libc::c_int);
    number == libc::SYS_socket && (family, of_kind, protocol) == (libc::AF_UNIX, kind, 0)
}

/// Returns what a call is that the filter refuses.
fn refused_call(number: libc::c_long, first: u64) -> Refusal {
    if number != libc::SYS_socket {
        return Refusal::Call { name: syscalls::name(number) };
    }
    let family = match first as libc::c_int {
        libc::AF_UNIX => "Unix".to_owned(),
        libc::AF_INET => "IPv4".to_owned(),
        libc::AF_INET6 => "IPv6".to_owned(),
        libc::AF_NETLINK => "netlink".to_owned(),
        libc::AF_PACKET => "packet".to_owned(),
        other => format!("family {other}"),
    };
    Refusal::Network { family }
}

/// Names that mean another file to each process, and where below `/proc/PID` that is. Looked up by
/// us, they would lead to our own files.
const SELF: [(&str, &str); 6] = [
    ("/proc/self", ""),
    ("/proc/thread-self", ""),
    ("/dev/fd", "fd"),
    ("/dev/stdin", "fd/0"),
    ("/dev/stdout", "fd/1"),
    ("/dev/stderr", "fd/2"),
];

/// A process that waits for an answer, by its number or that of one of its threads.
pub(super) struct Process(u32);

impl Process {
    /// Returns the folder that tells of the process.
    pub(super) fn folder(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}", self.0))
    }

    /// Returns the path that a call means, from any folder; `None` if it cannot be known.
    pub(super) fn path(&self, folder: libc::c_int, address: u64) -> Option<PathBuf> {
        let own = self.folder();
        let name = PathBuf::from(std::ffi::OsString::from_vec(self.string(address)?));
        if let Some(rest) = SELF.iter().find_map(|(of, to)| {
            let rest = name.strip_prefix(of).ok()?;
            Some(Path::new(to).join(rest))
        }) {
            return Some(own.join(rest));
        }
        let base = match folder {
            libc::AT_FDCWD => own.join("cwd"),
            number => own.join("fd").join(number.to_string()),
        };
        // An empty name means the descriptor itself, which was opened before.
        (!name.as_os_str().is_empty()).then(|| base.join(name))
    }

    /// Returns whether a file tells of the process itself, whichever of its threads asks.
    fn owns(&self, file: &Path) -> bool {
        if !file.starts_with("/proc") {
            return false;
        }
        let status = std::fs::read_to_string(self.folder().join("status")).unwrap_or_default();
        let leader = status.lines().find_map(|line| line.strip_prefix("Tgid:"));
        file.starts_with(self.folder())
            || leader.is_some_and(|leader| file.starts_with(Path::new("/proc").join(leader.trim())))
    }

    /// Reads what ends in zero.
    fn string(&self, address: u64) -> Option<Vec<u8>> {
        const PAGE: usize = 4096;
        /// Longer than any path.
        const LONGEST: usize = 2 * PAGE;

        let mut text = Vec::new();
        let mut address = usize::try_from(address).ok()?;
        while text.len() < LONGEST {
            // The next page may not be there.
            let mut part = vec![0; PAGE - address % PAGE];
            self.read(address, &mut part)?;
            let end = part.iter().position(|byte| *byte == 0);
            text.extend_from_slice(&part[..end.unwrap_or(part.len())]);
            if end.is_some() {
                return Some(text);
            }
            address += part.len();
        }
        None
    }

    fn number(&self, address: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        self.read(usize::try_from(address).ok()?, &mut bytes)?;
        Some(u64::from_ne_bytes(bytes))
    }

    /// Reads as many bytes as there is room for; `None` if that is not allowed.
    pub(super) fn read(&self, address: usize, into: &mut [u8]) -> Option<()> {
        let process = libc::pid_t::try_from(self.0).ok()?;
        let length = into.len();
        let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: length };
        let remote =
            libc::iovec { iov_base: ptr::without_provenance_mut(address), iov_len: length };
        // SAFETY: `local` is a buffer of that length; `remote` is not our memory, and the kernel
        // refuses what is nobody's.
        let count = unsafe {
            libc::process_vm_readv(process, &raw const local, 1, &raw const remote, 1, 0)
        };
        (usize::try_from(count) == Ok(length)).then_some(())
    }
}

/// Installs a filter that asks, and sends its listener to our end. Called by a process that has not
/// executed yet, so nothing here allocates.
///
/// # Errors
///
/// Why there is no filter: perhaps another one asks already.
pub(super) fn ask(filter: &libc::sock_fprog, receiver: RawFd) -> io::Result<()> {
    /// Once we have heard of a call, no signal makes it fail with `EINTR`: Linux 5.19 and later. In
    /// the moment before it may; the standard library tries again.
    const WAIT_KILLABLE: libc::c_ulong = 1 << 5;

    // SAFETY: the kernel copies the instructions, of which there are as many as the structure says.
    let install = |flags: libc::c_ulong| unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | flags,
            ptr::from_ref(filter),
        )
    };
    let mut listener = install(WAIT_KILLABLE);
    if listener < 0 {
        listener = install(0);
    }
    check(listener)?;
    send(receiver, listener as RawFd)
}

/// Sends a descriptor.
fn send(socket: RawFd, descriptor: RawFd) -> io::Result<()> {
    let mut byte = [0_u8];
    let mut part = libc::iovec { iov_base: byte.as_mut_ptr().cast(), iov_len: 1 };
    let mut control = Control::new(descriptor);
    // SAFETY: zeros are a valid value.
    let mut message: libc::msghdr = unsafe { mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = (&raw mut control).cast();
    message.msg_controllen = size_of::<Control>() as _;
    // SAFETY: the message's parts are on this stack and outlive the call.
    check(unsafe { libc::syscall(libc::SYS_sendmsg, socket, &raw const message, 0) })
}

/// The kernel's `struct cmsghdr`, with one descriptor and what fills it up.
#[repr(C)]
struct Control {
    length: usize,
    level: libc::c_int,
    kind: libc::c_int,
    descriptor: RawFd,
    rest: libc::c_int,
}

impl Control {
    fn new(descriptor: RawFd) -> Self {
        let length = mem::offset_of!(Control, rest);
        Control { length, level: libc::SOL_SOCKET, kind: libc::SCM_RIGHTS, descriptor, rest: 0 }
    }
}

/// Takes a descriptor that was sent, if there is one.
fn receive(socket: &OwnedFd) -> Option<OwnedFd> {
    let mut byte = [0_u8];
    let mut part = IoSliceMut::new(&mut byte);
    let mut control = Control::new(-1);
    // SAFETY: zeros are a valid value.
    let mut message: libc::msghdr = unsafe { mem::zeroed() };
    message.msg_iov = (&raw mut part).cast();
    message.msg_iovlen = 1;
    message.msg_control = (&raw mut control).cast();
    message.msg_controllen = size_of::<Control>() as _;
    // SAFETY: the message's parts are on this stack, as long as they say. A slice for I/O has the
    // layout of the kernel's structure.
    let count =
        unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut message, libc::MSG_CMSG_CLOEXEC) };
    if count != 1 || message.msg_controllen as usize <= mem::offset_of!(Control, descriptor) {
        return None;
    }
    // SAFETY: the kernel made the descriptor for us.
    (control.descriptor >= 0).then(|| unsafe { OwnedFd::from_raw_fd(control.descriptor) })
}
