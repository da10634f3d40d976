//! Snippets through the whole library, with the rustc on the search path.

mod audited;
mod batches;
mod cached;
mod dependent;
mod helpers;
mod processes;
mod retried;
mod sandboxed;
mod verdicts;

use helpers::{
    assert_passed, config, failure, names_files, query, run, run_both, run_with, snippet,
};
