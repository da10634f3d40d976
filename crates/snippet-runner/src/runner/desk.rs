//! Where reports are collected, found in the cache or made, and told.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::{into_inner, lock};
use crate::{
    Config, Error, Failure, Progress, Report, Snippet, Verdict,
    cache::{Key, ReportCache, Setting},
    sandbox::Sandbox,
};

/// The reports of a run.
pub(super) struct Desk<'a> {
    pub(super) snippets: &'a [Snippet],
    progress: &'a dyn Progress,
    cache: Option<ReportCache>,
    keys: Vec<Key>,
    /// The cache knows the run as a whole.
    is_known_run: AtomicBool,
    reports: Mutex<Vec<Option<Report>>>,
    /// Why snippets could not be compiled or run; each has its report.
    refused: Mutex<Vec<Error>>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        config: &Config,
        sandbox: &Sandbox,
        snippets: &'a [Snippet],
        progress: &'a dyn Progress,
        dependencies: Option<Key>,
    ) -> Self {
        let setting = Setting::of(config, sandbox.report(), dependencies);
        let key = |snippet| Key::of(snippet, setting, config.limit(snippet));
        Desk {
            snippets,
            progress,
            cache: config.cache.as_deref().map(ReportCache::open),
            keys: snippets.iter().map(key).collect(),
            is_known_run: AtomicBool::new(false),
            reports: Mutex::new(vec![None; snippets.len()]),
            refused: Mutex::new(Vec::new()),
        }
    }

    /// Takes what the cache has; returns whether that is all.
    pub(super) fn look_up(&self) -> bool {
        let found: Vec<Option<Report>> = match &self.cache {
            None => vec![None; self.keys.len()],
            Some(cache) => match cache.run(&self.keys) {
                Some(reports) => {
                    self.is_known_run.store(true, Ordering::Relaxed);
                    reports.into_iter().map(Some).collect()
                }
                None => self.keys.iter().map(|&key| cache.report(key)).collect(),
            },
        };
        let is_all = found.iter().all(Option::is_some);
        *lock(&self.reports) = found;
        is_all
    }

    /// Tells what the cache has; returns the others.
    pub(super) fn tell(&self) -> Vec<usize> {
        let found = lock(&self.reports);
        let pending: Vec<usize> =
            (0..found.len()).filter(|&index| found[index].is_none()).collect();
        self.progress.planned(found.len(), found.len() - pending.len());
        for (index, report) in found.iter().enumerate() {
            if let Some(report) = report {
                self.progress.finished(index, report);
            }
        }
        pending
    }

    /// Takes a report that was made.
    pub(super) fn finish(&self, index: usize, report: Report) {
        if let Some(cache) = &self.cache
            && report.is_repeatable()
        {
            cache.put(self.keys[index], &report);
        }
        self.progress.finished(index, &report);
        lock(&self.reports)[index] = Some(report);
    }

    /// Reports that a snippet could not be compiled or run.
    pub(super) fn refuse(&self, index: usize, error: Error) {
        let message = error.in_full();
        lock(&self.refused).push(error);
        self.finish(
            index,
            Report::without_run(Verdict::Failed(Failure::CompilerFailed { message })),
        );
    }

    /// Returns the reports, in the order of the snippets.
    ///
    /// # Errors
    ///
    /// If no snippet at all could be compiled or run, why.
    pub(super) fn into_reports(self) -> Result<Vec<Report>, Error> {
        let reports: Vec<Report> = into_inner(self.reports).into_iter().flatten().collect();
        let mut refused = into_inner(self.refused);
        match refused.pop() {
            Some(error) if refused.len() + 1 == reports.len() => Err(error),
            _ => {
                if let Some(cache) = &self.cache
                    && !self.is_known_run.into_inner()
                    && reports.iter().all(Report::is_repeatable)
                {
                    cache.put_run(&self.keys, &reports);
                }
                Ok(reports)
            }
        }
    }
}
