//! Finding the compiler, and remembering where it was.
//!
//! 1. Look for the program that the user would get: a path, or a name on the search path.
//! 2. That is often rustup's proxy, which costs time in each call: ask it for its sysroot, and
//!    take the rustc that lies there.
//! 3. Ask that one for its version, which is a part of every cache key.
//!
//! The answers are remembered together with everything that could change them, so that a run
//! whose reports are all cached starts no process.

use std::{
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    cache::{Cache, Key},
    process::{self, End, Job},
};

/// A Rust compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    found: Found,
    search_path: OsString,
}

/// Where to look for a compiler, and the values of the environment that matter for it.
#[derive(Clone, Debug, Default)]
pub struct ToolchainQuery {
    /// A path to rustc, or a name to look for; `None` is `rustc`.
    pub rustc: Option<OsString>,
    /// `PATH`. It serves rustc, too, to find its linker.
    pub search_path: OsString,
    /// The folder whose `rust-toolchain.toml`, there or further up, applies.
    pub working_directory: PathBuf,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `RUSTUP_HOME`.
    pub rustup_home: Option<PathBuf>,
    /// `CARGO_HOME`.
    pub cargo_home: Option<PathBuf>,
    /// `RUSTUP_TOOLCHAIN`.
    pub rustup_toolchain: Option<OsString>,
    /// The folder that remembers the answer, as in [`Config::cache`](crate::Config::cache).
    pub cache: Option<PathBuf>,
}

/// What is remembered of a compiler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Found {
    rustc: PathBuf,
    stamp: Stamp,
    sysroot: PathBuf,
    version: String,
}

/// What changes when a file is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
}

impl Toolchain {
    /// Finds a compiler.
    ///
    /// # Errors
    ///
    /// [`Error::NoRustc`] if there is none, [`Error::UnusableRustc`] if it does not work.
    pub fn locate(query: &ToolchainQuery) -> Result<Self, Error> {
        let program = query.program()?;
        let search_path = query.search_path.clone();
        let cache = query.cache.as_deref().map(|folder| Cache::open(folder, "toolchains"));
        let key = query.key(&program);
        let remembered = cache.as_ref().and_then(|cache| cache.get::<Found>(key));
        if let Some(found) = remembered
            && Stamp::of(&found.rustc) == Some(found.stamp)
        {
            return Ok(Toolchain { found, search_path });
        }
        let sysroot = PathBuf::from(query.ask(&program, &["--print", "sysroot"])?.trim_end());
        let direct = sysroot.join("bin").join(format!("rustc{}", std::env::consts::EXE_SUFFIX));
        let (rustc, stamp) = match Stamp::of(&direct) {
            Some(stamp) => (direct, stamp),
            None => (program.path, program.stamp),
        };
        let version = query.ask_path(&rustc, &["-vV"])?;
        let found = Found { rustc, stamp, sysroot, version };
        if let Some(cache) = cache {
            cache.put(key, &found);
        }
        Ok(Toolchain { found, search_path })
    }

    /// Returns the compiler itself, not a proxy.
    pub fn rustc(&self) -> &Path {
        &self.found.rustc
    }

    /// Returns the folder that holds the compiler and its libraries.
    pub fn sysroot(&self) -> &Path {
        &self.found.sysroot
    }

    /// Returns what `rustc -vV` prints.
    pub fn version(&self) -> &str {
        &self.found.version
    }

    /// Returns the target triple that the compiler runs on and compiles for, such as
    /// `x86_64-unknown-linux-gnu`; empty if the compiler does not tell.
    pub fn host(&self) -> &str {
        let host = self.version().lines().find_map(|line| line.strip_prefix("host:"));
        host.unwrap_or_default().trim()
    }

    /// Returns the `PATH` on which the linker is looked for.
    pub(crate) fn search_path(&self) -> &OsStr {
        &self.search_path
    }

    /// Returns the folder of the standard library that programs may load.
    pub(crate) fn libraries(&self) -> PathBuf {
        self.found.sysroot.join("lib/rustlib").join(self.host()).join("lib")
    }
}

/// A program that was found.
struct Program {
    path: PathBuf,
    stamp: Stamp,
}

impl ToolchainQuery {
    fn program(&self) -> Result<Program, Error> {
        let name = self.rustc.as_deref().unwrap_or(OsStr::new("rustc"));
        let tried = Path::new(name);
        let candidates: Vec<PathBuf> = if tried.components().count() > 1 {
            vec![self.working_directory.join(tried)]
        } else {
            std::env::split_paths(&self.search_path).map(|folder| folder.join(tried)).collect()
        };
        let suffix = std::env::consts::EXE_SUFFIX;
        candidates
            .into_iter()
            .flat_map(|path| [path.with_added_extension(suffix.trim_start_matches('.')), path])
            .find_map(|path| Some(Program { stamp: Stamp::of(&path)?, path }))
            .ok_or_else(|| Error::NoRustc { tried: name.to_string_lossy().into_owned() })
    }

