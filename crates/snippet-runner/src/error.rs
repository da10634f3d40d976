//! Why a run as a whole could not take place.

use std::{io, path::PathBuf};

use crate::DependencyProblem;

/// Nothing can be said about any of the snippets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no rustc, and none was named.
    #[error(
        "no Rust compiler found: `{tried}` is not on the search path; install Rust or name a \
         compiler in the configuration"
    )]
    NoRustc {
        /// The name or path that was looked for.
        tried: String,
    },
    /// There is no rustc of the name or path that somebody chose. That is a mistake to be mended,
    /// and does not say that the machine has none.
    #[error(
        "no Rust compiler found: `{tried}` is not on the search path; install Rust or name a \
         compiler in the configuration"
    )]
    NoSuchRustc {
        /// The name or path that was looked for.
        tried: String,
    },
    /// There is a rustc, but it does not answer.
    #[error("`{path}` does not work as a Rust compiler: {message}")]
    UnusableRustc {
        /// The compiler.
        path: PathBuf,
        /// What it said.
        message: String,
    },
    /// A toolchain file asks for what is not used: a program of the book's, say, which would run
    /// outside of the sandbox.
    #[error(
        "`{path}` does not choose the compiler: {reason}; write a name of rustup's as its \
         `channel`, or set RUSTUP_TOOLCHAIN"
    )]
    ToolchainFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The policy demands sandbox layers that this system lacks.
    #[error("this system cannot sandbox programs, as the configuration demands: {missing} missing")]
    NoSandbox {
        /// The missing layers, separated by commas.
        missing: String,
    },
    /// What the configuration allows snippets to read is not there.
    #[error("`{name}`, which snippets are allowed to read, cannot be read itself")]
    NotThere {
        /// The file or folder.
        name: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Snippets cannot have their dependencies.
    #[error("the dependencies of the snippets cannot be used")]
    Dependencies {
        /// Why.
        #[from]
        source: DependencyProblem,
    },
    /// A process could not be started.
    #[error("cannot start `{program}`")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system has no thread to give.
    #[error("cannot start a thread")]
    Thread {
        /// Why.
        source: io::Error,
    },
    /// A file or folder could not be read or written.
    #[error("cannot access `{path}`")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// Returns the error with its causes, in one line.
    pub fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    }

    /// Returns whether it may be better later: the system is short of something.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Error::Spawn { source, .. } | Error::Thread { source } => {
                matches!(source.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::OutOfMemory)
            }
            _ => false,
        }
    }

    /// Returns a function that adds a path to an I/O error, for `map_err`.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Error::Io { path, source }
    }
}
