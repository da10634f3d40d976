//! `cargo xtask`: what people and CI do to the workspace.

mod agree;
#[cfg(target_os = "linux")]
mod bench;
mod browser;
mod ci;
mod refs;
mod tidy;

use clap::Parser;
use std::path::Path;
use std::process::ExitCode;

/// The habits of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Compares rustdoc's verdicts on a book with the suite's
    Agree(agree::Agree),
    /// Measures how fast the suite is, as ratios of two sides that are measured in turn
    ///
    /// A run without a cache against `mdbook test`, and against the same calls of rustc and the
    /// same programs with nothing around them; a run after which nothing changed against parsing
    /// the Markdown; a run after one change against rustc itself; and, on a generated book of a
    /// thousand snippets, the price of broken ones, and memory. The time of a test says little, so
    /// none of this is one: `--quick` fails only if a count is wrong.
    #[cfg(target_os = "linux")]
    Bench(bench::Options),
    /// Tries pages of the suite in Chromium, from the keyboard, without a script, printed; needs
    /// node
    Browser,
    /// Runs everything that has to pass before a change lands
    Ci,
    /// Compares lists of references, and the time they take, with mdbook-bib's
    Refs(refs::Refs),
    /// Checks what no compiler checks: layers, the map of the code, file lengths
    Tidy,
}

#[expect(clippy::print_stderr, reason = "the error is for whoever called")]
fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder");
    let result = match Task::parse() {
        Task::Agree(agree) => agree::agree(root, &agree),
        #[cfg(target_os = "linux")]
        Task::Bench(options) => bench::bench(root, &options),
        Task::Browser => browser::browser(root),
        Task::Ci => ci::ci(root),
        Task::Refs(options) => refs::refs(root, &options),
        Task::Tidy => tidy::tidy(root),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
