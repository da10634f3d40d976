//! Says what was found, and what that means for the exit code.

use crate::Outcome;
use crate::arguments::{Deny, Format, Shared};
use anstream::{AutoStream, ColorChoice};
use handbook_engine::{Located, counts, json};
use handbook_mdbook::print_findings;
use handbook_text::Level;
use std::io::Write;
use std::path::Path;

/// Reports `findings`: for people on standard error, for programs on standard output.
pub(crate) fn report(
    shared: &Shared,
    format: Format,
    findings: &[&Located],
    root: &Path,
) -> anyhow::Result<Outcome> {
    match format {
        Format::Text => {
            let least = if shared.verbose { Level::Info } else { Level::Warning };
            let shown = findings.iter().copied();
            let shown = shown.filter(|located| located.finding.level >= least);
            let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
            print_findings(&mut stderr, shown, root);
        }
        Format::Json => line(&json(findings.iter().copied(), root))?,
    }
    let counts = counts(findings.iter().copied());
    let denied = counts.errors > 0 || shared.deny == Some(Deny::Warnings) && counts.warnings > 0;
    Ok(if denied { Outcome::Found } else { Outcome::Clean })
}

/// Prints a line on standard output, colours only on a terminal.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut stdout = AutoStream::new(std::io::stdout(), ColorChoice::Auto);
    writeln!(stdout, "{text}")?;
    Ok(())
}
