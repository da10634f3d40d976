use crate::Outcome;
use crate::arguments::{Format, Run, Shared};
use crate::open::OpenBook;
use crate::report::{line, report};
use handbook_engine::Located;
use handbook_mdbook::DiskFiles;
use mdbook_snippets::{RECIPE, Tally, Verdicts};

/// Runs the snippets of a book and reports on nothing else.
pub(crate) fn run(shared: &Shared, run: &Run) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, None)?;
    let input = book.input(&DiskFiles)?;
    book.environment.only = book.chapters(&input, &run.chapters)?;
    let (engine, _) = book.engine();
    let analysis = engine.analyse(&input, &DiskFiles);

    let files: Vec<_> = book.environment.only.iter().map(|path| input.src.join(path)).collect();
    let prefix = format!("{}/", RECIPE.name);
    let asked = |located: &&Located| {
        let is_ours = located.finding.rule.starts_with(&prefix);
        is_ours
            && (files.is_empty() || located.file.as_ref().is_some_and(|file| files.contains(file)))
    };
    let findings: Vec<&Located> = analysis.findings.iter().filter(asked).collect();
    let outcome = report(shared, run.format, &findings, &book.root)?;
    if run.format == Format::Text
        && let Some(Verdicts::Reported { tally, sandbox, .. }) = analysis.facts.get()
    {
        let Tally { passed, failed, ignored, cached, rustc_calls } = tally;
        let times =
            if *rustc_calls == 1 { "once".to_owned() } else { format!("{rustc_calls} times") };
        if passed + failed > 0 {
            line(&format!("{cached} from the cache, rustc started {times}; {sandbox}"))?;
        }
        line(&format!("{passed} passed, {failed} failed, {ignored} ignored"))?;
    }
    Ok(outcome)
}
