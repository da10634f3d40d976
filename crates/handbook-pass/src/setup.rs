use crate::{Pass, SettingProblem};
use handbook_book::Host;
use handbook_text::include::ReadFiles;
use handbook_text::{Disk, Finding};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How one pass is made. The list of recipes is all that a binary has to know of passes.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// The pass's name.
    pub name: &'static str,
    /// Makes the pass from a book's configuration.
    pub make: fn(&Setup<'_>) -> Made,
}

/// A pass, and what is wrong before it has seen any chapter.
pub struct Made {
    /// The pass.
    pub pass: Box<dyn Pass>,
    /// What is wrong with its configuration.
    pub problems: Vec<SettingProblem>,
    /// What is wrong with other files that it was made from.
    pub findings: Vec<FileFinding>,
}

/// Something wrong with a file that is no chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// The file.
    pub file: PathBuf,
    /// Its text; `None` if it has none.
    pub text: Option<Arc<str>>,
    /// What is wrong with it.
    pub finding: Finding<Disk>,
}

/// What a pass is made from.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The pass's own table; `None` in a book that has never heard of the suite.
    pub table: Option<&'a Value>,
    /// The whole of `book.toml`, as JSON.
    pub config: &'a Value,
    /// Whether the book has preprocessors that are neither mdBook's nor made from the same list as
    /// this pass: they may add to the book what nobody here knows of.
    pub has_others: bool,
    /// The book's root folder.
    pub root: &'a Path,
    /// The mdBook that renders the book.
    pub host: Host,
    /// How files are read that the pass is made from.
    pub files: &'a dyn ReadFiles,
    /// The world outside the book.
    pub environment: &'a Environment,
}

/// What the binaries hand in of the world, so that no library looks for itself.
#[derive(Clone)]
pub struct Environment {
    /// The process's environment variables.
    pub variables: BTreeMap<OsString, OsString>,
    /// The working directory.
    pub directory: PathBuf,
    /// Where results are remembered; `None` remembers nothing.
    pub cache: Option<PathBuf>,
    /// Whether passes may try things out at all.
    pub execute: bool,
    /// How many processes may run at once; `None` leaves it to the machine.
    pub jobs: Option<NonZeroUsize>,
    /// What to try out.
    pub selection: Selection,
    /// Folders of compiled crates that the book's code may use.
    pub library_paths: Vec<PathBuf>,
    /// Whether to try things out several times, and look for differences.
    pub audit: bool,
    /// How many times more to try out what fails.
    pub retries: usize,
    /// Changes of the book's code to try out, to learn what would notice them; `None` tries none.
    pub mutation: Option<Mutation>,
    /// How long the book's code may run; `None` leaves it to the configuration.
    pub timeout: Option<Duration>,
    /// How the book's code is confined; `None` leaves it to the configuration.
    pub sandbox: Option<Sandbox>,
    /// Where the results of trying things out come from, and whether they are kept.
    pub results: Results,
    /// Who is told how far long work has come.
    pub progress: Arc<dyn Watch>,
}

/// Which changes of the book's code are tried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mutation {
    /// How many, evenly spread over all there are; `None` tries all.
    pub sample: Option<NonZeroUsize>,
}

/// Where the results of trying things out come from, and whether they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Results {
    /// From trying things out; where that cannot be done, from what was frozen in the book.
    #[default]
    Tried,
    /// From trying things out, to be kept.
    Kept,
    /// From trying things out, and what was frozen in the book has to say the same.
    Locked,
    /// From trying out one of several parts, to be kept.
    Part(Part),
    /// From this text, which others have kept. Nothing is tried out.
    Given(Arc<str>),
}

/// One of several parts of the work, each of which another process does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one, from one.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// How long pieces of work took before, in milliseconds, by what results call them.
    pub past: BTreeMap<String, u64>,
}

/// How the book's code is confined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// As far as the system can.
    BestEffort,
    /// Completely, or it is not run.
    Required,
    /// Not at all. No configuration of a book says that, only who runs it.
    Off,
}

/// The part of a book that somebody asks for. What is empty leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Chapters, below the source folder.
    pub chapters: Vec<PathBuf>,
    /// Names that the author gave.
    pub names: Vec<String>,
    /// Whether what stands elsewhere belongs to it if the chapters' text names it.
    pub named_elsewhere: bool,
}

/// Is told how far long work has come. Called from several threads.
pub trait Watch: Send + Sync {
    /// `done` of `total` pieces are finished; `what` says what goes on.
    fn advance(&self, done: usize, total: usize, what: &str);

    /// A piece is finished, and took long enough to be worth a line.
    fn slow(&self, what: &str, took: Duration);

    /// Something about the work as a whole is worth a line.
    fn remark(&self, what: &str);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    fn advance(&self, _done: usize, _total: usize, _what: &str) {}

    fn slow(&self, _what: &str, _took: Duration) {}

    fn remark(&self, _what: &str) {}
}

impl Selection {
    /// Chapters with all that their text names; without chapters, everything.
    pub fn of_text(chapters: Vec<PathBuf>) -> Self {
        Self { chapters, names: Vec::new(), named_elsewhere: true }
    }

    /// Whether a chapter is asked for.
    pub fn has_chapter(&self, path: &Path) -> bool {
        self.chapters.is_empty() || self.chapters.iter().any(|chapter| chapter == path)
    }

    /// Whether something of this name, or without one, is asked for.
    pub fn has_name(&self, name: Option<&str>) -> bool {
        self.names.is_empty() || name.is_some_and(|name| self.names.iter().any(|one| one == name))
    }
}

impl Setup<'_> {
    /// The folder of the chapters.
    pub fn src(&self) -> PathBuf {
        self.root.join(source_folder(self.config))
    }
}

/// The folder of the chapters below the book's root, as a whole `book.toml` says.
pub fn source_folder(config: &Value) -> &Path {
    let src = config.get("book").and_then(|book| book.get("src"));
    Path::new(src.and_then(Value::as_str).unwrap_or("src"))
}

impl Environment {
    /// The value of a variable, if it is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&OsString> {
        self.variables.get(&OsString::from(name)).filter(|value| !value.is_empty())
    }
}
