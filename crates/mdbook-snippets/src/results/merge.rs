//! One file of results from those of several parts.

use super::file::{FileError, PartOf, ResultsFile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use thiserror::Error;

/// What stands at the top of a file that is to be merged, or was.
pub(super) const ABOUT: &str =
    "What became of the snippets of this book, for `handbook run --merge`.";

/// Why files cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MergeError {
    /// One of them cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is none.
    #[error("there is no file to merge")]
    Nothing,
    /// One was written for another purpose.
    #[error("`{name}` holds frozen results; what can be merged is written by `--results`")]
    Frozen {
        /// The file.
        name: String,
    },
    /// Two were made for different books, weights, or numbers of parts.
    #[error(
        "`{first}` and `{other}` are parts of different runs: run all parts on one version of the \
         book, with one N and one `--weights`"
    )]
    OtherPlan {
        /// The one.
        first: String,
        /// The other.
        other: String,
    },
    /// Two were made by different compilers.
    #[error(
        "`{first}` was made with {theirs}, and `{other}` with {ours}: run all parts with one \
         compiler"
    )]
    OtherCompiler {
        /// The one.
        first: String,
        /// Its compiler.
        theirs: String,
        /// The other.
        other: String,
        /// The other's compiler.
        ours: String,
    },
    /// Two are the same part.
    #[error("`{first}` and `{other}` are both part {number} of {of}: name each part once")]
    Twice {
        /// The one.
        first: String,
        /// The other.
        other: String,
        /// Which part.
        number: usize,
        /// Of how many.
        of: usize,
    },
    /// Parts are not there.
    #[error(
        "there is no part {missing} of {of}: run `--partition {first}/{of}`, and name its file, too"
    )]
    Missing {
        /// Which ones, commas between them.
        missing: String,
        /// The first of them.
        first: usize,
        /// Of how many.
        of: usize,
    },
}

/// Merges the files of a run's parts, names and texts, into the text of one file.
///
/// # Errors
///
/// If they are not all parts of one run, each once.
pub fn merge(files: &[(String, Arc<str>)]) -> Result<String, MergeError> {
    let mut parts: BTreeMap<usize, &str> = BTreeMap::new();
    let mut whole: Option<(&str, PartOf, ResultsFile)> = None;
    for (name, text) in files {
        let mut file = ResultsFile::read(name, text)?;
        let Some(part) = file.part.take() else {
            return Err(MergeError::Frozen { name: name.clone() });
        };
        if let Some(first) = parts.insert(part.number, name) {
            let PartOf { number, of, .. } = part;
            return Err(MergeError::Twice { first: first.into(), other: name.into(), number, of });
        }
        match &mut whole {
            None => whole = Some((name, part, file)),
            Some((first, known, whole)) => {
                if (known.of, &known.plan) != (part.of, &part.plan) {
                    let (first, other) = ((*first).to_owned(), name.clone());
                    return Err(MergeError::OtherPlan { first, other });
                }
                append(whole, file, first, name)?;
            }
        }
    }
    let Some((_, part, mut whole)) = whole else { return Err(MergeError::Nothing) };
    let missing: Vec<usize> = (1..=part.of).filter(|number| !parts.contains_key(number)).collect();
    if let Some(first) = missing.first() {
        let all: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let (missing, first) = (all.join(", "), *first);
        return Err(MergeError::Missing { missing, first, of: part.of });
    }
    whole.part = Some(PartOf { number: 1, of: 1, plan: part.plan });
    Ok(whole.text(ABOUT))
}

/// Adds the results of another part.
fn append(
    whole: &mut ResultsFile,
    file: ResultsFile,
    first: &str,
    name: &str,
) -> Result<(), MergeError> {
    match (&whole.compiler, file.compiler) {
        (Some(theirs), Some(ours)) if *theirs != ours => {
            let shown = |rustc: &str, host: &str| format!("{rustc} on {host}");
            return Err(MergeError::OtherCompiler {
                first: first.to_owned(),
                theirs: shown(&theirs.rustc, &theirs.host),
                other: name.to_owned(),
                ours: shown(&ours.rustc, &ours.host),
            });
        }
        // A part without snippets needs no compiler.
        (None, theirs) => whole.compiler = theirs,
        _ => {}
    }
    // What was not confined in one part was not confined.
    let sandboxes = whole.sandbox.into_iter().chain(file.sandbox);
    whole.sandbox = sandboxes.max_by_key(|sandbox| sandbox.missing().len());
    let known: BTreeSet<&str> = whole.entries.iter().map(|entry| entry.id.as_str()).collect();
    if let Some(entry) = file.entries.iter().find(|entry| known.contains(entry.id.as_str())) {
        return Err(FileError::Twice { name: name.to_owned(), id: entry.id.clone() }.into());
    }
    whole.entries.extend(file.entries);
    Ok(())
}

/// How long snippets took, in milliseconds by id, as the file `name` says.
///
/// # Errors
///
/// If it is no file of results.
pub fn past_times(name: &str, text: &str) -> Result<BTreeMap<String, u64>, FileError> {
    let entries = ResultsFile::read(name, text)?.entries.into_iter();
    // What was not run took no time beyond its compiler's.
    Ok(entries.map(|entry| (entry.id, entry.milliseconds.unwrap_or_default())).collect())
}
