//! What goes in: a snippet, and what is expected of it.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

/// A Rust code block to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// A stable label such as `chapter.md:120`. It serves messages only and is no part of the
    /// cache's key.
    pub name: String,
    /// The text as rustdoc sees it: hidden lines included, their `#` removed, line for line with
    /// the page. A missing `fn main` is supplied by the runner.
    pub code: String,
    /// The edition to compile with.
    pub edition: Edition,
    /// What has to happen for the snippet to pass.
    pub expect: Expect,
    /// How long the program may run, a day at most; `None` takes
    /// [`Config::timeout`](crate::Config::timeout).
    pub timeout: Option<Duration>,
    /// Compile with `opt-level=3`.
    pub release: bool,
    /// Never share a crate with other snippets (rustdoc's `standalone_crate`).
    pub standalone: bool,
    /// Compile with `--test` and run the tests, without supplying `fn main`.
    pub test_harness: bool,
}

impl Snippet {
    /// Returns a snippet of the default edition that is expected to succeed.
    pub fn new(name: impl Into<String>, code: impl Into<String>) -> Self {
        Snippet {
            name: name.into(),
            code: code.into(),
            edition: Edition::default(),
            expect: Expect::Success,
            timeout: None,
            release: false,
            standalone: false,
            test_harness: false,
        }
    }
}

/// What has to happen for a snippet to pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expect {
    /// It compiles, runs, and exits with success.
    Success,
    /// It compiles, runs, and fails: rustdoc's `should_panic`, which is content with any failure.
    Panic,
    /// It compiles; it is not run: `no_run`.
    CompileOnly,
    /// It does not compile, and every code listed is among its errors: `compile_fail`.
    CompileError {
        /// Codes such as `E0382`. Empty: any error will do.
        codes: Vec<String>,
    },
}

/// An edition of the language.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Edition {
    /// 2015, which rustdoc takes when nothing is said.
    #[default]
    E2015,
    /// 2018.
    E2018,
    /// 2021.
    E2021,
    /// 2024.
    E2024,
}

impl Edition {
    /// Returns the edition's year, as rustc's `--edition` wants it.
    pub fn as_str(self) -> &'static str {
        match self {
            Edition::E2015 => "2015",
            Edition::E2018 => "2018",
            Edition::E2021 => "2021",
            Edition::E2024 => "2024",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Edition {
    type Err = UnknownEdition;

    /// Reads a year, `2021`, or rustdoc's attribute, `edition2021`.
    fn from_str(text: &str) -> Result<Self, UnknownEdition> {
        match text.strip_prefix("edition").unwrap_or(text) {
            "2015" => Ok(Edition::E2015),
            "2018" => Ok(Edition::E2018),
            "2021" => Ok(Edition::E2021),
            "2024" => Ok(Edition::E2024),
            _ => Err(UnknownEdition(text.to_owned())),
        }
    }
}

/// The text is not an edition that this library knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown edition `{0}`, expected 2015, 2018, 2021 or 2024")]
pub struct UnknownEdition(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_read_and_order() {
        assert_eq!("edition2024".parse(), Ok(Edition::E2024));
        assert_eq!("2018".parse(), Ok(Edition::E2018));
        assert!("2020".parse::<Edition>().is_err());
        assert!(Edition::E2015 < Edition::E2024);
        assert_eq!(Edition::default().to_string(), "2015");
    }
}
