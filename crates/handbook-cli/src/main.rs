//! `handbook`: builds, checks, fixes and runs a book.
//!
//! A file for each command; `open` finds the book that they share, `report` says what was found,
//! `results` writes and reads what others need of a run, `verdicts` lists what `run` did, `junit`
//! writes it for CI, and `watch` does it again; `cards` writes flashcards. `write` writes one file in
//! one step, and `journal` several as a whole: every command goes on with one that it finds. Who
//! writes into a book holds its `lock`. `place` says where `new` and `mv` may put a chapter.

mod arguments;
mod baseline;
mod build;
mod cache;
mod cards;
mod check;
mod explain;
mod fix;
mod init;
mod journal;
mod junit;
mod lock;
mod mutate;
mod mv;
mod new;
mod open;
mod place;
mod progress;
mod record;
mod report;
mod results;
mod review;
mod run;
mod unchanged;
mod verdicts;
mod watch;
mod write;

use arguments::{Arguments, Command};
use clap::Parser;
use report::remark;
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
        Command::Baseline(baseline) => baseline::baseline(shared, baseline),
        Command::Run(run) => run::run(shared, run),
        Command::Mutate(mutate) => mutate::mutate(shared, mutate),
        Command::Cards(cards) => cards::cards(shared, cards),
        Command::New(new) => new::new(shared, new),
        Command::Mv(mv) => mv::mv(shared, mv),
        Command::Init(init) => init::init(shared, init),
        Command::Review(review) => review::review(shared, review),
        Command::Explain(explain) => explain::explain(shared, explain),
        Command::Cache(cache) => cache::cache(shared, cache),
    };
    match outcome {
        Ok(outcome) => (outcome as u8).into(),
        // Whoever reads has had enough, as `head` has.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            remark(&format!("error: {error:#}"));
            FAILED.into()
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.into_iter().any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
