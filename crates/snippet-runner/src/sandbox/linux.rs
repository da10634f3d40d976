//! The layers on Linux: built here, entered by the child.

mod attributes;
mod file_calls;
mod files;
mod limits;
mod syscalls;
mod user;
mod witness;

use std::{
    io,
    os::fd::{AsRawFd, OwnedFd, RawFd},
    sync::OnceLock,
};

use limits::Limit;
use seccompiler::BpfProgram;
use syscalls::Filters;
use user::{Rights, User};

pub(crate) use witness::Witness;

use super::{Access, Role, SandboxReport};
use crate::SandboxPolicy;

/// The layers that are active.
#[derive(Debug)]
pub(super) struct Layers {
    landlock: Option<u32>,
    seccomp: bool,
    /// Of compilers and of programs, made when the first of them is started.
    filters: [OnceLock<Option<Filters>>; 2],
    limits: bool,
    rights: Rights,
    /// How many processes and threads of the same user there are, once that is needed.
    others: OnceLock<Option<u64>>,
}

impl Layers {
    pub(super) fn find(policy: SandboxPolicy) -> Self {
        if policy == SandboxPolicy::Off {
            return Layers {
                landlock: None,
                seccomp: false,
                filters: Default::default(),
                limits: false,
                rights: Rights::Few,
                others: OnceLock::new(),
            };
        }
        Self::beside(files::landlock_version())
    }

    /// Returns all layers, with such a version of Landlock, which the kernel has.
    fn beside(landlock: Option<u32>) -> Self {
        Layers {
            landlock,
            seccomp: syscalls::can_filter(),
            filters: Default::default(),
            limits: true,
            rights: Rights::find(),
            others: OnceLock::new(),
        }
    }

    pub(super) fn report(&self) -> SandboxReport {
        SandboxReport {
            landlock: self.landlock,
            seccomp: self.seccomp,
            limits: self.limits,
            as_root: self.rights == Rights::OnlyRoot,
        }
    }

    fn filters(&self, role: Role) -> Option<&Filters> {
        if !self.seccomp {
            return None;
        }
        let [compilers, programs] = &self.filters;
        let filters = match role {
            Role::Compiler => compilers,
            Role::Program => programs,
        };
        filters.get_or_init(|| Filters::new(role, self.landlock)).as_ref()
    }

    /// Returns what makes a process enter the layers, and who learns what it is refused.
    pub(super) fn entry(
        &self,
        access: &Access<'_>,
    ) -> io::Result<(impl FnMut() -> io::Result<()> + use<>, Option<Witness>)> {
        let filters = self.filters(access.role);
        let asking = filters.and_then(|filters| match &filters.asking_about_files {
            Some(filter) if access.reaches_out => Some((filter, true)),
            _ => filters.asking.as_ref().map(|filter| (filter, false)),
        });
        let witness = asking.map(|(_, sees_files)| Witness::new(access, sees_files)).transpose()?;
        let others = || *self.others.get_or_init(limits::own_tasks);
        let mut entry = Entry {
            user: match self.rights {
                Rights::Root(users) => Some(users.of_folder(access.write)?),
                Rights::Few | Rights::OnlyRoot => None,
            },
            ruleset: match self.landlock {
                Some(version) => files::ruleset(access, version)?,
                None => None,
            },
            absent: filters
                .map(|filters| &*filters.absent)
                .unwrap_or_default()
                .iter()
                .map(kernel_filter)
                .collect(),
            refusing: filters.map(|filters| kernel_filter(&filters.refusing)),
            asking: asking.map(|(filter, _)| kernel_filter(filter)),
            receiver: witness.as_ref().map_or(-1, Witness::receiver),
            limits: if self.limits { limits::of(access, self.rights, others) } else { Vec::new() },
        };
        Ok((move || entry.enter(), witness))
    }
}

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
    limits: Vec<Limit>,
    user: Option<User>,
    ruleset: Option<OwnedFd>,
    absent: Vec<Vec<libc::sock_filter>>,
    refusing: Option<Vec<libc::sock_filter>>,
    asking: Option<Vec<libc::sock_filter>>,
    /// Where the listener of the asking filter goes.
    receiver: RawFd,
}

impl Entry {
    /// Enters; called by a process that has not executed yet, so nothing here allocates.
    fn enter(&mut self) -> io::Result<()> {
        self.limits.iter().try_for_each(|limit| limits::lower(*limit))?;
        if let Some(user) = &self.user {
            user.become_them()?;
        }
        if self.ruleset.is_none() && self.refusing.is_none() {
            return Ok(());
        }
        // SAFETY: this request takes numbers only.
        check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?;
        if let Some(ruleset) = &self.ruleset {
            files::allow_own_proc(ruleset)?;
            // SAFETY: a system call on a descriptor that is open, with flags 0.
            let entered =
                unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0) };
            check(entered)?;
        }
        self.absent.iter_mut().try_for_each(|filter| install(&kernel_program(filter)))?;
        // Who is confined by somebody who is asked already has no listener of its own.
        let asked =
            self.asking.as_mut().map(|filter| witness::ask(&kernel_program(filter), self.receiver));
        match (asked, &mut self.refusing) {
            (Some(Ok(())), _) | (_, None) => Ok(()),
            (_, Some(filter)) => install(&kernel_program(filter)),
        }
    }
}

/// Returns a filter as the kernel takes it, for this process.
fn kernel_program(filter: &mut [libc::sock_filter]) -> libc::sock_fprog {
    // SAFETY: this call takes nothing and cannot fail.
    syscalls::set_own_pid(filter, unsafe { libc::getpid() });
    // A filter has 4096 instructions at most.
    let len = u16::try_from(filter.len()).unwrap_or(u16::MAX);
    libc::sock_fprog { len, filter: filter.as_mut_ptr() }
}

fn install(program: &libc::sock_fprog) -> io::Result<()> {
    // SAFETY: the kernel copies the instructions, of which there are as many as the structure says:
    // more than fit a `u16` no kernel accepts.
    check(unsafe {
        libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, std::ptr::from_ref(program))
    })
}

fn check(result: impl Into<i64>) -> io::Result<()> {
    if result.into() < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
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
        let version = files::landlock_version().filter(|&version| version >= landlock)?;
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
        let access = Access {
            role: Role::Program,
            read: Vec::new(),
            write: folder.path(),
            seconds: 20,
            reaches_out: false,
        };
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
