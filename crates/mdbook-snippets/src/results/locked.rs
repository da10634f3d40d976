//! How a run differs from what was frozen.

use super::file::{Entry, FileError, ResultsFile};
use super::identity::Identities;
use crate::conditions::Conditions;
use crate::execute::Verdicts;
use crate::output::Varying;
use crate::snippet::{Listing, SnippetId};
use snippet_runner::Report;

/// What has to be frozen anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Differences {
    /// The frozen file.
    pub(crate) file: String,
    pub(crate) list: Vec<Difference>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Nothing was run, so nothing can be compared.
    NothingRun,
    /// Nothing was frozen.
    NoFile,
    /// Snippets were confined otherwise: the layers that were missing then and now.
    Confined { then: Vec<&'static str>, now: Vec<&'static str> },
    /// The result of a snippet says what nobody froze.
    Foreign(SnippetId),
    /// The file cannot be used.
    Unusable(FileError),
    /// There is no result of a snippet.
    Unknown(SnippetId),
    /// Another snippet was frozen under the same name.
    Changed(SnippetId),
    /// The snippet prints something else: the first line of it that is different, then and now.
    Prints { id: SnippetId, line: usize, then: Option<String>, now: Option<String> },
    /// These snippets are not in the book.
    Gone(Vec<String>),
}

impl Differences {
    /// Those of a run; none if nothing was run.
    pub(crate) fn of(
        name: String,
        frozen: Result<Option<ResultsFile>, FileError>,
        listing: &Listing,
        identities: &Identities,
        verdicts: &Verdicts,
    ) -> Self {
        let Verdicts::Reported { reports, under, .. } = verdicts else {
            return Self { file: name, list: Vec::new() };
        };
        let list = match frozen {
            Ok(Some(frozen)) => {
                let entries = frozen.by_id();
                let ours = identities.iter().filter_map(|(id, identity)| {
                    let report = reports.get(&id).filter(|report| report.verdict.passed())?;
                    let entry = entries.get(identity.id.as_str());
                    let Some(entry) = entry else { return Some(Difference::Unknown(id)) };
                    if entry.asked != identity.asked {
                        return Some(Difference::Changed(id));
                    }
                    if !entry.is_frozen() {
                        return Some(Difference::Foreign(id));
                    }
                    printed(id, entry, report, &listing.get(id).info.varying)
                });
                let confined = under.as_ref().and_then(|under| confined(&frozen, under));
                ours.chain(gone(&frozen, identities)).chain(confined).collect()
            }
            Ok(None) => vec![Difference::NoFile],
            Err(error) => vec![Difference::Unusable(error)],
        };
        Self { file: name, list }
    }
}

/// How snippets were confined otherwise. What counts is what readers are told, which is the same
/// for all newer kernels.
fn confined(frozen: &ResultsFile, under: &Conditions) -> Option<Difference> {
    let then = frozen.sandbox.map(|sandbox| sandbox.missing()).unwrap_or_default();
    let now = under.sandbox.missing();
    let is_same = frozen.sandbox.is_some() && then == now;
    (!is_same).then_some(Difference::Confined { then, now })
}

/// In what a snippet prints something else than is frozen.
fn printed(id: SnippetId, entry: &Entry, report: &Report, varying: &Varying) -> Option<Difference> {
    if varying.allows(&entry.stdout, &report.stdout) {
        return None;
    }
    let (mut then, mut now) = (entry.stdout.split('\n'), report.stdout.split('\n'));
    for line in 1.. {
        let lines = (then.next(), now.next());
        let is_same = match lines {
            (Some(then), Some(now)) => varying.allows(then, now),
            (None, None) => break,
            _ => false,
        };
        if !is_same {
            let (then, now) = (lines.0.map(str::to_owned), lines.1.map(str::to_owned));
            return Some(Difference::Prints { id, line, then, now });
        }
    }
    None
}

/// Those that are frozen and not in the book.
fn gone(frozen: &ResultsFile, identities: &Identities) -> Option<Difference> {
    let mut gone: Vec<String> = frozen.entries.iter().map(|entry| entry.id.clone()).collect();
    gone.retain(|id| !identities.iter().any(|(_, identity)| identity.id == *id));
    (!gone.is_empty()).then_some(Difference::Gone(gone))
}
