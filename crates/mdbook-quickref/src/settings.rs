use handbook_pass::SettingProblem;
use serde::{Deserialize, Serialize};

/// The table `[preprocessor.quickref]`, or `[preprocessor.handbook.quickref]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// How many rows of a table a card shows.
    pub rows: usize,
    /// How long the timers of the practice page run, in seconds.
    pub timers: Vec<u32>,
    /// What a timer is called where its button is read aloud.
    pub timer_label: String,
    /// Where the book is published, for links in decks; empty leaves them out.
    pub url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rows: 6, timers: vec![30, 120], timer_label: "Timer".to_owned(), url: String::new() }
    }
}

impl Settings {
    /// Puts the default in the place of a value that makes no sense, and says so.
    pub(crate) fn repair(&mut self) -> Option<SettingProblem> {
        if self.rows > 0 {
            return None;
        }
        self.rows = Self::default().rows;
        Some(SettingProblem {
            key: "rows".to_owned(),
            message: "`rows`: of a table without rows a card would show nothing".to_owned(),
            help: Some(format!("the default is `{}`", self.rows)),
        })
    }
}
