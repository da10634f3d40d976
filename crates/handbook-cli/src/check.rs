use crate::Outcome;
use crate::arguments::{Check, Format, Shared};
use crate::baseline::Remainder;
use crate::open::{OpenBook, keep_chapters};
use crate::record::Record;
use crate::report::{line, report_with};
use crate::unchanged::Unchanged;
use handbook_engine::Located;
use handbook_mdbook::DiskFiles;
use handbook_pass::{Results, Selection};
use handbook_text::Level;
use serde::{Deserialize, Serialize};
use serde_json::Map;

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
    let recalled = unchanged.as_ref().and_then(|unchanged| unchanged.recall(files));
    if let Some(summary) = recalled {
        return say(&summary, Outcome::Clean);
    }
    let mut input = book.input(files)?;
    let chapters = book.chapters(&input, &check.chapters)?;
    book.environment.selection = Selection::of_text(chapters.clone());
    let mut analysis = book.analyse(&mut input, files);
    keep_chapters(&mut analysis.findings, &input, &chapters);
    keep_chapters(&mut analysis.standing.held, &input, &chapters);

    let findings: Vec<&Located> = analysis.findings.iter().collect();
    let remainder = Remainder::of(&analysis.standing);
    let mut more = Map::new();
    if remainder != Remainder::default() {
        more.insert("baseline".to_owned(), serde_json::to_value(remainder)?);
    }
    let outcome = report_with(shared, check.format, &findings, &book.root, more)?;
    if check.format == Format::Json {
        return Ok(outcome);
    }
    let number = if chapters.is_empty() { input.chapters.len() } else { chapters.len() };
    let summary = Summary { chapters: number, remainder };
    if let Some(unchanged) = unchanged.filter(|_| outcome == Outcome::Clean && is_quiet(&findings))
    {
        unchanged.remember(files, &summary);
    }
    say(&summary, outcome)
}

/// What there is to say at the end.
#[derive(Serialize, Deserialize)]
struct Summary {
    chapters: usize,
    remainder: Remainder,
}

/// Whether nothing was found that other arguments would show or deny.
fn is_quiet(findings: &[&Located]) -> bool {
    let matters = |located: &&Located| {
        located.finding.level >= Level::Warning || located.finding.priority.is_some()
    };
    !findings.iter().any(matters)
}

fn say(summary: &Summary, outcome: Outcome) -> anyhow::Result<Outcome> {
    let number = summary.chapters;
    if outcome == Outcome::Clean {
        line(&format!("{number} {} checked", if number == 1 { "chapter" } else { "chapters" }))?;
    }
    summary.remainder.say()?;
    Ok(outcome)
}