    /// Hashes everything that decides which compiler a proxy starts.
    fn key(&self, program: &Program) -> Key {
        let settings =
            self.rustup_home.clone().or_else(|| Some(self.home.as_ref()?.join(".rustup")));
        let settings = settings.and_then(|folder| Stamp::of(&folder.join("settings.toml")));
        let text = |path: Option<&OsStr>| path.map(|path| path.to_string_lossy().into_owned());
        Key::hash(&(
            (env!("CARGO_PKG_VERSION"), text(Some(program.path.as_os_str())), program.stamp),
            (text(self.rustup_toolchain.as_deref()), settings, self.toolchain_file()),
            // `rustup override` goes by folder.
            text(Some(self.working_directory.as_os_str())),
            text(self.rustup_home.as_ref().map(|path| path.as_os_str())),
        ))
    }

    /// Returns the toolchain file that rustup would obey: its contents, and where it is.
    fn toolchain_file(&self) -> Option<(String, Vec<u8>)> {
        let names = ["rust-toolchain", "rust-toolchain.toml"];
        let folders = self.working_directory.ancestors();
        let mut paths = folders.flat_map(|folder| names.map(|name| folder.join(name)));
        paths.find_map(|path| Some((path.to_string_lossy().into_owned(), fs::read(&path).ok()?)))
    }

    fn ask(&self, program: &Program, arguments: &[&str]) -> Result<String, Error> {
        self.ask_path(&program.path, arguments)
    }

    fn ask_path(&self, program: &Path, arguments: &[&str]) -> Result<String, Error> {
        /// rustup may have to download the toolchain that a file asks for.
        const TIMEOUT: Duration = Duration::from_secs(600);

        let paths = [
            ("PATH", Some(self.search_path.as_os_str())),
            ("HOME", self.home.as_ref().map(|path| path.as_os_str())),
            ("RUSTUP_HOME", self.rustup_home.as_ref().map(|path| path.as_os_str())),
            ("CARGO_HOME", self.cargo_home.as_ref().map(|path| path.as_os_str())),
            ("RUSTUP_TOOLCHAIN", self.rustup_toolchain.as_deref()),
        ];
        let given = paths.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
        let job = Job {
            program,
            called: None,
            arguments: arguments.iter().map(OsString::from).collect(),
            environment: given.collect(),
            folder: &self.working_directory,
            timeout: TIMEOUT,
            cap: 64 * 1024,
            yields: false,
        };
        let finished = process::run(&job, None)?;
        if finished.end == End::Exited(0) && !finished.stdout.trim().is_empty() {
            return Ok(finished.stdout);
        }
        let message = match finished.stderr.trim() {
            "" => format!("{:?}", finished.end),
            message => message.to_owned(),
        };
        Err(Error::UnusableRustc { path: program.to_owned(), message })
    }
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Stamp { size: metadata.len(), modified: u64::try_from(modified.as_nanos()).ok()? })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A folder with a rustc that counts its calls in the file `calls`.
    fn fake() -> (tempfile::TempDir, ToolchainQuery) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let script = format!(
            "#!/bin/sh\necho call >> {0}/calls\nif [ \"$1\" = -vV ]; then echo host: x; else echo {0}; fi\n",
            root.display()
        );
        fs::write(root.join("rustc"), script).unwrap();
        fs::set_permissions(root.join("rustc"), fs::Permissions::from_mode(0o755)).unwrap();
        let query = ToolchainQuery {
            search_path: root.as_os_str().to_owned(),
            working_directory: root.to_owned(),
            cache: Some(root.join("cache")),
            ..ToolchainQuery::default()
        };
        (folder, query)
    }

    fn calls(folder: &tempfile::TempDir) -> usize {
        fs::read_to_string(folder.path().join("calls")).unwrap().lines().count()
    }

    #[test]
    fn a_compiler_is_remembered() {
        let (folder, query) = fake();
        let first = Toolchain::locate(&query).unwrap();
        assert_eq!((first.version(), first.sysroot()), ("host: x\n", folder.path()));
        assert_eq!(first.host(), "x");
        assert_eq!(Toolchain::locate(&query).unwrap(), first);
        assert_eq!(calls(&folder), 2);
    }

    #[test]
    fn an_override_is_noticed() {
        let (folder, query) = fake();
        Toolchain::locate(&query).unwrap();
        fs::write(folder.path().join("rust-toolchain.toml"), "[toolchain]").unwrap();
        Toolchain::locate(&query).unwrap();
        let other = ToolchainQuery { rustup_toolchain: Some("nightly".into()), ..query };
        Toolchain::locate(&other).unwrap();
        assert_eq!(calls(&folder), 6);
    }

    #[test]
    fn a_missing_compiler_is_named() {
        let query = ToolchainQuery { rustc: Some("no-such".into()), ..ToolchainQuery::default() };
        let error = Toolchain::locate(&query).unwrap_err();
        let expected = "no Rust compiler found: `no-such` is not on the search path; \
                        install Rust or name a compiler in the configuration";
        assert_eq!(error.to_string(), expected);
    }
}
