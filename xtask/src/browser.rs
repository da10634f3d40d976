//! Pages of the suite in a real browser: `tests/browser` on books that are built for it.
//!
//! It needs node with npm, and Chromium. Where one of them is missing, it fails and says so: a test
//! that was not made has not passed.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a Chromium may be.
const CHROMIUMS: [&str; 3] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

pub(crate) fn browser(root: &Path) -> anyhow::Result<()> {
    let chromium = CHROMIUMS.iter().find(|path| Path::new(path).is_file());
    let chromium = chromium.context(
        "there is no Chromium, so the pages were NOT tried in a browser; install it (Debian: \
         `apt-get install chromium`)",
    )?;
    let books = tempfile::tempdir()?;
    let cards = fixture(root, &books.path().join("source"))?;
    handbook(root, &cards, &["fix"])?;
    for (book, name) in [(root, "handbook"), (&cards, "cards")] {
        let pages = books.path().join(name);
        let pages = pages.to_str().context("a temporary folder has an odd name")?;
        handbook(root, book, &["build", "--no-run", "--dest-dir", pages])?;
    }
    let folder = root.join("tests/browser");
    run(program("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder))?;
    let mut tests = program("node");
    tests.args(["--test", "cards.test.js"]).current_dir(&folder);
    run(tests.env("HANDBOOK_BOOKS", books.path()).env("HANDBOOK_CHROMIUM", chromium))
}

/// Runs `handbook` on a book.
fn handbook(root: &Path, book: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let mut cargo = program(env!("CARGO"));
    cargo.args(["run", "--quiet", "--package", "handbook-cli", "--", "--dir"]).arg(book);
    run(cargo.args(arguments).current_dir(root))
}

/// A copy of the book of cards at `to`, in which regions can be written down.
fn fixture(root: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    let from = root.join("tests/fixtures/cards");
    for folder in ["", "templates", "src", "src/topics"] {
        std::fs::create_dir_all(to.join(folder))?;
        for entry in std::fs::read_dir(from.join(folder))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                let text = std::fs::read_to_string(entry.path())?;
                let text = text.replace("$HANDBOOK", "mdbook-handbook");
                std::fs::write(to.join(folder).join(entry.file_name()), text)?;
            }
        }
    }
    Ok(to.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "running programs is what this one is for")]
fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(name)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| {
        format!("`{name}` does not start, so the pages were NOT tried in a browser; install it")
    })?;
    if !status.success() {
        bail!("`{name}` failed");
    }
    Ok(())
}
