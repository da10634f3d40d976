//! What the sandbox did not let happen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that a process tried and was not allowed to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Refusal {
    /// To open a file or folder for reading.
    Read {
        /// The file, or where it would be without the links on the way.
        path: String,
    },
    /// To open a file for writing, or to make, move or remove one.
    Write {
        /// The file.
        path: String,
    },
    /// To open a socket.
    Network {
        /// Of which family, such as `IPv4`.
        family: String,
    },
    /// To make another system call that reaches beyond the program.
    Call {
        /// The call's name in the kernel.
        name: String,
    },
}

/// Folders of the system where libraries look for advice, and do without if there is none.
const HABITS: &[&str] = &["/dev/", "/etc/", "/proc/", "/run/", "/sys/", "/var/"];

impl Refusal {
    /// Returns those refusals that matter about a process, given what it said when it failed; `None`
    /// if it did not fail.
    pub(crate) fn that_matter(refusals: &[Self], failed: Option<&str>) -> Vec<Self> {
        /// How the standard library, and C's, put it.
        const COMPLAINTS: [&str; 3] =
            ["PermissionDenied", "Permission denied", "Operation not permitted"];

        let serious: Vec<Self> =
            refusals.iter().filter(|refusal| refusal.is_serious()).cloned().collect();
        let complains = |said: &str| COMPLAINTS.iter().any(|part| said.contains(part));
        if serious.is_empty() && failed.is_some_and(complains) {
            return refusals.to_vec();
        }
        serious
    }

    /// Returns whether somebody else would have noticed.
    pub(crate) fn reaches_others(&self) -> bool {
        self.is_serious() && matches!(self, Refusal::Write { .. } | Refusal::Network { .. })
    }

    /// Writes what was tried, in a row.
    pub(crate) fn list(refusals: &[Self]) -> String {
        let shown: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
        shown.join(", ")
    }

    /// Returns whether it says something against a process that does not complain.
    pub(crate) fn is_serious(&self) -> bool {
        match self {
            Refusal::Read { path } => !HABITS.iter().any(|folder| path.starts_with(folder)),
            // A shell looks for its terminal.
            Refusal::Write { path } => path != "/dev/tty",
            Refusal::Network { .. } | Refusal::Call { .. } => true,
        }
    }
}

impl fmt::Display for Refusal {
    /// Writes what was tried, as in `to read /home/user/.ssh`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Read { path } => write!(f, "to read `{path}`"),
            Refusal::Write { path } => write!(f, "to write `{path}`"),
            Refusal::Network { family } => write!(f, "to open a socket ({family})"),
            Refusal::Call { name } => write!(f, "to call `{name}`"),
        }
    }
}
