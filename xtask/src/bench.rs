//! `cargo xtask bench`: measures what the suite promises about its speed, as ratios.
//!
//! Both sides of a ratio are measured in one run and in turn, because absolute times say more about
//! a machine and its other work than about the suite. Nothing here is a test.

mod book;
mod chapters;
mod links;
mod process;
mod replay;
mod report;
mod samples;
mod stand_in;
mod tools;
mod trace;

use anyhow::{Context, bail, ensure};
use clap::Args;
use replay::Recording;
use report::{Bound, Measure, Side, Unit};
use samples::{Samples, in_turn};
use serde_json::json;
use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tools::{Tally, Tools};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A book to measure; without it a stand-in is made
    ///
    /// A copy is measured, without preprocessors other than mdBook's own. Its snippets also run
    /// outside of the sandbox, as they do under `mdbook test`.
    #[arg(long, value_name = "DIR")]
    book: Option<PathBuf>,
    /// A folder of libraries that the book's snippets need
    #[arg(short = 'L', long = "library-path", value_name = "DIR")]
    libraries: Vec<PathBuf>,
    /// The mdBook to compare with [default: the one on the search path, or else the library]
    #[arg(long, value_name = "PATH")]
    mdbook: Option<PathBuf>,
    /// The mdbook-lint to compare with [default: the one on the search path; without one the row
    /// is left out]
    #[arg(long, value_name = "PATH")]
    mdbook_lint: Option<PathBuf>,
    /// The `mdbook-linkcheck2` to compare with [default: the one on the search path; without it, links
    /// are not measured]
    #[arg(long, value_name = "PATH")]
    linkcheck: Option<PathBuf>,
    /// Measure the first row in these editions [default: the book's own]
    #[arg(long, value_name = "EDITION", value_delimiter = ',')]
    edition: Vec<String>,
    /// How often to measure what takes seconds; what takes milliseconds is measured ten times as
    /// often
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Measure small books once, and judge no time: counts still have to be right
    #[arg(long)]
    quick: bool,
    /// Write the samples to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How many snippets the stand-in has at least.
const SNIPPETS: usize = 240;

/// How many the book has that is measured with and without broken ones.
const MANY_SNIPPETS: usize = 1000;

/// From how many snippets on a book has to profit from being compiled at once.
const LARGE: usize = 200;

/// How many chapters are checked without running anything.
const CHAPTERS: usize = 1000;

/// What a process may have in any case.
const MEMORY: f64 = 100.0;

/// Measures, prints, and fails if a bound is missed.
pub(crate) fn bench(root: &Path, options: &Options) -> anyhow::Result<()> {
    progress("building");
    let tools = Tools::new(root, options)?;
    let bench = Bench { root, options, tools, folder: tempfile::tempdir()?, folders: Cell::new(0) };
    let measures = bench.measure()?;
    if let Some(file) = &options.json {
        let all: Vec<_> = measures.iter().map(Measure::json).collect();
        let text = serde_json::to_string_pretty(&json!({ "measures": all }))?;
        fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    let missed = measures.iter().filter(|measure| !measure.is_met()).count();
    if missed > 0 && !options.quick {
        bail!("{missed} of {} bounds are missed", measures.len());
    }
    Ok(())
}

struct Bench<'a> {
    /// The project's folder.
    root: &'a Path,
    options: &'a Options,
    tools: Tools,
    /// Everything that is written goes here.
    folder: TempDir,
    /// How many folders there are in it.
    folders: Cell<usize>,
}

/// A book, and what a first run says about it.
struct Subject {
    root: PathBuf,
    edition: String,
    tally: Tally,
    /// A cache that knows all verdicts.
    warm: PathBuf,
    /// What mdBook hands to a preprocessor.
    json: PathBuf,
}

