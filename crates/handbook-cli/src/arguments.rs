use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Technical books that check themselves: builds an mdBook, runs the Rust in it, and holds it to
/// what it says.
#[derive(Debug, Parser)]
#[command(
    version,
    name = "handbook",
    after_help = "Exit codes: 0 clean, 1 findings, 2 wrong use or a failure of the program."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks the book and renders it, mdBook included: no other program is needed
    Build(Build),
    /// Judges the book without rendering it; creates and changes no file of it
    Check(Check),
    /// Writes down what can be derived: stale outputs, missing ones
    Fix(Fix),
    /// Runs the book's Rust and prints a verdict for each snippet that fails
    Run(Run),
}

/// What all commands take.
#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// The book's folder, where book.toml is [default: this folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Where verdicts are remembered [default: `handbook` in the user's cache folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Remember nothing and believe nothing remembered
    #[arg(long, global = true, conflicts_with = "cache_dir")]
    pub(crate) no_cache: bool,
    /// How many compilers run at once [default: one for each processor]
    #[arg(long, short, global = true, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Fail on this level too; errors always fail
    #[arg(long, global = true, value_name = "LEVEL")]
    pub(crate) deny: Option<Deny>,
    /// Show information as well as errors and warnings
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings fail as errors do
    Warnings,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The book's folder
    #[arg(value_name = "DIR", conflicts_with = "dir")]
    pub(crate) folder: Option<PathBuf>,
    /// Where the pages go, instead of `build.build-dir`
    #[arg(long, short, value_name = "DIR")]
    pub(crate) dest_dir: Option<PathBuf>,
    /// Run no snippet; outputs are neither compared nor shown
    #[arg(long)]
    pub(crate) no_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Report only on these chapters
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// Judge only what can be judged without running anything
    #[arg(long)]
    pub(crate) no_run: bool,
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Fix {
    /// Fix only these chapters
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// Print what would change and change nothing
    #[arg(long)]
    pub(crate) diff: bool,
    /// Make fixes too that need the author's eye afterwards
    #[arg(long = "unsafe")]
    pub(crate) unsafe_too: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Run only the snippets of these chapters
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object on standard output
    Json,
}
