//! What came of a compilation or a run, compared with what was promised.

use std::time::Duration;

use crate::{
    Config, Diagnostic, Expect, Failure, Refusal, SandboxReport, Snippet, Verdict,
    compiler::Compiled,
    panic::Panic,
    process::{self, End, Finished},
    program::Program,
    relabel, sandbox,
    verdict::NO_MEMORY,
};

/// Judges what should compile.
pub(crate) fn compile(compiled: Compiled, program: &Program) -> Verdict {
    Verdict::Failed(match compiled {
        Compiled::Fine => return Verdict::Passed,
        Compiled::Errors(errors) => {
            let map = |error| Diagnostic::new(error, program, relabel::FILE);
            Failure::DoesNotCompile { diagnostics: errors.iter().map(map).collect() }
        }
        Compiled::Refused(refusals) => Failure::Refused { refusals },
        Compiled::Failed(message) => Failure::CompilerFailed { message },
    })
}

/// Judges what should not compile, with all of these codes.
pub(crate) fn compile_fail(compiled: Compiled, expected: &[String], program: &Program) -> Verdict {
    match compile(compiled, program) {
        Verdict::Passed => Verdict::Failed(Failure::CompiledButShouldNot),
        Verdict::Failed(Failure::DoesNotCompile { diagnostics }) => {
            let mut found: Vec<String> =
                diagnostics.iter().filter_map(|diagnostic| diagnostic.code.clone()).collect();
            found.sort();
            found.dedup();
            if expected.iter().all(|code| found.contains(code)) {
                return Verdict::Passed;
            }
            let expected = expected.to_vec();
            Verdict::Failed(Failure::WrongErrorCode { expected, found, diagnostics })
        }
        failed => failed,
    }
}

/// The bounds that a program ran in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) config: &'a Config,
    pub(crate) sandbox: SandboxReport,
    /// How long it might run.
    pub(crate) limit: Duration,
}

/// Judges a program that ran; `file` is its own name for its source.
pub(crate) fn run(
    snippet: &Snippet,
    program: &Program,
    finished: &Finished,
    file: &str,
    setting: Setting<'_>,
) -> Verdict {
    if let Some(failure) = stopped(finished, setting) {
        return Verdict::Failed(failure);
    }
    match (ended(snippet, program, finished, file), &snippet.expect) {
        (None, Expect::Panic) => Verdict::Failed(Failure::DidNotPanic),
        (None, _) if finished.left.is_empty() => Verdict::Passed,
        (None, _) => Verdict::Failed(Failure::LeftProcesses { names: finished.left.clone() }),
        // A kill from outside is no panic.
        (Some(failure), Expect::Panic) if !matches!(failure, Failure::Killed { signal: KILL }) => {
            Verdict::Passed
        }
        (Some(failure), _) => Verdict::Failed(failure),
    }
}

/// The exit code of a program that panicked.
const PANICKED: i32 = 101;

/// The signals that others send, and that a program sends itself when it gives up.
const KILL: i32 = 9;
const ABORT: i32 = 6;

/// Returns what stopped a program: the sandbox, or a limit.
fn stopped(finished: &Finished, setting: Setting<'_>) -> Option<Failure> {
    let failed = match finished.end {
        End::Exited(0) | End::TimedOut | End::OutputTooLong | End::TooManyProcesses => None,
        End::Exited(_) | End::Killed(_) => Some(finished.stderr.as_str()),
    };
    let refusals = Refusal::that_matter(&finished.refusals, failed);
    if !refusals.is_empty() {
        return Some(Failure::Refused { refusals });
    }
    match finished.end {
        End::TimedOut => Some(Failure::TimedOut { limit: setting.limit }),
        End::OutputTooLong => Some(Failure::OutputTooLong { cap: setting.config.output_cap }),
        End::TooManyProcesses => Some(Failure::TooManyProcesses { most: process::MOST_PROCESSES }),
        End::Killed(ABORT) if setting.sandbox.limits && finished.stderr.contains(NO_MEMORY) => {
            Some(Failure::OutOfMemory { limit: sandbox::PROGRAM_MEMORY })
        }
        End::Exited(_) | End::Killed(_) => None,
    }
}

/// Returns in which way a program ended badly by itself.
fn ended(snippet: &Snippet, program: &Program, finished: &Finished, file: &str) -> Option<Failure> {
    match finished.end {
        End::Exited(0) => None,
        End::Exited(code) => {
            // A test harness prints what its tests wrote.
            let output = if snippet.test_harness { &finished.stdout } else { &finished.stderr };
            let panic = (code == PANICKED).then(|| Panic::find(output, program, file)).flatten();
            Some(match panic {
                Some(Panic { at, message }) => Failure::Panicked { at, message },
                None => Failure::Exited { code },
            })
        }
        End::Killed(signal) => Some(Failure::Killed { signal }),
        End::TimedOut | End::OutputTooLong | End::TooManyProcesses => {
            unreachable!("these were stopped")
        }
    }
}
