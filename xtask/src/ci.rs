//! Everything that has to pass before a change lands, in the order that fails fastest.

use crate::browser::browser;
use crate::tidy::tidy;
use anyhow::{Context, bail};
use std::path::Path;
use std::process::Command;

/// The commands, as the README and CONTRIBUTING give them.
const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"],
    &["test", "--workspace"],
    &["run", "--release", "--", "build", "--deny", "warnings"],
];

/// Whether the measures can still be taken; what they say is judged on a quiet machine only.
const BENCH: &[&str] = &["xtask", "bench", "--quick"];

pub(crate) fn ci(root: &Path) -> anyhow::Result<()> {
    step("tidy");
    tidy(root)?;
    for arguments in STEPS {
        step(&format!("cargo {}", arguments.join(" ")));
        cargo(root, arguments)?;
    }
    if cfg!(target_os = "linux") {
        step(&format!("cargo {}", BENCH.join(" ")));
        cargo(root, BENCH)?;
    }
    step("cargo xtask browser");
    browser(root)?;
    let page = root.join("target/book/index.html");
    if !page.is_file() {
        bail!("the book was built, but `{}` is missing", page.display());
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever watches CI wants to know where it is")]
fn step(name: &str) {
    println!("\n== {name}");
}

#[expect(clippy::disallowed_methods, reason = "running cargo is what this program is for")]
fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO")).args(arguments).current_dir(root).status();
    let status = status.context("cargo does not start")?;
    if !status.success() {
        bail!("`cargo {}` failed", arguments.join(" "));
    }
    Ok(())
}
