use super::Judged;
use crate::execute::Verdicts;
use crate::output::uneven;
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/uneven-table",
    level: Level::Error,
    summary: "an output that is to be a table has rows of different lengths",
    explanation: "With `as=table` the first line is the header, and every other line has as many \
                  cells; only values, `name = number`, may stand before and behind them. What stands between cells is a tab if the header holds one, otherwise \
                  `|` if it holds one, otherwise a comma. Such an output is shown as it is.",
};

/// Reports every such output: the one that is written, otherwise the one that is printed.
pub(super) fn check(
    judged: &Judged<'_>,
    snippets: &[(SnippetId, &Snippet)],
    findings: &mut Findings,
) {
    for (id, snippet) in snippets.iter().filter(|(_, snippet)| snippet.info.table) {
        let printed = match judged.about.facts.get() {
            Some(Verdicts::Reported { reports, .. }) => {
                reports.get(id).filter(|report| report.verdict.passed() && snippet.info.run)
            }
            _ => None,
        };
        let Some(row) = uneven(snippet, printed.map(|report| report.stdout.as_str())) else {
            continue;
        };
        let line = snippet.output.as_ref().and_then(|output| output.lines.get(row.line));
        let cells =
            |number| if number == 1 { "1 cell".to_owned() } else { format!("{number} cells") };
        let message = format!(
            "line {} of what {} prints has {}, the header has {}",
            row.line + 1,
            snippet.title(),
            cells(row.cells),
            cells(row.due),
        );
        let finding = Finding::new(RULE.id, RULE.level, message)
            .at(line.copied().unwrap_or(snippet.fence))
            .help("print as many cells in each row, with a tab, `|` or a comma between them");
        findings.push(id.chapter, finding);
    }
}
