//! The system calls that a confined process may not make.
//!
//! A list of what is forbidden, not of what is allowed: Landlock guards the files, and a list of
//! allowed calls would break with each new C library. Denied is what Landlock does not see, and
//! what an older version of it does not see yet: truncation before 3, signals before 6.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::{attributes, file_calls::FILE_CALLS};
use crate::sandbox::Role;

/// A system call and what it is called, with `SYS_` in front.
type Call = (libc::c_long, &'static str);

macro_rules! named {
    ($name:ident) => {
        (libc::$name, stringify!($name))
    };
}

/// Denied to everybody.
const DENIED: &[Call] = &[
    // The network, and every other way to talk to a service. `socketpair` only talks to itself.
    named!(SYS_socket),
    // Memory and messages that outlive a program, and that others may use.
    named!(SYS_shmget),
    named!(SYS_shmat),
    named!(SYS_shmctl),
    named!(SYS_semget),
    named!(SYS_semctl),
    #[cfg(target_pointer_width = "64")]
    named!(SYS_semop),
    #[cfg(target_pointer_width = "64")]
    named!(SYS_semtimedop),
    named!(SYS_msgget),
    named!(SYS_msgsnd),
    named!(SYS_msgrcv),
    named!(SYS_msgctl),
    named!(SYS_mq_open),
    named!(SYS_mq_unlink),
    // Work that the kernel would do unseen by this filter.
    named!(SYS_io_uring_setup),
    named!(SYS_io_uring_enter),
    named!(SYS_io_uring_register),
    // Leaving the process group would mean to outlive the program.
    named!(SYS_setsid),
    named!(SYS_setpgid),
    // Seeing what goes on in folders that cannot be read.
    named!(SYS_inotify_add_watch),
    named!(SYS_fanotify_init),
    named!(SYS_fanotify_mark),
    // Other processes.
    named!(SYS_ptrace),
    named!(SYS_process_vm_readv),
    named!(SYS_process_vm_writev),
    named!(SYS_process_madvise),
    named!(SYS_pidfd_getfd),
    named!(SYS_kcmp),
    named!(SYS_process_mrelease),
    named!(SYS_setpriority),
    // Namespaces and mounts, where new rights could be found.
    named!(SYS_unshare),
    named!(SYS_setns),
    named!(SYS_mount),
    named!(SYS_umount2),
    named!(SYS_move_mount),
    named!(SYS_open_tree),
    named!(SYS_fsopen),
    named!(SYS_fsconfig),
    named!(SYS_fsmount),
    named!(SYS_fspick),
    named!(SYS_mount_setattr),
    named!(SYS_pivot_root),
    named!(SYS_chroot),
    named!(SYS_open_by_handle_at),
    // The machine.
    named!(SYS_bpf),
    named!(SYS_perf_event_open),
    named!(SYS_userfaultfd),
    named!(SYS_add_key),
    named!(SYS_request_key),
    named!(SYS_keyctl),
    named!(SYS_init_module),
    named!(SYS_finit_module),
    named!(SYS_delete_module),
    named!(SYS_kexec_load),
    named!(SYS_reboot),
    named!(SYS_swapon),
    named!(SYS_swapoff),
    named!(SYS_acct),
    named!(SYS_quotactl),
    named!(SYS_settimeofday),
    named!(SYS_clock_settime),
    named!(SYS_clock_adjtime),
    named!(SYS_adjtimex),
    named!(SYS_sethostname),
    named!(SYS_setdomainname),
    named!(SYS_syslog),
];

/// Denied to all other processes than oneself: the first argument is a process, 0 the caller.
const OWN_ONLY: &[Call] = &[
    named!(SYS_prlimit64),
    named!(SYS_sched_setaffinity),
    named!(SYS_sched_setattr),
    named!(SYS_sched_setparam),
    named!(SYS_sched_setscheduler),
    named!(SYS_migrate_pages),
    named!(SYS_move_pages),
];

/// Denied before version 6 of Landlock, which keeps signals within the sandbox: ways to send one
/// that are rarely needed. `kill` and its like are in [`OWN_SIGNALS`].
const SIGNALS: &[Call] =
    &[named!(SYS_pidfd_send_signal), named!(SYS_rt_sigqueueinfo), named!(SYS_rt_tgsigqueueinfo)];

/// Allowed to oneself before version 6 of Landlock: the first argument is a process.
const OWN_SIGNALS: &[Call] = &[named!(SYS_kill), named!(SYS_tkill), named!(SYS_tgkill)];

/// Refused with certain arguments.
const SOMETIMES: &[Call] = &[
    named!(SYS_clone),
    named!(SYS_fcntl),
    named!(SYS_ioctl),
    named!(SYS_ioprio_set),
    named!(SYS_socketpair),
    named!(SYS_truncate),
    named!(SYS_utimensat),
];

/// Stands for the number of the process in a filter, which is made before there is a process.
/// No process has it, as they end at 2²².
const OWN_PID: u32 = 0x7fff_5a5a;

/// The same for its group, as `kill` wants it.
const OWN_GROUP: u32 = OWN_PID.wrapping_neg();

/// Denied to programs: files in memory, of which each may have the size of a file.
const MEMORY_FILES: &[Call] = &[named!(SYS_memfd_create), named!(SYS_memfd_secret)];

/// Denied to programs, and to compilers where we are asked: owners, attributes, and times in older
/// ways. Landlock lets them be changed of any file that can be seen.
const ATTRIBUTES: &[Call] = &[
    #[cfg(target_arch = "x86_64")]
    named!(SYS_chown),
    #[cfg(target_arch = "x86_64")]
    named!(SYS_lchown),
    named!(SYS_fchown),
    named!(SYS_fchownat),
    named!(SYS_setxattr),
    named!(SYS_lsetxattr),
    named!(SYS_fsetxattr),
    named!(SYS_removexattr),
    named!(SYS_lremovexattr),
    named!(SYS_fremovexattr),
    #[cfg(target_arch = "x86_64")]
    named!(SYS_utime),
    #[cfg(target_arch = "x86_64")]
    named!(SYS_utimes),
    #[cfg(target_arch = "x86_64")]
    named!(SYS_futimesat),
];

/// Denied to programs where we are not asked, who make them in their place: modes. A linker needs
/// them.
const MODES: &[Call] = &[
    #[cfg(target_arch = "x86_64")]
    named!(SYS_chmod),
    named!(SYS_fchmodat),
    (attributes::SYS_FCHMODAT2, "SYS_fchmodat2"),
];

/// The flags of `clone` that open a namespace, and the one that makes a sibling, whom nobody would
/// bury.
const FOREIGN: [libc::c_int; 8] = [
    libc::CLONE_PARENT,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
];

/// The bit that marks the calls of x86-64's second interface, which nothing uses.
#[cfg(target_arch = "x86_64")]
const X32: u32 = 0x4000_0000;

/// The filters for a role.
#[derive(Debug)]
pub(super) struct Filters {
    /// What is said not to be there.
    pub(super) absent: Vec<BpfProgram>,
    /// What is refused.
    pub(super) refusing: BpfProgram,
    /// What is asked about: the same, if the kernel has that.
    pub(super) asking: Option<BpfProgram>,
    /// The same, and calls on files.
    pub(super) asking_about_files: Option<BpfProgram>,
}

impl Filters {
    /// Returns the filters for a role, beside such a version of Landlock; `None` on a processor that
    /// the filter compiler does not know.
    pub(super) fn new(role: Role, landlock: Option<u32>) -> Option<Self> {
        let landlock = landlock.unwrap_or(0);
        // The C library falls back to `clone`, whose flags can be looked at, if this is not there.
        let clone3 = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
        let absent = vec![
            #[cfg(target_arch = "x86_64")]
            without_x32(),
            compile(clone3, libc::ENOSYS)?,
        ];
        let rules = denied(role, landlock)?;
        let refusing = compile(rules.clone(), libc::EPERM)?;
        if !has_action(libc::SECCOMP_RET_USER_NOTIF) {
            return Some(Filters { absent, refusing, asking: None, asking_about_files: None });
        }
        let owners = ATTRIBUTES.iter().map(|(call, _)| *call);
        let changes = owners.chain(attributes::CALLS.iter().map(|(call, _)| *call));
        let rules: BTreeMap<_, _> =
            rules.into_iter().chain(changes.map(|call| (call, Vec::new()))).collect();
        let asking = Some(ask(compile(rules.clone(), libc::EPERM)?));
        // Before that, the filter has its own rules for some of these calls.
        let asking_about_files = if landlock < SEES_TRUNCATION {
            None
        } else {
            let files = FILE_CALLS.iter().map(|call| (call.number, Vec::new()));
            Some(ask(compile(rules.into_iter().chain(files).collect(), libc::EPERM)?))
        };
        Some(Filters { absent, refusing, asking, asking_about_files })
    }
}

/// Turns each refusal of a filter into a question.
fn ask(mut filter: BpfProgram) -> BpfProgram {
    let refusal = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();
    let returns = (libc::BPF_RET | libc::BPF_K) as u16;
    for instruction in &mut filter {
        if instruction.code == returns && instruction.k == refusal {
            instruction.k = libc::SECCOMP_RET_USER_NOTIF;
        }
    }
    filter
}

/// Returns whether the kernel can refuse calls, and the filter compiler knows the processor.
pub(super) fn can_filter() -> bool {
    has_action(libc::SECCOMP_RET_ERRNO) && TargetArch::try_from(std::env::consts::ARCH).is_ok()
}

/// Returns whether the kernel can do this when a filter applies.
fn has_action(action: u32) -> bool {
    const SECCOMP_GET_ACTION_AVAIL: u32 = 2;
    // SAFETY: the kernel reads one `u32` on this stack.
    let answer =
        unsafe { libc::syscall(libc::SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &raw const action) };
    answer == 0
}

/// Returns what a call is named that the filter refuses.
pub(super) fn name(number: libc::c_long) -> String {
    let all = [DENIED, OWN_ONLY, SIGNALS, OWN_SIGNALS, MEMORY_FILES, ATTRIBUTES, MODES, SOMETIMES];
    let found = all.into_iter().flatten().find(|(call, _)| *call == number);
    match found {
        Some((_, name)) => name.trim_start_matches("SYS_").to_owned(),
        None => format!("system call {number}"),
    }
}

/// Puts the number of a process into a filter. Called before the process executes, so nothing here
/// allocates.
pub(super) fn set_own_pid(filter: &mut [libc::sock_filter], pid: libc::pid_t) {
    const COMPARES: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    for instruction in filter.iter_mut().filter(|instruction| instruction.code == COMPARES) {
        match instruction.k {
            OWN_PID => instruction.k = pid.cast_unsigned(),
            OWN_GROUP => instruction.k = pid.wrapping_neg().cast_unsigned(),
            _ => {}
        }
    }
}

fn denied(role: Role, landlock: u32) -> Option<BTreeMap<i64, Vec<SeccompRule>>> {
    use SeccompCmpOp::{Eq, MaskedEq, Ne};

    let mut rules = BTreeMap::new();
    let mut add = |call, some: Vec<SeccompRule>| rules.insert(call, some);
    let more = [MEMORY_FILES, ATTRIBUTES, MODES];
    let more = if role == Role::Program { &more[..] } else { &[] };
    for &(call, _) in [DENIED].iter().chain(more).copied().flatten() {
        add(call, Vec::new());
    }
    for &(call, _) in OWN_ONLY {
        add(call, vec![rule(&[(0, Ne, 0)])?]);
    }
    add(libc::SYS_ioprio_set, vec![rule(&[(0, Ne, IOPRIO_WHO_PROCESS)])?, rule(&[(1, Ne, 0)])?]);
    // A pair without connection could send to any name.
    add(libc::SYS_socketpair, vec![rule(&[(1, MaskedEq(UNCONNECTED.into()), UNCONNECTED)])?]);
    let foreign = FOREIGN.map(|flag| {
        let flag = flag.cast_unsigned();
        rule(&[(0, MaskedEq(flag.into()), flag)])
    });
    add(libc::SYS_clone, foreign.into_iter().collect::<Option<_>>()?);
    if landlock < SEES_SIGNALS {
        for &(call, _) in SIGNALS {
            add(call, Vec::new());
        }
        for &(call, _) in OWN_SIGNALS {
            // 0 and the group's number mean the own group, which is the program's to harm.
            add(call, vec![rule(&[(0, Ne, OWN_PID), (0, Ne, OWN_GROUP), (0, Ne, 0)])?]);
        }
        // A file that can be read may send a signal.
        let owners = [libc::F_SETOWN, F_SETOWN_EX, F_SETSIG];
        let owners = owners.map(|command| rule(&[(1, Eq, command.cast_unsigned())]));
        add(libc::SYS_fcntl, owners.into_iter().collect::<Option<_>>()?);
        let requests = [FIOSETOWN, SIOCSPGRP].map(|request| rule(&[(1, Eq, request)]));
        add(libc::SYS_ioctl, requests.into_iter().collect::<Option<_>>()?);
    }
    if role == Role::Program {
        // Without a path it changes the times of an open file, which is fine.
        add(libc::SYS_utimensat, vec![with_pointer(1)?]);
        if landlock < SEES_TRUNCATION {
            let (access, truncates) =
                (libc::O_ACCMODE.cast_unsigned(), libc::O_TRUNC.cast_unsigned());
            let opens = |flags| rule(&[(flags, MaskedEq((access | truncates).into()), truncates)]);
            add(libc::SYS_truncate, Vec::new());
            // Its flags are not seen here, and everybody can do without.
            add(libc::SYS_openat2, Vec::new());
            // What is opened for writing is seen; but reading can truncate, too.
            add(libc::SYS_openat, vec![opens(2)?]);
            #[cfg(target_arch = "x86_64")]
            add(libc::SYS_open, vec![opens(1)?]);
        }
    }
    Some(rules)
}

/// The version of Landlock that guards truncation.
pub(super) const SEES_TRUNCATION: u32 = 3;

/// The version of Landlock that guards signals.
const SEES_SIGNALS: u32 = 6;

const IOPRIO_WHO_PROCESS: u32 = 1;
const F_SETSIG: libc::c_int = 10;
const F_SETOWN_EX: libc::c_int = 15;
const FIOSETOWN: u32 = 0x8901;
const SIOCSPGRP: u32 = 0x8902;

/// What the numbers of `SOCK_DGRAM` and `SOCK_RAW` have, unlike those of connected types.
const UNCONNECTED: u32 = 2;

/// Returns a rule that applies if each comparison of an argument's lower half holds.
fn rule(comparisons: &[(u8, SeccompCmpOp, u32)]) -> Option<SeccompRule> {
    let condition = |(argument, comparison, value): (u8, SeccompCmpOp, u32)| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, comparison, value.into()).ok()
    };
    let conditions = comparisons.iter().cloned().map(condition);
    SeccompRule::new(conditions.collect::<Option<_>>()?).ok()
}

