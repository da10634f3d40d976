//! The layers on Linux: built here, entered by the child.

use std::{
    io,
    os::fd::{AsRawFd, OwnedFd},
    sync::OnceLock,
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
    /// How many processes the user may have while a program runs, once that is needed.
    processes: OnceLock<Option<u64>>,
}

impl Layers {
    pub(super) fn find(policy: SandboxPolicy) -> Self {
        if policy == SandboxPolicy::Off {
            return Layers {
                landlock: None,
                compiler: None,
                program: None,
                limits: false,
                processes: OnceLock::new(),
            };
        }
        Self::beside(landlock_version())
    }

    /// Returns all layers, with such a version of Landlock, which the kernel has.
    fn beside(landlock: Option<u32>) -> Self {
        let seccomp = has_seccomp();
        let filters = |role| if seccomp { syscalls::filters(role, landlock) } else { None };
        Layers {
            landlock,
            compiler: filters(Role::Compiler),
            program: filters(Role::Program),
            limits: true,
            processes: OnceLock::new(),
        }
    }

    pub(super) fn report(&self) -> SandboxReport {
        SandboxReport {
            landlock: self.landlock,
            seccomp: self.program.is_some() && self.compiler.is_some(),
            limits: self.limits,
        }
    }

    /// Returns what makes a process enter the layers.
    pub(super) fn entry(
        &self,
        access: &Access<'_>,
    ) -> io::Result<impl FnMut() -> io::Result<()> + use<>> {
        let filters = match access.role {
            Role::Compiler => &self.compiler,
            Role::Program => &self.program,
        };
        let mut entry = Entry {
            ruleset: match self.landlock {
                Some(version) => ruleset(access, version)?,
                None => None,
            },
            filters: filters.as_deref().unwrap_or_default().iter().map(kernel_filter).collect(),
            limits: if self.limits { self.limits(access) } else { Vec::new() },
        };
        Ok(move || entry.enter())
    }

    /// The limits of one process: resource, soft, hard.
    fn limits(&self, access: &Access<'_>) -> Vec<(Resource, u64, u64)> {
        const GIB: u64 = 1 << 30;
        /// How many processes and threads more than now the user may have.
        const MORE_PROCESSES: u64 = 4096;

        let (memory, file) = match access.role {
            Role::Compiler => (16 * GIB, 4 * GIB),
            Role::Program => (4 * GIB, GIB / 4),
        };
        // A program's threads use processor time faster than its clock runs; the limit is for
        // what the clock does not stop. Soft below hard, so that the signal can be told from a
        // kill.
        let seconds = access.seconds.saturating_mul(64).saturating_add(2);
        let mut limits = vec![
            (libc::RLIMIT_DATA, memory, memory),
            (libc::RLIMIT_FSIZE, file, file),
            (libc::RLIMIT_CORE, 0, 0),
            (libc::RLIMIT_CPU, seconds, seconds.saturating_add(2)),
        ];
        if access.role == Role::Program {
            // Shared memory is no data, but it has addresses. One GiB more than the data is for
            // code and for what the allocator reserves: where it cannot, it does without.
            limits.push((libc::RLIMIT_AS, memory + GIB, memory + GIB));
            let now = self.processes.get_or_init(own_tasks);
            let most = now.map(|now| now.saturating_add(MORE_PROCESSES));
            limits.extend(most.map(|most| (libc::RLIMIT_NPROC, most, most)));
        }
        limits
    }
}

/// Returns the rules for files, TCP and signals that a version of Landlock knows.
fn ruleset(access: &Access<'_>, version: u32) -> io::Result<Option<OwnedFd>> {
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

/// Returns how many processes and threads this user has; `None` if that cannot be known, or if
/// the user is root, who has no such limit.
fn own_tasks() -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;

    // SAFETY: this call takes nothing and cannot fail.
    let user = unsafe { libc::geteuid() };
    if user == 0 {
        return None;
    }
    let threads = |process: std::fs::DirEntry| {
        let status = std::fs::read_to_string(process.path().join("status")).ok()?;
        let count = status.lines().find_map(|line| line.strip_prefix("Threads:"))?;
        count.trim().parse::<u64>().ok()
    };
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let own = processes.filter(|process| process.metadata().is_ok_and(|file| file.uid() == user));
    Some(own.filter_map(threads).sum())
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
    /// Enters; called by a process that has not executed yet, so nothing here allocates.
    fn enter(&mut self) -> io::Result<()> {
        for &(resource, soft, hard) in &self.limits {
            lower_limit(resource, soft, hard)?;
        }
        if self.ruleset.is_none() && self.filters.is_empty() {
            return Ok(());
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
        // SAFETY: this call takes nothing and cannot fail.
        let pid = unsafe { libc::getpid() };
        for filter in &mut self.filters {
            syscalls::set_own_pid(filter, pid);
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::process::{self, End, Job};
    use crate::sandbox::Sandbox;

    /// Runs a shell script beside such a version of Landlock; `None` if the kernel has not even
    /// that.
    fn shell(script: &str, landlock: u32) -> Option<End> {
        let version = landlock_version().filter(|&version| version >= landlock)?;
        let layers = Layers::beside(Some(version.min(landlock)));
        let sandbox = Sandbox { report: layers.report(), layers };
        let folder = tempfile::tempdir().unwrap();
        let job = Job {
            program: Path::new("/bin/sh"),
            called: None,
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("PATH", "/usr/bin:/bin".into())],
            folder: folder.path(),
            timeout: std::time::Duration::from_secs(20),
            cap: 1000,
            yields: false,
        };
        let access =
            Access { role: Role::Program, read: Vec::new(), write: folder.path(), seconds: 20 };
        Some(process::run(&job, Some((&sandbox, &access))).unwrap().end)
    }

    #[test]
    fn an_older_landlock_will_do() {
        for version in 1..=7 {
            for (script, expected) in [
                ("echo x > file && cat file", End::Exited(0)),
                ("kill -0 $$", End::Exited(0)),
                ("kill -TERM 0; sleep 9", End::Killed(15)),
                ("kill -ABRT $$", End::Killed(6)),
                ("kill -0 $PPID", End::Exited(1)),
                ("kill -0 -1", End::Exited(1)),
            ] {
                // With a sandbox of its own in view, `kill -1` finds itself.
                if script.ends_with("-1") && version >= 6 {
                    continue;
                }
                let end = shell(script, version);
                assert!(end.is_none_or(|end| end == expected), "{version} {script}: {end:?}");
            }
        }
    }
}
