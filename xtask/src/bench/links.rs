//! Links: ours, with all else that `check --no-run` judges, against a program that checks nothing
//! but links, and no anchors.

use super::process::{command, run};
use anyhow::{Context, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The program that is compared with.
pub(crate) const NAME: &str = "mdbook-linkcheck2";

/// The program at `path`, or on the search path, if there is one.
pub(crate) fn find(path: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    match path {
        Some(path) => Ok(Some(fs::canonicalize(path).context("there is no such link checker")?)),
        None => Ok(run(command(NAME).arg("--version")).is_ok().then(|| NAME.into())),
    }
}

/// Lets the suite judge a copied book.
pub(crate) fn configure(book: &Path) -> anyhow::Result<()> {
    let path = book.join("book.toml");
    let text = fs::read_to_string(&path)?;
    Ok(fs::write(path, format!("{text}\n[preprocessor.handbook]\noptional = true\n"))?)
}

/// Runs the other program, and returns what it took. It may find dead links.
pub(crate) fn theirs(program: &Path, book: &Path) -> anyhow::Result<Duration> {
    let ran = run(command(program).args(["--standalone", "--no-cache"]).arg(book))?;
    let is_judged = matches!(ran.status.code(), Some(0 | 1));
    ensure!(is_judged, "{}", String::from_utf8_lossy(&ran.stderr));
    Ok(ran.took)
}

/// Runs `handbook check`, which remembers nothing, and returns what it took.
pub(crate) fn ours(handbook: &Path, book: &Path) -> anyhow::Result<Duration> {
    let mut check = command(handbook);
    check.args(["check", "--no-run", "--no-cache", "--dir"]).arg(book);
    let ran = run(&mut check)?;
    let is_judged = matches!(ran.status.code(), Some(0 | 1));
    ensure!(is_judged, "{}", String::from_utf8_lossy(&ran.stderr));
    Ok(ran.took)
}
