//! Builds of dependencies, which are folders.
//!
//! A build is called what a hash would be, and holds a lock; whoever uses it has the lock, so it
//! is removed only while nobody does.

use std::{
    cmp::Reverse,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    NOTED,
    sweep::{self, BLOCK, Bounds, is_hex, list},
};

/// The folder of the builds in a cache folder.
pub(crate) const BUILDS: &str = "dependencies";

/// The file in a build that is locked.
pub(crate) const BUILD_LOCK: &str = "lock";

/// The file in a build whose time says when it was of use.
pub(crate) const BUILD_RECORD: &str = "record.json";

/// What all builds together may take up, in bytes.
const MOST: u64 = 4 * 1024 * 1024 * 1024;

/// A build in a cache folder.
pub(super) struct Build {
    path: PathBuf,
    pub(super) bytes: u64,
    age: Duration,
}

impl Build {
    /// Removes the build, unless somebody uses it; returns whether it is gone.
    pub(super) fn remove(&self) -> io::Result<bool> {
        let lock = File::options().append(true).open(self.path.join(BUILD_LOCK));
        if lock.as_ref().is_ok_and(|lock| lock.try_lock().is_err()) {
            return Ok(false);
        }
        // What is left by somebody who was killed here is not believed.
        let record = fs::remove_file(self.path.join(BUILD_RECORD));
        let removed = record.or_else(ignore_missing).and_then(|()| fs::remove_dir_all(&self.path));
        removed.or_else(ignore_missing).map(|()| true)
    }
}

/// Finds the builds in a folder of builds.
pub(super) fn builds(folder: &Path) -> io::Result<Vec<Build>> {
    let mut found = Vec::new();
    for entry in list(folder)? {
        let path = entry.path();
        let is_build = entry.file_name().to_str().is_some_and(|name| is_hex(name, 64))
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
            && path.join(BUILD_LOCK).is_file();
        if is_build {
            let used = fs::metadata(path.join(BUILD_RECORD)).or_else(|_| entry.metadata());
            let age = used.map_or(Duration::ZERO, |metadata| sweep::age(&metadata));
            found.push(Build { bytes: size(&path), path, age });
        }
    }
    Ok(found)
}

/// Removes the builds that were of no use for long, and the least recently used beyond what they
/// may take up; at most once a day.
pub(crate) fn sweep_builds(cache: &Path) {
    let folder = cache.join(BUILDS);
    if !sweep::is_due(&folder) {
        return;
    }
    let Ok(mut builds) = builds(&folder) else { return };
    builds.sort_by_key(|build| Reverse(build.age));
    let mut bytes: u64 = builds.iter().map(|build| build.bytes).sum();
    for build in &builds {
        let goes = build.age > Bounds::default().age || bytes > MOST;
        // What cannot be removed stays.
        if goes && build.remove().is_ok_and(|gone| gone) {
            bytes -= build.bytes;
        }
    }
}

/// Notes that a file was of use today.
pub(crate) fn note_use(file: &Path) {
    if fs::metadata(file).is_ok_and(|metadata| sweep::age(&metadata) > NOTED) {
        // Where it cannot be noted, the build is made again one day.
        let _ = sweep::touch(file);
    }
}

/// Returns whether a path still leads to a file that was opened by it.
pub(crate) fn is_same_file(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;

        let number = |metadata: io::Result<fs::Metadata>| {
            metadata.ok().map(|metadata| (metadata.dev(), metadata.ino()))
        };
        let number_of_file = number(file.metadata());
        number_of_file.is_some() && number(fs::metadata(path)) == number_of_file
    }
    // An open file cannot be removed there.
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// Returns what a folder takes up on the disk. No link is followed.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len().next_multiple_of(BLOCK),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::CacheFolder;

    /// Makes a build that was used so many days ago.
    fn make(cache: &Path, digit: &str, days: u64) -> PathBuf {
        let build = cache.join(BUILDS).join(digit.repeat(64));
        fs::create_dir_all(build.join("build/target")).unwrap();
        fs::write(build.join(BUILD_LOCK), "").unwrap();
        fs::write(build.join("build/target/crate"), "1").unwrap();
        let record = build.join(BUILD_RECORD);
        fs::write(&record, "{}").unwrap();
        let time = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
        File::options().write(true).open(&record).unwrap().set_modified(time).unwrap();
        build
    }

    #[test]
    fn a_sweep_takes_what_is_old_and_of_no_use_now() {
        let cache = tempfile::tempdir().unwrap();
        let [new, old, used] =
            [("a", 1), ("b", 40), ("c", 40)].map(|(name, days)| make(cache.path(), name, days));
        let lock = File::open(used.join(BUILD_LOCK)).unwrap();
        lock.lock_shared().unwrap();
        sweep_builds(cache.path());
        assert!(new.exists() && !old.exists() && used.exists());
        drop(lock);
        // Not twice a day.
        sweep_builds(cache.path());
        assert!(used.exists());
        note_use(&used.join(BUILD_RECORD));
        fs::remove_file(cache.path().join(BUILDS).join("swept")).unwrap();
        sweep_builds(cache.path());
        assert!(used.exists());
    }

    #[test]
    fn builds_are_counted_and_cleaned() {
        let cache = tempfile::tempdir().unwrap();
        let build = make(cache.path(), "a", 1);
        let foreign = cache.path().join(BUILDS).join("b".repeat(64));
        fs::create_dir_all(&foreign).unwrap();
        let folder = CacheFolder::new(cache.path());
        let size = folder.size().unwrap();
        assert_eq!((size.entries, size.bytes), (1, 2 * BLOCK));
        assert_eq!(folder.clean().unwrap(), size);
        assert!(!build.exists() && foreign.exists());
    }

    #[test]
    fn a_file_that_was_replaced_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = File::create(&path).unwrap();
        assert!(is_same_file(&file, &path));
        fs::remove_file(&path).unwrap();
        assert!(!is_same_file(&file, &path));
        File::create(&path).unwrap();
        assert!(!is_same_file(&file, &path));
    }
}
