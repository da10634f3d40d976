//! Findings for people and for programs.

mod diff;
mod json;
mod terminal;

pub(crate) use diff::diff;
pub use diff::patch;
pub use json::{json, json_with};
pub use terminal::terminal;

use crate::Located;
use handbook_text::Level;
use std::path::Path;

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Pieces of information.
    pub infos: usize,
}

/// Counts findings by level.
pub fn counts<'a>(findings: impl IntoIterator<Item = &'a Located>) -> Counts {
    let mut counts = Counts::default();
    for located in findings {
        match located.finding.level {
            Level::Error => counts.errors += 1,
            Level::Warning => counts.warnings += 1,
            Level::Info => counts.infos += 1,
        }
    }
    counts
}

/// A file as reports name it: below the book's root, with forward slashes.
pub(crate) fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string().replace('\\', "/")
}
