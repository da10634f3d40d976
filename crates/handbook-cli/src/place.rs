//! Where a chapter may go, whether it is new or moves.

use crate::open::OpenBook;
use anyhow::{Context, bail};
use handbook_book::Book;
use handbook_engine::normalised;
use std::path::{Path, PathBuf};

/// The path below the source folder `src` that somebody means by `path`: from here, from the book's
/// root, or from the source folder.
///
/// # Errors
///
/// If it leads elsewhere, or no chapter can be called so.
pub(crate) fn destination(open: &OpenBook, src: &Path, path: &Path) -> anyhow::Result<PathBuf> {
    let from = [&open.environment.directory, &open.root, src];
    let files = from.map(|folder| normalised(&folder.join(path)));
    let below = files.iter().find_map(|file| file.strip_prefix(src).ok());
    let shown = path.display();
    let below = below.with_context(|| format!("`{shown}` lies outside of `{}`", src.display()))?;
    let is_markdown = below.extension().is_some_and(|extension| extension == "md");
    if !is_markdown || below == Path::new("SUMMARY.md") {
        bail!("`{shown}` is no name for a chapter; write `NAME.md`");
    }
    if below.to_string_lossy().contains('#') {
        bail!("`{shown}` is no name for a chapter: behind `#`, links name a heading");
    }
    Ok(below.to_owned())
}

/// Refuses to write over a file, or to make a page that another of `chapters` has. All paths but
/// `src` are below the source folder; `except` is what the chapter is called now, if it moves.
///
/// # Errors
///
/// If the place is taken.
pub(crate) fn is_free<'c>(
    src: &Path,
    chapters: impl IntoIterator<Item = &'c Path>,
    path: &Path,
    except: Option<&Path>,
) -> anyhow::Result<()> {
    // Where systems take `A` for `a`, that is one file, and one page.
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    let is_respelt = except.is_some_and(|old| old != path && lower(old) == lower(path));
    if !is_respelt && std::fs::symlink_metadata(src.join(path)).is_ok() {
        bail!("`{}` is there already", path.display());
    }
    let page = |path: &Path| lower(&Book::page_of(path));
    let others = chapters.into_iter().filter(|other| *other != path && Some(*other) != except);
    for other in others {
        if page(other) == page(path) {
            bail!("`{}` would be the same page as `{}`", path.display(), other.display());
        }
    }
    Ok(())
}
