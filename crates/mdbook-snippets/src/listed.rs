//! A snippet and what became of it, as lists show it to people and programs.

use crate::snippet::{Snippet, SnippetId};
use handbook_book::{Book, Span, slashed};
use handbook_pass::Places;
use serde::Serialize;
use snippet_runner::{Report, Retry};
use std::path::Path;
use std::time::Duration;

/// What became of a snippet. As JSON, this is an entry of `handbook run --format json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    #[serde(skip)]
    pub(crate) id: SnippetId,
    /// The last line of the snippet and of its output, in the same file.
    #[serde(skip)]
    pub last_line: usize,
    /// The chapter, below the source folder.
    pub chapter: String,
    /// The file that holds the opening fence, below the book's root.
    pub file: String,
    /// The fence's line, from one.
    pub line: usize,
    /// The name, if the author gave one.
    pub name: Option<String>,
    /// What the snippet promises.
    pub expects: Expects,
    /// Whether it keeps the promise.
    pub verdict: Status,
    /// How long the program ran; `None` if there was nothing to run.
    pub milliseconds: Option<u64>,
    /// Whether the verdict was remembered from an earlier run.
    pub cached: bool,
    /// How often it failed before it passed; `None` if it did not fail.
    pub flaky: Option<Flakiness>,
}

/// How often a snippet failed that passed when it was run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Flakiness {
    /// The runs that failed.
    pub failed: usize,
    /// All runs.
    pub runs: usize,
}

impl Flakiness {
    /// The flakiness of a snippet that was run again; `None` if it never passed.
    pub(crate) fn of(retry: &Retry) -> Option<Self> {
        retry.passed.then(|| Self { failed: retry.failures.len(), runs: retry.runs() })
    }
}

/// What a snippet promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expects {
    /// It runs and ends well.
    Success,
    /// It runs and panics.
    Panic,
    /// It does not compile.
    CompileError,
    /// It compiles.
    Compile,
}

/// Whether a snippet kept its promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It did.
    Passed,
    /// It did not.
    Failed,
    /// Nobody asked.
    Ignored,
}

impl Expects {
    pub(crate) fn of(snippet: &Snippet) -> Self {
        let info = &snippet.info;
        if info.compile_fail {
            Self::CompileError
        } else if info.no_run {
            Self::Compile
        } else if info.should_panic {
            Self::Panic
        } else {
            Self::Success
        }
    }

    /// The attribute that asks for it; `None` for what is expected anyway.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Success => None,
            Self::Panic => Some("should_panic"),
            Self::CompileError => Some("compile_fail"),
            Self::Compile => Some("no_run"),
        }
    }
}

impl Status {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Ignored => "ignored",
        }
    }
}

impl Listed {
    /// A snippet that has no report yet.
    pub(crate) fn new(
        book: &Book,
        places: &dyn Places,
        root: &Path,
        id: SnippetId,
        snippet: &Snippet,
    ) -> Self {
        let (file, line) = places.line(id.chapter, snippet.fence);
        let end = snippet.output.as_ref().map_or(snippet.span, |output| output.span).end();
        // What comes behind the last character may be of another file.
        let text = book[id.chapter].document.text[..end].trim_end();
        let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
        let last_line = match places.line(id.chapter, Span::at(last)) {
            (same, last) if same == file => last.max(line),
            _ => line,
        };
        let file = file.strip_prefix(root).unwrap_or(&file);
        Self {
            id,
            last_line,
            chapter: with_slashes(&book[id.chapter].path),
            file: with_slashes(file),
            line,
            name: snippet.name().map(str::to_owned),
            expects: Expects::of(snippet),
            verdict: Status::Ignored,
            milliseconds: None,
            cached: false,
            flaky: None,
        }
    }

    pub(crate) fn judge(&mut self, report: &Report) {
        let ran = report.duration > Duration::ZERO;
        self.verdict = if report.verdict.passed() { Status::Passed } else { Status::Failed };
        self.milliseconds =
            ran.then(|| u64::try_from(report.duration.as_millis()).unwrap_or(u64::MAX));
        self.cached = report.from_cache;
    }

    /// Place and name, such as `src/ring.md:12 ring`.
    pub fn title(&self) -> String {
        let name = self.name.iter().flat_map(|name| [" ", name]);
        format!("{}:{}{}", self.file, self.line, name.collect::<String>())
    }
}

pub(crate) fn with_slashes(path: &Path) -> String {
    slashed(path)
}
