//! A file of results: TOML that people can read in a diff.
//!
//! ```toml
//! format = 1
//!
//! [compiler]
//! rustc = "rustc 1.95.0 (f53b654a8 2026-04-14)"
//! host = "x86_64-unknown-linux-gnu"
//!
//! [sandbox]
//! landlock = 7
//! seccomp = true
//! limits = true
//! as-root = false
//!
//! [[snippet]]
//! id = "ring.md#ring"
//! asked = "0d38b41e0e2d9d8ae3b3a4f3d1d5d3c0"
//! stdout = """
//! nodes = 3
//! """
//! ```
//!
//! A frozen file holds snippets that passed, and neither times nor paths: the same book gives the
//! same file. One that is to be merged also says which part it is, how long programs ran, and how
//! snippets failed.

use crate::conditions::{Compiler, Conditions};
use serde::{Deserialize, Serialize};
use snippet_runner::{Failure, Report, Retry, SandboxReport, Verdict};
use std::collections::BTreeMap;
use std::time::Duration;
use thiserror::Error;

/// To be raised whenever older programs would misread a file.
const FORMAT: u32 = 1;

/// What became of the snippets of a book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultsFile {
    format: u32,
    /// The compiler, if anything was compiled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) compiler: Option<Compiler>,
    /// How snippets were confined, if any were run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sandbox: Option<SandboxReport>,
    /// Which part of a run this is; `None` in a frozen file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) part: Option<PartOf>,
    /// The snippets, in reading order.
    #[serde(default, rename = "snippet", skip_serializing_if = "Vec::is_empty")]
    pub(crate) entries: Vec<Entry>,
}

/// Which part of a run a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartOf {
    /// Which one, from one.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) of: usize,
    /// The hash of which snippet is in which part.
    pub(crate) plan: String,
}

/// What became of one snippet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The snippet's id.
    pub(crate) id: String,
    /// The hash of what was asked.
    pub(crate) asked: String,
    /// How long the program ran; `None` if it was not run, or if the file is a frozen one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) milliseconds: Option<u64>,
    /// What it wrote to standard output.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) stdout: String,
    /// What it wrote to standard error, if it failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) stderr: String,
    /// How it failed; `None` if it passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<Failure>,
    /// How it failed before it passed, if it was run again; nothing in a frozen file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) failed_before: Vec<Failure>,
}

/// Why a file of results cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// It cannot be read at all.
    #[error("`{name}` cannot be read: {message}")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        message: String,
    },
    /// It is not what was written.
    #[error("`{name}` is damaged in line {line}: {message}")]
    Damaged {
        /// The file.
        name: String,
        /// The line, from one.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// It was written by a program that knows more, or less, than this one.
    #[error("`{name}` has format {format}, and this program knows format {FORMAT} only")]
    OtherFormat {
        /// The file.
        name: String,
        /// Its format.
        format: u32,
    },
    /// One snippet stands in it twice.
    #[error("`{name}` holds two results of `{id}`")]
    Twice {
        /// The file.
        name: String,
        /// The snippet.
        id: String,
    },
}

impl ResultsFile {
    /// A file that holds nothing yet.
    pub(crate) fn new(under: Option<Conditions>) -> Self {
        let (compiler, sandbox) = under.map(|under| (under.compiler, under.sandbox)).unzip();
        Self { format: FORMAT, compiler, sandbox, part: None, entries: Vec::new() }
    }

    /// Reads the text of the file `name`.
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, FileError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }

        let name = name.to_owned();
        // Git may have put these in. What a program printed is written as `\r`.
        let text = &text.replace("\r\n", "\n");
        let damaged = |error: toml::de::Error| FileError::Damaged {
            name: name.clone(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            message: error.message().lines().next().unwrap_or_default().to_owned(),
        };
        let Head { format } = toml::from_str(text).map_err(damaged)?;
        if format != FORMAT {
            return Err(FileError::OtherFormat { name, format });
        }
        let file: Self = toml::from_str(text).map_err(damaged)?;
        match file.doubled() {
            Some(id) => Err(FileError::Twice { id: id.to_owned(), name }),
            None => Ok(file),
        }
    }

    fn doubled(&self) -> Option<&str> {
        let ids = self.by_id();
        let mut entries = self.entries.iter();
        let doubled = entries.find(|entry| !std::ptr::eq(*entry, ids[entry.id.as_str()]));
        doubled.map(|entry| entry.id.as_str())
    }

    /// The text of the file, below a line that says what it is.
    pub(crate) fn text(&self, about: &str) -> String {
        let text = toml::to_string_pretty(self).expect("strings, numbers and lists can be written");
        format!("# {about}\n\n{text}")
    }

    /// The entries by their ids.
    pub(crate) fn by_id(&self) -> BTreeMap<&str, &Entry> {
        self.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect()
    }
}

