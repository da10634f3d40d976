use crate::results::Travel;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use handbook_text::{Level, Priority};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use toml::value::Datetime;

/// Technical books that check themselves: builds an mdBook, runs the Rust in it, and holds it to
/// what it says.
#[derive(Debug, Parser)]
#[command(
    version,
    name = "handbook",
    after_help = "Exit codes: 0 clean, 1 findings, 2 wrong use or a failure of the program.\n\n\
                  `handbook COMMAND --help` shows examples."
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
    #[command(after_help = "\
Examples:
  handbook build                     render the book in this folder
  handbook build book -d public      another book, to another folder
  handbook build --no-run            without running any snippet")]
    Build(Build),
    /// Judges the book without rendering it; creates and changes no file of it
    #[command(after_help = "\
Examples:
  handbook check                     the whole book
  handbook check src/ring.md         report on one chapter
  handbook check --deny warnings     for CI: warnings fail, too")]
    Check(Check),
    /// Writes down what can be derived: stale outputs, missing ones
    #[command(after_help = "\
Examples:
  handbook fix --diff                show what would change
  handbook fix                       change it
  handbook fix src/ring.md           in one chapter only")]
    Fix(Fix),
    /// Writes down what is found now, so that from then on only more is reported
    #[command(after_help = "\
Examples:
  handbook baseline                  write `handbook-baseline.toml`, or take out what is mended
  handbook baseline --grow           take in as well what was found since")]
    Baseline(Baseline),
    /// Runs the book's Rust and prints what is wrong with each snippet that fails
    #[command(after_help = "\
Examples:
  handbook run                       the whole book
  handbook run src/ring.md           one chapter
  handbook run --name ring           the snippet with `name=ring`
  handbook run --verbose             a line for every snippet: verdict, place, time
  handbook run --watch               again after every change
  handbook run --retries 2           tell snippets that fail now and then from broken ones
  handbook run --junit report.xml    for CI, a report that it can show
  handbook run -L target/debug/deps  snippets use crates that cargo has built
  handbook run --freeze              write results.toml, for builds without Rust
  handbook run --locked              for CI: results.toml has to be what it says

The exit code is 0 if all snippets keep their promise, 1 if not, 2 if nothing could be tried.")]
    Run(Run),
    /// Changes the book's Rust in one place at a time, and tells which changes nothing in the book
    /// would notice
    #[command(after_help = "\
Examples:
  handbook mutate src/ring.md                  the score of a chapter, and where it has gaps
  handbook mutate src/ring.md --name ring      of one snippet
  handbook mutate --sample 200                 200 changes, evenly spread over the book
  handbook mutate src/ring.md --min-score 90   fail if fewer than nine of ten are noticed

The exit code is 0, 1 if the score is below `--min-score`, 2 if nothing could be tried.")]
    Mutate(Mutate),
    /// Writes flashcards of what the chapters state; runs nothing
    #[command(after_help = "\
Examples:
  handbook cards --out deck.txt      a file that Anki imports
  handbook cards --format json       for other programs")]
    Cards(Cards),
    /// Writes a chapter from the template of its kind, and links it in SUMMARY and on its parent
    #[command(after_help = "\
Examples:
  handbook new deep-dive \"Consistent Hashing\" --parent data-management.md
  handbook new madr \"Use Raft\" --file decisions/raft.md
  handbook new hub Networking --dry-run     show what would be written")]
    New(New),
    /// Moves a chapter, or gives a heading another text; all links and SUMMARY follow
    #[command(after_help = "\
Examples:
  handbook mv src/ring.md src/hashing/ring.md        a chapter
  handbook mv src/ring.md#moving-keys \"Moved keys\"   a heading, by its anchor
  handbook mv src/ring.md src/rings.md --dry-run     show what would change")]
    Mv(Mv),
    /// Makes a book use the suite: configuration, templates, a style sheet; overwrites nothing
    #[command(after_help = "\
Examples:
  handbook init                      the book in this folder
  handbook init book --dry-run       show what would change in another")]
    Init(Init),
    /// Notes that chapters were reviewed, or lists those whose prerequisites have changed since
    #[command(after_help = "\
Examples:
  handbook review                              chapters to look at again
  handbook review src/ring.md                  reviewed today
  handbook review src/ring.md --date 2026-03-01")]
    Review(Review),
    /// Says what a rule demands and why, or lists all rules; needs no book
    #[command(after_help = "\
Examples:
  handbook explain                            all rules
  handbook explain snippets/stale-output      one of them")]
    Explain(Explain),
    /// Shows or removes what is remembered of earlier runs; needs no book
    #[command(after_help = "\
Examples:
  handbook cache size                where the cache is, and how large
  handbook cache clean               forget all verdicts

The cache looks after itself: once a day, what was not used for 30 days goes, and so does the
least recently used beyond 256 MiB.")]
    Cache(Cache),
}

