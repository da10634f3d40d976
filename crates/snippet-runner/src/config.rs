//! Everything that a run depends on beside the snippets.

use std::{
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use crate::{Dependencies, Error, Snippet, Toolchain, allowed::Allowed, cache::Key};

/// How snippets are compiled and run. The library reads nothing from the environment: whatever
/// matters stands here.
#[derive(Clone, Debug)]
pub struct Config {
    /// The compiler.
    pub toolchain: Toolchain,
    /// The folder that remembers reports; `None` remembers nothing. Several processes may share
    /// it at once.
    pub cache: Option<PathBuf>,
    /// How many compilers may work at a time.
    pub jobs: NonZeroUsize,
    /// How long a program may run, wall-clock, if its snippet says nothing else; a day at most.
    pub timeout: Duration,
    /// How many bytes a program may write to each of its output streams.
    pub output_cap: usize,
    /// The folder in which each run makes, and removes, a folder of its own.
    pub scratch: PathBuf,
    /// What to do where the sandbox is incomplete.
    pub sandbox: SandboxPolicy,
    /// Further arguments for rustc, such as `-L` and a folder of libraries.
    pub rustc_arguments: Vec<String>,
    /// Further files and folders that compilers and programs may read.
    pub readable: Vec<PathBuf>,
    /// What the book lets snippets read, as [`allow`](Self::allow) finds it.
    pub(crate) allowed: Vec<Allowed>,
    /// The hash of what lies in each folder of libraries, as
    /// [`add_library_path`](Self::add_library_path) finds it: reports hold for these only.
    pub libraries: Vec<String>,
    /// Crates that snippets may use, which are built when they are needed.
    pub dependencies: Option<Dependencies>,
    /// Whether whoever fails is tried again, in a crate of its own and when nothing else goes on,
    /// before the failure counts. Without it, the first failure counts and is not explained: much
    /// quicker where many are expected to fail and nobody is blamed.
    pub recheck: bool,
}

impl Config {
    /// Returns a configuration without cache: a job for each processor, ten seconds a program,
    /// 256 KiB of output, and as much sandbox as the system offers.
    pub fn new(toolchain: Toolchain, scratch: impl Into<PathBuf>) -> Self {
        Config {
            toolchain,
            cache: None,
            jobs: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            timeout: Duration::from_secs(10),
            output_cap: 256 * 1024,
            scratch: scratch.into(),
            sandbox: SandboxPolicy::BestEffort,
            rustc_arguments: Vec::new(),
            readable: Vec::new(),
            allowed: Vec::new(),
            libraries: Vec::new(),
            dependencies: None,
            recheck: true,
        }
    }

    /// Lets snippets use the compiled crates in a folder, as rustc's `-L` does. Reports depend on
    /// what lies there now.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read, or rustc could not be told its name.
    pub fn add_library_path(&mut self, folder: &Path) -> io::Result<()> {
        let name = folder.to_str().ok_or(io::ErrorKind::InvalidInput)?;
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // Behind a link lies what is used.
            let Ok(metadata) = fs::metadata(entry.path()) else { continue };
            if metadata.is_file() {
                let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                let changed = u64::try_from(changed.as_nanos()).unwrap_or(u64::MAX);
                let name = entry.file_name().to_string_lossy().into_owned();
                files.push((name, metadata.len(), changed));
            }
        }
        files.sort();
        self.libraries.push(Key::hash(&files).hex());
        self.rustc_arguments.extend(["-L".to_owned(), name.to_owned()]);
        self.readable.push(folder.to_owned());
        Ok(())
    }

    /// Lets snippets read a file or folder, and what it holds: `name` is relative to `root`, and a
    /// program finds it under that name in its working folder. Reports depend on what is there now.
    ///
    /// # Errors
    ///
    /// If it is not there, or cannot be read.
    pub fn allow(&mut self, root: &Path, name: &Path) -> io::Result<()> {
        self.allowed.push(Allowed::read(root, name)?);
        Ok(())
    }

    /// Returns what compilers and programs may read, beside what everybody may.
    pub(crate) fn readable(&self) -> impl Iterator<Item = &Path> {
        let given = self.readable.iter().map(PathBuf::as_path);
        let allowed = self.allowed.iter().map(Allowed::path);
        [self.toolchain.sysroot()].into_iter().chain(given).chain(allowed)
    }

    /// Puts links to what the book allows into a working folder.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if there can be none.
    pub(crate) fn furnish(&self, folder: &Path) -> Result<(), Error> {
        let mut allowed = self.allowed.iter();
        allowed.try_for_each(|allowed| allowed.link_into(folder)).map_err(Error::io(folder))
    }

    /// Returns whether snippets may use code that is not their own: what that does, their text does
    /// not tell.
    pub(crate) fn has_foreign_code(&self) -> bool {
        self.dependencies.is_some() || !self.rustc_arguments.is_empty()
    }

    /// Returns how long a snippet may run.
    pub(crate) fn limit(&self, snippet: &Snippet) -> Duration {
        snippet.timeout.unwrap_or(self.timeout).min(LONGEST)
    }
}

/// No process may run for longer: there are clocks that cannot count much further.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What to do where the sandbox is incomplete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SandboxPolicy {
    /// Use the layers that the system offers.
    #[default]
    BestEffort,
    /// Refuse to run unless every layer is active.
    Required,
    /// Use no layer.
    Off,
}
