//! Reports that need not be made again.
//!
//! A report is a file, named after the hash of everything that it depends on. Files are written
//! beside their place and moved there, so several processes may share a folder. The cache is
//! never a reason to fail: what cannot be read is a miss, what cannot be written is forgotten.
//!
//! It is bounded: a file's time of change says, to the day, when an entry was last of use, and
//! whoever has put something in sweeps out what was of none for long ([`sweep`]).

mod builds;
mod sweep;

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

pub(crate) use builds::{BUILD_LOCK, BUILD_RECORD, BUILDS, is_same_file, note_use, sweep_builds};
pub use sweep::{CacheFolder, CacheSize};

use serde::{Serialize, de::DeserializeOwned};

use crate::{Config, Report, SandboxReport, Snippet, allowed::Allowed};

/// To be raised whenever the meaning of an entry changes within a version of this crate.
const FORMAT: u32 = 5;

/// What a report depends on, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(blake3::Hash);

impl Key {
    /// Hashes a snippet and all that its report depends on.
    ///
    /// Not its name: a snippet that moves to another line keeps its report.
    pub(crate) fn of(snippet: &Snippet, setting: Setting, limit: Duration) -> Self {
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
        let rest = Key::hash(&(edition, expect, release, standalone, test_harness, limit));
        let code = blake3::hash(code.as_bytes());
        Key::of_all([setting.0, rest, Key(code)])
    }

    /// Hashes hashes.
    fn of_all(keys: impl IntoIterator<Item = Key>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for key in keys {
            hasher.update(key.0.as_bytes());
        }
        Key(hasher.finalize())
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

/// What all reports of a run depend on, hashed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting(Key);

impl Setting {
    /// Writes the hash in hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        self.0.hex()
    }

    /// `dependencies` is the hash of what the snippets use of other crates.
    pub(crate) fn of(config: &Config, sandbox: SandboxReport, dependencies: Option<Key>) -> Self {
        let readable: Vec<_> = config.readable.iter().map(|path| path.to_string_lossy()).collect();
        let allowed: Vec<_> = config.allowed.iter().map(Allowed::key).collect();
        Setting(Key::hash(&(
            (env!("CARGO_PKG_VERSION"), FORMAT),
            (config.toolchain.version(), &config.rustc_arguments, readable, &config.libraries),
            (config.output_cap, sandbox.to_string(), allowed, dependencies.map(Key::hex)),
            config.recheck,
        )))
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
        let (value, age) = self.get_with_age(key)?;
        if age > NOTED {
            // Where it cannot be noted, the entry is made again one day.
            let _ = sweep::touch(&self.path(key));
        }
        Some(value)
    }

    /// Returns what is remembered for a key, and how long ago it was written or its use noted.
    fn get_with_age<T: DeserializeOwned>(&self, key: Key) -> Option<(T, Duration)> {
        let path = self.path(key);
        let mut file = File::open(&path).ok()?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).ok()?;
        let entry: Entry<T> = serde_json::from_slice(&text).ok()?;
        if entry.key != key.hex() {
            return None;
        }
        Some((entry.value, sweep::age(&file.metadata().ok()?)))
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

impl CacheFolder {
    /// Returns what a caller has remembered under a key today.
    pub fn recall<T: DeserializeOwned>(&self, key: &impl Serialize) -> Option<T> {
        let (value, age) = self.notes().get_with_age(Key::hash(key))?;
        // What the note saves others from being asked for is noted as used once a day.
        (age < NOTED).then_some(value)
    }

    /// Remembers something under a key: strings, numbers, and lists of them.
    pub fn remember<T: Serialize>(&self, key: &impl Serialize, value: &T) {
        self.notes().put(Key::hash(key), value);
    }

    fn notes(&self) -> Cache {
        Cache::open(self.path(), "notes")
    }
}

/// What is remembered of snippets: a report for each, and the reports of whole runs, because one
/// file is read much faster than hundreds.
#[derive(Debug)]
pub(crate) struct ReportCache {
    reports: Cache,
    runs: Cache,
}

impl ReportCache {
    /// Opens a cache folder; creates nothing yet.
    pub(crate) fn open(folder: &Path) -> Self {
        ReportCache { reports: Cache::open(folder, "reports"), runs: Cache::open(folder, "runs") }
    }

    /// Returns the report that is remembered for a snippet.
    pub(crate) fn report(&self, key: Key) -> Option<Report> {
        self.reports.get(key).map(cached)
    }

    /// Returns the reports that are remembered for a run of exactly these snippets.
    ///
    /// Not those of yesterday: then the single ones are asked for, so that their use is noted.
    pub(crate) fn run(&self, keys: &[Key]) -> Option<Vec<Report>> {
        let (reports, age) =
            self.runs.get_with_age::<Vec<Report>>(Key::of_all(keys.iter().copied()))?;
        let is_usable = age < NOTED && reports.len() == keys.len();
        is_usable.then(|| reports.into_iter().map(cached).collect())
    }

    /// Remembers the report of a snippet.
    pub(crate) fn put(&self, key: Key, report: &Report) {
        self.reports.put(key, report);
    }

    /// Remembers the reports of a run.
    pub(crate) fn put_run(&self, keys: &[Key], reports: &[Report]) {
        self.runs.put(Key::of_all(keys.iter().copied()), &reports);
    }
}

fn cached(report: Report) -> Report {
    Report { from_cache: true, ..report }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Failure, Verdict};

    #[test]
    fn what_is_put_is_got() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ReportCache::open(folder.path());
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
        assert_eq!(cache.get::<Report>(other), None);
        fs::write(cache.path(key), &text[..text.len() / 2]).unwrap();
        assert_eq!(cache.get::<Report>(key), None);
    }

    #[test]
    fn a_run_is_remembered_as_a_whole_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ReportCache::open(folder.path());
        let keys = [Key::hash(&"a"), Key::hash(&"b")];
        assert_eq!(cache.run(&keys), None);
        let reports =
            [Verdict::Passed, Verdict::Failed(Failure::DidNotPanic)].map(Report::without_run);
        cache.put_run(&keys, &reports);
        assert_eq!(cache.run(&keys), Some(reports.map(cached).to_vec()));
        assert_eq!(cache.run(&keys[..1]), None);
        assert_eq!(cache.run(&[keys[1], keys[0]]), None);
        let path = cache.runs.path(Key::of_all(keys));
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::now() - 2 * NOTED).unwrap();
        assert_eq!(cache.run(&keys), None);
    }
}