impl Entry {
    /// Whether it says no more than a frozen one does: that the snippet passed, and what it
    /// printed.
    pub(crate) fn is_frozen(&self) -> bool {
        let Self { milliseconds, stderr, failure, failed_before, .. } = self;
        milliseconds.is_none() && stderr.is_empty() && failure.is_none() && failed_before.is_empty()
    }

    /// The runs that failed before one passed.
    pub(crate) fn retry(&self) -> Option<Retry> {
        let report = |failure: &Failure| Report {
            verdict: Verdict::Failed(failure.clone()),
            stdout: String::new(),
            stderr: String::new(),
            duration: Duration::ZERO,
            from_cache: false,
        };
        let failures: Vec<Report> = self.failed_before.iter().map(report).collect();
        (!failures.is_empty()).then_some(Retry { index: 0, failures, passed: true })
    }

    /// The report, as far as anything that is shown depends on it.
    pub(crate) fn report(&self) -> Report {
        // A program that ran for less than a millisecond ran all the same.
        let ran = |time| Duration::from_millis(time).max(Duration::from_nanos(1));
        Report {
            verdict: self.failure.clone().map_or(Verdict::Passed, Verdict::Failed),
            stdout: self.stdout.clone(),
            stderr: self.stderr.clone(),
            duration: self.milliseconds.map_or(Duration::ZERO, ran),
            from_cache: false,
        }
    }
}

/// The line, from one, of a byte of a text.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(id: &str, stdout: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            asked: "0".to_owned(),
            milliseconds: None,
            stdout: stdout.to_owned(),
            stderr: String::new(),
            failure: None,
            failed_before: Vec::new(),
        }
    }

    fn with(entries: Vec<Entry>) -> ResultsFile {
        ResultsFile { entries, ..ResultsFile::new(None) }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(
            texts in prop::collection::vec(r#"(?s)(['"\\\r\n\t \x00\x1b\x7f#a\u{85}\u{2028}]|.){0,12}"#, 1..6)
        ) {
            let entries: Vec<Entry> = texts
                .iter()
                .enumerate()
                .map(|(index, text)| Entry {
                    stderr: text.clone(),
                    failure: Some(Failure::Panicked { at: None, message: text.clone() }),
                    ..entry(&format!("{text}{index}"), text)
                })
                .collect();
            let file = with(entries);
            let text = file.text("So");
            let windows = text.replace('\n', "\r\n");
            prop_assert_eq!(ResultsFile::read("f", &windows), Ok(file.clone()));
            prop_assert_eq!(ResultsFile::read("f", &text), Ok(file));
        }
    }

    #[test]
    fn outputs_can_be_read_in_a_diff() {
        let text = with(vec![entry("a.md#a", "one\n  it's \"two\"\n"), entry("a.md#b", "'''")]);
        assert_eq!(
            text.text("So"),
            "# So\n\nformat = 1\n\n[[snippet]]\nid = \"a.md#a\"\nasked = \"0\"\n\
             stdout = \"\"\"\none\n  it's \"two\"\n\"\"\"\n\n[[snippet]]\nid = \"a.md#b\"\n\
             asked = \"0\"\nstdout = \"'''\"\n"
        );
    }

    #[test]
    fn what_is_damaged_is_said_with_its_line() {
        let check = |text: &str, expected: &str| {
            let error = ResultsFile::read("r.toml", text).expect_err("it is damaged");
            assert_eq!(error.to_string(), expected);
        };
        check("x", "`r.toml` is damaged in line 1: key with no value, expected `=`");
        check("format = 2\nx = 1", "`r.toml` has format 2, and this program knows format 1 only");
        check(
            "format = 1\n[[snippet]]\nid = 3",
            "`r.toml` is damaged in line 3: invalid type: integer `3`, expected a string",
        );
        check(
            "format = 1\n\n[[snippet]]\nid = \"a\"\n",
            "`r.toml` is damaged in line 3: missing field `asked`",
        );
        check(
            &with(vec![entry("a", ""), entry("b", ""), entry("a", "")]).text(""),
            "`r.toml` holds two results of `a`",
        );
    }
}
