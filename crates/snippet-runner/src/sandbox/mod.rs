//! What compilers and programs may do.
//!
//! 1. [`Sandbox::new`] looks once at what the system offers and compares it with the policy.
//! 2. [`Sandbox::entry`] prepares the layers for one process, in this process.
//! 3. The child turns them on before it executes, with bare system calls only.
//!
//! Layers on Linux: *Landlock* (files: read the system and the toolchain, write to one folder;
//! TCP; signals to others), *seccomp* (sockets, memory and messages shared with strangers, other
//! ways around Landlock, other processes' limits and priority, leaving the process group),
//! *limits* (memory, file size, processor time, processes, no core dumps). Elsewhere there are
//! none, and the report says so.

use std::{fmt, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{Error, SandboxPolicy};

#[cfg(target_os = "linux")]
mod linux;
mod refusal;

#[cfg(target_os = "linux")]
pub(crate) use linux::Witness;
pub use refusal::Refusal;

/// Which layers of the sandbox are active.
///
/// # What is not limited
///
/// - Memory, file size and processor time are limits of *each process*: a program of ten processes
///   may have ten times as much, until its time is out and all of its group is killed.
/// - How many processes there may be is counted every few milliseconds: a program that forks
///   without end is stopped a moment after it has too many, and its neighbours are run again. The
///   limit of the system is higher, and for a user who has others, for all of them together.
/// - How many files a program writes is not limited, nor what they take together.
/// - On Linux everything ends with this process, however that ends: also what a program has
///   started. That takes a process that waits for it, and is less where there is none to be had
///   (or before Linux 5.9): then, if this process is killed, the program ends, but not those that
///   it started.
/// - A process that leaves its group is not found, neither at its program's end nor at ours. The
///   filter of system calls forbids to leave; without it that is left open.
/// - Where Landlock is older than version 6 (Linux 6.12), a program can signal itself and its
///   group, but not a single child: `Child::kill` is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SandboxReport {
    /// Landlock, with the version of the kernel's interface.
    pub landlock: Option<u32>,
    /// The filter of system calls.
    pub seccomp: bool,
    /// Limits on memory, file size and processor time.
    pub limits: bool,
    /// Programs are run as root, because we are, and cannot be anybody else. Root has no limit on
    /// processes.
    pub as_root: bool,
}

impl SandboxReport {
    /// Returns whether every layer is active, in a version that is good enough.
    ///
    /// Landlock before version 3 is not: a compiler can truncate files there. From 3 to 5 it does
    /// not guard signals, and the filter of system calls does so instead.
    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }

    /// Returns the names of the layers that are not active; `landlock 3` if it is too old.
    pub fn missing(&self) -> Vec<&'static str> {
        let layers = [
            ("landlock", self.landlock.is_some()),
            ("landlock 3", self.landlock.is_none_or(|version| version >= 3)),
            ("seccomp", self.seccomp),
            ("limits", self.limits),
            ("another user than root", !self.as_root),
        ];
        layers.into_iter().filter(|(_, active)| !active).map(|(name, _)| name).collect()
    }
}

impl fmt::Display for SandboxReport {
    /// Writes `landlock 7, seccomp, limits`, or `not sandboxed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut layers = Vec::new();
        if let Some(version) = self.landlock {
            layers.push(format!("landlock {version}"));
        }
        if self.seccomp {
            layers.push("seccomp".to_owned());
        }
        if self.limits {
            layers.push("limits".to_owned());
        }
        if layers.is_empty() {
            return f.write_str("not sandboxed, only time and output are limited");
        }
        if self.as_root {
            layers.push("as root".to_owned());
        }
        f.write_str(&layers.join(", "))
    }
}

/// How many bytes of data a program may have.
pub(crate) const PROGRAM_MEMORY: u64 = 4 << 30;

/// What one process may do.
#[derive(Debug)]
pub(crate) struct Access<'a> {
    /// Which sort of process it is.
    pub(crate) role: Role,
    /// Files and folders that it may read and execute, beside the system's own.
    pub(crate) read: Vec<&'a Path>,
    /// The folder that it may write to.
    pub(crate) write: &'a Path,
    /// How many seconds it may run; the limit on processor time follows from it.
    pub(crate) seconds: u64,
    /// Whether it may use files, sockets or processes, as far as its text tells. Then the files that
    /// it is refused are noted, which takes some microseconds for each one that it opens, and so are
    /// the processes that it leaves behind.
    pub(crate) reaches_out: bool,
}

/// The sorts of processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// rustc and its linker.
    Compiler,
    /// A snippet's program.
    Program,
}

/// The layers that are used.
#[derive(Debug)]
pub(crate) struct Sandbox {
    report: SandboxReport,
    #[cfg(target_os = "linux")]
    layers: linux::Layers,
}

impl Sandbox {
    /// Finds the layers that the system offers and the policy wants.
    ///
    /// # Errors
    ///
    /// [`Error::NoSandbox`] if the policy is [`SandboxPolicy::Required`] and a layer is missing.
    pub(crate) fn new(policy: SandboxPolicy) -> Result<Self, Error> {
        #[cfg(target_os = "linux")]
        let sandbox = {
            let layers = linux::Layers::find(policy);
            Sandbox { report: layers.report(), layers }
        };
        #[cfg(not(target_os = "linux"))]
        let sandbox = Sandbox { report: SandboxReport::default() };
        if policy == SandboxPolicy::Required && !sandbox.report.is_complete() {
            return Err(Error::NoSandbox { missing: sandbox.report.missing().join(", ") });
        }
        Ok(sandbox)
    }

    pub(crate) fn report(&self) -> SandboxReport {
        self.report
    }

    /// Returns what makes a process enter the sandbox, to be called by that process before it
    /// executes: it neither allocates nor locks. And who learns what the process is refused, if the
    /// system has that.
    ///
    /// # Errors
    ///
    /// Whatever the kernel says against it.
    #[cfg(target_os = "linux")]
    pub(crate) fn entry(
        &self,
        access: &Access<'_>,
    ) -> io::Result<(impl FnMut() -> io::Result<()> + use<>, Option<Witness>)> {
        self.layers.entry(access)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_is_active() {
        let report =
            SandboxReport { landlock: Some(7), seccomp: true, limits: true, as_root: false };
        assert_eq!(report.to_string(), "landlock 7, seccomp, limits");
        assert!(report.is_complete());
        let old = |version| SandboxReport { landlock: Some(version), ..report };
        assert_eq!(old(2).missing(), ["landlock 3"]);
        assert!(!old(2).is_complete() && old(3).is_complete());
        let as_root = SandboxReport { as_root: true, ..report };
        assert_eq!(as_root.to_string(), "landlock 7, seccomp, limits, as root");
        assert!(!as_root.is_complete());
        let none = "not sandboxed, only time and output are limited";
        assert_eq!(SandboxReport::default().to_string(), none);
        assert_eq!(SandboxReport::default().missing(), ["landlock", "seccomp", "limits"]);
    }

    #[test]
    fn off_is_off() {
        let sandbox = Sandbox::new(SandboxPolicy::Off).unwrap();
        assert_eq!(sandbox.report(), SandboxReport::default());
    }
}
