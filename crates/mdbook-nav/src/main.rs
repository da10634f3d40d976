//! `mdbook-nav`: the navigation pass as an mdBook preprocessor of its own.

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "a binary's main hands the world in")]
fn main() -> ExitCode {
    handbook_mdbook::preprocessor(&handbook_mdbook::Program {
        name: env!("CARGO_BIN_NAME"),
        about: env!("CARGO_PKG_DESCRIPTION"),
        version: env!("CARGO_PKG_VERSION"),
        suite: handbook_mdbook::Suite { recipes: &[mdbook_nav::RECIPE], complete: false },
        world: handbook_mdbook::World {
            arguments: std::env::args_os().skip(1).collect(),
            variables: std::env::vars_os().collect(),
            directory: std::env::current_dir().unwrap_or_default(),
        },
    })
}
