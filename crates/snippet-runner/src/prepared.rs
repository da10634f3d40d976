//! A snippet that was read: all that the text tells before anything is compiled.

use crate::{
    Expect, Snippet,
    alone::{self, Reason},
    batch::Purpose,
    program::Program,
    root_path,
    syntax::Syntax,
};

/// A snippet that was read.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) program: Program,
    /// Why it cannot be in a batch.
    pub(crate) alone: Option<Reason>,
    /// It may print its own place.
    pub(crate) sees_place: bool,
    /// It has a `#![crate_name]`.
    pub(crate) is_named: bool,
    /// It waits for a clock, and needs no processor meanwhile.
    pub(crate) waits: bool,
    /// It may use files, sockets or processes, or more than is known.
    pub(crate) reaches_out: bool,
    pub(crate) purpose: Purpose,
}

/// Functions that return when a time has passed. What only bears such a name is started earlier
/// than others, no more.
const WAITING: &[&str] = &[
    "park_timeout",
    "recv_timeout",
    "sleep",
    "sleep_ms",
    "sleep_until",
    "wait_timeout",
    "wait_timeout_ms",
    "wait_timeout_while",
];

/// Names without one of which the standard library reaches no file, socket or process. What only
/// bears such a name is watched more closely than others, no more.
const REACHING: &[&str] = &[
    "Command",
    "File",
    "OpenOptions",
    "Path",
    "PathBuf",
    "asm",
    "env",
    "extern",
    "fs",
    "global_asm",
    "include",
    "include_bytes",
    "include_str",
    "net",
    "os",
    "path",
    "process",
    "unsafe",
];

impl Prepared {
    /// Reads a snippet; one of more than `longest` bytes is not parsed.
    pub(crate) fn read(snippet: &Snippet, longest: usize) -> Self {
        let syntax = Syntax::read_up_to(longest, &snippet.code);
        let syntax = syntax.as_ref();
        let purpose = match snippet.expect {
            Expect::Success | Expect::Panic => Purpose::Run,
            Expect::CompileOnly => Purpose::Check,
            Expect::CompileError { .. } => Purpose::Refuse,
        };
        let mut program = if snippet.test_harness {
            Program::harnessed(&snippet.code, syntax)
        } else {
            Program::new(&snippet.code, syntax)
        };
        let roots = syntax.and_then(|syntax| root_path::ends(syntax, snippet.edition));
        program.set_roots(roots.unwrap_or_default());
        Prepared {
            program,
            alone: alone::reason(snippet, syntax),
            sees_place: syntax.is_some_and(|syntax| alone::sees_place(&syntax.tokens)),
            is_named: syntax.is_some_and(|syntax| syntax.has_crate_attribute("crate_name")),
            waits: purpose == Purpose::Run && syntax.is_some_and(|syntax| syntax.mentions(WAITING)),
            reaches_out: syntax.is_none_or(|syntax| syntax.mentions(REACHING)),
            purpose,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sleeps_is_known() {
        let waits = |code: &str, expect| {
            let snippet = Snippet { expect, ..Snippet::new("s", code) };
            Prepared::read(&snippet, 1000).waits
        };
        assert!(waits("f(|| { std::thread::sleep(t) })", Expect::Success));
        assert!(!waits("std::thread::sleep(t)", Expect::CompileOnly));
        assert!(!waits("let asleep = \"sleep\"; // sleep", Expect::Success));
    }
}
