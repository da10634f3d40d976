//! Reports that need not be made again.
//!
//! A report is a file, named after the hash of everything that it depends on. Files are written
//! beside their place and moved there, so several processes may share a folder. The cache is
//! never a reason to fail: what cannot be read is a miss, what cannot be written is forgotten.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

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
            (config.toolchain.version(), &config.rustc_arguments, readable),
            (limit, config.output_cap, sandbox.to_string()),
        ))
    }

    /// Hashes values, which JSON has to be able to hold: no maps, no paths.
    pub(crate) fn hash(values: &impl Serialize) -> Self {
        let text = serde_json::to_vec(values).expect("strings, numbers and lists can be written");
        Key(blake3::hash(&text))
    }
}

/// A folder of entries.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

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
        Cache { folder: folder.join(sort) }
    }

    /// Returns what is remembered for a key.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: Key) -> Option<T> {
        let text = fs::read(self.path(key)).ok()?;
        let entry: Entry<T> = serde_json::from_slice(&text).ok()?;
        (entry.key == key.0.to_hex().as_str()).then_some(entry.value)
    }

    /// Remembers a value.
    pub(crate) fn put<T: Serialize>(&self, key: Key, value: &T) {
        let entry = Entry { key: key.0.to_hex().to_string(), value };
        // Written or not, the next run is right: it finds the entry, or works again.
        let _ = self.write(&self.path(key), &entry);
    }

    fn write<T: Serialize>(&self, path: &Path, entry: &Entry<T>) -> std::io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(entry)?)?;
        file.persist(path)?;
        Ok(())
    }

    fn path(&self, key: Key) -> PathBuf {
        let name = key.0.to_hex();
        let (fan, rest) = name.as_str().split_at(2);
        self.folder.join(fan).join(rest)
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
