//! Compares, verdict by verdict, what rustdoc says of a book with what the suite says.
//!
//! The suite promises rustdoc's verdicts by other means. Its own tests try that on made-up
//! chapters; this tries it on any book there is:
//!
//! 1. A **stand-in** for the book is made: a `book.toml` that leads to the book's chapters, with
//!    the edition that is asked for, and without preprocessors and renderers. Both sides read
//!    that, so what other people's preprocessors would make of the pages is not compared, and a
//!    book that uses the suite is read as one that does not.
//! 2. [`rustdoc`]: each chapter goes through rustdoc as `mdbook test` sends it.
//! 3. [`suite`]: `handbook run` judges the same book, without a cache.
//! 4. The blocks are paired chapter by chapter, in their order: rustdoc counts the lines of the
//!    page, includes expanded, the suite those of the file.
//!
//! A block without a language is Rust to rustdoc alone; those are counted and not compared.
//!
//! A difference is reported with the reasons of both sides. Run it again before you believe it:
//! a program that depends on time or on chance may disagree with itself.

mod rustdoc;
mod suite;

use anyhow::{Context, bail};
use clap::Args;
use mdbook_driver::config::Config;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is compared, and how.
#[derive(Debug, Args)]
pub(crate) struct Agree {
    /// The book's folder, where book.toml is
    #[arg(value_name = "BOOK")]
    book: PathBuf,
    /// A folder of compiled crates that the snippets use, as `mdbook test -L`
    #[arg(short = 'L', long = "library-path", value_name = "DIR")]
    library_paths: Vec<PathBuf>,
    /// The edition of blocks that do not name one [default: the book's own]
    #[arg(long, value_name = "YEAR")]
    edition: Option<String>,
}

/// A book that both sides read.
struct StandIn {
    folder: TempDir,
    config: Config,
    /// The edition that mdBook hands on; none if nobody names one.
    edition: Option<String>,
    library_paths: Vec<PathBuf>,
}

/// The blocks of each chapter, by its path below the source folder.
type Verdicts = BTreeMap<String, Vec<Block>>;

/// What one side says of a block.
#[derive(Clone, Debug)]
struct Block {
    /// Where it stands: what a person can click on.
    place: String,
    line: usize,
    verdict: Verdict,
    /// Why, in the side's own words; empty if it passed.
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    Ignored,
}

/// What came of the comparison.
#[derive(Debug, Default)]
struct Outcome {
    agreed: usize,
    differences: Vec<String>,
}

/// Compares the two sides; the error lists the differences.
#[expect(clippy::print_stdout, reason = "the counts are what whoever called wants to know")]
pub(crate) fn agree(root: &Path, agree: &Agree) -> anyhow::Result<()> {
    let book = StandIn::new(agree)?;
    let (rustdoc, unlabelled) = rustdoc::verdicts(&book)?;
    let suite = suite::verdicts(root, &book)?;
    let Outcome { agreed, differences } = compare(&rustdoc, &suite);
    let edition = book.edition.as_deref().unwrap_or("2015, rustdoc's own");
    println!("edition {edition}: {agreed} agree, {} differ", differences.len());
    if unlabelled > 0 {
        println!("{unlabelled} blocks without a language are Rust to rustdoc alone");
    }
    if !differences.is_empty() {
        bail!("{}", differences.join("\n"));
    }
    Ok(())
}

impl StandIn {
    fn new(agree: &Agree) -> anyhow::Result<Self> {
        let absolute = |path: &PathBuf| {
            path.canonicalize().with_context(|| format!("there is no `{}`", path.display()))
        };
        let root = absolute(&agree.book)?;
        let text = match fs::read_to_string(root.join("book.toml")) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).context("the book's `book.toml` cannot be read"),
        };
        let mut table: toml::Table = text.parse().context("the book's `book.toml`")?;
        table.remove("preprocessor");
        table.remove("output");
        if let Some(year) = &agree.edition {
            let rust = toml::Table::from_iter([("edition".to_owned(), year.as_str().into())]);
            table.insert("rust".to_owned(), rust.into());
        }
        let edition = table.get("rust").and_then(|rust| rust.get("edition"));
        let edition = edition.and_then(toml::Value::as_str).map(str::to_owned);
        let mut config: Config =
            toml::to_string(&table)?.parse().context("mdBook does not accept the configuration")?;
        config.book.src = root.join(&config.book.src);
        config.build.create_missing = false;

        let folder = TempDir::with_prefix("agree-")?;
        fs::write(folder.path().join("book.toml"), toml::to_string(&config)?)?;
        let library_paths = agree.library_paths.iter().map(absolute).collect::<Result<_, _>>()?;
        Ok(Self { folder, config, edition, library_paths })
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    /// `-L` and a folder, for each folder.
    fn library_arguments(&self) -> impl Iterator<Item = &std::ffi::OsStr> {
        self.library_paths.iter().flat_map(|path| ["-L".as_ref(), path.as_os_str()])
    }
}

