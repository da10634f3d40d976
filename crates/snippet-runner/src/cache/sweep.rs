//! Keeps cache folders small, and says how large they are.
//!
//! Nothing is believed of a file but its place and its name: an entry lies two folders deep and is
//! called what a hash would be. Whatever else lies in the folder is somebody's, and left alone.

use std::{
    cmp::Reverse,
    fs::{self, DirEntry, File, Metadata},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::builds::{BUILDS, builds};
use crate::Error;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The folders in a cache folder, one for each sort of entry.
const SORTS: [&str; 5] = [BUILDS, "notes", "reports", "runs", "toolchains"];

/// The file whose time says when a folder was swept, and what it tells whoever looks into it.
const STAMP: &str = "swept";
const STAMP_TEXT: &str = "When this file changed, this folder was rid of what nobody used.\n";

/// How much a file takes up at least: most entries are a fraction of that.
pub(super) const BLOCK: u64 = 4096;

/// What may stay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// How long an entry may be of no use.
    pub(super) age: Duration,
    /// How large all of them may be.
    bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { age: 30 * DAY, bytes: 128 * 1024 * 1024 }
    }
}

/// A cache folder as its owner sees it, for [`Config::cache`](crate::Config::cache).
///
/// It is bounded: at most once a day, a run that has put something in removes what was not used
/// for 30 days, and the least recently used entries beyond 256 MiB: half of them may be reports of
/// single snippets, half those of whole runs. Dependencies that were built have the same age, and
/// 4 GiB for themselves.
#[derive(Clone, Debug)]
pub struct CacheFolder {
    path: PathBuf,
}

/// What lies in a cache folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheSize {
    /// How many entries there are.
    pub entries: usize,
    /// How much they take up on the disk, in bytes.
    pub bytes: u64,
}

/// A file that a cache wrote.
struct Kept {
    path: PathBuf,
    sort: Sort,
    bytes: u64,
    /// How long ago it was of use.
    age: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Entry,
    /// What a process was writing.
    Unfinished,
    Stamp,
}

impl CacheFolder {
    /// Names a folder, which need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        CacheFolder { path: path.into() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Looks how large it is.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if it cannot be read.
    pub fn size(&self) -> Result<CacheSize, Error> {
        let mut size = CacheSize::default();
        for folder in self.sorts() {
            for kept in kept(&folder).map_err(Error::io(&folder))? {
                size.count(&kept);
            }
            for build in builds(&folder).map_err(Error::io(&folder))? {
                size.count_build(build.bytes);
            }
        }
        Ok(size)
    }

    /// Removes everything that a cache wrote, and returns how much that was. Whatever else lies in
    /// the folder stays, and so do dependencies that somebody uses just now.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if something cannot be removed.
    pub fn clean(&self) -> Result<CacheSize, Error> {
        let mut size = CacheSize::default();
        for folder in self.sorts() {
            for kept in kept(&folder).map_err(Error::io(&folder))? {
                remove(&kept).map_err(Error::io(&kept.path))?;
                size.count(&kept);
            }
            for build in builds(&folder).map_err(Error::io(&folder))? {
                if build.remove().map_err(Error::io(&folder))? {
                    size.count_build(build.bytes);
                }
            }
            // Folders that hold something else stay.
            for fan in folders(&folder).map_err(Error::io(&folder))? {
                let _ = fs::remove_dir(fan);
            }
            let _ = fs::remove_dir(folder);
        }
        Ok(size)
    }

    fn sorts(&self) -> impl Iterator<Item = PathBuf> {
        SORTS.into_iter().map(|sort| self.path.join(sort)).filter(|path| path.is_dir())
    }
}

impl CacheSize {
    fn count(&mut self, kept: &Kept) {
        self.entries += usize::from(kept.sort == Sort::Entry);
        self.bytes += if kept.sort == Sort::Stamp { 0 } else { kept.bytes };
    }

    fn count_build(&mut self, bytes: u64) {
        self.entries += 1;
        self.bytes += bytes;
    }
}

