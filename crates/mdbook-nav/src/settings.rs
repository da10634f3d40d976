use handbook_pass::{SettingProblem, Setup};
use handbook_text::include::ReadError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

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
    /// Documents that are planned and not written yet, below the source folder.
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

impl Settings {
    /// Reduces the settings to what they can mean, and says what they cannot.
    pub(crate) fn settle(&mut self, setup: &Setup<'_>, problems: &mut Vec<SettingProblem>) {
        let src = setup.src();
        let mut seen = BTreeSet::new();
        for path in std::mem::take(&mut self.planned) {
            let plain = plain(&path);
            let wrong = match &plain {
                None => Some(("is no path below the source folder", "write it as links would")),
                Some(plain) => match setup.files.read(&src.join(plain)) {
                    Err(ReadError::NotFound) => None,
                    _ => Some(("is written", "take it out, and name it in SUMMARY.md")),
                },
            };
            if let Some((what, help)) = wrong {
                problems.push(SettingProblem {
                    key: "planned".to_owned(),
                    message: format!("`planned`: `{}` {what}", path.display()),
                    help: Some(help.to_owned()),
                });
            } else {
                self.planned.extend(plain.filter(|plain| seen.insert(plain.clone())));
            }
        }
        self.tell_labels(problems);
    }

    /// Labels by which fields cannot be told apart.
    fn tell_labels(&self, problems: &mut Vec<SettingProblem>) {
        let labels = [
            ("prerequisites", &self.prerequisites),
            ("parent", &self.parent),
            ("related", &self.related),
            ("next", &self.next),
            ("deep-dives", &self.deep_dives),
            ("study-time", &self.study_time),
        ];
        for (index, (key, label)) in labels.iter().enumerate() {
            let is_same =
                |(_, other): &&(&str, &String)| other.to_lowercase() == label.to_lowercase();
            let message = match labels[..index].iter().find(is_same) {
                _ if label.trim().is_empty() => format!("`{key}` is empty"),
                Some((other, _)) => format!("`{key}` is the same label as `{other}`"),
                None => continue,
            };
            let help = Some("give each field a label of its own".to_owned());
            problems.push(SettingProblem { key: (*key).to_owned(), message, help });
        }
    }
}

/// The path without what means nothing in it; `None` if it does not lead to a file below the folder
/// that it starts from.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => plain.push(name),
            Component::ParentDir if plain.pop() => {}
            _ => return None,
        }
    }
    (plain != PathBuf::new()).then_some(plain)
}
