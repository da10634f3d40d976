//! Crates that snippets may use.
//!
//! A book names a Cargo manifest or a table of dependencies. Building them is the one thing here
//! that takes minutes, needs the network, and runs strangers' programs, so the steps are kept
//! apart:
//!
//! 1. `record`, `inputs`: what was built last time, from which files, and whether these still say
//!    the same. That starts no process, and its hash is a part of every report's key.
//! 2. `resolve`: cargo chooses versions, writes the lockfile and fetches sources. There is a
//!    network, and nothing runs but cargo and rustc: cargo stands in the root folder, so that no
//!    configuration counts that a book could bring along.
//! 3. `build`: cargo compiles, in the sandbox and without network. Build scripts and procedural
//!    macros see their sources and the toolchain, and write to the build's folder only. Of the
//!    user's cargo they get the sources (`home`), not the credentials.
//! 4. What cargo says it made becomes arguments for rustc.
//!
//! Steps 2 and 3 take place only when some snippet has no report. `place` is the folder of a
//! build, which processes share; `cargo` is how cargo is called, `package` what is made of a table,
//! and `problem` what can go wrong.
//!
//! Whatever a build says or leaves is a stranger's word: `file` opens what is a file and nothing
//! else, `Place::read_left` only what lies in the build's folder, and `inputs` only what lies in
//! the folder of a package.

mod build;
mod cargo;
mod file;
mod home;
mod inputs;
mod package;
mod place;
mod problem;
mod record;
mod resolve;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde_json::{Map, Value};

pub use problem::DependencyProblem;

use crate::{
    Config, Error, Progress, Toolchain,
    cache::{self, Key},
    sandbox::Sandbox,
};
use build::Builder;
use cargo::Cargo;
use inputs::Inputs;
use package::Package;
use place::{Held, Place};
use record::Record;

/// To be raised whenever a build of an earlier version is of no use.
const FORMAT: u32 = 2;

/// How often it is built at most, if its files change meanwhile.
const ATTEMPTS: usize = 2;

/// Crates that snippets may use.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependencies {
    /// Which ones.
    pub wanted: Wanted,
    /// The environment of the user's cargo, for choosing and fetching. `CARGO_HOME` or `HOME` say
    /// where sources lie.
    pub environment: BTreeMap<OsString, OsString>,
    /// The folder that keeps what was built, as in [`Config::cache`](crate::Config::cache);
    /// `None` builds for each run.
    pub cache: Option<PathBuf>,
    /// Folders whose files are no part of a package, even where they lie in one: a book's chapters
    /// and pages.
    pub ignored: Vec<PathBuf>,
}

/// Which crates are wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// The library of a package, and whatever it depends on directly, from its own lockfile.
    Manifest(PathBuf),
    /// The crates of a table such as a manifest has.
    Table {
        /// What stands in it, as JSON.
        table: Map<String, Value>,
        /// The folder that its paths are relative to, and that gets the lockfile.
        root: PathBuf,
    },
}

/// The name of the lockfile of a table.
pub const LOCKFILE: &str = "snippets.lock";

impl Dependencies {
    /// Returns the hash of all that a report depends on by way of the crates, if they were built
    /// before. Starts no process.
    pub(crate) fn key(&self, toolchain: &Toolchain) -> Option<Key> {
        let identity = self.identity(toolchain);
        let place = Place::new(self.cache.as_deref()?, identity);
        let record = place.record()?;
        record.built.as_ref()?;
        place.note_use();
        Some(Key::hash(&(identity.hex(), self.wanted.table(), record.inputs.now())))
    }

