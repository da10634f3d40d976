use crate::Outcome;
use crate::arguments::{Format, Run, Shared};
use crate::open::{OpenBook, environment, keep_chapters};
use crate::record::Record;
use crate::report::{is_denied, report, report_with};
use crate::unchanged::Unchanged;
use crate::{junit, verdicts, watch};
use anyhow::bail;
use handbook_engine::{Analysis, Located};
use handbook_mdbook::DiskFiles;
use handbook_pass::{Results, Selection};
use handbook_text::Level;
use handbook_text::include::ReadFiles;
use mdbook_snippets::{NoSuchName, RECIPE, Verdicts};
use std::path::PathBuf;

/// Runs the snippets of a book, once or whenever it changes.
pub(crate) fn run(shared: &Shared, run: &Run) -> anyhow::Result<Outcome> {
    if run.watch {
        let folder = environment(shared)?.directory;
        watch::watch(&folder, &|files| run_once(shared, run, files))
    } else {
        run_once(shared, run, &DiskFiles)
    }
}

/// Of what there is to find beside the verdicts, only what may keep a snippet from being seen is
/// reported.
fn run_once(shared: &Shared, run: &Run, files: &dyn ReadFiles) -> anyhow::Result<Outcome> {
    let files = &Record::of(files);
    let mut book = OpenBook::open(shared, None, files)?;
    book.environment.results = run.travel.wish()?;
    let asks_for_all = run.chapters.is_empty()
        && run.names.is_empty()
        && !run.audit
        // A plain run would not have tried again.
        && run.retries == 0
        && book.environment.results == Results::Tried;
    let is_short = run.format == Format::Text && !shared.verbose && run.junit.is_none();
    let unchanged = if asks_for_all && is_short {
        Unchanged::of(&book, &book.engine(files).0, "run")
    } else {
        None
    };
    if let Some(summary) = unchanged.as_ref().and_then(|unchanged| unchanged.recall(files)) {
        verdicts::say(&summary)?;
        return Ok(Outcome::Clean);
    }
    let mut input = book.input(files)?;
    let chapters = book.chapters(&input, &run.chapters)?;
    book.environment.audit = run.audit;
    book.environment.retries = run.retries.into();
    book.environment.selection =
        Selection { chapters, names: run.names.clone(), ..Selection::default() };
    let mut analysis = book.analyse(&mut input, files);
    if let Some(Verdicts::NoSuchName(NoSuchName { name, help })) = analysis.facts.get() {
        let place = if run.chapters.is_empty() { "" } else { " in these chapters" };
        bail!("no snippet{place} has the name `{name}`; {help}");
    }
    let chapters = asked_chapters(&book.environment.selection, &analysis);
    keep_chapters(&mut analysis.findings, &input, &chapters);
    let is_asked = |located: &&Located| {
        let pass = located.finding.rule.split('/').next();
        pass == Some(RECIPE.name) || pass == Some("book")
    };
    let findings: Vec<&Located> = analysis.findings.iter().filter(is_asked).collect();
    let outcome = match run.format {
        Format::Json => {
            let more = verdicts::json(&analysis.facts)?;
            report_with(shared, run.format, &findings, &book.root, more)?
        }
        Format::Text => {
            if shared.verbose {
                verdicts::list(&analysis.facts)?;
            }
            let outcome = report(shared, run.format, &findings, &book.root)?;
            if let Some(summary) = verdicts::summary(&analysis.facts) {
                verdicts::say(&summary)?;
                // What is flaky is so even if its author lets the finding be.
                let is_quiet = !is_flaky(&analysis)
                    && findings.iter().all(|located| located.finding.level < Level::Warning);
                if let Some(unchanged) = unchanged.filter(|_| is_quiet) {
                    unchanged.remember(files, summary.again());
                }
            }
            outcome
        }
    };
    // What was found is told first, should this file not be to be had.
    if let Some(file) = &run.junit {
        let file = book.environment.directory.join(file);
        let failing = |located: &&&Located| is_denied(shared, located);
        let failing: Vec<&Located> = findings.iter().filter(failing).copied().collect();
        junit::write(&file, &analysis.facts, &failing, &book.root)?;
    }
    run.travel.write(&book, &analysis.facts, outcome)
}

/// Whether a snippet passed only when it was run again.
fn is_flaky(analysis: &Analysis) -> bool {
    matches!(analysis.facts.get(), Some(Verdicts::Reported { tally, .. }) if tally.flaky > 0)
}

/// The chapters that the report is about: those that were named, or those with a snippet that was.
fn asked_chapters(selection: &Selection, analysis: &Analysis) -> Vec<PathBuf> {
    match analysis.facts.get() {
        Some(Verdicts::Reported { listed, .. }) if !selection.names.is_empty() => {
            listed.iter().map(|listed| PathBuf::from(&listed.chapter)).collect()
        }
        _ => selection.chapters.clone(),
    }
}
