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