    /// Returns the crates, which are built unless that was done. `scratch` is a folder for what is
    /// not kept.
    ///
    /// # Errors
    ///
    /// [`Error::Dependencies`] for everything that can be wrong with them.
    pub(crate) fn ready(
        &self,
        config: &Config,
        sandbox: &Sandbox,
        scratch: &Path,
        progress: &dyn Progress,
    ) -> Result<Ready, Error> {
        let identity = self.identity(&config.toolchain);
        let kept = self.cache.as_deref().map(|cache| Place::new(cache, identity));
        // A cache is never a reason to fail.
        let kept = kept.filter(|place| place.share().is_ok());
        let place = kept.unwrap_or_else(|| Place::new(scratch, identity));
        let table = self.wanted.table();
        let fresh = || place.record().filter(|record| record.is_fresh(&place, table.as_deref()));
        for attempt in 0..=ATTEMPTS {
            let held = place.share()?;
            if let Some(Record { contents, built: Some(built), .. }) = fresh() {
                let key = Key::hash(&(identity.hex(), table, contents));
                let (arguments, readable) = (built.arguments(), place.target());
                return Ok(Ready { key, arguments, readable, _held: held });
            }
            drop(held);
            if attempt == ATTEMPTS {
                break;
            }
            let _held = place.hold()?;
            // Whoever has waited may find that another process did the work.
            if fresh().is_none() {
                let made = self.make(config, sandbox, &place, progress);
                if let Err(Error::Dependencies { source: DependencyProblem::Strange { .. } }) = made
                {
                    // Once the build is mended, it shall not be found there again.
                    place.forget_target()?;
                }
                made?;
            }
        }
        Err(DependencyProblem::Restless.into())
    }

    /// Resolves, fetches and builds, and records what came of it.
    fn make(
        &self,
        config: &Config,
        sandbox: &Sandbox,
        place: &Place,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        place.prepare()?;
        let package = Package::of(&self.wanted, place)?;
        let cargo = Cargo::find(config, &self.environment)?;
        progress.preparing("choosing and fetching dependencies");
        let graph = resolve::resolve(&cargo, &package, place)?;
        package.keep_lockfile()?;

        let builder = Builder::new(&cargo, &package, &graph, place, sandbox)?;
        let before = place.record();
        if before.as_ref().is_some_and(Record::may_be_unseen) {
            builder.forget_locals()?;
        }
        let table = self.wanted.table();
        let inputs = before.map(|record| record.inputs).unwrap_or_default();
        let (started, contents) = (SystemTime::now(), inputs.now());
        let begun = Record { inputs, contents, table, built: None, started };
        begun.write(place)?;
        progress.preparing(&format!("building dependencies: {}", graph.names().join(", ")));
        let (built, scripts) = builder.build()?;
        let inputs = Inputs::find(&graph, &package, &scripts, place, &self.ignored)?;
        let contents = inputs.now().doubted_since(started);
        Record { inputs, contents, built: Some(built), ..begun }.write(place)?;
        if let Some(cache) = &self.cache {
            cache::sweep_builds(cache);
        }
        Ok(())
    }

    /// Hashes what decides which folder a build has. It is the same whatever the crates' versions
    /// and sources are, so that only what changed is compiled again.
    fn identity(&self, toolchain: &Toolchain) -> Key {
        // One book has many names, of which hosts choose.
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let text = |path: &Path| real(path).to_string_lossy().into_owned();
        let wanted = match &self.wanted {
            Wanted::Manifest(path) => ("manifest", text(path)),
            Wanted::Table { root, .. } => ("table", text(root)),
        };
        let version = (env!("CARGO_PKG_VERSION"), FORMAT);
        Key::hash(&(version, wanted, toolchain.version(), text(toolchain.sysroot())))
    }
}

impl Wanted {
    /// Returns the table as text, the same in whichever order it was written.
    fn table(&self) -> Option<String> {
        match self {
            Wanted::Manifest(_) => None,
            Wanted::Table { table, .. } => Some(package::sorted(table).to_string()),
        }
    }
}

/// Crates that are there, for as long as this lives.
pub(crate) struct Ready {
    /// The hash of all that reports depend on by way of them.
    pub(crate) key: Key,
    /// What makes rustc use them.
    pub(crate) arguments: Vec<String>,
    /// The folder that they lie in.
    pub(crate) readable: PathBuf,
    /// Keeps others from changing them.
    _held: Held,
}
