//! What a caller may watch while a run takes place.

use crate::Report;

/// Told of a run's progress, from several threads and in no particular order.
pub trait Progress: Sync {
    /// The cache was asked: of `total` snippets, `cached` need no work.
    fn planned(&self, total: usize, cached: usize) {
        let _ = (total, cached);
    }

    /// These have failed, and are run once more: each will have another report.
    fn repeated(&self, indices: &[usize]) {
        let _ = indices;
    }

    /// Something has to be done first that takes long: `what`, a few words.
    fn preparing(&self, what: &str) {
        let _ = what;
    }

    /// The snippet at `index` has its report. Called once for each run of a snippet, cached
    /// ones included.
    fn finished(&self, index: usize, report: &Report) {
        let _ = (index, report);
    }
}

/// Nobody watches.
impl Progress for () {}
