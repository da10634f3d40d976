//! `handbook`: builds, checks, fixes and runs a book.
//!
//! A file for each command; `open` finds the book that they share, `report` says what was found.

mod arguments;
mod build;
mod check;
mod fix;
mod open;
mod progress;
mod report;
mod run;

use anstream::{AutoStream, ColorChoice};
use arguments::{Arguments, Command};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// How a command ended. The numbers are the program's exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing was found that is denied.
    Clean = 0,
    /// Findings at the denied level.
    Found = 1,
}

/// Exit code for wrong use and for failures of our own.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let shared = &arguments.shared;
    let outcome = match &arguments.command {
        Command::Build(build) => build::build(shared, build),
        Command::Check(check) => check::check(shared, check),
        Command::Fix(fix) => fix::fix(shared, fix),
        Command::Run(run) => run::run(shared, run),
    };
    match outcome {
        Ok(outcome) => (outcome as u8).into(),
        Err(error) => {
            let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
            // Nothing is left to do if nobody can be told.
            let _ = writeln!(stderr, "error: {error:#}");
            FAILED.into()
        }
    }
}
