//! Runs that had nothing to complain of, and need not be done again.
//!
//! A run depends on the files that it read, which go through a [`Record`], on what the passes know
//! of the world outside ([`Engine::world`]), on the command, and on this program. While all of these
//! are as they were, so is what it found: nothing that is shown. A run that found something is done
//! again, so that no second place has to know how to say it.

use crate::open::OpenBook;
use crate::record::{Read, Record};
use handbook_engine::Engine;
use handbook_text::include::{ReadError, ReadFiles};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use snippet_runner::CacheFolder;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

/// The memory of one command on one book.
pub(crate) struct Unchanged {
    folder: CacheFolder,
    /// All that has to be the same, beside the files.
    key: (String, [String; 3]),
}

/// What is remembered.
#[derive(Serialize, Deserialize)]
struct Remembered<T> {
    /// The files, sorted, and the hashes of what was read.
    read: Vec<(PathBuf, String)>,
    /// The same for the folders that were looked into.
    listed: Vec<(PathBuf, String)>,
    /// What the command says at the end.
    summary: T,
}

impl Unchanged {
    /// The memory of `command`; `None` if nothing is to be remembered, or not all is known that
    /// matters.
    pub(crate) fn of(book: &OpenBook, engine: &Engine, command: &str) -> Option<Self> {
        let folder = CacheFolder::new(book.environment.cache.as_ref()?);
        let root = book.root.to_str()?.to_owned();
        let command = format!("{command} {}", book.environment.execute);
        Some(Self { folder, key: (program()?, [root, command, engine.world()?]) })
    }

    /// What the command said last, if all is as it was then. Reads through `files` what was read.
    pub(crate) fn recall<T: DeserializeOwned>(&self, files: &dyn ReadFiles) -> Option<T> {
        let remembered: Remembered<T> = self.folder.recall(&self.key)?;
        let reads = |(path, hash): &(PathBuf, String)| hash_of(&files.read(path)) == *hash;
        let lists = |(path, hash): &(PathBuf, String)| hash_of(&files.list(path)) == *hash;
        let is_same = remembered.read.iter().all(reads) && remembered.listed.iter().all(lists);
        is_same.then_some(remembered.summary)
    }

    /// Remembers what the command, which found nothing, has to say.
    pub(crate) fn remember<T: Serialize>(&self, record: &Record<'_>, summary: T) {
        let hashed = |all: BTreeMap<PathBuf, Read>| {
            all.into_iter().map(|(path, text)| (path, hash_of(&text))).collect()
        };
        let (read, listed) = (hashed(record.all()), hashed(record.folders()));
        self.folder.remember(&self.key, &Remembered { read, listed, summary });
    }
}

fn hash_of(read: &Read) -> String {
    match read {
        Ok(text) => blake3::hash(text.as_bytes()).to_hex().to_string(),
        Err(ReadError::NotFound) => "none".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// This program as it lies on the disk: while it is worked on, its version says too little.
fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let metadata = std::fs::metadata(&path).ok()?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", path.display(), metadata.len(), changed.as_nanos()))
}
