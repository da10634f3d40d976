//! Looking for snippets whose reports cannot be relied on.
//!
//! Everything is run three times: among others, alone, and alone again. Who differs between the
//! last two is nondeterministic; who differs only between the first two was changed by those that
//! shared its crate or ran beside it, which is a fault of this library or of the snippet.

use crate::{Error, Outcome, Progress, Report, Runner, Snippet};

/// What an audit found.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The run among others.
    pub outcome: Outcome,
    /// Those that behaved differently, in the order of the snippets.
    pub doubts: Vec<Doubt>,
}

/// A snippet that behaved differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The snippet's number.
    pub index: usize,
    /// Between which runs it differed.
    pub sort: DoubtSort,
    /// Its reports from these two runs.
    pub reports: [Report; 2],
}

/// The sorts of doubts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtSort {
    /// Among others it is not what it is alone.
    Interference,
    /// Alone it is not the same twice.
    Nondeterminism,
}

impl Runner {
    /// Runs all snippets among others and twice alone, and compares verdicts and standard output.
    /// Nothing is remembered, and nothing remembered is believed.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub fn audit(&self, snippets: &[Snippet], progress: &dyn Progress) -> Result<Audit, Error> {
        let (runner, _dependencies) = self.forgetful()?;
        let alone = |snippet: &Snippet| Snippet { standalone: true, ..snippet.clone() };
        let alone: Vec<Snippet> = snippets.iter().map(alone).collect();
        progress.planned(3 * snippets.len(), 0);
        let progress = &Continued(progress);
        let mut outcome = runner.run(snippets, progress)?;
        let first = runner.run(&alone, progress)?;
        let second = runner.run(&alone, progress)?;
        outcome.rustc_calls += first.rustc_calls + second.rustc_calls;
        let doubt = |index: usize| {
            let [among, first, second] =
                [&outcome, &first, &second].map(|outcome| &outcome.reports[index]);
            let (sort, one, other) = if !is_same(first, second) {
                (DoubtSort::Nondeterminism, first, second)
            } else if !is_same(among, first) {
                (DoubtSort::Interference, among, first)
            } else {
                return None;
            };
            Some(Doubt { index, sort, reports: [one.clone(), other.clone()] })
        };
        let doubts = (0..snippets.len()).filter_map(doubt).collect();
        Ok(Audit { outcome, doubts })
    }
}

fn is_same(one: &Report, other: &Report) -> bool {
    one.verdict == other.verdict && without_times(&one.stdout) == without_times(&other.stdout)
}

/// Leaves out how long the tests of a test harness took.
fn without_times(text: &str) -> String {
    let without = |line: &str| match line.split_once("; finished in ") {
        Some((result, _)) if line.starts_with("test result: ") => result.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(without).collect::<Vec<_>>().join("\n")
}

/// Tells of the reports of several runs as if they were one.
struct Continued<'a>(&'a dyn Progress);

impl Progress for Continued<'_> {
    fn preparing(&self, what: &str) {
        self.0.preparing(what);
    }

    fn finished(&self, index: usize, report: &Report) {
        self.0.finished(index, report);
    }
}
