use rayon::prelude::*;

/// From how many pieces on it pays to wake other threads.
const MANY: usize = 16;

/// `f` of each item, in the same order; of many items, several at once.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
    if items.len() < MANY {
        items.into_iter().map(f).collect()
    } else {
        items.into_par_iter().map(f).collect()
    }
}
