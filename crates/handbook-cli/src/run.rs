use crate::Outcome;
use crate::arguments::{Format, Run, Shared};
use crate::open::OpenBook;
use crate::report::{line, report};
use handbook_engine::Located;
use handbook_mdbook::DiskFiles;
use mdbook_snippets::{RECIPE, Tally, Verdicts};

/// Runs the snippets of a book. Of what else there is to find, only what may keep a snippet from
/// being seen is reported.
pub(crate) fn run(shared: &Shared, run: &Run) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, None)?;
    let mut input = book.input(&DiskFiles)?;
    let chapters = book.chapters(&input, &run.chapters)?;
    book.environment.only.clone_from(&chapters);
    let analysis = book.analyse(&mut input, &chapters);

    let is_asked = |located: &&Located| {
        let pass = located.finding.rule.split('/').next();
        pass == Some(RECIPE.name) || pass == Some("book")
    };
    let findings: Vec<&Located> = analysis.findings.iter().filter(is_asked).collect();
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
