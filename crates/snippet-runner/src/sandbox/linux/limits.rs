//! Limits of a process, which those that it starts inherit.

use std::io;

use super::{check, user::Rights};
use crate::sandbox::{Access, PROGRAM_MEMORY, Role};

/// A limit: resource, soft, hard.
pub(super) type Limit = (Resource, u64, u64);

#[cfg(target_env = "gnu")]
pub(super) type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
pub(super) type Resource = libc::c_int;

const GIB: u64 = 1 << 30;

/// How many processes and threads a program may have; for a user that has others, too, so many
/// more than these.
const PROCESSES: u64 = 4096;

/// Returns the limits of a process. `others` are the processes and threads of the same user.
pub(super) fn of(
    access: &Access<'_>,
    rights: Rights,
    others: impl Fn() -> Option<u64>,
) -> Vec<Limit> {
    let (memory, file) = match access.role {
        Role::Compiler => (6 * GIB, 4 * GIB),
        Role::Program => (PROGRAM_MEMORY, GIB / 4),
    };
    // A program's threads use processor time faster than its clock runs; the limit is for what the
    // clock does not stop. Soft below hard, so that the signal can be told from a kill.
    let seconds = access.seconds.saturating_mul(64).saturating_add(2);
    let mut limits = vec![
        (libc::RLIMIT_DATA, memory, memory),
        (libc::RLIMIT_FSIZE, file, file),
        (libc::RLIMIT_CORE, 0, 0),
        (libc::RLIMIT_CPU, seconds, seconds.saturating_add(2)),
    ];
    if access.role == Role::Program {
        // Shared memory is no data, but it has addresses. One GiB more than the data is for code
        // and for what the allocator reserves: where it cannot, it does without.
        limits.push((libc::RLIMIT_AS, memory + GIB, memory + GIB));
    }
    let most = match rights {
        Rights::Root(_) => Some(PROCESSES),
        Rights::Few if access.role == Role::Program => {
            others().map(|now| now.saturating_add(PROCESSES))
        }
        Rights::Few | Rights::OnlyRoot => None,
    };
    limits.extend(most.map(|most| (libc::RLIMIT_NPROC, most, most)));
    limits
}

/// Returns how many processes and threads this user has; `None` if that cannot be known.
pub(super) fn own_tasks() -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;

    // SAFETY: this call takes nothing and cannot fail.
    let user = unsafe { libc::geteuid() };
    let threads = |process: std::fs::DirEntry| {
        let status = std::fs::read_to_string(process.path().join("status")).ok()?;
        let count = status.lines().find_map(|line| line.strip_prefix("Threads:"))?;
        count.trim().parse::<u64>().ok()
    };
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let own = processes.filter(|process| process.metadata().is_ok_and(|file| file.uid() == user));
    Some(own.filter_map(threads).sum())
}

/// Lowers a limit of this process, without trying to raise one that is lower already.
pub(super) fn lower((resource, soft, hard): Limit) -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the kernel writes to a structure on this stack.
    check(unsafe { libc::getrlimit(resource, &raw mut limit) })?;
    limit.rlim_cur = limit.rlim_cur.min(soft);
    limit.rlim_max = limit.rlim_max.min(hard);
    // SAFETY: the kernel reads a structure on this stack.
    check(unsafe { libc::setrlimit(resource, &raw const limit) })
}
