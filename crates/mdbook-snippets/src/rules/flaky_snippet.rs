use super::Judged;
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};
use snippet_runner::{Retry, Verdict};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/flaky-snippet",
    level: Level::Warning,
    summary: "a snippet failed, was run again, and passed",
    explanation: "With `--retries`, what fails is run again. A snippet that passes then counts as \
                  passed, but may fail again for you or for a reader: it depends on time, chance, \
                  the order of threads or the machine's load. `handbook run --audit` may tell more.",
};

impl Judged<'_> {
    /// Reports a snippet that passed only when it was run again.
    pub(super) fn flakiness(
        &self,
        id: SnippetId,
        snippet: &Snippet,
        retry: &Retry,
        findings: &mut Findings,
    ) {
        let (failed, runs) = (retry.failures.len(), retry.runs());
        let message = format!("{} failed in {failed} of {runs} runs", snippet.title());
        let finding = Finding::new(RULE.id, RULE.level, message).at(snippet.fence);
        findings.push(id.chapter, failures(retry).into_iter().fold(finding, Finding::note));
    }
}

/// How it failed, each way once.
fn failures(retry: &Retry) -> Vec<String> {
    /// So many ways are shown.
    const MOST: usize = 5;

    let mut ways: Vec<(String, usize)> = Vec::new();
    for report in &retry.failures {
        let Verdict::Failed(failure) = &report.verdict else { continue };
        let way = failure.to_string();
        match ways.iter_mut().find(|(known, _)| *known == way) {
            Some((_, times)) => *times += 1,
            None => ways.push((way, 1)),
        }
    }
    let said = |(way, times): &(String, usize)| match times {
        1 => format!("once: {way}"),
        times => format!("{times} times: {way}"),
    };
    let mut notes: Vec<String> = ways.iter().take(MOST).map(said).collect();
    notes.extend((ways.len() > MOST).then(|| format!("and in {} more ways", ways.len() - MOST)));
    notes
}