impl Bench<'_> {
    fn measure(&self) -> anyhow::Result<Vec<Measure>> {
        let mut measures = Vec::new();
        let mut add = |measure: Measure| {
            print(&measure, !self.options.quick);
            measures.push(measure);
        };
        let subject = self.subject(self.options.edition.first().map(String::as_str))?;
        add(self.against_mdbook(&subject)?);
        for edition in self.options.edition.iter().skip(1) {
            add(self.against_mdbook(&self.subject(Some(edition))?)?);
        }
        add(self.overhead(&subject)?);
        add(self.containment(&subject)?);
        add(self.nothing_changed(&subject)?);
        add(self.one_snippet_changed(&subject)?);
        match links::find(self.options.linkcheck.as_deref())? {
            Some(linkcheck) => add(self.links(&subject, &linkcheck)?),
            None => progress("links are not measured: there is no mdbook-linkcheck2"),
        }
        if self.options.book.is_none() {
            let sound = self.many(false)?;
            add(self.broken(&sound, &self.many(true)?)?);
            add(self.memory(&sound)?);
            if self.tools.has_mdbook_lint() {
                add(self.static_checks()?);
            } else {
                progress("left out: checks of many chapters, for there is no mdbook-lint");
            }
        }
        Ok(measures)
    }

    /// The book that is measured, in such an edition.
    fn subject(&self, edition: Option<&str>) -> anyhow::Result<Subject> {
        let root = self.empty("book")?;
        match &self.options.book {
            Some(book) => book::copy(book, &root)?,
            None => stand_in::write(&root, self.sections(SNIPPETS), false)?,
        }
        book::configure(&root, edition)?;
        let edition = book::edition(&root)?;
        progress(&format!("a first run, edition {edition}"));
        let warm = self.empty("warm")?;
        let (_, tally) = self.tools.run_handbook(&root, &warm)?;
        let name = if self.options.book.is_some() { "the book" } else { "the stand-in" };
        progress(&format!("{name}: {} passed, {} failed", tally.passed, tally.failed));
        ensure!(tally.passed > 0, "the book has no snippet that passes");
        if self.options.book.is_none() {
            ensure!(tally.failed == 0, "a snippet of the stand-in fails");
        }
        let json = self.folder.path().join("book.json");
        Ok(Subject { root, edition, tally, warm, json })
    }

    fn against_mdbook(&self, subject: &Subject) -> anyhow::Result<Measure> {
        let name = format!("cold, {} snippets, edition", subject.tally.snippets());
        let name = format!("{name} {}", subject.edition);
        progress(&name);
        let [ours, theirs] = in_turn(
            self.rounds(),
            |_| self.cold(&subject.root),
            |_| {
                let (took, passed) = self.tools.mdbook_test(&subject.root)?;
                if passed != (subject.tally.failed == 0) {
                    progress("note: mdbook test and handbook run do not agree that all pass");
                }
                Ok(took)
            },
        )?;
        let is_large = subject.tally.snippets() >= LARGE && !book::sleeps(&subject.root)?;
        Ok(Measure {
            name,
            ours: seconds("handbook run, no cache", ours),
            theirs: seconds(self.tools.mdbook_name(), theirs),
            bound: Bound::AtLeast(if is_large { 20.0 } else { 12.0 }),
        })
    }

    fn overhead(&self, subject: &Subject) -> anyhow::Result<Measure> {
        let name = "cold, beyond bare rustc and programs".to_owned();
        progress(&name);
        let recorded = self.empty("recorded")?;
        let handbook = self.tools.handbook(&subject.root, &self.empty("cache")?);
        let recording = Recording::of(handbook, &recorded)?;
        let (rustc_calls, programs, others) = recording.counts();
        let expected = subject.tally.rustc_calls;
        ensure!(rustc_calls == expected, "rustc started {rustc_calls} times, not {expected}");
        let at_once = std::thread::available_parallelism()?.get();
        let [ours, theirs] = in_turn(
            self.rounds(),
            |_| self.cold(&subject.root),
            |_| recording.replay(&self.empty("replay")?, at_once),
        )?;
        let calls = rustc_calls + others;
        Ok(Measure {
            name,
            ours: seconds("handbook run, no cache", ours),
            theirs: seconds(&format!("its {calls} calls of rustc, {programs} programs"), theirs),
            // A quarter of the whole time is a third of the rest.
            bound: Bound::AtMost(4.0 / 3.0),
        })
    }

    fn containment(&self, subject: &Subject) -> anyhow::Result<Measure> {
        let snippets = subject.tally.snippets();
        let name = format!("the sandbox, cold, {snippets} snippets");
        progress(&name);
        let cold = |sandbox| {
            let mut handbook = self.tools.handbook(&subject.root, &self.empty("cache")?);
            handbook.args(["--sandbox", sandbox]);
            let (took, tally) = tools::run_handbook(&mut handbook)?;
            ensure!(tally.failed == subject.tally.failed, "{tally:?} with the sandbox {sandbox}");
            Ok(took)
        };
        let rounds = 3 * self.rounds();
        let [ours, theirs] = in_turn(rounds, |_| cold("required"), |_| cold("off"))?;
        Ok(Measure {
            name,
            ours: seconds("handbook run, sandbox required", ours),
            theirs: seconds("handbook run, sandbox off", theirs),
            bound: Bound::AtMost(1.15),
        })
    }

    fn nothing_changed(&self, subject: &Subject) -> anyhow::Result<Measure> {
        let name = "nothing changed".to_owned();
        progress(&name);
        let recorded = self.empty("recorded")?;
        let handbook = self.tools.handbook(&subject.root, &subject.warm);
        let (rustc_calls, programs, others) = Recording::of(handbook, &recorded)?.counts();
        let started = rustc_calls + programs + others;
        ensure!(
            started == 0,
            "nothing has changed, and still rustc is started {rustc_calls} times and {programs} \
             programs: a verdict that depends on time, perhaps, which is not remembered"
        );
        self.tools.json(&subject.root, &subject.json)?;
        let [ours, theirs] = in_turn(
            self.short_rounds(),
            |_| self.warm(subject, 0),
            |_| self.tools.run_floor(&subject.json),
        )?;
        Ok(Measure {
            name,
            ours: seconds("handbook run", ours),
            theirs: seconds("parsing the book's Markdown", theirs),
            bound: Bound::AtMost(1.5),
        })
    }

    fn one_snippet_changed(&self, subject: &Subject) -> anyhow::Result<Measure> {
        let name = "one snippet changed".to_owned();
        progress(&name);
        let folder = self.empty("example")?;
        let json = self.tools.json(&subject.root, &subject.json)?;
        let example = self.tools.example(&subject.root, &json, &subject.edition, &folder)?;
        let [ours, theirs] = in_turn(
            self.short_rounds(),
            |round| {
                example.change(2 * round + 1)?;
                self.warm(subject, 1)
            },
            |round| {
                let program = example.change(2 * round + 2)?;
                let bare = self.tools.run_rustc(&program, &subject.edition, &folder)?;
                Ok(bare + self.tools.run_floor(&subject.json)?)
            },
        )?;
        example.restore()?;
        Ok(Measure {
            name,
            ours: seconds("handbook run", ours),
            theirs: seconds("parsing, rustc, and the program", theirs),
            bound: Bound::AtMost(1.5),
        })
    }

    fn links(&self, subject: &Subject, linkcheck: &Path) -> anyhow::Result<Measure> {
        let name = "links".to_owned();
        progress(&name);
        let book = self.empty("links")?;
        book::copy(&subject.root, &book)?;
        links::configure(&book)?;
        let [ours, theirs] = in_turn(
            self.short_rounds(),
            |_| links::ours(self.tools.handbook_path(), &book),
            |_| links::theirs(linkcheck, &book),
        )?;
        Ok(Measure {
            name,
            ours: seconds("handbook check --no-run", ours),
            theirs: seconds(links::NAME, theirs),
            bound: Bound::AtLeast(1.0),
        })
    }

    fn broken(&self, sound: &Path, broken: &Path) -> anyhow::Result<Measure> {
        let name = "cold, many snippets, some broken".to_owned();
        progress(&name);
        let failing = stand_in::broken_snippets();
        let cold = |book: &Path, failing| {
            let (took, tally) = self.tools.run_handbook(book, &self.empty("cache")?)?;
            ensure!(tally.failed == failing, "{tally:?} instead of {failing} failures");
            Ok(took)
        };
        let [ours, theirs] = in_turn(self.rounds(), |_| cold(broken, failing), |_| cold(sound, 0))?;
        Ok(Measure {
            name,
            ours: seconds(&format!("handbook run, {failing} broken"), ours),
            theirs: seconds("handbook run, none broken", theirs),
            bound: Bound::AtMost(2.0),
        })
    }

    fn memory(&self, book: &Path) -> anyhow::Result<Measure> {
        let name = "memory, cold, many snippets".to_owned();
        progress(&name);
        let mut peaks = [Vec::new(), Vec::new()];
        for _ in 0..self.rounds() {
            let taken = process::peaks(&mut self.tools.handbook(book, &self.empty("cache")?))?;
            let [own, largest] = [taken.own, taken.largest].map(|peak| peak as f64 / 1024.0);
            peaks[0].push(own);
            peaks[1].push(largest.max(MEMORY));
        }
        let [own, largest] = peaks.map(Samples::new);
        let side = |what: &str, samples| Side { what: what.into(), samples, unit: Unit::Mebibytes };
        Ok(Measure {
            name,
            ours: side("handbook run", own),
            theirs: side("the largest rustc, or what is always allowed", largest),
            bound: Bound::AtMost(1.0),
        })
    }

    fn static_checks(&self) -> anyhow::Result<Measure> {
        let count = if self.options.quick { CHAPTERS / 20 } else { CHAPTERS };
        let name = format!("static checks, {count} chapters");
        progress(&name);
        let book = self.empty("chapters")?;
        chapters::write(self.root, &book, count)?;
        let [ours, theirs] = in_turn(
            self.rounds(),
            |_| self.tools.check(&book, count),
            |_| self.tools.run_mdbook_lint(&book),
        )?;
        Ok(Measure {
            name,
            ours: seconds("handbook check --no-run, no cache", ours),
            theirs: seconds("mdbook-lint lint", theirs),
            bound: Bound::AtLeast(5.0),
        })
    }

    /// A cold run's time.
    fn cold(&self, book: &Path) -> anyhow::Result<Duration> {
        let (took, tally) = self.tools.run_handbook(book, &self.empty("cache")?)?;
        ensure!(tally.cached == 0, "an empty cache knows {} verdicts", tally.cached);
        Ok(took)
    }

    /// The time of a run that, as it says itself, starts rustc so many times.
    fn warm(&self, subject: &Subject, rustc_calls: usize) -> anyhow::Result<Duration> {
        let (took, tally) = self.tools.run_handbook(&subject.root, &subject.warm)?;
        let calls = tally.rustc_calls;
        ensure!(calls == rustc_calls, "rustc started {calls} times instead of {rustc_calls}");
        Ok(took)
    }

    /// A book of many snippets.
    fn many(&self, broken: bool) -> anyhow::Result<PathBuf> {
        let root = self.empty(if broken { "broken" } else { "many" })?;
        stand_in::write(&root, self.sections(MANY_SNIPPETS), broken)?;
        Ok(root)
    }

    fn sections(&self, snippets: usize) -> usize {
        stand_in::sections_for(if self.options.quick { snippets / 5 } else { snippets })
    }

    fn rounds(&self) -> usize {
        if self.options.quick { 1 } else { self.options.rounds.into() }
    }

    fn short_rounds(&self) -> usize {
        if self.options.quick { 3 } else { usize::from(self.options.rounds) * 10 }
    }

    /// A new folder. None is removed before the end: file systems take longer to make files where
    /// some have just been deleted.
    fn empty(&self, name: &str) -> anyhow::Result<PathBuf> {
        let number = self.folders.get() + 1;
        self.folders.set(number);
        let folder = self.folder.path().join(format!("{name}-{number}"));
        fs::create_dir(&folder)?;
        Ok(folder)
    }
}

fn seconds(what: &str, samples: Samples) -> Side {
    Side { what: what.into(), samples, unit: Unit::Seconds }
}

#[expect(clippy::print_stdout, reason = "the table is what was asked for")]
fn print(measure: &Measure, is_judged: bool) {
    let verdict = match (is_judged, measure.is_met()) {
        (false, _) => "",
        (true, true) => "OK",
        (true, false) => "MISSED",
    };
    println!("{measure} {verdict}");
}

#[expect(clippy::print_stderr, reason = "whoever waits wants to know what for")]
fn progress(what: &str) {
    eprintln!("== {what}");
}
