//! Includes, expanded byte for byte as mdBook's `links` preprocessor expands them.
//!
//! Our preprocessors run before `links`, so that they see what the author wrote: the directives
//! `{{#include}}`, `{{#rustdoc_include}}`, `{{#playground}}` and `{{#title}}`, and the escape
//! `\{{#…}}`. A page must be judged as its reader will see it, a finding must name the file that
//! somebody can edit, and `links` must do its own work afterwards as if we had not been there.
//!
//! 1. `directive.rs` finds what `links` would find, and nothing else.
//! 2. `take.rs` cuts the wanted part out of a file, remembering each byte's origin.
//! 3. `expand.rs` puts it all together, to the depth at which `links` gives up.
//! 4. `neutralise.rs` goes the other way: it escapes text so that `links` hands it through.
//! 5. `page_edits.rs` turns edits of the expanded text into edits of the received one, such that
//!    `links` after our edits gives what our edits after `links` would have given.
//!
//! mdBook 0.4 and 0.5 agree in all of this; tests compare us with both. An included file keeps its
//! byte order mark, the chapter itself loses it before any preprocessor sees it.

mod directive;
mod expand;
mod neutralise;
mod page_edits;
mod take;

pub use directive::files;
pub use expand::expand;
pub use neutralise::{Unescapable, neutralise};
pub use page_edits::PageEditError;

use crate::source_map::Place;
use crate::{Expanded, SourceMap, Span};
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

/// Gives the texts of included files: from disk, from an editor's buffers, from a test's table.
pub trait ReadFiles {
    /// The whole text of the file, a byte order mark included. `path` is the folder of the chapter
    /// joined with what the directives say, not normalised.
    ///
    /// # Errors
    ///
    /// If there is no such text.
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError>;

    /// The names of what lies in a folder, sorted, a line each; folders end with a slash. The names
    /// are as they are written, also where the system takes `A` for `a`.
    ///
    /// # Errors
    ///
    /// [`ReadError::NotFound`] if there is no such folder, any other if nobody knows.
    fn list(&self, _folder: &Path) -> Result<Arc<str>, ReadError> {
        Err(ReadError::Io("these files have no folders".to_owned()))
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// It is no text.
    #[error("the file is not UTF-8 from byte {offset} on")]
    NotUtf8 {
        /// The first byte that is not UTF-8.
        offset: usize,
    },
    /// Anything else: a folder, missing permission, a broken disk.
    #[error("the file cannot be read: {0}")]
    Io(String),
}

/// A text whose includes are expanded.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// What `links` makes of the received text.
    pub text: String,
    /// Where it comes from.
    pub map: SourceMap,
    /// The page title that `links` takes from it, if a `{{#title}}` sets one.
    pub title: Option<String>,
    /// What is wrong with its directives.
    pub problems: Vec<Problem>,
}

/// Something wrong with a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What stands in the expanded text instead of what was asked for: the directive itself if it
    /// failed, nothing if `links` dropped it.
    pub span: Span<Expanded>,
    /// The directive.
    pub place: Place,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What is wrong with a directive; displayed as a sentence without a full stop.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file could not be read. The directive stays in the page.
    #[error("cannot include `{}`: {error}", path.display())]
    Failed {
        /// The file.
        path: Arc<Path>,
        /// Why it could not be read.
        error: ReadError,
    },
    /// Directives nest deeper than `links` follows, probably in a cycle. It drops this one.
    #[error("includes nest more than {} levels deep here, probably in a cycle", expand::MAX_DEPTH)]
    TooDeep,
    /// Includes multiply beyond all measure. From here on they stay as they are written; `links`
    /// itself would go on until memory or patience ends.
    #[error("this chapter includes more than any page can hold")]
    TooMuch,
    /// The file has no such anchor, so nothing is shown of it.
    #[error("`{}` has no anchor `{anchor}`", path.display())]
    NoSuchAnchor {
        /// The file.
        path: Arc<Path>,
        /// The name asked for.
        anchor: String,
    },
    /// The file is shorter than the range.
    #[error("`{}` has no line {line}, only {lines}", path.display())]
    PastEnd {
        /// The file.
        path: Arc<Path>,
        /// The first line if that is missing already, else the last. From one.
        line: usize,
        /// How many lines the file has.
        lines: usize,
    },
    /// The range ends before it starts.
    #[error("the range of `{}` ends with line {last}, before its start, line {first}", path.display())]
    EmptyRange {
        /// The file.
        path: Arc<Path>,
        /// The first line asked for, from one.
        first: usize,
        /// The last line asked for.
        last: usize,
    },
}

#[cfg(test)]
mod tests;
