use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The table `[preprocessor.adr]`, or `[preprocessor.handbook.adr]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// The kinds of chapters, by name.
    pub kinds: BTreeMap<String, KindSettings>,
    /// Whether pages show what is still to be written.
    pub scaffolds: bool,
}

/// A table `[preprocessor.handbook.adr.kinds.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KindSettings {
    /// The template, from the book's root.
    pub template: PathBuf,
    /// Patterns of the chapters that are of this kind, below the source folder. A chapter whose
    /// title is the template's is so without.
    #[serde(default)]
    pub chapters: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { kinds: BTreeMap::new(), scaffolds: true }
    }
}
