//! The one `main` of all preprocessors.

use crate::{Handed, Preprocessed, Suite, WireError, World, preprocess};
use anstream::{AutoStream, ColorChoice};
use clap::{Arg, Command};
use handbook_engine::{Located, counts, terminal};
use handbook_pass::{Environment, Watch};
use handbook_text::{Level, LineIndexes};
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// A preprocessor.
pub struct Program {
    /// The name of the binary.
    pub name: &'static str,
    /// What it does, for `--help`.
    pub about: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its passes; several of them make the umbrella.
    pub suite: Suite,
    /// What it was started with.
    pub world: World,
}

/// The `main` of a preprocessor with the passes of a [`Suite`]. It is spelt out in the binary, which
/// alone may look at the world.
#[macro_export]
macro_rules! main {
    ($suite:expr) => {
        #[expect(clippy::disallowed_methods, reason = "a binary's main hands the world in")]
        fn main() -> std::process::ExitCode {
            $crate::preprocessor(&$crate::Program {
                name: env!("CARGO_BIN_NAME"),
                about: env!("CARGO_PKG_DESCRIPTION"),
                version: env!("CARGO_PKG_VERSION"),
                suite: $suite,
                world: $crate::World {
                    arguments: std::env::args_os().skip(1).collect(),
                    variables: std::env::vars_os().collect(),
                    directory: std::env::current_dir().unwrap_or_default(),
                },
            })
        }
    };
}

/// Prints remarks on standard error, and nothing of the progress: mdBook has lines of its own there.
struct Remarks;

impl Watch for Remarks {
    fn advance(&self, _done: usize, _total: usize, _what: &str) {}

    fn slow(&self, _what: &str, _took: Duration) {}

    fn remark(&self, what: &str) {
        let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
        // Nothing is left to do if nobody can be told.
        let _ = writeln!(stderr, "{what}");
    }
}

/// Exit code: nothing to complain of.
const CLEAN: u8 = 0;
/// Exit code: the book has errors.
const FOUND: u8 = 1;
/// Exit code: wrong use, or a failure of ours.
const FAILED: u8 = 2;

/// Runs a preprocessor: answers `supports`, or takes the book from standard input to standard
/// output. Findings go to standard error; errors among them fail the build, unless it is served.
pub fn preprocessor(program: &Program) -> ExitCode {
    let command = Command::new(program.name)
        .about(program.about)
        .version(program.version)
        .after_help(
            "mdBook starts this program. Put it into book.toml:\n\n    \
             [preprocessor.NAME]\n    before = [\"links\"]\n\n\
             where NAME is the program's name without `mdbook-`.",
        )
        .subcommand(
            Command::new("supports")
                .about("Says by its exit code whether a renderer is supported; all are")
                .arg(Arg::new("renderer").required(true)),
        );
    let name = std::ffi::OsString::from(program.name);
    let arguments = std::iter::once(name).chain(program.world.arguments.iter().cloned());
    match command.try_get_matches_from(arguments) {
        Ok(matches) if matches.subcommand_matches("supports").is_some() => CLEAN.into(),
        Ok(_) => run(program),
        Err(error) => {
            // Nothing is left to do if the terminal is gone.
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(FAILED).into()
        }
    }
}

fn run(program: &Program) -> ExitCode {
    let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        // mdBook never leaves a preprocessor alone with a person.
        let _ = writeln!(stderr, "{}: mdBook starts this program; see --help", program.name);
        return FAILED.into();
    }
    // mdBook writes the whole book before it reads anything.
    let mut input = Vec::new();
    let result = stdin.read_to_end(&mut input).map_err(|error| error.to_string()).and_then(|_| {
        let input = String::from_utf8_lossy(&input);
        let environment =
            Environment { progress: Arc::new(Remarks), ..program.world.environment() };
        let handed = Handed::parse(&input);
        let done = handed.and_then(|handed| preprocess(&program.suite, &environment, handed));
        done.map_err(|error: WireError| error.to_string())
    });
    let done = match result {
        Ok(done) => done,
        Err(error) => {
            let _ = writeln!(stderr, "{}: {error}", program.name);
            return FAILED.into();
        }
    };
    let shown = done.analysis.findings.iter().filter(|located| located.finding.level > Level::Info);
    print_findings(&mut stderr, shown, &done.root);
    if counts(&done.analysis.findings).errors > 0 && !done.served {
        return FOUND.into();
    }
    match write(&done) {
        Ok(()) => CLEAN.into(),
        Err(error) => {
            let _ = writeln!(stderr, "{}: cannot hand the book back: {error}", program.name);
            FAILED.into()
        }
    }
}

fn write(done: &Preprocessed) -> std::io::Result<()> {
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut stdout, &done.book)?;
    stdout.flush()
}

/// Prints findings for people, files named from `root`, and their count if there are any.
pub fn print_findings<'a>(
    out: &mut dyn Write,
    findings: impl IntoIterator<Item = &'a Located>,
    root: &Path,
) {
    let (mut shown, mut lines) = (Vec::new(), LineIndexes::default());
    for located in findings {
        // A reader that went away has no use for the rest.
        let _ = writeln!(out, "{}\n", terminal(located, root, &mut lines));
        shown.push(located);
    }
    let counts = counts(shown.iter().copied());
    let number = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts = [number(counts.errors, "error"), number(counts.warnings, "warning")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if !parts.is_empty() {
        let _ = writeln!(out, "{} found", parts.join(" and "));
    }
}
