//! The file of reviews, which names chapters by their paths.

use crate::open::OpenBook;
use anyhow::anyhow;
use handbook_mdbook::DiskFiles;
use handbook_pass::read_settings;
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_nav::{Reviews, Settings, path_name};
use std::path::{Path, PathBuf};

/// The file of reviews from the book's root, with its text before and after a chapter's move;
/// nothing if it does not name the chapter.
///
/// # Errors
///
/// If it cannot be read.
pub(super) fn moved(
    book: &OpenBook,
    old: &Path,
    new: &Path,
) -> anyhow::Result<Option<(PathBuf, String, String)>> {
    let tables: [&[&str]; 2] = [&["preprocessor", "handbook", "nav"], &["preprocessor", "nav"]];
    let table = tables.iter().find_map(|table| book.config.get(table));
    let settings: Settings = table.map(|table| read_settings(table).0).unwrap_or_default();
    let file = settings.reviews;
    let cannot = |why: String| anyhow!("cannot read the reviews in `{}`: {why}", file.display());
    let before = match DiskFiles.read(&book.root.join(&file)) {
        Ok(text) => text.to_string(),
        Err(ReadError::NotFound) => return Ok(None),
        Err(error) => return Err(cannot(error.to_string())),
    };
    let mut reviews = Reviews::parse(&before).map_err(|error| cannot(error.message))?;
    let is_named = reviews.rename(&path_name(old), &path_name(new));
    Ok(is_named.then(|| (file, before, reviews.to_string())))
}