/// Sweeps a folder of entries, unless that was done within a day.
pub(super) fn sweep_daily(folder: &Path, bounds: Bounds) {
    if is_due(folder) {
        let _ = sweep(folder, bounds);
    }
}

/// Returns whether a folder was not swept within a day, and notes that it will be now.
pub(super) fn is_due(folder: &Path) -> bool {
    let stamp = folder.join(STAMP);
    let is_fresh = fs::metadata(&stamp).is_ok_and(|stamp| age(&stamp) < DAY);
    // Whoever comes while the sweep goes on has none to do. If two came at once it does no harm.
    // Without a stamp there would be a sweep after every run: rather none.
    !is_fresh && fs::write(&stamp, STAMP_TEXT).is_ok()
}

/// Removes what is out of bounds. What cannot be removed stays; others may have done it.
fn sweep(folder: &Path, bounds: Bounds) -> io::Result<()> {
    let mut kept = kept(folder)?;
    kept.sort_by_key(|kept| Reverse(kept.age));
    let entries = kept.iter().filter(|kept| kept.sort == Sort::Entry);
    let mut bytes: u64 = entries.map(|kept| kept.bytes).sum();
    for kept in &kept {
        let goes = match kept.sort {
            Sort::Entry => kept.age > bounds.age || bytes > bounds.bytes,
            // Its process was killed.
            Sort::Unfinished => kept.age > DAY,
            Sort::Stamp => false,
        };
        if goes && remove(kept).is_ok() && kept.sort == Sort::Entry {
            bytes -= kept.bytes;
        }
    }
    Ok(())
}

fn remove(kept: &Kept) -> io::Result<()> {
    match fs::remove_file(&kept.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Finds what a cache wrote in a folder of entries. No link is followed.
fn kept(folder: &Path) -> io::Result<Vec<Kept>> {
    let mut found = Vec::new();
    let mut look = |folder: &Path, sort: &dyn Fn(&str) -> Option<Sort>| -> io::Result<()> {
        for entry in list(folder)? {
            let sort = entry.file_name().to_str().and_then(sort);
            // Whoever is gone by now was removed by another process.
            if let (Some(sort), Ok(metadata)) = (sort, entry.metadata())
                && metadata.is_file()
            {
                let bytes = metadata.len().next_multiple_of(BLOCK);
                found.push(Kept { path: entry.path(), sort, bytes, age: age(&metadata) });
            }
        }
        Ok(())
    };
    look(folder, &|name| match name {
        STAMP => Some(Sort::Stamp),
        _ => is_unfinished(name).then_some(Sort::Unfinished),
    })?;
    for fan in folders(folder)? {
        look(&fan, &|name| is_hex(name, 62).then_some(Sort::Entry))?;
    }
    Ok(found)
}

/// Finds the folders in which entries lie.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_fan = |entry: &DirEntry| {
        entry.file_name().to_str().is_some_and(|name| is_hex(name, 2))
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
    };
    Ok(list(folder)?.iter().filter(|entry| is_fan(entry)).map(DirEntry::path).collect())
}

/// Lists a folder; one that another process has removed is empty.
pub(super) fn list(folder: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.collect(),
    }
}

pub(super) fn is_hex(name: &str, length: usize) -> bool {
    name.len() == length && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns whether a name is one that `tempfile` gives.
fn is_unfinished(name: &str) -> bool {
    let random = name.strip_prefix(".tmp");
    random.is_some_and(|rest| {
        rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Returns how long ago a file changed. One that is still to be changed, by more than clocks
/// differ, is as old as can be.
pub(super) fn age(metadata: &Metadata) -> Duration {
    if is_ahead(metadata) {
        return Duration::MAX;
    }
    let changed = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    changed.elapsed().unwrap_or_default()
}

/// Returns whether a file was changed when the clock was wrong.
fn is_ahead(metadata: &Metadata) -> bool {
    metadata.modified().is_ok_and(|changed| changed > SystemTime::now() + DAY)
}

/// Says that a file was of use now.
pub(super) fn touch(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.set_modified(SystemTime::now())
}

#[cfg(test)]
mod tests;
