//! Runs a book's snippets with one change each.

use super::change::Changes;
use super::evidence::Evidence;
use super::mutator::Change;
use super::plan::{Subject, is_run, subjects};
use super::score::{ChapterScore, Fate, Mutant, Mutations, Score, Survivor, Tried};
use crate::Snippets;
use crate::execute::{Reports, Verdicts, configured, program};
use crate::listed::Listed;
use crate::program::Programs;
use crate::rules::Judged;
use crate::snippet::{Listing, Snippet, SnippetId};
use handbook_book::slashed;
use handbook_pass::{Context, Mutation, Watch};
use snippet_runner::{Error, Failure, Progress, Report, Runner, Verdict, with_deep_stack};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A changed program may take so many times as long as the original one …
const PATIENCE: u32 = 10;

/// … and so long in any case. Most that take longer would never end.
const SHORTEST: Duration = Duration::from_secs(1);

/// So many programs are held in memory at a time, with what they print.
const AT_ONCE: usize = 1000;

/// Changes the snippets that are asked for, and finds out what would be noticed; `None` if the
/// snippets were not run.
///
/// # Errors
///
/// Those of [`Runner::run`].
pub(crate) fn try_out(
    pass: &Snippets,
    about: Context<'_>,
    wish: Mutation,
) -> Result<Option<Mutations>, Error> {
    let (Some((listing, programs)), Some(Verdicts::Reported { reports, .. })) =
        (crate::read(about.facts), about.facts.get())
    else {
        return Ok(None);
    };
    let trial = Trial { pass, about, listing, programs, reports };
    let asked = pass.asked(about.book, listing).map(|(id, _)| id);
    let subjects = subjects(asked, listing, programs, |id| trial.is_run(id));
    let judged = Judged { listing, programs, about };
    let mut evidence = Evidence::new(judged, !pass.foreign && pass.settings.outputs);
    let mut unfit: Vec<SnippetId> = subjects.iter().flat_map(|it| &it.witnesses).copied().collect();
    unfit.sort();
    unfit.dedup();
    unfit.retain(|id| !reports.get(id).is_some_and(|report| evidence.admit(*id, report)));
    if !unfit.is_empty() {
        return Ok(Some(Mutations::Unfit(unfit.iter().map(|id| trial.title(*id)).collect())));
    }
    trial.run(&subjects, &evidence, wish).map(|tried| Some(Mutations::Tried(tried)))
}

/// A program to be run.
struct Run<'a> {
    /// The number of the mutant.
    index: usize,
    change: &'a Change,
    /// The snippet that is changed.
    changed: SnippetId,
    /// The snippet whose program it is.
    witness: SnippetId,
}

struct Trial<'a> {
    pass: &'a Snippets,
    about: Context<'a>,
    listing: &'a Listing,
    programs: &'a Programs,
    /// What became of the snippets as they are.
    reports: &'a Reports,
}

impl Trial<'_> {
    /// Whether a snippet can tell of a change: it is run, or it should be.
    fn is_run(&self, id: SnippetId) -> bool {
        let snippet = self.listing.get(id);
        let is_lacking = || self.programs.text(id, snippet).is_none();
        is_run(snippet) && (self.reports.get(&id).is_some() || is_lacking())
    }

    fn title(&self, id: SnippetId) -> String {
        let Context { book, places, .. } = self.about;
        Listed::new(book, places, &self.pass.root, id, self.listing.get(id)).title()
    }

    fn run(
        &self,
        subjects: &[Subject],
        evidence: &Evidence<'_>,
        wish: Mutation,
    ) -> Result<Tried, Error> {
        let (mutants, mut tried) = self.mutants(subjects)?;
        let mutants = sampled(mutants, wish.sample.map_or(usize::MAX, usize::from));
        tried.tried = mutants.len();
        let mut config = configured(self.pass)?;
        // Whoever has no time left or panics has shown what was to be seen.
        config.recheck = false;
        let runs = runs(&mutants, subjects);
        let watcher = Watcher::new(&*self.pass.environment.progress, runs.len());
        let mut fates: Vec<Option<Fate>> = vec![None; mutants.len()];
        for runs in runs.chunks(AT_ONCE) {
            let snippets = runs.iter().map(|run| self.snippet(run, config.timeout));
            let snippets: Vec<snippet_runner::Snippet> = snippets.collect();
            let outcome = Runner::new(config.clone()).run(&snippets, &watcher)?;
            for (run, report) in runs.iter().zip(&outcome.reports) {
                fates[run.index] = fates[run.index].max(Some(fate(evidence, run.witness, report)));
            }
        }
        for (mutant, fate) in mutants.iter().zip(fates) {
            // Without a witness nobody notices anything.
            let fate = fate.unwrap_or(Fate::Survived);
            self.count(subjects[mutant.subject].id, mutant, fate, &mut tried);
        }
        Ok(tried)
    }

    /// All changes of the subjects, and what there is to tell of them before they are tried.
    fn mutants(&self, subjects: &[Subject]) -> Result<(Vec<Mutant>, Tried), Error> {
        let read = |longest: usize| -> Vec<Option<Changes>> {
            let snippets = subjects.iter().map(|subject| self.listing.get(subject.id));
            let of = |snippet: &Snippet| {
                if snippet.code.len() > longest { None } else { Changes::of(snippet) }
            };
            snippets.map(of).collect()
        };
        let mut tried = Tried::default();
        let mut mutants = Vec::new();
        for (subject, changes) in with_deep_stack(read)?.into_iter().enumerate() {
            match changes {
                None => tried.unread.push(subjects[subject].id),
                Some(Changes { changes, left_out }) => {
                    tried.left_out += left_out;
                    mutants.extend(changes.into_iter().map(|change| Mutant { change, subject }));
                }
            }
        }
        tried.all = mutants.len();
        Ok((mutants, tried))
    }

    /// What is run; it may run for `longest` if its author says nothing else.
    fn snippet(&self, run: &Run<'_>, longest: Duration) -> snippet_runner::Snippet {
        let Run { change, changed, witness, .. } = *run;
        let snippet = self.listing.get(witness);
        let code = &self.listing.get(changed).code;
        let code = match self.programs.get(witness) {
            Some(program) => program.with_change(changed, code, change),
            None => change.apply(code),
        };
        let took = self.reports.get(&witness).map_or(Duration::ZERO, |report| report.duration);
        let longest = snippet.info.timeout.unwrap_or(longest);
        let program = program(self.pass, snippet, self.title(witness), &code);
        snippet_runner::Snippet { timeout: Some(limit(took).min(longest)), ..program }
    }

    /// Counts what became of a change.
    fn count(&self, subject: SnippetId, mutant: &Mutant, fate: Fate, tried: &mut Tried) {
        let chapter = &self.about.book[subject.chapter];
        let name = slashed(&chapter.path);
        if tried.chapters.last().is_none_or(|last| last.chapter != name) {
            tried.chapters.push(ChapterScore { chapter: name, score: Score::default() });
        }
        if let Some(last) = tried.chapters.last_mut() {
            last.score.count(fate);
        }
        if fate == Fate::Survived {
            let snippet = self.listing.get(subject);
            let (before, after) = mutant.change.before_and_after(&snippet.code);
            let span = mutant.change.span(snippet, &chapter.document);
            tried.survivors.push(Survivor { snippet: subject, span, before, after });
        }
    }
}

