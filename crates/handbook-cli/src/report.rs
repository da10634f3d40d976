//! Says what was found, and what that means for the exit code.

use crate::Outcome;
use crate::arguments::{Deny, Format, Shared};
use anstream::{AutoStream, ColorChoice};
use handbook_engine::{Located, json_with};
use handbook_mdbook::print_findings;
use handbook_text::Level;
use serde_json::{Map, Value};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Reports `findings`: for people on standard error, for programs on standard output.
pub(crate) fn report(
    shared: &Shared,
    format: Format,
    findings: &[&Located],
    root: &Path,
) -> anyhow::Result<Outcome> {
    report_with(shared, format, findings, root, Map::new())
}

/// The same; for programs with `more` behind the findings.
pub(crate) fn report_with(
    shared: &Shared,
    format: Format,
    findings: &[&Located],
    root: &Path,
    more: Map<String, Value>,
) -> anyhow::Result<Outcome> {
    match format {
        Format::Text => {
            let least = if shared.verbose { Level::Info } else { Level::Warning };
            let shown = findings.iter().copied();
            let shown = shown
                .filter(|located| located.finding.level >= least || is_denied(shared, located));
            let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
            print_findings(&mut stderr, shown, root);
        }
        Format::Json => line(&json_with(findings.iter().copied(), root, more))?,
    }
    let denied = findings.iter().any(|located| is_denied(shared, located));
    Ok(if denied { Outcome::Found } else { Outcome::Clean })
}

/// Whether a finding fails the command.
pub(crate) fn is_denied(shared: &Shared, located: &Located) -> bool {
    let finding = &located.finding;
    let is_met = |deny: &Deny| deny.is_met(finding.level, finding.priority);
    finding.level == Level::Error || shared.deny.iter().any(is_met)
}

/// Prints a line on standard output, colours only on a terminal.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut stdout = AutoStream::new(std::io::stdout(), ColorChoice::Auto);
    writeln!(stdout, "{text}")?;
    Ok(())
}

/// Prints a line about the work itself on standard error.
pub(crate) fn remark(text: &str) {
    let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
    // Nothing is left to do if nobody can be told.
    let _ = writeln!(stderr, "{text}");
}

/// A time as people read it: `12 ms`, `3.2 s`.
pub(crate) fn shown(time: Duration) -> String {
    match time.as_millis() {
        milliseconds @ ..1000 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}