/// What both sides call a chapter. SUMMARY may write `./` before its path.
fn name_of(path: &Path) -> String {
    let name = path.display().to_string().replace('\\', "/");
    name.trim_start_matches("./").to_owned()
}

fn compare(rustdoc: &Verdicts, suite: &Verdicts) -> Outcome {
    let mut outcome = Outcome::default();
    let mut chapters: Vec<&String> = rustdoc.keys().chain(suite.keys()).collect();
    chapters.sort();
    chapters.dedup();
    for chapter in chapters {
        let blocks = |side: &Verdicts| side.get(chapter).cloned().unwrap_or_default();
        let (theirs, ours) = (blocks(rustdoc), blocks(suite));
        for pair in pairs(&theirs, &ours) {
            let difference = match pair {
                (Some(theirs), Some(ours)) if theirs.verdict == ours.verdict => {
                    outcome.agreed += 1;
                    continue;
                }
                (Some(theirs), Some(ours)) => format!(
                    "\n{}: {} to rustdoc, {} to the suite\nrustdoc: {theirs}suite: {ours}",
                    ours.place, theirs.verdict, ours.verdict
                ),
                (Some(theirs), None) => {
                    format!("\n{chapter}: Rust to rustdoc alone, {}: {theirs}", theirs.verdict)
                }
                (None, Some(ours)) => {
                    format!("\n{chapter}: Rust to the suite alone, {}: {ours}", ours.verdict)
                }
                (None, None) => continue,
            };
            outcome.differences.push(difference);
        }
    }
    outcome
}

/// The blocks of a chapter that are the same to both sides. If there are not as many, only those
/// on lines of the same number are: right where nothing is included, and a difference anyway.
fn pairs<'a>(
    theirs: &'a [Block],
    ours: &'a [Block],
) -> Vec<(Option<&'a Block>, Option<&'a Block>)> {
    if theirs.len() == ours.len() {
        return theirs.iter().map(Some).zip(ours.iter().map(Some)).collect();
    }
    let mut pairs = BTreeMap::<usize, (Option<&Block>, Option<&Block>)>::new();
    theirs.iter().for_each(|block| pairs.entry(block.line).or_default().0 = Some(block));
    ours.iter().for_each(|block| pairs.entry(block.line).or_default().1 = Some(block));
    pairs.into_values().collect()
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Ignored => "ignored",
        })
    }
}

impl fmt::Display for Block {
    /// Writes the place and the reason, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.place)?;
        self.reason.lines().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(verdicts: &[Verdict]) -> Verdicts {
        let block = |(at, verdict): (usize, &Verdict)| Block {
            place: format!("a.md:{}", at + 1),
            line: at + 1,
            verdict: *verdict,
            reason: "because".to_owned(),
        };
        let blocks = verdicts.iter().enumerate().map(block).collect();
        Verdicts::from_iter([("a.md".to_owned(), blocks)])
    }

    #[test]
    fn verdicts_are_compared_in_order() {
        use Verdict::{Failed, Ignored, Passed};
        let outcome = compare(&side(&[Passed, Failed, Ignored]), &side(&[Passed, Passed, Ignored]));
        assert_eq!(outcome.agreed, 2);
        let expected = "\na.md:2: failed to rustdoc, passed to the suite\n\
                        rustdoc: a.md:2\n  because\nsuite: a.md:2\n  because\n";
        assert_eq!(outcome.differences, [expected]);
    }

    #[test]
    fn a_block_that_only_one_side_knows_is_a_difference() {
        let none = Verdicts::new();
        let (one, two) = (side(&[Verdict::Passed]), side(&[Verdict::Passed, Verdict::Failed]));
        for (theirs, ours, agreed) in [(&one, &none, 0), (&none, &one, 0), (&two, &one, 1)] {
            let outcome = compare(theirs, ours);
            assert_eq!((outcome.agreed, outcome.differences.len()), (agreed, 1));
        }
    }
}
