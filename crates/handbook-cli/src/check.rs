use crate::Outcome;
use crate::arguments::{Check, Format, Shared};
use crate::open::OpenBook;
use crate::report::{line, report};
use handbook_engine::Located;
use handbook_mdbook::DiskFiles;
use std::path::PathBuf;

/// Judges a book as it lies on disk.
pub(crate) fn check(shared: &Shared, check: &Check) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, None)?;
    book.environment.execute = !check.no_run;
    let (engine, problems) = book.engine();
    let mut input = book.input(&DiskFiles)?;
    input.findings.splice(0..0, problems);
    let chapters = book.chapters(&input, &check.chapters)?;
    let analysis = engine.analyse(&input, &DiskFiles);

    let files: Vec<PathBuf> = chapters.iter().map(|path| input.src.join(path)).collect();
    let asked = |located: &&Located| {
        files.is_empty() || located.file.as_ref().is_some_and(|file| files.contains(file))
    };
    let findings: Vec<&Located> = analysis.findings.iter().filter(asked).collect();
    let outcome = report(shared, check.format, &findings, &book.root)?;
    if check.format == Format::Text && outcome == Outcome::Clean {
        let number = if files.is_empty() { input.chapters.len() } else { files.len() };
        line(&format!("{number} {} checked", if number == 1 { "chapter" } else { "chapters" }))?;
    }
    Ok(outcome)
}
