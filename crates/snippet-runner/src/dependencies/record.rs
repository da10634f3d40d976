//! What was built last, and from what.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::{
    inputs::{Contents, Inputs},
    place::Place,
};
use crate::Error;

/// A build, finished or begun.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// The files that it depends on.
    pub(super) inputs: Inputs,
    /// What they said.
    pub(super) contents: Contents,
    /// The table that it was built for.
    pub(super) table: Option<String>,
    /// What came of it; `None` if it was not finished.
    pub(super) built: Option<Built>,
    /// When it was begun.
    pub(super) started: SystemTime,
}

/// What rustc needs to use the crates.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Built {
    /// The names that a snippet may use, each with the file of its crate.
    pub(super) externs: Vec<(String, PathBuf)>,
    /// Where else rustc looks, as `-L` wants it.
    pub(super) folders: Vec<String>,
}

impl Built {
    /// Returns the arguments for rustc.
    pub(super) fn arguments(&self) -> Vec<String> {
        let externs = self.externs.iter().map(|(name, file)| format!("{name}={}", file.display()));
        let externs = externs.flat_map(|value| ["--extern".to_owned(), value]);
        let folders = self.folders.iter().flat_map(|value| ["-L".to_owned(), value.clone()]);
        externs.chain(folders).collect()
    }
}

impl Record {
    /// Returns whether the build can be used as it is.
    pub(super) fn is_fresh(&self, place: &Place, table: Option<&str>) -> bool {
        let Some(built) = &self.built else { return false };
        self.table.as_deref() == table
            && place.has_target()
            && built.externs.iter().all(|(_, file)| file.is_file())
            && self.contents == self.inputs.now()
    }

    /// Returns whether a file has changed in a way that cargo may not notice: it looks at the times
    /// of the files that it knows, and this one has no newer time than the build, or is not known.
    pub(super) fn may_be_unseen(&self) -> bool {
        let is_unseen = |path: &Path| {
            let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
            !self.inputs.is_told(path) || changed.is_ok_and(|changed| changed <= self.started)
        };
        self.contents.changed(&self.inputs.now()).any(is_unseen)
    }

    /// Writes the record in place of the last one.
    pub(super) fn write(&self, place: &Place) -> Result<(), Error> {
        let path = place.record_file();
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(&path))?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(Error::io(&path))
    }
}
