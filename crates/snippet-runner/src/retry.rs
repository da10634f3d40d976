//! Running again what failed, and saying so.
//!
//! A snippet that fails once and passes later may do either the next time: whoever only tries
//! again until all is well hides that. So every failure is kept beside the pass.
//!
//! Nothing that is remembered is believed of a further run, and nothing of it is remembered. What
//! the cache holds of a flaky snippet is its failure: the next run is told of it again.

use crate::{Error, Failure, Outcome, Progress, Report, Runner, Snippet, Verdict};

/// What became of snippets that were run again where they failed.
#[derive(Clone, Debug)]
pub struct Retried {
    /// A report for each: that of the run that passed, or of the first if none did.
    pub outcome: Outcome,
    /// Those that were run again, in the order of the snippets.
    pub retries: Vec<Retry>,
}

/// A snippet that failed and was run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The snippet's number.
    pub index: usize,
    /// The reports of the runs that failed, first to last; at least one.
    pub failures: Vec<Report>,
    /// Whether another run passed, which was the last then.
    pub passed: bool,
}

impl Retry {
    /// Returns how many times the snippet was run.
    pub fn runs(&self) -> usize {
        self.failures.len() + usize::from(self.passed)
    }

    /// Returns whether another run may pass, and is wanted.
    fn may_pass(&self) -> bool {
        !self.passed && self.failures.last().is_some_and(may_differ)
    }
}

impl Runner {
    /// Runs all snippets, and those that fail up to `retries` times more, until they pass. What
    /// cannot come out otherwise is not run again: a compiler says the same each time.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub fn run_with_retries(
        &self,
        snippets: &[Snippet],
        retries: usize,
        progress: &dyn Progress,
    ) -> Result<Retried, Error> {
        let mut outcome = self.run(snippets, progress)?;
        if retries == 0 {
            return Ok(Retried { outcome, retries: Vec::new() });
        }
        let failed = outcome.reports.iter().enumerate().filter(|(_, report)| may_differ(report));
        let first = |(index, report): (usize, &Report)| Retry {
            index,
            failures: vec![report.clone()],
            passed: false,
        };
        let mut retried: Vec<Retry> = failed.map(first).collect();
        if retried.is_empty() {
            return Ok(Retried { outcome, retries: retried });
        }
        let (runner, _dependencies) = self.forgetful()?;
        for _ in 0..retries {
            let mut pending: Vec<&mut Retry> =
                retried.iter_mut().filter(|retry| retry.may_pass()).collect();
            if pending.is_empty() {
                break;
            }
            let indices: Vec<usize> = pending.iter().map(|retry| retry.index).collect();
            let again: Vec<Snippet> = indices.iter().map(|&at| snippets[at].clone()).collect();
            progress.repeated(&indices);
            let round = runner.run(&again, &Part { progress, indices: &indices })?;
            outcome.rustc_calls += round.rustc_calls;
            for (retry, report) in pending.iter_mut().zip(round.reports) {
                if report.verdict.passed() {
                    retry.passed = true;
                    outcome.reports[retry.index] = report;
                } else {
                    retry.failures.push(report);
                }
            }
        }
        outcome.cached = outcome.reports.iter().filter(|report| report.from_cache).count();
        Ok(Retried { outcome, retries: retried })
    }
}

/// Returns whether a snippet failed in a way that another run may not.
fn may_differ(report: &Report) -> bool {
    match &report.verdict {
        Verdict::Passed
        | Verdict::Failed(Failure::CompiledButShouldNot | Failure::WrongErrorCode { .. }) => false,
        // Unless it was the linker, which may have had too little memory.
        Verdict::Failed(Failure::DoesNotCompile { .. }) => !report.is_repeatable(),
        Verdict::Failed(_) => true,
    }
}

/// Tells of the reports of some snippets by their numbers among all.
struct Part<'a> {
    progress: &'a dyn Progress,
    indices: &'a [usize],
}

impl Progress for Part<'_> {
    fn preparing(&self, what: &str) {
        self.progress.preparing(what);
    }

    fn finished(&self, index: usize, report: &Report) {
        self.progress.finished(self.indices[index], report);
    }
}
