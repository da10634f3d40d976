//! Modes and times of files, which Landlock leaves to whoever may see the file.
//!
//! The calls are made here, in the place of the process that waits: the file is opened, what was
//! opened is looked at, and that is what is changed. So nothing can be exchanged in between.

use std::{
    fs, io,
    os::fd::{AsRawFd as _, OwnedFd},
    path::{Path, PathBuf},
    ptr,
};

use rustix::{
    fs::{Mode, OFlags, open},
    io::Errno,
};

use super::{
    files::Territory,
    witness::{Answer, Process},
};

/// A call that changes an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    /// `chmod`: path, mode.
    Mode,
    /// `fchmodat` and `fchmodat2`: folder, path, mode, flags (of the second only).
    ModeAt,
    /// `fchmod`: descriptor, mode.
    ModeOfOpen,
    /// `utimensat`: folder, path or null, times or null, flags.
    TimesAt,
}

/// `fchmodat2` has the same number everywhere.
pub(super) const SYS_FCHMODAT2: libc::c_long = 452;

/// The calls.
pub(super) const CALLS: &[(libc::c_long, Attribute)] = &[
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chmod, Attribute::Mode),
    (libc::SYS_fchmodat, Attribute::ModeAt),
    (SYS_FCHMODAT2, Attribute::ModeAt),
    (libc::SYS_fchmod, Attribute::ModeOfOpen),
    (libc::SYS_utimensat, Attribute::TimesAt),
];

/// Returns what a call changes.
pub(super) fn of(number: libc::c_long) -> Option<Attribute> {
    CALLS.iter().find(|(call, _)| *call == number).map(|(_, attribute)| *attribute)
}

impl Attribute {
    /// Returns whether the call takes only what is open already.
    pub(super) fn is_of_open_file(self) -> bool {
        self == Attribute::ModeOfOpen
    }
}

/// The file is not one that the process may write; or it is not known which one it is.
#[derive(Debug)]
pub(super) struct Outside(pub(super) Option<String>);

/// Makes a call in the place of a process.
pub(super) fn change(
    attribute: Attribute,
    process: &Process,
    arguments: &[u64; 6],
    territory: &Territory,
) -> Result<Answer, Outside> {
    let number = |at: usize| arguments[at] as libc::c_int;
    let by_path = |folder, address| process.path(folder, address).ok_or(Outside(None));
    let of_open = |descriptor: libc::c_int| process.folder().join(format!("fd/{descriptor}"));
    let (path, flags, mode) = match attribute {
        Attribute::Mode => (by_path(libc::AT_FDCWD, arguments[0])?, 0, number(1)),
        Attribute::ModeAt => (by_path(number(0), arguments[1])?, number(3), number(2)),
        Attribute::ModeOfOpen => (of_open(number(0)), 0, number(1)),
        Attribute::TimesAt if arguments[1] == 0 => (of_open(number(0)), 0, 0),
        Attribute::TimesAt => (by_path(number(0), arguments[1])?, number(3), 0),
    };
    // The older call has no such argument, and what stands there means nothing.
    let follows = attribute == Attribute::Mode || flags & libc::AT_SYMLINK_NOFOLLOW == 0;
    let file = match look(&path, follows) {
        Ok(file) => file,
        Err(Errno::ACCESS | Errno::PERM) => return Err(Outside(None)),
        Err(error) => return Ok(Answer::Fail(error.raw_os_error())),
    };
    let ours = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    let real = fs::read_link(&ours).map_err(|_| Outside(None))?;
    if !territory.may_write(&real) {
        return Err(Outside(Some(real.to_string_lossy().into_owned())));
    }
    let done = match attribute {
        Attribute::TimesAt => {
            let mut times = [0_u8; size_of::<[libc::timespec; 2]>()];
            let address = usize::try_from(arguments[2]).map_err(|_| Outside(None))?;
            if address != 0 {
                process.read(address, &mut times).ok_or(Outside(None))?;
            }
            set_times(&ours, (address != 0).then_some(&times))
        }
        // It may be for us that a program becomes somebody else.
        _ => set_mode(&ours, mode.cast_unsigned() & 0o1777),
    };
    Ok(match done {
        Ok(()) => Answer::Done,
        Err(error) => Answer::Fail(error.raw_os_error().unwrap_or(libc::EPERM)),
    })
}

fn look(path: &Path, follows: bool) -> Result<OwnedFd, Errno> {
    let mut flags = OFlags::PATH | OFlags::CLOEXEC;
    flags.set(OFlags::NOFOLLOW, !follows);
    open(path, flags, Mode::empty())
}

fn set_mode(file: &Path, mode: libc::mode_t) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(file, fs::Permissions::from_mode(mode))
}

fn set_times(
    file: &Path,
    times: Option<&[u8; size_of::<[libc::timespec; 2]>()]>,
) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt as _;

    let path = std::ffi::CString::new(file.as_os_str().as_bytes())?;
    let times: *const u8 = times.map_or(ptr::null(), |times| times.as_ptr());
    // SAFETY: the path ends in zero, and the times are null or as long as the kernel reads, who
    // copies them byte by byte.
    super::check(unsafe {
        libc::syscall(libc::SYS_utimensat, libc::AT_FDCWD, path.as_ptr(), times, 0)
    })
}
