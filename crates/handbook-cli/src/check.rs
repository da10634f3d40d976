use crate::Outcome;
use crate::arguments::{Check, Format, Shared};
use crate::open::{OpenBook, keep_chapters};
use crate::report::{line, report};
use handbook_engine::Located;
use handbook_mdbook::DiskFiles;

/// Judges a book as it lies on disk.
pub(crate) fn check(shared: &Shared, check: &Check) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, None, &DiskFiles)?;
    book.environment.execute = !check.no_run;
    let mut input = book.input(&DiskFiles)?;
    let chapters = book.chapters(&input, &check.chapters)?;
    let mut analysis = book.analyse(&mut input, &DiskFiles);
    keep_chapters(&mut analysis.findings, &input, &chapters);

    let findings: Vec<&Located> = analysis.findings.iter().collect();
    let outcome = report(shared, check.format, &findings, &book.root)?;
    if check.format == Format::Text && outcome == Outcome::Clean {
        let number = if chapters.is_empty() { input.chapters.len() } else { chapters.len() };
        line(&format!("{number} {} checked", if number == 1 { "chapter" } else { "chapters" }))?;
    }
    Ok(outcome)
}
