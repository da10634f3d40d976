//! `cargo xtask`: what people and CI do to the workspace.

mod ci;
mod tidy;

use clap::Parser;
use std::path::Path;

/// The habits of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Runs everything that has to pass before a change lands
    Ci,
    /// Checks what no compiler checks: layers, the map of the code, file lengths
    Tidy,
}

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder");
    match Task::parse() {
        Task::Ci => ci::ci(root),
        Task::Tidy => tidy::tidy(root),
    }
}