/// A program for each mutant and each snippet that can tell of it.
fn runs<'a>(mutants: &'a [Mutant], subjects: &'a [Subject]) -> Vec<Run<'a>> {
    let of_mutant = |(index, mutant): (usize, &'a Mutant)| {
        let Subject { id: changed, witnesses } = &subjects[mutant.subject];
        let change = &mutant.change;
        witnesses.iter().map(move |witness| Run {
            index,
            change,
            changed: *changed,
            witness: *witness,
        })
    };
    mutants.iter().enumerate().flat_map(of_mutant).collect()
}

/// So many of the mutants, evenly spread.
fn sampled(mutants: Vec<Mutant>, most: usize) -> Vec<Mutant> {
    let all = mutants.len();
    if all <= most {
        return mutants;
    }
    // The first of each of `most` parts: where the part's number goes up.
    let part = |index: usize| (index * most).div_ceil(all);
    let indexed = mutants.into_iter().enumerate();
    let taken = indexed.filter(|(index, _)| part(*index) < part(index + 1));
    taken.map(|(_, mutant)| mutant).collect()
}

/// How long a program may run of which the original `took` so long. Whole seconds, so that the same
/// is asked of the cache more often than not, though no two runs take equally long.
fn limit(took: Duration) -> Duration {
    let wanted = took.saturating_mul(PATIENCE).max(SHORTEST);
    Duration::from_secs(wanted.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
}

/// What a report of a witness makes of a change.
fn fate(evidence: &Evidence<'_>, witness: SnippetId, report: &Report) -> Fate {
    match &report.verdict {
        Verdict::Failed(Failure::DoesNotCompile { .. }) => Fate::NotViable,
        Verdict::Failed(Failure::CompilerFailed { .. }) => Fate::Unknown,
        Verdict::Failed(Failure::TimedOut { .. }) => Fate::TimedOut,
        _ if evidence.notices(witness, report) => Fate::Noticed,
        _ => Fate::Survived,
    }
}

/// Tells the suite's watcher how many changes were tried.
struct Watcher<'a> {
    watcher: &'a dyn Watch,
    done: Mutex<usize>,
    total: usize,
}

impl<'a> Watcher<'a> {
    fn new(watcher: &'a dyn Watch, total: usize) -> Self {
        Self { watcher, done: Mutex::new(0), total }
    }
}

impl Progress for Watcher<'_> {
    fn planned(&self, total: usize, cached: usize) {
        if cached < total {
            let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            self.watcher.advance(*done + cached, self.total, "compiling changes");
        }
    }

    fn finished(&self, _: usize, report: &Report) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += 1;
        if !report.from_cache {
            // Still holding the lock, so that nobody counts backwards.
            self.watcher.advance(*done, self.total, "trying changes");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_spread_evenly() {
        let sample = |all: usize, most: usize| -> Vec<usize> {
            let change = |at| Change { range: at..at, instead: String::new(), shown: at..at };
            let mutants = (0..all).map(|at| Mutant { change: change(at), subject: 0 });
            let taken = sampled(mutants.collect(), most);
            taken.iter().map(|mutant| mutant.change.range.start).collect()
        };
        assert_eq!(sample(4, 9), [0, 1, 2, 3]);
        assert_eq!(sample(9, 3), [0, 3, 6]);
        assert_eq!(sample(5, 2), [0, 2]);
        for (all, most) in [(7, 3), (100, 33), (1000, 999), (10, 1)] {
            assert_eq!(sample(all, most).len(), most, "{most} of {all}");
        }
    }

    #[test]
    fn a_change_has_ten_times_as_long_as_the_original() {
        let seconds = |took| limit(Duration::from_millis(took)).as_secs();
        assert_eq!([0, 90, 110, 399, 500].map(seconds), [1, 1, 2, 4, 5]);
    }
}
