//! Calls of cargo.
//!
//! It stands in the root folder: there, no configuration counts but the user's and the machine's.
//! In a book's folder it would read a `.cargo/config.toml` that names programs to run.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{DependencyProblem, home, place::Place};
use crate::{
    Config, Error,
    process::{self, Finished, Job},
    sandbox::{Access, Role, Sandbox},
};

/// How long fetching may take, and how long building.
pub(super) const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// How much it may say: messages hold whole diagnostics.
const CAP: usize = 256 * 1024 * 1024;

/// cargo, ready to be called.
#[derive(Debug)]
pub(super) struct Cargo<'a> {
    program: PathBuf,
    config: &'a Config,
    environment: &'a BTreeMap<OsString, OsString>,
}

impl<'a> Cargo<'a> {
    /// Finds the cargo that belongs to the compiler, or else the user's.
    pub(super) fn find(
        config: &'a Config,
        environment: &'a BTreeMap<OsString, OsString>,
    ) -> Result<Self, DependencyProblem> {
        let name = format!("cargo{}", std::env::consts::EXE_SUFFIX);
        let toolchain = &config.toolchain;
        let own = toolchain.sysroot().join("bin");
        let folders = std::iter::once(own).chain(std::env::split_paths(toolchain.search_path()));
        let program = folders.map(|folder| folder.join(&name)).find(|path| path.is_file());
        let program = program.ok_or(DependencyProblem::NoCargo)?;
        Ok(Cargo { program, config, environment })
    }

    /// The user's home folder.
    pub(super) fn user_home(&self) -> Option<PathBuf> {
        self.variable("HOME").map(PathBuf::from)
    }

    /// Where the user's cargo keeps sources and credentials.
    pub(super) fn cargo_home(&self) -> Option<PathBuf> {
        let named = self.variable("CARGO_HOME").map(PathBuf::from);
        named.or_else(|| Some(self.user_home()?.join(".cargo")))
    }

    /// The target that snippets are compiled for.
    pub(super) fn host(&self) -> &str {
        self.config.toolchain.host()
    }

    /// Runs cargo as the user would, with the network. Whatever it is told to do must not compile.
    pub(super) fn run(&self, arguments: &[&OsStr], place: &Place) -> Result<Finished, Error> {
        let user = self.environment.iter();
        let user = user.filter_map(|(name, value)| Some((name.to_str()?, value.clone())));
        let mut environment: BTreeMap<&str, OsString> = user.collect();
        // It asks rustc for its version; no other program shall be asked instead.
        for name in ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
            environment.insert(name, OsString::new());
        }
        environment.extend(self.common(place));
        process::run(&self.job(arguments, environment), None)
    }

    /// Runs cargo in the sandbox, with the sources that are there. It may read what `read` names,
    /// and write to the build's folder.
    pub(super) fn run_confined(
        &self,
        arguments: &[&OsStr],
        place: &Place,
        read: &[PathBuf],
        sandbox: &Sandbox,
    ) -> Result<Finished, Error> {
        let mut environment = BTreeMap::from([
            ("PATH", self.config.toolchain.search_path().to_owned()),
            ("HOME", place.home().into()),
            ("CARGO_HOME", place.home().into()),
            ("TMPDIR", place.path("build/tmp").into()),
            ("CARGO_BUILD_JOBS", self.config.jobs.to_string().into()),
            ("CARGO_INCREMENTAL", "0".into()),
            // Nobody debugs them. Snippets unwind, and are linked without further optimisation.
            ("CARGO_PROFILE_DEV_DEBUG", "0".into()),
            ("CARGO_PROFILE_DEV_PANIC", "unwind".into()),
            ("CARGO_PROFILE_DEV_LTO", "off".into()),
        ]);
        environment.extend(self.registries());
        environment.extend(self.common(place));
        let write = place.build();
        let mut read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
        read.extend([self.config.toolchain.sysroot(), &self.program]);
        let seconds = TIMEOUT.as_secs();
        let access =
            Access { role: Role::Compiler, read, write: &write, seconds, reaches_out: true };
        process::run(&self.job(arguments, environment), Some((sandbox, &access)))
    }

    fn job<'b>(
        &'b self,
        arguments: &[&OsStr],
        environment: BTreeMap<&'b str, OsString>,
    ) -> Job<'b> {
        let root = self.config.toolchain.sysroot().ancestors().last();
        Job {
            program: &self.program,
            called: None,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            environment: environment.into_iter().collect(),
            folder: root.unwrap_or(Path::new("/")),
            timeout: TIMEOUT,
            cap: CAP,
            yields: false,
        }
    }

    /// What every call is told.
    fn common(&self, place: &Place) -> [(&'static str, OsString); 4] {
        [
            ("RUSTC", self.config.toolchain.rustc().into()),
            ("CARGO_TARGET_DIR", place.target().into()),
            ("CARGO_TERM_COLOR", "never".into()),
            ("CARGO_TERM_QUIET", "true".into()),
        ]
    }

    /// The variables that say where registries are, and nothing about who asks.
    fn registries(&self) -> impl Iterator<Item = (&str, OsString)> {
        let is_place = |name: &str| {
            name.strip_prefix("CARGO_REGISTRIES_")
                .is_some_and(|rest| rest.ends_with("_INDEX") || rest.ends_with("_PROTOCOL"))
        };
        let named =
            self.environment.iter().filter_map(|(name, value)| Some((name.to_str()?, value)));
        let places = named.filter(move |(name, _)| is_place(name));
        // What is no text is no URL.
        places.filter_map(|(name, value)| Some((name, home::without_user(value.to_str()?).into())))
    }

    fn variable(&self, name: &str) -> Option<&OsString> {
        self.environment.get(OsStr::new(name)).filter(|value| !value.is_empty())
    }
}
