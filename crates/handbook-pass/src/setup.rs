use crate::{Pass, SettingProblem};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How one pass is made. The list of recipes is all that a binary has to know of passes.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// The pass's name.
    pub name: &'static str,
    /// Makes the pass from a book's configuration.
    pub make: fn(&Setup<'_>) -> Made,
}

/// A pass, and what is wrong with its configuration.
pub type Made = (Box<dyn Pass>, Vec<SettingProblem>);

/// What a pass is made from.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The pass's own table; `None` in a book that has never heard of the suite.
    pub table: Option<&'a Value>,
    /// The whole of `book.toml`, as JSON.
    pub config: &'a Value,
    /// The book's root folder.
    pub root: &'a Path,
    /// The world outside the book.
    pub environment: &'a Environment,
}

/// What the binaries hand in of the world, so that no library looks for itself.
#[derive(Clone)]
pub struct Environment {
    /// The process's environment variables.
    pub variables: BTreeMap<OsString, OsString>,
    /// The working directory.
    pub directory: PathBuf,
    /// Where results are remembered; `None` remembers nothing.
    pub cache: Option<PathBuf>,
    /// Whether passes may try things out at all.
    pub execute: bool,
    /// How many processes may run at once; `None` leaves it to the machine.
    pub jobs: Option<NonZeroUsize>,
    /// The chapters to try things out in, below the source folder; empty means all.
    pub only: Vec<PathBuf>,
    /// Who is told how far long work has come.
    pub progress: Arc<dyn Watch>,
}

/// Is told how far long work has come. Called from several threads.
pub trait Watch: Send + Sync {
    /// `done` of `total` pieces are finished, the last one being `what`.
    fn advance(&self, done: usize, total: usize, what: &str);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    fn advance(&self, _done: usize, _total: usize, _what: &str) {}
}

impl Environment {
    /// The value of a variable, if it is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&OsString> {
        self.variables.get(&OsString::from(name)).filter(|value| !value.is_empty())
    }
}