/// Returns a rule that applies if a pointer is not null.
fn with_pointer(argument: u8) -> Option<SeccompRule> {
    let condition =
        SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0).ok()?;
    SeccompRule::new(vec![condition]).ok()
}

/// Returns a filter that knows no call of the second interface.
#[cfg(target_arch = "x86_64")]
fn without_x32() -> BpfProgram {
    let instruction =
        |code: u32, k, jf| seccompiler::sock_filter { code: code as u16, jt: 0, jf, k };
    vec![
        // The call's number comes first in what a filter sees.
        instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0),
        instruction(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, X32, 1),
        instruction(libc::BPF_RET, libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned(), 0),
        instruction(libc::BPF_RET, libc::SECCOMP_RET_ALLOW, 0),
    ]
}

fn compile(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: libc::c_int) -> Option<BpfProgram> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let deny = SeccompAction::Errno(errno.cast_unsigned());
    SeccompFilter::new(rules, SeccompAction::Allow, deny, arch).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn filters_compile() {
        for landlock in [None, Some(1), Some(3), Some(6), Some(7)] {
            assert!(Filters::new(Role::Program, landlock).is_some());
            assert!(Filters::new(Role::Compiler, landlock).is_some());
        }
    }

    /// What the kernel would answer to a call of process 42: 0, or the error.
    fn answer(role: Role, landlock: u32, call: libc::c_long, arguments: &[i64]) -> u32 {
        let word = |offset: u32| match offset {
            0 => call as u32,
            4 if cfg!(target_arch = "x86_64") => 0xc000_003e,
            4 => 0xc000_00b7,
            _ => {
                let at = usize::try_from(offset - 16).unwrap();
                let argument = arguments.get(at / 8).copied().unwrap_or(0);
                (argument >> (at % 8 * 8)) as u32
            }
        };
        let run = |filter: BpfProgram| {
            let convert = |op: seccompiler::sock_filter| libc::sock_filter {
                code: op.code,
                jt: op.jt,
                jf: op.jf,
                k: op.k,
            };
            let mut filter: Vec<_> = filter.into_iter().map(convert).collect();
            set_own_pid(&mut filter, 42);
            let (mut at, mut value) = (0, 0);
            loop {
                let libc::sock_filter { code, jt, jf, k } = filter[at];
                let jump = |holds| usize::from(if holds { jt } else { jf });
                at += 1 + match u32::from(code) {
                    0x20 => {
                        value = word(k);
                        0
                    }
                    0x54 => {
                        value &= k;
                        0
                    }
                    0x05 => usize::try_from(k).unwrap(),
                    0x15 => jump(value == k),
                    0x25 => jump(value > k),
                    0x35 => jump(value >= k),
                    0x06 => return if k == libc::SECCOMP_RET_ALLOW { 0 } else { k & 0xffff },
                    code => panic!("unknown instruction {code:#x}"),
                };
            }
        };
        let Filters { mut absent, refusing, .. } = Filters::new(role, Some(landlock)).unwrap();
        absent.push(refusing);
        absent.into_iter().map(run).max().unwrap()
    }

    #[track_caller]
    fn check(landlock: u32, call: libc::c_long, arguments: &[i64], expected: libc::c_int) {
        let answer = answer(Role::Program, landlock, call, arguments);
        assert_eq!(answer, expected.cast_unsigned(), "{call} {arguments:?}");
    }

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn only_oneself_is_reached() {
        for &(call, _) in OWN_ONLY {
            check(7, call, &[0, 7], 0);
            check(7, call, &[41, 7], libc::EPERM);
        }
        check(7, libc::SYS_setpriority, &[0, 41, 19], libc::EPERM);
        check(7, libc::SYS_ioprio_set, &[1, 0, 0], 0);
        check(7, libc::SYS_ioprio_set, &[1, 41, 0], libc::EPERM);
        check(7, libc::SYS_ioprio_set, &[2, 0, 0], libc::EPERM);
    }

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn memory_is_not_shared_with_strangers() {
        for call in [
            libc::SYS_shmget,
            libc::SYS_shmat,
            libc::SYS_semget,
            libc::SYS_msgget,
            libc::SYS_mq_open,
            libc::SYS_memfd_create,
        ] {
            check(7, call, &[], libc::EPERM);
        }
        let pair = |kind| [libc::AF_UNIX.into(), i64::from(kind | libc::SOCK_CLOEXEC)];
        check(7, libc::SYS_socketpair, &pair(libc::SOCK_STREAM), 0);
        check(7, libc::SYS_socketpair, &pair(libc::SOCK_SEQPACKET), 0);
        check(7, libc::SYS_socketpair, &pair(libc::SOCK_DGRAM), libc::EPERM);
        check(7, libc::SYS_socketpair, &pair(libc::SOCK_RAW), libc::EPERM);
    }

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn signals_stay_inside_whatever_landlock_knows() {
        let refused = [-1, 1, 41, -41];
        for &(call, _) in OWN_SIGNALS {
            for process in refused {
                check(5, call, &[process, 9], libc::EPERM);
                // This one sees to it.
                check(6, call, &[process, 9], 0);
            }
            for process in [0, 42, -42] {
                check(5, call, &[process, 9], 0);
            }
        }
        check(5, libc::SYS_pidfd_send_signal, &[3, 9], libc::EPERM);
        check(6, libc::SYS_pidfd_send_signal, &[3, 9], 0);
        check(5, libc::SYS_fcntl, &[3, libc::F_SETOWN.into(), 41], libc::EPERM);
        check(5, libc::SYS_fcntl, &[3, libc::F_GETFD.into()], 0);
        check(5, libc::SYS_ioctl, &[3, FIOSETOWN.into(), 41], libc::EPERM);
        check(5, libc::SYS_ioctl, &[3, 0x5401, 41], 0);
    }

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn truncation_stays_inside_whatever_landlock_knows() {
        check(2, libc::SYS_truncate, &[1, 0], libc::EPERM);
        check(3, libc::SYS_truncate, &[1, 0], 0);
        let open = |flags: libc::c_int| [0, 1, flags.into()];
        check(2, libc::SYS_openat, &open(libc::O_RDONLY | libc::O_TRUNC), libc::EPERM);
        check(2, libc::SYS_openat, &open(libc::O_WRONLY | libc::O_TRUNC), 0);
        check(2, libc::SYS_openat, &open(libc::O_RDONLY | libc::O_CLOEXEC), 0);
        check(3, libc::SYS_openat, &open(libc::O_RDONLY | libc::O_TRUNC), 0);
        assert_eq!(answer(Role::Compiler, 2, libc::SYS_truncate, &[]), 0);
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn the_second_interface_is_not_there() {
        for call in [0, 1, libc::SYS_kill, 512, 547] {
            check(7, 0x4000_0000 | call, &[], libc::ENOSYS);
        }
        check(7, libc::SYS_read, &[], 0);
    }

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn the_own_process_is_filled_in() {
        let places = |landlock| {
            let filter = Filters::new(Role::Program, landlock).unwrap().refusing;
            filter.into_iter().filter(|op| [OWN_PID, OWN_GROUP].contains(&op.k)).count()
        };
        assert_eq!((places(Some(5)), places(Some(6))), (2 * OWN_SIGNALS.len(), 0));
        let code = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
        let of = |k| libc::sock_filter { code, jt: 0, jf: 0, k };
        let mut filter = [of(OWN_PID), of(OWN_GROUP), of(7)];
        set_own_pid(&mut filter, 42);
        assert_eq!(filter.map(|op| op.k), [42, 42_u32.wrapping_neg(), 7]);
    }
}
