//! Which files a process may use, as Landlock enforces it.

use std::{
    io,
    os::fd::{AsRawFd, OwnedFd},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, Ruleset, RulesetAttr, RulesetCreatedAttr,
    Scope, path_beneath_rules,
};

use super::check;
use crate::sandbox::Access;

/// The newest interface that is made use of; older kernels get less.
const NEWEST: ABI = ABI::V7;

/// What everybody may read and execute.
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
];

/// What everybody may read and write.
const SINKS: &[&str] = &["/dev/null"];

/// The files that a process may use, without links on the way.
#[derive(Debug)]
pub(super) struct Territory {
    read: Vec<PathBuf>,
    write: PathBuf,
}

impl Territory {
    pub(super) fn of(access: &Access<'_>) -> Self {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Territory {
            read: access.read.iter().copied().map(real).collect(),
            write: real(access.write),
        }
    }

    /// Returns whether a file, without links on the way, may be read.
    pub(super) fn may_read(&self, file: &Path) -> bool {
        static REAL_SYSTEM: OnceLock<Vec<PathBuf>> = OnceLock::new();
        let system = REAL_SYSTEM.get_or_init(|| {
            SYSTEM.iter().filter_map(|path| Path::new(path).canonicalize().ok()).collect()
        });
        self.may_write(file)
            || system.iter().chain(&self.read).any(|allowed| file.starts_with(allowed))
    }

    /// Returns whether a file, without links on the way, may be written.
    pub(super) fn may_write(&self, file: &Path) -> bool {
        file.starts_with(&self.write) || SINKS.iter().any(|sink| file == Path::new(sink))
    }
}

/// Returns the rules for files, TCP and signals that a version of Landlock knows.
pub(super) fn ruleset(access: &Access<'_>, version: u32) -> io::Result<Option<OwnedFd>> {
    let abi = ABI::from(i32::try_from(version).unwrap_or(i32::MAX)).min(NEWEST);
    let (all, read) = (AccessFs::from_all(abi), AccessFs::from_read(abi));
    let sinks = AccessFs::ReadFile | AccessFs::WriteFile;
    let build = || {
        let mut ruleset = Ruleset::default().handle_access(all)?;
        // Nothing at all is no set.
        let (net, scope) = (AccessNet::from_all(abi), Scope::from_all(abi));
        if !net.is_empty() {
            ruleset = ruleset.handle_access(net)?;
        }
        if !scope.is_empty() {
            ruleset = ruleset.scope(scope)?;
        }
        ruleset
            .create()?
            .add_rules(path_beneath_rules(SYSTEM, read))?
            .add_rules(path_beneath_rules(&access.read, read))?
            .add_rules(path_beneath_rules(SINKS, sinks))?
            .add_rules(path_beneath_rules([access.write], all))
    };
    let created = build().map_err(|error: landlock::RulesetError| io::Error::other(error))?;
    Ok(created.into())
}

/// Lets the child read `/proc/self`, which only the child can name: the C library looks there for
/// the bounds of the main thread's stack, without which a stack overflow has no message.
pub(super) fn allow_own_proc(ruleset: &OwnedFd) -> io::Result<()> {
    /// The kernel's `struct landlock_path_beneath_attr`.
    #[repr(C, packed)]
    struct PathBeneath {
        allowed_access: u64,
        parent_fd: libc::c_int,
    }
    const LANDLOCK_RULE_PATH_BENEATH: libc::c_int = 1;

    // SAFETY: the path is a C string, and no mode is needed without O_CREAT.
    let folder = unsafe {
        libc::open(c"/proc/self".as_ptr(), libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC)
    };
    if folder < 0 {
        // Without /proc there is nothing to allow.
        return Ok(());
    }
    let allowed: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
    let rule = PathBeneath { allowed_access: allowed.bits(), parent_fd: folder };
    // SAFETY: the kernel copies the structure, which has its layout; both descriptors are open.
    let added = unsafe {
        libc::syscall(
            libc::SYS_landlock_add_rule,
            ruleset.as_raw_fd(),
            LANDLOCK_RULE_PATH_BENEATH,
            &raw const rule,
            0,
        )
    };
    // SAFETY: the descriptor was opened above and is not used again.
    unsafe { libc::close(folder) };
    check(added)
}

/// Returns the version of the kernel's Landlock, if it has one that is turned on.
pub(super) fn landlock_version() -> Option<u32> {
    const LANDLOCK_CREATE_RULESET_VERSION: u32 = 1;
    // SAFETY: with this flag the call takes no structure and returns a number.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<u8>(),
            0_usize,
            LANDLOCK_CREATE_RULESET_VERSION,
        )
    };
    u32::try_from(version).ok().filter(|&version| version > 0)
}
