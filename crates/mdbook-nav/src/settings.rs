use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The table `[preprocessor.nav]`, or `[preprocessor.handbook.nav]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// The label of the field that names what to read before a chapter.
    pub prerequisites: String,
    /// The label of the field that names the chapter above.
    pub parent: String,
    /// The label of the field that names chapters beside it.
    pub related: String,
    /// The label of the field that names what to read after it.
    pub next: String,
    /// The label of the field in which a hub lists the chapters under it.
    pub deep_dives: String,
    /// The label of the field that says how long a chapter takes.
    pub study_time: String,
    /// What the document map calls its first column.
    pub document: String,
    /// What the table of reading paths calls its first column.
    pub reading_path: String,
    /// Documents that are planned and may not be written yet, below the source folder.
    pub planned: Vec<PathBuf>,
    /// What stands behind the name of such a document, and what a link to it says.
    pub planned_label: String,
    /// The file that says when chapters were reviewed, from the book's root.
    pub reviews: PathBuf,
    /// Whether preprocessors of others, where the book has any, may add pages and anchors. Then
    /// nobody knows which links are dead.
    pub generated_targets: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prerequisites: "Prerequisites".to_owned(),
            parent: "Parent".to_owned(),
            related: "Related".to_owned(),
            next: "Next Suggested".to_owned(),
            deep_dives: "Deep-Dives".to_owned(),
            study_time: "Estimated study time".to_owned(),
            document: "Document".to_owned(),
            reading_path: "Reading path".to_owned(),
            planned: Vec::new(),
            planned_label: "planned".to_owned(),
            reviews: "handbook-review.toml".into(),
            generated_targets: true,
        }
    }
}
