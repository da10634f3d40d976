//! The layers on Linux: built here, entered by the child.

use std::{
    io,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::Command,
};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, Ruleset, RulesetAttr, RulesetCreatedAttr,
    Scope, path_beneath_rules,
};
use seccompiler::BpfProgram;

use super::{Access, Role, SandboxReport, syscalls};
use crate::SandboxPolicy;

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

/// The layers that are active.
#[derive(Debug)]
pub(super) struct Layers {
    landlock: Option<u32>,
    compiler: Option<Vec<BpfProgram>>,
    program: Option<Vec<BpfProgram>>,
    limits: bool,
}

impl Layers {
    pub(super) fn find(policy: SandboxPolicy) -> Self {
        if policy == SandboxPolicy::Off {
            return Layers { landlock: None, compiler: None, program: None, limits: false };
        }
        let seccomp = has_seccomp();
        let filters = |role| if seccomp { syscalls::filters(role) } else { None };
        Layers {
            landlock: landlock_version(),
            compiler: filters(Role::Compiler),
            program: filters(Role::Program),
            limits: true,
        }
    }

    pub(super) fn report(&self) -> SandboxReport {
        SandboxReport {
            landlock: self.landlock,
            seccomp: self.program.is_some() && self.compiler.is_some(),
            limits: self.limits,
        }
    }

    pub(super) fn confine(&self, command: &mut Command, access: &Access<'_>) -> io::Result<()> {
        let filters = match access.role {
            Role::Compiler => &self.compiler,
            Role::Program => &self.program,
        };
        let entry = Entry {
            ruleset: if self.landlock.is_some() { ruleset(access)? } else { None },
            filters: filters.as_deref().unwrap_or_default().iter().map(kernel_filter).collect(),
            limits: if self.limits { limits(access) } else { Vec::new() },
        };
        if entry.ruleset.is_none() && entry.filters.is_empty() && entry.limits.is_empty() {
            return Ok(());
        }
        // SAFETY: the closure runs in the forked child, where only async-signal-safe calls are
        // allowed; `Entry::enter` makes bare system calls on memory that was prepared here, and
        // neither allocates nor locks.
        unsafe { command.pre_exec(move || entry.enter()) };
        Ok(())
    }
}

/// Returns the rules for files, TCP and signals.
fn ruleset(access: &Access<'_>) -> io::Result<Option<OwnedFd>> {
    let read = AccessFs::from_read(NEWEST);
    let sinks = AccessFs::ReadFile | AccessFs::WriteFile;
    let build = || {
        Ruleset::default()
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .add_rules(path_beneath_rules(SYSTEM, read))?
            .add_rules(path_beneath_rules(&access.read, read))?
            .add_rules(path_beneath_rules(SINKS, sinks))?
            .add_rules(path_beneath_rules([access.write], AccessFs::from_all(NEWEST)))
    };
    let created = build().map_err(|error: landlock::RulesetError| io::Error::other(error))?;
    Ok(created.into())
}

/// The limits of one process: resource, soft, hard.
fn limits(access: &Access<'_>) -> Vec<(Resource, u64, u64)> {
    const GIB: u64 = 1 << 30;
    let (memory, file) = match access.role {
        Role::Compiler => (16 * GIB, 4 * GIB),
        Role::Program => (4 * GIB, GIB / 4),
    };
    // A program's threads use processor time faster than its clock runs; the limit is for what
    // the clock does not stop. Soft below hard, so that the signal can be told from a kill.
    let seconds = access.seconds.saturating_mul(64).saturating_add(2);
    vec![
        // Memory that can be written to, rather than address space, of which threads reserve much.
        (libc::RLIMIT_DATA, memory, memory),
        (libc::RLIMIT_FSIZE, file, file),
        (libc::RLIMIT_CORE, 0, 0),
        (libc::RLIMIT_CPU, seconds, seconds.saturating_add(2)),
    ]
}

#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

fn kernel_filter(program: &BpfProgram) -> Vec<libc::sock_filter> {
    let convert = |op: &seccompiler::sock_filter| libc::sock_filter {
        code: op.code,
        jt: op.jt,
        jf: op.jf,
        k: op.k,
    };
    program.iter().map(convert).collect()
}

/// All that the child needs to enter the sandbox.
struct Entry {
    ruleset: Option<OwnedFd>,
    filters: Vec<Vec<libc::sock_filter>>,
    limits: Vec<(Resource, u64, u64)>,
}

impl Entry {
    /// Enters; called between `fork` and `exec`, so nothing here allocates.
    fn enter(&self) -> io::Result<()> {
        for &(resource, soft, hard) in &self.limits {
            lower_limit(resource, soft, hard)?;
        }
        // SAFETY: this request takes numbers only.
        check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?;
        if let Some(ruleset) = &self.ruleset {
            allow_own_proc(ruleset)?;
            // SAFETY: a system call on a descriptor that is open, with flags 0.
            let entered =
                unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0) };
            check(entered)?;
        }
        for filter in &self.filters {
            // A filter has 4096 instructions at most.
            let len = u16::try_from(filter.len()).unwrap_or(u16::MAX);
            let program = libc::sock_fprog { len, filter: filter.as_ptr().cast_mut() };
            // SAFETY: the kernel copies `len` instructions from `filter`, which outlives the
            // call and has that many: more than fit a `u16` no kernel accepts.
            let set = unsafe {
                libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program)
            };
            check(set)?;
        }
        Ok(())
    }
}

/// Lowers a limit, without trying to raise one that is lower already.
fn lower_limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the kernel writes to a structure on this stack.
    check(unsafe { libc::getrlimit(resource, &raw mut limit) })?;
    limit.rlim_cur = limit.rlim_cur.min(soft);
    limit.rlim_max = limit.rlim_max.min(hard);
    // SAFETY: the kernel reads a structure on this stack.
    check(unsafe { libc::setrlimit(resource, &raw const limit) })
}

/// Lets the child read `/proc/self`, which only the child can name: the C library looks there for
/// the bounds of the main thread's stack, without which a stack overflow has no message.
fn allow_own_proc(ruleset: &OwnedFd) -> io::Result<()> {
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

fn check(result: impl Into<i64>) -> io::Result<()> {
    if result.into() < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Returns the version of the kernel's Landlock, if it has one that is turned on.
fn landlock_version() -> Option<u32> {
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

/// Returns whether the kernel can answer a filtered call with an error.
fn has_seccomp() -> bool {
    const SECCOMP_GET_ACTION_AVAIL: u32 = 2;
    let action: u32 = libc::SECCOMP_RET_ERRNO;
    // SAFETY: the kernel reads one `u32` on this stack.
    let answer =
        unsafe { libc::syscall(libc::SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &raw const action) };
    answer == 0
}
