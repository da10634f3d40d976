//! Calls of rustc.

use std::{
    ffi::OsString,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use crate::{
    Config, Edition, Error,
    diagnostic::{self, Message},
    process::{self, End, Job},
    sandbox::{Access, Refusal, Role, Sandbox},
};

/// The name that rustdoc gives a snippet's crate; programs print it with their paths.
pub(crate) const CRATE_NAME: &str = "rust_out";

/// The file that a call of rustc leaves in its folder.
pub(crate) const BINARY: &str = "program";

/// rustc, ready to be called from several threads.
#[derive(Debug)]
pub(crate) struct Compiler<'a> {
    config: &'a Config,
    sandbox: &'a Sandbox,
    calls: AtomicUsize,
}

/// One call of rustc.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The folder with the sources, which also gets the output.
    pub(crate) folder: &'a Path,
    /// The crate's root, relative to the folder.
    pub(crate) root: &'a str,
    /// The crate's name; `None` leaves it to a `#![crate_name]`.
    pub(crate) name: Option<&'a str>,
    pub(crate) edition: Edition,
    pub(crate) release: bool,
    pub(crate) test_harness: bool,
    pub(crate) emit: Emit,
    /// How many snippets are in it; it may take longer for many.
    pub(crate) snippets: usize,
    /// Whether one of them may use files, sockets or processes while it is compiled.
    pub(crate) reaches_out: bool,
}

/// What rustc is to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emit {
    /// Nothing but a verdict.
    Metadata,
    /// A program with the standard library inside. Quicker for many snippets, which share the
    /// library's code and the linker's work, and right for those with an allocator of their own.
    Static,
    /// A program that loads the standard library. Quicker for one snippet.
    Dynamic,
}

/// What rustc said.
#[derive(Debug)]
pub(crate) enum Compiled {
    /// It compiles.
    Fine,
    /// It does not; at least one error.
    Errors(Vec<Message>),
    /// Something that it did is not allowed.
    Refused(Vec<Refusal>),
    /// rustc gave no verdict.
    Failed(String),
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(config: &'a Config, sandbox: &'a Sandbox) -> Self {
        Compiler { config, sandbox, calls: AtomicUsize::new(0) }
    }

    /// Returns how many calls there were.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Calls rustc.
    ///
    /// # Errors
    ///
    /// [`Error::Spawn`] if it does not start.
    pub(crate) fn compile(&self, call: &Call<'_>) -> Result<Compiled, Error> {
        /// What a single snippet may take; rustc's own loops have limits of their own.
        const BASE: Duration = Duration::from_secs(60);
        const EACH: Duration = Duration::from_secs(2);
        const CAP: usize = 64 * 1024 * 1024;

        let snippets = u32::try_from(call.snippets).unwrap_or(u32::MAX);
        let timeout = BASE.saturating_add(EACH.saturating_mul(snippets));
        let toolchain = &self.config.toolchain;
        let job = Job {
            program: toolchain.rustc(),
            called: None,
            arguments: self.arguments(call),
            environment: vec![
                // For the linker.
                ("PATH", toolchain.search_path().to_owned()),
                ("TMPDIR", call.folder.into()),
            ],
            folder: call.folder,
            timeout,
            cap: CAP,
            yields: false,
        };
        let access = Access {
            role: Role::Compiler,
            read: self.config.readable().collect(),
            write: call.folder,
            seconds: timeout.as_secs(),
            reaches_out: call.reaches_out || self.config.has_foreign_code(),
        };
        self.calls.fetch_add(1, Ordering::Relaxed);
        let finished = process::run(&job, Some((self.sandbox, &access)))?;
        let errors = diagnostic::read(&finished.stderr);
        let failed = (finished.end != End::Exited(0)).then_some(finished.stderr.as_str());
        let refusals = Refusal::that_matter(&finished.refusals, failed);
        if !refusals.is_empty() {
            return Ok(Compiled::Refused(refusals));
        }
        Ok(match finished.end {
            End::Exited(0) => Compiled::Fine,
            End::Exited(1) if !errors.is_empty() && !errors.iter().any(is_our_problem) => {
                Compiled::Errors(errors)
            }
            End::Exited(_) => Compiled::Failed(plain(&finished.stderr)),
            End::Killed(signal) => Compiled::Failed(format!("rustc was ended by signal {signal}")),
            End::TimedOut => Compiled::Failed(format!("rustc ran longer than {timeout:?}")),
            End::OutputTooLong => Compiled::Failed("rustc wrote too much".to_owned()),
            End::TooManyProcesses => Compiled::Failed("it started too many processes".to_owned()),
        })
    }

    fn arguments(&self, call: &Call<'_>) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        let mut add = |parts: &[&str]| arguments.extend(parts.iter().map(OsString::from));
        add(&[call.root, "--edition", call.edition.as_str()]);
        if let Some(name) = call.name {
            add(&["--crate-name", name]);
        }
        // rustdoc writes `#![allow(unused)]` on top, which would move the snippet's lines.
        add(&["--error-format=json", "-A", "unused"]);
        if call.release {
            add(&["-C", "opt-level=3"]);
        }
        if call.test_harness {
            add(&["--test"]);
        } else {
            add(&["--crate-type", "bin"]);
        }
        match call.emit {
            Emit::Metadata => add(&["--emit=metadata=metadata"]),
            Emit::Static => add(&["-o", BINARY]),
            Emit::Dynamic => add(&["-o", BINARY, "-C", "codegen-units=1"]),
        }
        arguments.extend(self.config.rustc_arguments.iter().map(OsString::from));
        if call.emit == Emit::Dynamic && cfg!(unix) {
            let mut rpath = OsString::from("link-arg=-Wl,-rpath,");
            rpath.push(self.config.toolchain.libraries());
            arguments.extend(["-C".into(), "prefer-dynamic".into(), "-C".into(), rpath]);
        }
        arguments
    }
}

/// Returns whether an error is about this system rather than about the snippet.
fn is_our_problem(message: &Message) -> bool {
    const STARTS: &[&str] =
        &["could not write", "couldn't create", "error writing", "failed to write"];
    const PARTS: &[&str] = &["No space left on device", "File too large", "Disk quota exceeded"];
    let text = message.message.as_str();
    let is_linker_gone = text.starts_with("linker `") && text.ends_with("not found");
    let says = |part: &&str| message.says(part);
    is_linker_gone || STARTS.iter().any(|start| text.starts_with(start)) || PARTS.iter().any(says)
}

/// Returns what rustc wrote, the JSON lines among it as they would be printed.
fn plain(stderr: &str) -> String {
    let errors = diagnostic::read(stderr);
    let other = stderr.lines().filter(|line| !line.starts_with('{')).map(str::to_owned);
    let lines: Vec<String> = errors.into_iter().map(|error| error.message).chain(other).collect();
    lines.join("\n")
}
