//! What comes out: a report for each snippet.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{Diagnostic, Position, Refusal, SandboxReport};

/// The result of a whole run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// One report for each snippet, in the order of the snippets.
    pub reports: Vec<Report>,
    /// How many times rustc was started.
    pub rustc_calls: usize,
    /// How many reports came from the cache.
    pub cached: usize,
    /// The sandbox layers that were active.
    pub sandbox: SandboxReport,
}

/// What became of one snippet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether the snippet kept its promise.
    pub verdict: Verdict,
    /// What the program wrote to standard output, with invalid UTF-8 replaced.
    pub stdout: String,
    /// What the program wrote to standard error. Places in the program are those of
    /// [`Snippet::code`](crate::Snippet::code), in a file called `src/main.rs`; thread numbers
    /// are left out of panic messages.
    pub stderr: String,
    /// How long the program ran, wall-clock; zero if it was not run.
    pub duration: Duration,
    /// The report was found in the cache.
    #[serde(skip)]
    pub from_cache: bool,
}

/// Whether a snippet kept its promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It did.
    Passed,
    /// It did not.
    Failed(Failure),
}

/// Why a snippet failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// It should compile.
    DoesNotCompile {
        /// rustc's errors, in rustc's order, from a compilation of this snippet alone; none
        /// without [`Config::recheck`](crate::Config::recheck).
        diagnostics: Vec<Diagnostic>,
    },
    /// There is no verdict: rustc crashed, could not link, or took too long; or a process or
    /// folder that the snippet needs could not be had.
    CompilerFailed {
        /// What rustc wrote, what was done to it, or what is missing.
        message: String,
    },
    /// It should not compile, and does.
    CompiledButShouldNot,
    /// It does not compile, as promised, but for another reason.
    WrongErrorCode {
        /// The codes that were promised.
        expected: Vec<String>,
        /// The codes of its errors, sorted.
        found: Vec<String>,
        /// rustc's errors.
        diagnostics: Vec<Diagnostic>,
    },
    /// It panicked and should not.
    Panicked {
        /// Where, if the place is in the snippet's own code.
        at: Option<Position>,
        /// What the panic said.
        message: String,
    },
    /// It should panic and succeeded.
    DidNotPanic,
    /// It ended with an exit code that is not zero.
    Exited {
        /// The exit code.
        code: i32,
    },
    /// It was ended by a signal.
    Killed {
        /// The signal's number.
        signal: i32,
    },
    /// It ran too long and was killed.
    TimedOut {
        /// How long it might have run.
        limit: Duration,
    },
    /// It wrote too much and was killed.
    OutputTooLong {
        /// How many bytes each of its output streams might have had.
        cap: usize,
    },
    /// It, or what ran while it was compiled, tried what the sandbox does not allow.
    Refused {
        /// What was tried, sorted.
        refusals: Vec<Refusal>,
    },
    /// It started too many processes and was killed.
    TooManyProcesses {
        /// How many it might have had.
        most: usize,
    },
    /// It wanted too much memory.
    OutOfMemory {
        /// How many bytes of data a process may have.
        limit: u64,
    },
    /// It ended well, and left processes behind, which were killed.
    LeftProcesses {
        /// What these call themselves.
        names: Vec<String>,
    },
}

/// What programs say when there is too little memory.
pub(crate) const NO_MEMORY: &str = "memory allocation of ";

impl Verdict {
    /// Returns whether the snippet passed.
    pub fn passed(&self) -> bool {
        matches!(self, Verdict::Passed)
    }

    /// Returns why the snippet failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Verdict::Passed => None,
            Verdict::Failed(failure) => Some(failure),
        }
    }
}

impl Report {
    /// Returns a report of a snippet that was not run.
    pub(crate) fn without_run(verdict: Verdict) -> Self {
        Report {
            verdict,
            stdout: String::new(),
            stderr: String::new(),
            duration: Duration::ZERO,
            from_cache: false,
        }
    }

    /// Returns whether a second run would say the same.
    ///
    /// Whatever depends on the machine's load or memory does not count as such.
    pub(crate) fn is_repeatable(&self) -> bool {
        /// The signals by which a program ends itself, rather than being ended from outside:
        /// SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV.
        const OWN_SIGNALS: [i32; 5] = [4, 5, 6, 8, 11];
        /// How rustc begins when a linker failed, perhaps because there was too little memory.
        const LINKING: &str = "linking with ";
        match &self.verdict {
            Verdict::Failed(
                Failure::TimedOut { .. }
                | Failure::CompilerFailed { .. }
                | Failure::TooManyProcesses { .. }
                | Failure::OutOfMemory { .. }
                | Failure::LeftProcesses { .. },
            ) => false,
            Verdict::Failed(Failure::DoesNotCompile { diagnostics }) => {
                !diagnostics.iter().any(|error| error.message.starts_with(LINKING))
            }
            _ if self.stderr.contains(NO_MEMORY) => false,
            Verdict::Failed(Failure::Killed { signal }) => OWN_SIGNALS.contains(signal),
            _ => true,
        }
    }
}

impl fmt::Display for Failure {
    /// Writes one line, without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::DoesNotCompile { diagnostics } => match diagnostics.first() {
                Some(first) => write!(f, "does not compile: {}", first.message),
                None => write!(f, "does not compile"),
            },
            Failure::CompilerFailed { message } => {
                write!(f, "no verdict: {}", message.lines().next().unwrap_or_default())
            }
            Failure::CompiledButShouldNot => write!(f, "compiles, but should not"),
            Failure::WrongErrorCode { expected, found, .. } if found.is_empty() => {
                write!(
                    f,
                    "fails to compile without an error code, expected {}",
                    expected.join(", ")
                )
            }
            Failure::WrongErrorCode { expected, found, .. } => {
                let (found, expected) = (found.join(", "), expected.join(", "));
                write!(f, "fails to compile with {found}, expected {expected}")
            }
            Failure::Panicked { message, .. } => {
                write!(f, "panicked: {}", message.lines().next().unwrap_or_default())
            }
            Failure::DidNotPanic => write!(f, "succeeds, but should panic"),
            Failure::Exited { code } => write!(f, "exited with code {code}"),
            Failure::Killed { signal } => write!(f, "was ended by signal {signal}"),
            Failure::TimedOut { limit } => write!(f, "ran longer than {limit:?}"),
            Failure::OutputTooLong { cap } => write!(f, "wrote more than {cap} bytes"),
            Failure::Refused { refusals } => {
                write!(f, "was refused {}", Refusal::list(refusals))
            }
            Failure::TooManyProcesses { most } => write!(f, "started more than {most} processes"),
            Failure::OutOfMemory { limit } => {
                write!(f, "wanted more than {} MiB of memory", limit >> 20)
            }
            Failure::LeftProcesses { names } => {
                write!(f, "left processes behind: {}", names.join(", "))
            }
        }
    }
}
