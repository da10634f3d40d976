use handbook_pass::SettingProblem;
use serde::{Deserialize, Serialize};

/// The table `[preprocessor.quickref]`, or `[preprocessor.handbook.quickref]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// How many rows of a table a card shows.
    pub rows: usize,
    /// How many of them a printed sheet shows.
    pub printed_rows: usize,
    /// How long the timers of the practice page run, in seconds.
    pub timers: Vec<u32>,
    /// What a timer is called where its button is read aloud.
    pub timer_label: String,
    /// Where the book is published, for links in decks; empty leaves them out.
    pub url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rows: 6,
            printed_rows: 3,
            timers: vec![30, 120],
            timer_label: "Timer".to_owned(),
            url: String::new(),
        }
    }
}

impl Settings {
    /// Puts the defaults in the place of values that make no sense, and says so.
    pub(crate) fn repair(&mut self) -> Vec<SettingProblem> {
        let default = Self::default();
        let numbers = [
            ("rows", &mut self.rows, default.rows),
            ("printed-rows", &mut self.printed_rows, default.printed_rows),
        ];
        let mut problems = Vec::new();
        for (key, number, default) in numbers {
            if *number == 0 {
                *number = default;
                problems.push(SettingProblem {
                    key: key.to_owned(),
                    message: format!("`{key}`: of a table without rows a card would show nothing"),
                    help: Some(format!("the default is `{default}`")),
                });
            }
        }
        problems
    }
}