/// What all commands take.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
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
    /// A folder of compiled crates that snippets may use; can be given more than once
    #[arg(long = "library-path", short = 'L', global = true, value_name = "DIR")]
    pub(crate) library_paths: Vec<PathBuf>,
    /// How long a snippet may run that says nothing else [default: 30, or the book's `timeout`]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = value_parser!(u32).range(1..=86400))]
    pub(crate) timeout: Option<u32>,
    /// How snippets are confined [default: best-effort, or the book's `sandbox`]
    #[arg(long, global = true, value_name = "HOW")]
    pub(crate) sandbox: Option<Sandbox>,
    /// How many compilers run at once [default: one for each processor]
    #[arg(long, short, global = true, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Fail on warnings too, or on findings of this priority or a higher one, whatever their level;
    /// errors always fail; can be given more than once
    #[arg(long, global = true, value_name = "LEVEL")]
    pub(crate) deny: Vec<Deny>,
    /// Show information as well as errors and warnings; `run` also lists every snippet
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
    P0,
    P1,
    P2,
    P3,
}

impl Deny {
    /// Whether a finding fails a command that denies this.
    pub(crate) fn is_met(self, level: Level, priority: Option<Priority>) -> bool {
        let least = match self {
            Self::Warnings => return level >= Level::Warning,
            Self::P0 => Priority::P0,
            Self::P1 => Priority::P1,
            Self::P2 => Priority::P2,
            Self::P3 => Priority::P3,
        };
        priority.is_some_and(|priority| priority <= least)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sandbox {
    /// As far as the system can
    BestEffort,
    /// Completely, or they are not run
    Required,
    /// Not at all: they can do whatever you can
    Off,
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
    /// Check only these chapters; of the others only the snippets run whose values they name
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// Judge only what can be judged without running anything
    #[arg(long)]
    pub(crate) no_run: bool,
    /// Run everything, and compare with what `run --freeze` wrote
    #[arg(long, conflicts_with = "no_run")]
    pub(crate) locked: bool,
    /// How to report: for people, or as one JSON object on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Fix {
    /// Fix only these chapters; of the others only the snippets run whose values they name
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
pub(crate) struct Baseline {
    /// Take in what is found and does not stand there yet
    #[arg(long)]
    pub(crate) grow: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Run only the snippets of these chapters
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// Run only the snippet that says `name=NAME`; can be given more than once
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Run again whenever a file changes that the book is made of, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// Run every snippet among others and twice alone, and report whose verdict or output
    /// differs; nothing remembered is believed
    #[arg(long)]
    pub(crate) audit: bool,
    /// Run a snippet that fails up to N times more, and report it as flaky if it passes then
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "audit", value_parser = value_parser!(u8).range(..=100))]
    pub(crate) retries: u8,
    /// Write what came of it as JUnit XML as well, for CI
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) travel: Travel,
    /// How to report: for people, or as one JSON object on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Mutate {
    /// Change only the snippets of these chapters
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// Change only the snippet that says `name=NAME`; can be given more than once
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Try only so many changes, evenly spread over all there are
    #[arg(long, value_name = "N")]
    pub(crate) sample: Option<NonZeroUsize>,
    /// Fail if a smaller share of the changes is noticed
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) min_score: Option<f64>,
    /// How to report: for people, or as one JSON object on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let number = number.ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "a number from 0 to 100 is wanted".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Cards {
    /// For whom: a text file that Anki imports, or JSON
    #[arg(long, value_name = "FORMAT", default_value = "anki")]
    pub(crate) format: CardsFormat,
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CardsFormat {
    Anki,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The kind of chapter, as book.toml names it
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,
    /// What the chapter is about; what its kind's titles end with is added
    #[arg(value_name = "TITLE")]
    pub(crate) title: String,
    /// The chapter that it stands under [default: none; it becomes the last numbered chapter]
    #[arg(long, value_name = "CHAPTER")]
    pub(crate) parent: Option<PathBuf>,
    /// The chapter's file [default: named after the title, as the chapters beside it are]
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<PathBuf>,
    /// Print what would be written and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Mv {
    /// The chapter, or `CHAPTER#ANCHOR` for one of its headings
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The chapter's new file, or the heading's new text
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Print what would change and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The book's folder
    #[arg(value_name = "DIR", conflicts_with = "dir")]
    pub(crate) folder: Option<PathBuf>,
    /// Print what would be written and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    /// Chapters that somebody has reviewed
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<PathBuf>,
    /// The day of the review [default: today, in universal time]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "chapters")]
    pub(crate) date: Option<Datetime>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule, as findings name it
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// How to print it: for people, or as one JSON object
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Cache {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Prints where the cache is, how many entries it has, and how much room they take
    Size,
    /// Removes what the suite has remembered, and nothing else
    Clean,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}
