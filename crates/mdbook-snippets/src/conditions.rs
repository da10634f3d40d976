//! Under which conditions snippets were compiled and run.

use serde::{Deserialize, Serialize};
use snippet_runner::{SandboxReport, Toolchain};

/// What all verdicts of a run have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// The compiler.
    pub compiler: Compiler,
    /// How the snippets were confined.
    pub sandbox: SandboxReport,
}

/// The compiler that results are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compiler {
    /// What it calls itself, such as `rustc 1.95.0 (f53b654a8 2026-04-14)`.
    pub rustc: String,
    /// The target triple that it runs on.
    pub host: String,
}

impl Compiler {
    /// What a toolchain says of itself.
    pub(crate) fn of(toolchain: &Toolchain) -> Self {
        let rustc = toolchain.version().lines().next().unwrap_or_default().to_owned();
        Self { rustc, host: toolchain.host().to_owned() }
    }

    /// Its version, such as `1.95.0`; empty if it does not tell.
    pub(crate) fn release(&self) -> &str {
        self.rustc.split_whitespace().nth(1).unwrap_or_default()
    }
}

impl Conditions {
    /// Says to readers of the book how programs were confined, in whole sentences.
    pub(crate) fn confinement(&self) -> String {
        let sandbox = self.sandbox;
        let layers = [
            (sandbox.seccomp, "without network"),
            (sandbox.landlock.is_some(), "with no files but the system's and its own"),
            (sandbox.limits, "with limited memory, processor time and file sizes"),
        ];
        let layers: Vec<&str> =
            layers.into_iter().filter_map(|(active, says)| active.then_some(says)).collect();
        if layers.is_empty() {
            return "They were not confined: only their time and their output were limited."
                .to_owned();
        }
        let missing = match sandbox.missing().as_slice() {
            [] => String::new(),
            missing => format!(" It lacked {}.", missing.join(", ")),
        };
        format!("Each ran in a sandbox: {}.{missing}", in_a_row(&layers))
    }
}

/// Words in a row: `a`, `a and b`, `a, b, and c`.
pub(crate) fn in_a_row<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [first, last] => format!("{first} and {last}"),
        [words @ .., last] => format!("{}, and {last}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missing_is_said() {
        let sandbox =
            SandboxReport { landlock: Some(7), seccomp: true, limits: true, as_root: false };
        let compiler = Compiler { rustc: String::new(), host: String::new() };
        let said = |sandbox| Conditions { compiler: compiler.clone(), sandbox }.confinement();
        assert_eq!(
            said(sandbox),
            "Each ran in a sandbox: without network, with no files but the system's and its own, \
             and with limited memory, processor time and file sizes."
        );
        let weak = SandboxReport { landlock: Some(2), limits: false, ..sandbox };
        assert!(said(weak).ends_with(" It lacked landlock 3, limits."), "{}", said(weak));
        assert!(said(SandboxReport::default()).starts_with("They were not confined"));
    }
}
