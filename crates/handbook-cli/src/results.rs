//! Results that travel: written to files for others, and read from theirs.

use crate::Outcome;
use crate::open::OpenBook;
use crate::report::remark;
use anyhow::{Context, bail};
use clap::Args;
use handbook_mdbook::DiskFiles;
use handbook_pass::{Facts, Part, Results};
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_snippets::{Collected, is_results, merge, past_times};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// What a run has to do with results of others. All of it is about the whole book.
#[derive(Debug, Args)]
pub(crate) struct Travel {
    /// Write all results to results.toml beside book.toml, for builds without Rust
    #[arg(long, conflicts_with_all = ["chapters", "names", "watch", "audit", "partition"])]
    freeze: bool,
    /// Run everything, and compare with what `--freeze` wrote
    #[arg(
        long,
        conflicts_with_all =
            ["chapters", "names", "watch", "audit", "freeze", "partition", "results", "merge"]
    )]
    locked: bool,
    /// Run only part K of N, and write its results to `--results`
    #[arg(
        long,
        value_name = "K/N",
        requires = "results",
        conflicts_with_all = ["chapters", "names", "watch", "audit", "merge"]
    )]
    partition: Option<Partition>,
    /// A file that `--results` wrote, perhaps after a merge: how long snippets take
    #[arg(long, value_name = "FILE", requires = "partition")]
    weights: Option<PathBuf>,
    /// Write the results, with times, to a file
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["chapters", "names", "watch", "audit"]
    )]
    results: Option<PathBuf>,
    /// Run nothing, and report what all parts together found
    #[arg(
        long,
        value_name = "FILE",
        num_args = 1..,
        conflicts_with_all = ["chapters", "names", "watch", "audit"]
    )]
    merge: Vec<PathBuf>,
}

/// One of so many parts, `K/N`.
#[derive(Clone, Copy, Debug)]
struct Partition {
    number: usize,
    of: usize,
}

impl FromStr for Partition {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        /// Nobody has more machines.
        const MOST: usize = 1000;

        let parts = text.split_once('/');
        let numbers = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if of <= MOST && (1..=of).contains(&number) => {
                Ok(Self { number, of })
            }
            _ => Err("write K/N, with K from 1 to N, and N at most 1000"),
        }
    }
}

impl Travel {
    /// What the passes have to know of it.
    pub(crate) fn wish(&self) -> anyhow::Result<Results> {
        if !self.merge.is_empty() {
            let parts: anyhow::Result<Vec<(String, Arc<str>)>> =
                self.merge.iter().map(|path| read(path)).collect();
            return Ok(Results::Given(merge(&parts?)?.into()));
        }
        if let Some(Partition { number, of }) = self.partition {
            let past = match &self.weights {
                Some(path) => {
                    let (name, text) = read(path)?;
                    past_times(&name, &text)?
                }
                None => BTreeMap::new(),
            };
            return Ok(Results::Part(Part { number, of, past }));
        }
        Ok(match self {
            Self { locked: true, .. } => Results::Locked,
            Self { freeze: true, .. } | Self { results: Some(_), .. } => Results::Kept,
            _ => Results::Tried,
        })
    }

    /// Writes what the passes have collected. A run whose results could not be frozen has failed.
    pub(crate) fn write(
        &self,
        book: &OpenBook,
        facts: &Facts,
        outcome: Outcome,
    ) -> anyhow::Result<Outcome> {
        if !self.freeze && self.results.is_none() {
            return Ok(outcome);
        }
        let Some(collected) = facts.get::<Collected>() else {
            remark("no results were written: nothing was run");
            return Ok(Outcome::Found);
        };
        if let Some(path) = &self.results {
            put(path, &path.display().to_string(), &collected.text(), collected)?;
        }
        if !self.freeze {
            return Ok(outcome);
        }
        let name = collected.place.display().to_string();
        let path = book.root.join(&collected.place);
        // Lines may end as on Windows, if git thinks they should.
        let before = DiskFiles.read(&path).ok().map(|text| text.replace("\r\n", "\n"));
        match collected.frozen(before.as_deref()) {
            Ok(text) if before.as_deref() == Some(&text) => {
                remark(&format!("{name} is as it has to be"));
                Ok(outcome)
            }
            Ok(text) => put(&path, &name, &text, collected).map(|()| outcome),
            Err(reason) => {
                remark(&format!("{name} was not written: {reason}"));
                Ok(Outcome::Found)
            }
        }
    }
}

/// The name and the text of a file of results.
fn read(path: &Path) -> anyhow::Result<(String, Arc<str>)> {
    let name = path.display().to_string();
    match DiskFiles.read(path) {
        Ok(text) => Ok((name, text)),
        Err(ReadError::NotFound) => bail!("there is no file `{name}`"),
        Err(error) => Err(error).with_context(|| format!("cannot read `{name}`")),
    }
}

/// Refuses a place where something else lies than results: a chapter, `book.toml`, a device. A
/// slip of the hand must not cost an author any work.
fn refuse_others(path: &Path, name: &str) -> anyhow::Result<()> {
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot write `{name}`")),
    };
    if !metadata.is_file() {
        bail!("`{name}` is no regular file, and is not replaced; name another place for results");
    }
    match DiskFiles.read(path) {
        Ok(text) if is_results(&text) => Ok(()),
        _ => bail!(
            "`{name}` is there, and holds no results; name another place for them, or take the \
             file away"
        ),
    }
}

/// Writes a file in one step, and says so.
fn put(path: &Path, name: &str, text: &str, collected: &Collected) -> anyhow::Result<()> {
    let context = || format!("cannot write `{name}`");
    refuse_others(path, name)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the user's mask leaves of it, as for any file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new("."))).with_context(context)?;
    file.write_all(text.as_bytes()).with_context(context)?;
    file.persist(path).with_context(context)?;
    let number = match collected.number() {
        1 => "the result of 1 snippet".to_owned(),
        number => format!("the results of {number} snippets"),
    };
    remark(&format!("wrote {number} to {name}"));
    Ok(())
}
