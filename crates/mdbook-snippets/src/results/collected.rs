//! What came of a run, to be written down.

use super::file::{Entry, ResultsFile};
use super::identity::Identities;
use super::merge::ABOUT;
use super::plan::Plan;
use crate::Snippets;
use crate::execute::Verdicts;
use crate::output::Varying;
use crate::snippet::Listing;
use handbook_pass::Results;
use snippet_runner::Report;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// What stands at the top of a frozen file.
pub(super) const FROZEN: &str =
    "What the snippets of this book print. `handbook run --freeze` writes this file.";

/// The results of a run.
#[derive(Clone, Debug)]
pub struct Collected {
    /// Where they are frozen, from the book's root.
    pub place: PathBuf,
    file: ResultsFile,
    /// What may differ in what a snippet prints, by its id.
    varying: BTreeMap<String, Varying>,
    failed: usize,
    unknown: usize,
}

/// Why results cannot be frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotFrozen {
    /// So many snippets failed.
    #[error("{}", of_snippets(*.0, "failed"))]
    Failed(usize),
    /// Of so many snippets there is no result.
    #[error("{}", of_snippets(*.0, "changed since the parts were run"))]
    Unknown(usize),
}

fn of_snippets(number: usize, what: &str) -> String {
    let snippets = if number == 1 { "snippet" } else { "snippets" };
    format!("{number} {snippets} {what}")
}

impl Collected {
    /// Those of a run of a whole book, or of one part; `None` if nothing could be run.
    pub(crate) fn of(
        pass: &Snippets,
        listing: &Listing,
        identities: &Identities,
        verdicts: &Verdicts,
    ) -> Option<Self> {
        let Verdicts::Reported { reports, tally, under, taken, .. } = verdicts else {
            return None;
        };
        let plan = match &pass.environment.results {
            Results::Part(part) => Plan::of(identities, part),
            _ => Plan::whole(identities),
        };
        let mut file = ResultsFile::new(under.clone());
        file.part = Some(plan.part());
        let mut varying = BTreeMap::new();
        for (id, identity) in identities.iter().filter(|(id, _)| plan.is_mine(*id)) {
            let Some(report) = reports.get(&id) else { continue };
            varying.insert(identity.id.clone(), listing.get(id).info.varying.clone());
            let mut entry = entry(identity.id.clone(), identity.asked.clone(), report);
            let retry = reports.retry(&id).filter(|retry| retry.passed);
            let failures = retry.map_or(&[][..], |retry| &retry.failures).iter();
            entry
                .failed_before
                .extend(failures.filter_map(|report| report.verdict.failure().cloned()));
            file.entries.push(entry);
        }
        let unknown = taken.as_ref().map_or(0, |taken| taken.outdated.len());
        let place = pass.settings.results.clone();
        Some(Self { place, file, varying, failed: tally.failed, unknown })
    }

    /// How many snippets there are results of.
    pub fn number(&self) -> usize {
        self.file.entries.len()
    }

    /// The text of a file to be merged.
    pub fn text(&self) -> String {
        self.file.text(ABOUT)
    }

    /// The text of the frozen file. What was printed that differs each time stays as it is in
    /// `before`, the text of the file so far.
    ///
    /// # Errors
    ///
    /// If a snippet failed, or nothing is known of it.
    pub fn frozen(&self, before: Option<&str>) -> Result<String, NotFrozen> {
        if self.failed > 0 {
            return Err(NotFrozen::Failed(self.failed));
        }
        if self.unknown > 0 {
            return Err(NotFrozen::Unknown(self.unknown));
        }
        // What is damaged is replaced.
        let before = before.and_then(|text| ResultsFile::read("", text).ok());
        let before = before.as_ref().map(ResultsFile::by_id).unwrap_or_default();
        let mut file = self.file.clone();
        file.part = None;
        for entry in &mut file.entries {
            entry.milliseconds = None;
            entry.failed_before.clear();
            let varying = &self.varying[&entry.id];
            if *varying == Varying::Everything {
                // Nobody compares it, and nobody is shown it.
                entry.stdout.clear();
            }
            let old = before.get(entry.id.as_str()).filter(|old| old.asked == entry.asked);
            if let Some(old) = old.filter(|old| varying.allows(&old.stdout, &entry.stdout)) {
                entry.stdout.clone_from(&old.stdout);
            }
        }
        Ok(file.text(FROZEN))
    }
}

fn entry(id: String, asked: String, report: &Report) -> Entry {
    let ran = report.duration > Duration::ZERO;
    let milliseconds = u64::try_from(report.duration.as_millis()).unwrap_or(u64::MAX);
    let failure = report.verdict.failure().cloned();
    // Of those that passed, nobody is told what they complained of.
    let stderr = failure.as_ref().map(|_| report.stderr.clone()).unwrap_or_default();
    Entry {
        id,
        asked,
        milliseconds: ran.then_some(milliseconds),
        stdout: report.stdout.clone(),
        stderr,
        failure,
        failed_before: Vec::new(),
    }
}
