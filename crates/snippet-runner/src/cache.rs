//! Reports that need not be made again.
//!
//! A report is a file, named after the hash of everything that it depends on. Files are written
//! beside their place and moved there, so several processes may share a folder. The cache is
//! never a reason to fail: what cannot be read is a miss, what cannot be written is forgotten.
//!
//! It is bounded: a file's time of change says, to the day, when an entry was last of use, and
//! whoever has put something in sweeps out what was of none for long ([`sweep`]).

mod sweep;

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

pub use sweep::{CacheFolder, CacheSize};

use serde::{Serialize, de::DeserializeOwned};

use crate::{Config, Report, SandboxReport, Snippet};

/// To be raised whenever the meaning of an entry changes within a version of this crate.
const FORMAT: u32 = 2;

/// What a report depends on, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(blake3::Hash);

impl Key {
    /// Hashes a snippet and all that its report depends on.
    ///
    /// Not its name: a snippet that moves to another line keeps its report.
    pub(crate) fn of(
        snippet: &Snippet,
        config: &Config,
        sandbox: SandboxReport,
        limit: Duration,
    ) -> Self {
        let Snippet {
            name: _,
            code,
            edition,
            expect,
            timeout: _,
            release,
            standalone,
            test_harness,
        } = snippet;
        let readable: Vec<_> = config.readable.iter().map(|path| path.to_string_lossy()).collect();
        Key::hash(&(
            (env!("CARGO_PKG_VERSION"), FORMAT),
            (code, edition, expect, release, standalone, test_harness),
            (config.toolchain.version(), &config.rustc_arguments, readable, &config.libraries),
            (limit, config.output_cap, sandbox.to_string()),
        ))
    }

    /// Hashes values, which JSON has to be able to hold: no maps, no paths.
    pub(crate) fn hash(values: &impl Serialize) -> Self {
        let text = serde_json::to_vec(values).expect("strings, numbers and lists can be written");
        Key(blake3::hash(&text))
    }

    /// Writes the hash in hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        self.0.to_hex().to_string()
    }
}

/// A folder of entries of one sort. When it is closed, which is when it is dropped, it is swept.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    /// Something was put in.
    grown: AtomicBool,
}

/// How old the note of an entry's last use may get. A run that finds everything soon after another
/// one writes nothing.
const NOTED: Duration = Duration::from_secs(24 * 60 * 60);

/// The report of an entry, or whatever else is remembered.
#[derive(serde::Serialize, serde::Deserialize)]
struct Entry<T> {
    /// The entry's own key: a file that was copied to another name is not believed.
    key: String,
    value: T,
}

impl Cache {
    /// Opens the part of a cache folder that holds one sort of entry; creates nothing yet.
    pub(crate) fn open(folder: &Path, sort: &str) -> Self {
        Cache { folder: folder.join(sort), grown: AtomicBool::new(false) }
    }

    /// Returns what is remembered for a key.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: Key) -> Option<T> {
        let path = self.path(key);
        let mut file = File::open(&path).ok()?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).ok()?;
        let entry: Entry<T> = serde_json::from_slice(&text).ok()?;
        if entry.key != key.hex() {
            return None;
        }
        if sweep::age(&file.metadata().ok()?) > NOTED {
            // Where it cannot be noted, the entry is made again one day.
            let _ = sweep::touch(&path);
        }
        Some(entry.value)
    }

    /// Remembers a value.
    pub(crate) fn put<T: Serialize>(&self, key: Key, value: &T) {
        let entry = Entry { key: key.hex(), value };
        // Written or not, the next run is right: it finds the entry, or works again.
        let _ = self.write(&self.path(key), &entry);
        self.grown.store(true, Ordering::Relaxed);
    }

    fn write<T: Serialize>(&self, path: &Path, entry: &Entry<T>) -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(entry)?)?;
        file.persist(path)?;
        Ok(())
    }

    fn path(&self, key: Key) -> PathBuf {
        let name = key.hex();
        let (fan, rest) = name.split_at(2);
        self.folder.join(fan).join(rest)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        if *self.grown.get_mut() {
            sweep::sweep_daily(&self.folder, sweep::Bounds::default());
        }
    }
}

impl Cache {
    /// Returns the report that is remembered for a snippet.
    pub(crate) fn report(&self, key: Key) -> Option<Report> {
        self.get::<Report>(key).map(|report| Report { from_cache: true, ..report })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Failure, Verdict};

    #[test]
    fn what_is_put_is_got() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), "reports");
        let key = Key::hash(&"a");
        assert_eq!(cache.report(key), None);
        let report = Report::without_run(Verdict::Failed(Failure::DidNotPanic));
        cache.put(key, &report);
        assert_eq!(cache.report(key), Some(Report { from_cache: true, ..report }));
    }

    #[test]
    fn truncated_and_foreign_entries_are_misses() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), "reports");
        let (key, other) = (Key::hash(&"a"), Key::hash(&"b"));
        cache.put(key, &Report::without_run(Verdict::Passed));
        let text = fs::read(cache.path(key)).unwrap();
        fs::create_dir_all(cache.path(other).parent().unwrap()).unwrap();
        fs::write(cache.path(other), &text).unwrap();
        assert_eq!(cache.report(other), None);
        fs::write(cache.path(key), &text[..text.len() / 2]).unwrap();
        assert_eq!(cache.report(key), None);
    }
}
