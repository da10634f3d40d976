use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// The table `[preprocessor.snippets]`, or `[preprocessor.handbook.snippets]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// Whether snippets are run at all.
    pub run: bool,
    /// Whether `output` blocks are compared with what is printed.
    pub outputs: bool,
    /// Outputs of more lines than this are folded in the page; none are if it is zero.
    pub fold_output: usize,
    /// Whether blocks without a language are Rust, as rustdoc takes them.
    pub unlabelled: bool,
    /// How many seconds a snippet may run unless it says otherwise.
    pub timeout: u64,
    /// How many bytes a snippet may print.
    pub output_limit: usize,
    /// What to do where the system cannot confine snippets completely.
    pub sandbox: Sandbox,
    /// Files and folders that snippets may read, relative to the book's root.
    pub allow: Vec<PathBuf>,
    /// A Cargo manifest, from the book's root: snippets may use its library and what it depends on.
    /// Empty is none.
    pub manifest: PathBuf,
    /// The crates that snippets may use, as in a Cargo manifest.
    pub dependencies: Map<String, Value>,
    /// Folders of compiled crates that snippets may use, from the book's root.
    pub library_paths: Vec<PathBuf>,
    /// The file below the book's root in which results are frozen.
    pub results: PathBuf,
}

/// What to do where the system cannot confine snippets completely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sandbox {
    /// Confine them as far as possible.
    #[default]
    BestEffort,
    /// Refuse to run them.
    Required,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            run: true,
            outputs: true,
            fold_output: 30,
            unlabelled: false,
            timeout: 30,
            output_limit: 64 * 1024,
            sandbox: Sandbox::BestEffort,
            allow: Vec::new(),
            manifest: PathBuf::new(),
            dependencies: Map::new(),
            library_paths: Vec::new(),
            results: "results.toml".into(),
        }
    }
}
