//! Results that travel: what became of each snippet, in a file that other processes read.
//!
//! 1. [`identity`] says by what a result is found again: a name that no edit elsewhere changes, and
//!    the hash of what was asked.
//! 2. [`file`](mod@file) is how results are written down.
//! 3. [`source`] decides whether snippets are run; [`taken`] are reports from such a file instead.
//! 4. [`collected`] are those of a run, to be written down: all of them, or frozen in the book.
//! 5. [`locked`] compares a run with what was frozen.
//! 6. [`plan`] divides a run into parts, and [`merge`] brings together what they wrote.

pub(crate) mod collected;
pub(crate) mod file;
pub(crate) mod identity;
pub(crate) mod locked;
pub(crate) mod merge;
pub(crate) mod plan;
pub(crate) mod source;
pub(crate) mod taken;

use crate::execute::Verdicts;
use crate::program::Programs;
use crate::snippet::Listing;
use crate::{Settings, Snippets};
use collected::Collected;
use file::{FileError, ResultsFile};
use handbook_book::Book;
use handbook_pass::{Places, Results, SettingProblem};
use handbook_text::include::ReadError;
use identity::Identities;
use locked::{Difference, Differences};
use std::path::Component;

/// What becomes of a run beyond its report.
#[derive(Default)]
pub(crate) struct Kept {
    /// What is to be written down, if that is asked for.
    pub(crate) collected: Option<Collected>,
    /// What is not as it was frozen, if that is asked for.
    pub(crate) differences: Option<Differences>,
}

/// Does with the results of a run what is asked for.
pub(crate) fn kept(
    pass: &Snippets,
    book: &Book,
    places: &dyn Places,
    listing: &Listing,
    programs: &Programs,
    verdicts: &Verdicts,
) -> Kept {
    let identities = || Identities::of(pass, book, listing, programs);
    match &pass.environment.results {
        Results::Tried => Kept::default(),
        Results::Locked => {
            let name = pass.settings.results.display().to_string();
            let differences =
                Differences::of(name, frozen(pass, places), listing, &identities(), verdicts);
            Kept { differences: Some(differences), ..Kept::default() }
        }
        Results::Kept | Results::Part(_) | Results::Given(_) => {
            let collected = Collected::of(pass, listing, &identities(), verdicts);
            Kept { collected, ..Kept::default() }
        }
    }
}

/// What was frozen in the book; `None` if nothing was.
pub(crate) fn frozen(
    pass: &Snippets,
    places: &dyn Places,
) -> Result<Option<ResultsFile>, FileError> {
    let name = pass.settings.results.display().to_string();
    match places.read(&pass.root.join(&pass.settings.results)) {
        Ok(text) => ResultsFile::read(&name, &text).map(Some),
        Err(ReadError::NotFound) => Ok(None),
        Err(error) => Err(FileError::Unreadable { name, message: error.to_string() }),
    }
}

/// What `--locked` says where the configuration leaves snippets unchecked.
pub(crate) fn not_compared(pass: &Snippets) -> Differences {
    let file = pass.settings.results.display().to_string();
    Differences { file, list: vec![Difference::NothingRun] }
}

/// Whether a file with this text holds results, even damaged ones, or nothing: only such a file may
/// be written anew.
pub fn is_results(text: &str) -> bool {
    let is_ours = |about: &str| {
        let line = text.lines().next().and_then(|line| line.strip_prefix("# "));
        line.is_some_and(|line| line == about)
    };
    text.trim().is_empty()
        || [collected::FROZEN, merge::ABOUT].into_iter().any(is_ours)
        || ResultsFile::read("", text).is_ok()
}

/// Takes out of the settings what makes no sense, and says so.
pub(crate) fn problems(settings: &mut Settings) -> Vec<SettingProblem> {
    let mut parts = settings.results.components();
    let is_below = parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if is_below && settings.results.file_name().is_some() {
        return Vec::new();
    }
    let message = format!("`{}` is no file below the book's root", settings.results.display());
    settings.results = Settings::default().results;
    let help = format!("the default is `{}`", settings.results.display());
    vec![SettingProblem { key: "results".to_owned(), message, help: Some(help) }]
}
