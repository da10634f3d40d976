//! The folder of one run, and what killed runs have left behind.
//!
//! 1. A run makes a folder, and holds a lock on a file in it for as long as it lives: the system
//!    lets go of the lock however the process ends, and a lock is seen where a process number
//!    would mean nothing, as between two containers.
//! 2. Whoever comes next removes the folders whose lock nobody holds, if it is a lock of ours. A
//!    folder without one is just being made; if it is a day old and empty, it goes as well.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use crate::Error;

/// How the names of these folders start.
const PREFIX: &str = ".snippet-runner-";

/// The file in a folder that its run has locked, and what it says.
const LOCK: &str = "lock";
const LOCK_TEXT: &str = "A run of snippet-runner holds this file locked, and owns this folder.\n";

/// How old a folder without a lock has to be, to be nobody's.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder that is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    /// Dropped before the folder: there are systems that do not remove an open file.
    _lock: File,
    _folder: TempDir,
}

impl Scratch {
    /// Makes a folder in `base`, which is made, too, and removes those that nobody needs.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder cannot be made.
    pub(crate) fn new(base: &Path) -> Result<Self, Error> {
        fs::create_dir_all(base).map_err(Error::io(base))?;
        remove_stale(base);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base);
        let folder = folder.map_err(Error::io(base))?;
        // Rules for a folder are made for its real path.
        let path = folder.path().canonicalize().map_err(Error::io(folder.path()))?;
        let lock = locked(&path).map_err(Error::io(&path))?;
        Ok(Scratch { path, _lock: lock, _folder: folder })
    }

    /// Returns the folder's real path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes the file that is locked. It has its name only once it is: nobody finds it free.
fn locked(folder: &Path) -> std::io::Result<File> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(LOCK_TEXT.as_bytes())?;
    match file.as_file().try_lock() {
        Ok(()) => Ok(file.persist(folder.join(LOCK))?),
        // Where files cannot be locked, the folder's age has to do.
        Err(_) => Ok(file.into_file()),
    }
}

/// Removes the folders of runs that were killed. What cannot be removed stays.
fn remove_stale(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_ours {
            continue;
        }
        let folder = entry.path();
        let _ = match fs::symlink_metadata(folder.join(LOCK)) {
            Ok(lock) if lock.is_file() && is_abandoned(&folder.join(LOCK)) => {
                fs::remove_dir_all(&folder)
            }
            Err(_) if is_old(&folder) => fs::remove_dir(&folder),
            _ => Ok(()),
        };
    }
}

fn is_abandoned(lock: &Path) -> bool {
    fs::read_to_string(lock).is_ok_and(|text| text == LOCK_TEXT)
        && File::open(lock).is_ok_and(|file| file.try_lock().is_ok())
}

fn is_old(folder: &Path) -> bool {
    let changed = fs::metadata(folder).and_then(|metadata| metadata.modified());
    changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age > STALE))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn a_folder_lives_as_long_as_its_run() {
        let base = tempfile::tempdir().unwrap();
        let first = Scratch::new(base.path()).unwrap();
        let second = Scratch::new(base.path()).unwrap();
        assert!(first.path().is_dir() && second.path().is_dir());
        let path = first.path().to_owned();
        drop(first);
        assert!(!path.exists() && second.path().is_dir());
    }

    #[test]
    fn what_killed_runs_left_is_removed() {
        let base = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let folder = base.path().join(name);
            fs::create_dir(&folder).unwrap();
            folder
        };
        let fill = |folder: &Path| fs::create_dir(folder.join("deeper")).unwrap();
        let old = SystemTime::now() - 2 * STALE;
        let age = |folder: &Path| File::open(folder).unwrap().set_modified(old).unwrap();

        let killed = make(".snippet-runner-killed");
        fill(&killed);
        fs::write(killed.join(LOCK), LOCK_TEXT).unwrap();
        let without_lock = make(".snippet-runner-old");
        age(&without_lock);
        let being_made = make(".snippet-runner-new");
        // Somebody's, whatever they are called.
        let others = ["other", ".snippet-runner-notes", ".snippet-runner-locked"].map(make);
        others.iter().for_each(|folder| fill(folder));
        fs::write(others[2].join(LOCK), "").unwrap();
        others.iter().for_each(|folder| age(folder));
        let _scratch = Scratch::new(base.path()).unwrap();
        assert!(!killed.exists() && !without_lock.exists() && being_made.exists());
        assert!(others.iter().all(|folder| folder.join("deeper").exists()));
    }
}
