//! Finding the compiler, and remembering where it was.
//!
//! 1. Look for the program that the user would get: a path, or a name on the search path.
//! 2. That is often rustup's proxy, which costs time in each call: ask it for its sysroot, and
//!    take the rustc that lies there. Which toolchain a file asks for it is told: left to itself it
//!    would also start a program that the file names, and the file may be a book's.
//! 3. Ask that one for its version, which is a part of every cache key.
//!
//! The answers are remembered together with everything that could change them, so that a run
//! whose reports are all cached starts no process.

use std::{
    ffi::{OsStr, OsString},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    cache::{Cache, Key},
    process::{self, End, Job},
};

/// To be raised whenever an answer of an earlier version must not be believed.
const FORMAT: u32 = 1;

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
    /// [`Error::NoRustc`] if there is none, [`Error::NoSuchRustc`] if the one named is not there,
    /// [`Error::UnusableRustc`] if it does not work,
    /// [`Error::ToolchainFile`] if a file asks for one that is not used.
    pub fn locate(query: &ToolchainQuery) -> Result<Self, Error> {
        let program = query.program()?;
        let choice = query.choice()?;
        let search_path = query.search_path.clone();
        let cache = query.cache.as_deref().map(|folder| Cache::open(folder, "toolchains"));
        let key = query.key(&program, &choice);
        let remembered = cache.as_ref().and_then(|cache| cache.get::<Found>(key));
        if let Some(found) = remembered
            && Stamp::of(&found.rustc) == Some(found.stamp)
        {
            return Ok(Toolchain { found, search_path });
        }
        let sysroot =
            PathBuf::from(query.ask(&program.path, &["--print", "sysroot"], &choice)?.trim_end());
        let direct = sysroot.join("bin").join(format!("rustc{}", std::env::consts::EXE_SUFFIX));
        let (rustc, stamp) = match Stamp::of(&direct) {
            Some(stamp) => (direct, stamp),
            None => (program.path, program.stamp),
        };
        let version = query.ask(&rustc, &["-vV"], &choice)?;
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

    /// Returns the number of the compiler's version, such as `1.95.0`; empty if the compiler does
    /// not tell.
    pub fn release(&self) -> &str {
        let release = self.version().lines().find_map(|line| line.strip_prefix("release:"));
        release.unwrap_or_default().trim()
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
            .ok_or_else(|| {
                let tried = name.to_string_lossy().into_owned();
                match self.rustc {
                    Some(_) => Error::NoSuchRustc { tried },
                    None => Error::NoRustc { tried },
                }
            })
    }

    /// Hashes everything that decides which compiler a proxy starts.
    fn key(&self, program: &Program, choice: &Choice) -> Key {
        let settings =
            self.rustup_home.clone().or_else(|| Some(self.home.as_ref()?.join(".rustup")));
        let settings = settings.and_then(|folder| Stamp::of(&folder.join("settings.toml")));
        let text = |path: Option<&OsStr>| path.map(|path| path.to_string_lossy().into_owned());
        let (channel, has_file) = match choice {
            Choice::Channel(channel) => (text(Some(channel)), false),
            Choice::Standard => (None, true),
            Choice::Open => (None, false),
        };
        Key::hash(&(
            (env!("CARGO_PKG_VERSION"), FORMAT),
            (text(Some(program.path.as_os_str())), program.stamp),
            (channel, has_file, settings),
            // `rustup override` goes by folder.
            text(Some(self.working_directory.as_os_str())),
            text(self.rustup_home.as_ref().map(|path| path.as_os_str())),
        ))
    }

    /// Finds out what to tell a proxy: what the user says, or else what a toolchain file asks for.
    ///
    /// rustup would let `rustup override` for a folder come before a file in that folder or further
    /// up. Here a file comes first.
    fn choice(&self) -> Result<Choice, Error> {
        if let Some(named) = self.rustup_toolchain.as_ref().filter(|named| !named.is_empty()) {
            return Ok(Choice::Channel(named.clone()));
        }
        let Some((path, text)) = self.toolchain_file() else { return Ok(Choice::Open) };
        match channel(&text, path.extension().is_none()) {
            Ok(Some(channel)) => Ok(Choice::Channel(channel.into())),
            Ok(None) => Ok(Choice::Standard),
            Err(reason) => Err(Error::ToolchainFile { path, reason }),
        }
    }

    /// Returns the toolchain file that rustup would obey: where it is, and what it says.
    fn toolchain_file(&self) -> Option<(PathBuf, String)> {
        /// Nobody writes more.
        const MOST: u64 = 64 * 1024;

        let read = |path: &Path| {
            // Whatever is no file could be waited for without end.
            Stamp::of(path)?;
            let mut text = Vec::new();
            fs::File::open(path).ok()?.take(MOST).read_to_end(&mut text).ok()?;
            Some(String::from_utf8_lossy(&text).into_owned())
        };
        let names = ["rust-toolchain", "rust-toolchain.toml"];
        // rustup goes up from where it stands, whatever links led there.
        let folder = self.working_directory.canonicalize();
        let folder = folder.unwrap_or_else(|_| self.working_directory.clone());
        let folders = folder.ancestors();
        let mut paths = folders.flat_map(|folder| names.map(|name| folder.join(name)));
        paths.find_map(|path| Some((read(&path)?, path))).map(|(text, path)| (path, text))
    }

    fn ask(&self, program: &Path, arguments: &[&str], choice: &Choice) -> Result<String, Error> {
        /// rustup may have to download the toolchain that a file asks for.
        const TIMEOUT: Duration = Duration::from_secs(600);

        let (channel, folder) = match choice {
            Choice::Channel(channel) => {
                (Some(channel.as_os_str()), self.working_directory.as_path())
            }
            // From there no file of a book is found.
            Choice::Standard => (None, program.ancestors().last().unwrap_or(program)),
            Choice::Open => (None, self.working_directory.as_path()),
        };
        let paths = [
            ("PATH", Some(self.search_path.as_os_str())),
            ("HOME", self.home.as_ref().map(|path| path.as_os_str())),
            ("RUSTUP_HOME", self.rustup_home.as_ref().map(|path| path.as_os_str())),
            ("CARGO_HOME", self.cargo_home.as_ref().map(|path| path.as_os_str())),
            ("RUSTUP_TOOLCHAIN", channel),
        ];
        let given = paths.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
        let job = Job {
            program,
            called: None,
            arguments: arguments.iter().map(OsString::from).collect(),
            environment: given.collect(),
            folder,
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

/// What a proxy is told.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    /// This toolchain, whatever files say.
    Channel(OsString),
    /// There is a file, but it does not say which.
    Standard,
    /// There is no file.
    Open,
}

/// Reads what a toolchain file asks for; one without an extension may be a single line.
///
/// # Errors
///
/// Why what it asks for is not used.
fn channel(text: &str, may_be_line: bool) -> Result<Option<String>, String> {
    let named = if may_be_line && text.lines().count() == 1 {
        Some(text.trim().to_owned())
    } else {
        let file: toml::Table = text.parse().map_err(|_| "it is no TOML".to_owned())?;
        let toolchain = file.get("toolchain").and_then(toml::Value::as_table);
        if toolchain.is_some_and(|toolchain| toolchain.contains_key("path")) {
            return Err("it names a folder with programs by `path`".to_owned());
        }
        let named = toolchain.and_then(|toolchain| toolchain.get("channel"));
        named.map(|named| named.as_str().unwrap_or_default().to_owned())
    };
    // rustup takes a path for a folder with programs here, too.
    let is_name = |name: &str| {
        !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
    };
    match named {
        Some(name) if !is_name(&name) => Err(format!("`{}` is no channel", name.escape_debug())),
        named => Ok(named),
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
    fn a_proxy_is_told_what_a_file_asks_for() {
        let (folder, query) = fake();
        let root = folder.path();
        let script = format!(
            "#!/bin/sh\necho \"$RUSTUP_TOOLCHAIN $PWD\" >> {0}/told\n[ \"$1\" = -vV ] && echo host: x || echo {0}/no\n",
            root.display()
        );
        fs::write(root.join("rustc"), script).unwrap();
        let book = root.canonicalize().unwrap().join("book/deep");
        fs::create_dir_all(&book).unwrap();
        let query = ToolchainQuery { working_directory: book.clone(), ..query };
        let told = |query: &ToolchainQuery| {
            let _ = fs::remove_file(root.join("told"));
            Toolchain::locate(query).unwrap();
            let told = fs::read_to_string(root.join("told")).unwrap_or_default();
            told.lines().next().unwrap_or_default().to_owned()
        };
        let shown = book.display();
        assert_eq!(told(&query), format!(" {shown}"));
        // Further up is as good as beside it.
        for (name, text, expected) in [
            (
                "book/rust-toolchain.toml",
                "[toolchain]\nchannel = \"beta\"\n",
                format!("beta {shown}"),
            ),
            ("book/rust-toolchain.toml", "[toolchain]\ncomponents = []\n", " /".to_owned()),
            ("book/deep/rust-toolchain", "1.80.0\n", format!("1.80.0 {shown}")),
            (
                "book/deep/rust-toolchain",
                "[toolchain]\nchannel = \"own\"\n",
                format!("own {shown}"),
            ),
        ] {
            fs::write(root.join(name), text).unwrap();
            assert_eq!(told(&query), expected, "{text}");
            // It is remembered.
            assert_eq!(told(&query), "", "{text}");
        }
        let named = ToolchainQuery { rustup_toolchain: Some("user".into()), ..query };
        assert_eq!(told(&named), format!("user {shown}"));
    }

    #[test]
    fn a_file_that_names_a_folder_is_refused() {
        let (folder, query) = fake();
        // What was found before makes no difference.
        Toolchain::locate(&query).unwrap();
        let called = calls(&folder);
        for (name, text) in [
            ("rust-toolchain.toml", "[toolchain]\npath = \"/evil\"\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\npath = \"evil\"\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"../evil\"\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = 1\n"),
            ("rust-toolchain.toml", "/evil\n"),
            ("rust-toolchain", "/evil\n"),
            ("rust-toolchain", ".."),
            ("rust-toolchain", "[toolchain]\npath = \"/evil\"\n"),
        ] {
            let file = folder.path().join(name);
            fs::write(&file, text).unwrap();
            match Toolchain::locate(&query) {
                Err(Error::ToolchainFile { path, .. }) => assert_eq!(path, file),
                other => panic!("{text}: {other:?}"),
            }
            assert_eq!(calls(&folder), called, "{text}");
            // The user's word comes first.
            let named = ToolchainQuery { rustup_toolchain: Some("stable".into()), ..query.clone() };
            Toolchain::locate(&named).unwrap();
            fs::remove_file(folder.path().join("calls")).unwrap();
            fs::write(folder.path().join("calls"), "call\n".repeat(called)).unwrap();
            fs::remove_file(file).unwrap();
        }
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
