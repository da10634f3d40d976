//! `cargo xtask`: what people and CI do to the workspace.

mod agree;
mod ci;
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
    /// Runs everything that has to pass before a change lands
    Ci,
    /// Checks what no compiler checks: layers, the map of the code, file lengths
    Tidy,
}

#[expect(clippy::print_stderr, reason = "the error is for whoever called")]
fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder");
    let result = match Task::parse() {
        Task::Agree(agree) => agree::agree(root, &agree),
        Task::Ci => ci::ci(root),
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
