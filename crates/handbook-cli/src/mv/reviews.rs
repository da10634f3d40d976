//! The file of reviews, which names chapters by their paths.

use crate::open::OpenBook;
use anyhow::anyhow;
use handbook_book::slashed;
use handbook_mdbook::DiskFiles;
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_nav::{Reviews, Settings};
use std::path::{Path, PathBuf};

/// The file of reviews, with its text before and after a chapter's move; nothing if it does not name
/// the chapter.
///
/// # Errors
///
/// If it cannot be read, or the settings that name it.
pub(super) fn moved(
    book: &OpenBook,
    old: &Path,
    new: &Path,
) -> anyhow::Result<Option<(PathBuf, String, String)>> {
    let settings: Settings = book.settings(&mdbook_nav::RECIPE)?;
    let file = book.root.join(settings.reviews);
    let cannot = |why: String| anyhow!("cannot read the reviews in `{}`: {why}", file.display());
    let before = match DiskFiles.read(&file) {
        Ok(text) => text.to_string(),
        Err(ReadError::NotFound) => return Ok(None),
        Err(error) => return Err(cannot(error.to_string())),
    };
    let mut reviews = Reviews::parse(&before).map_err(|error| cannot(error.message))?;
    let is_named = reviews.rename(&slashed(old), &slashed(new));
    Ok(is_named.then(|| (file, before, reviews.to_string())))
}
