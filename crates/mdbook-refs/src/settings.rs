use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The table `[preprocessor.refs]`, or `[preprocessor.handbook.refs]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// The bibliography's files, BibTeX or Hayagriva's YAML, from the book's root. Without any,
    /// nothing is a citation.
    pub bibliography: Vec<PathBuf>,
    /// The style: the name of one that is known, or a CSL file from the book's root.
    pub style: String,
    /// Patterns of the chapters that have to cite an academic work, below the source folder.
    pub academic_chapters: Vec<String>,
    /// What pages say.
    pub words: Words,
}

/// The table `[preprocessor.handbook.refs.words]`: what pages say around works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Words {
    /// The heading above academic works.
    pub academic: String,
    /// The heading above production documentation.
    pub production: String,
    /// The heading above works that no chapter cites.
    pub uncited: String,
    /// Before the chapters that cite a work.
    pub cited_in: String,
    /// Before what a work is relevant for.
    pub relevant_for: String,
    /// Before the version of a work.
    pub version: String,
    /// What the links back to citations are called by screen readers.
    pub back: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bibliography: Vec::new(),
            style: crate::style::SHORT.to_owned(),
            academic_chapters: Vec::new(),
            words: Words::default(),
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            academic: "Academic Papers".to_owned(),
            production: "Production Documentation".to_owned(),
            uncited: "Not Yet Cited".to_owned(),
            cited_in: "Cited in".to_owned(),
            relevant_for: "Relevant for".to_owned(),
            version: "version".to_owned(),
            back: "Back to the citation".to_owned(),
        }
    }
}
