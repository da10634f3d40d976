//! The folder of a build, which several processes share.
//!
//! - `lock`: shared by those who use the crates, held by the one that builds.
//! - `record.json`: what was built, from what.
//! - `package`: what is made of a table.
//! - `build`: all that the sandbox lets be written: cargo's `home`, its `target`, `tmp`.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{DependencyProblem, file, record::Record};
use crate::{
    Error,
    cache::{self, Key},
};

/// How long the files together may be that cargo leaves and that are read for one purpose.
pub(super) const LONGEST: u64 = 8 * 1024 * 1024;

/// The folder of a build.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
}

/// A lock on a build's folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

impl Place {
    /// Returns the place of a build in a cache folder; creates nothing yet.
    pub(super) fn new(cache: &Path, identity: Key) -> Self {
        Place { folder: cache.join(cache::BUILDS).join(identity.hex()) }
    }

    /// Lets the build be used, and not be changed.
    pub(super) fn share(&self) -> Result<Held, Error> {
        self.lock(File::lock_shared)
    }

    /// Lets nobody else use or change the build.
    pub(super) fn hold(&self) -> Result<Held, Error> {
        self.lock(File::lock)
    }

    fn lock(&self, lock: impl Fn(&File) -> io::Result<()>) -> Result<Held, Error> {
        let path = self.folder.join(cache::BUILD_LOCK);
        loop {
            fs::create_dir_all(&self.folder).map_err(Error::io(&self.folder))?;
            let file = File::options().create(true).append(true).open(&path);
            let file = match file {
                // The folder is just being removed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                file => file.map_err(Error::io(&path))?,
            };
            match lock(&file) {
                // Where files cannot be locked, cargo's own lock has to do.
                Err(error) if error.kind() != io::ErrorKind::Unsupported => {
                    return Err(Error::io(&path)(error));
                }
                _ => {}
            }
            // While it was waited for, the folder may have been removed, and this file with it.
            if cache::is_same_file(&file, &path) {
                return Ok(Held { _file: file });
            }
        }
    }

    /// Returns what was built here last.
    pub(super) fn record(&self) -> Option<Record> {
        serde_json::from_slice(&fs::read(self.record_file()).ok()?).ok()
    }

    /// The file that says what was built.
    pub(super) fn record_file(&self) -> PathBuf {
        self.path(cache::BUILD_RECORD)
    }

    /// Notes that the build was of use today.
    pub(super) fn note_use(&self) {
        cache::note_use(&self.record_file());
    }

    /// Makes the folders that a build needs, as it needs them: whatever wrote there last may have
    /// left something else.
    pub(super) fn prepare(&self) -> Result<(), Error> {
        for name in ["build/home", "build/tmp"] {
            let folder = self.path(name);
            remove(&folder).map_err(Error::io(&folder))?;
            fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        }
        if !self.has_target() {
            self.forget_target()?;
        }
        Ok(())
    }

    /// Removes what cargo has made.
    pub(super) fn forget_target(&self) -> Result<(), Error> {
        let target = self.target();
        remove(&target).map_err(Error::io(&target))?;
        fs::create_dir_all(&target).map_err(Error::io(&target))
    }

    /// Returns whether cargo's output is a folder here, and no link to something else: it is what
    /// compilers and snippets may read.
    pub(super) fn has_target(&self) -> bool {
        fs::symlink_metadata(self.target()).is_ok_and(|metadata| metadata.is_dir())
    }

    /// The folder that the sandbox lets be written.
    pub(super) fn build(&self) -> PathBuf {
        self.path("build")
    }

    /// cargo's output.
    pub(super) fn target(&self) -> PathBuf {
        self.path("build/target")
    }

    /// The home folder that cargo is given.
    pub(super) fn home(&self) -> PathBuf {
        self.path("build/home")
    }

    /// Reads a file of the build, if it is there. Whoever wrote it, or said that it is there, may
    /// have been a build script or a macro. `budget` is what may still be read, in bytes.
    ///
    /// # Errors
    ///
    /// [`DependencyProblem::Strange`] if it is not what cargo leaves.
    pub(super) fn read_left(
        &self,
        path: &Path,
        budget: &mut u64,
    ) -> Result<Option<String>, DependencyProblem> {
        let strange = || DependencyProblem::Strange { path: path.to_owned() };
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ if self.has_left(path) => {}
            _ => return Err(strange()),
        }
        let mut text = Vec::new();
        let file = file::open(path).map_err(|_| strange())?;
        file.take(*budget + 1).read_to_end(&mut text).map_err(|_| strange())?;
        *budget = budget.checked_sub(text.len() as u64).ok_or_else(strange)?;
        Ok(Some(String::from_utf8_lossy(&text).into_owned()))
    }

    /// Returns whether a path leads to a file of the build, without links.
    pub(super) fn has_left(&self, path: &Path) -> bool {
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let build = self.build().canonicalize();
        let is_below = build.is_ok_and(|build| folder.is_some_and(|path| path.starts_with(build)));
        is_below && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
    }

    /// A file or folder in the place.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Removes a file, link or folder, which need not exist.
fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_files_of_the_build_are_read() {
        let cache = tempfile::tempdir().unwrap();
        let place = Place::new(cache.path(), Key::hash(&"a"));
        place.prepare().unwrap();
        let outside = cache.path().join("secret");
        fs::write(&outside, "secret").unwrap();
        let target = place.target();
        let path = |name: &str| target.join(name);
        fs::write(path("good.d"), "good").unwrap();
        let read = |path: &Path| place.read_left(path, &mut { LONGEST });
        assert_eq!(read(&path("good.d")), Ok(Some("good".to_owned())));
        assert_eq!(read(&path("missing.d")), Ok(None));
        let mut budget = 7;
        assert!(place.read_left(&path("good.d"), &mut budget).is_ok());
        assert!(place.read_left(&path("good.d"), &mut budget).is_err());
        symlink(&outside, path("link.d")).unwrap();
        symlink(cache.path(), path("folder")).unwrap();
        fs::create_dir(path("folder.d")).unwrap();
        let big = File::create(path("big.d")).unwrap();
        big.set_len(1 << 40).unwrap();
        let flags = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, path("pipe.d"), flags).unwrap();
        let names = ["link.d", "folder/secret", "folder.d", "big.d", "pipe.d"];
        for path in names.map(path).into_iter().chain([outside]) {
            assert_eq!(read(&path), Err(DependencyProblem::Strange { path }));
        }
    }
}
