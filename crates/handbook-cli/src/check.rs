use crate::Outcome;
use crate::arguments::{Check, Format, Shared};
use crate::open::{OpenBook, keep_chapters};
use crate::record::Record;
use crate::report::{line, report};
use crate::unchanged::Unchanged;
use handbook_engine::Located;
use handbook_mdbook::DiskFiles;
use handbook_pass::Results;
use handbook_text::Level;

/// Judges a book as it lies on disk.
pub(crate) fn check(shared: &Shared, check: &Check) -> anyhow::Result<Outcome> {
    let files = &Record::of(&DiskFiles);
    let mut book = OpenBook::open(shared, None, files)?;
    book.environment.execute = !check.no_run;
    if check.locked {
        book.environment.results = Results::Locked;
    }
    let is_short = check.format == Format::Text && !shared.verbose && !check.locked;
    let unchanged = if is_short && check.chapters.is_empty() {
        Unchanged::of(&book, &book.engine(files).0, "check")
    } else {
        None
    };
    if let Some(number) = unchanged.as_ref().and_then(|unchanged| unchanged.recall(files)) {
        say(number)?;
        return Ok(Outcome::Clean);
    }
    let mut input = book.input(files)?;
    let chapters = book.chapters(&input, &check.chapters)?;
    let mut analysis = book.analyse(&mut input, files);
    keep_chapters(&mut analysis.findings, &input, &chapters);

    let findings: Vec<&Located> = analysis.findings.iter().collect();
    let outcome = report(shared, check.format, &findings, &book.root)?;
    if check.format == Format::Text && outcome == Outcome::Clean {
        let number = if chapters.is_empty() { input.chapters.len() } else { chapters.len() };
        say(number)?;
        let is_quiet = findings.iter().all(|located| located.finding.level < Level::Warning);
        if let Some(unchanged) = unchanged.filter(|_| is_quiet) {
            unchanged.remember(files, number);
        }
    }
    Ok(outcome)
}

fn say(number: usize) -> anyhow::Result<()> {
    line(&format!("{number} {} checked", if number == 1 { "chapter" } else { "chapters" }))
}
