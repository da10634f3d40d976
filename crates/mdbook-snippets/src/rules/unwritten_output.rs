use crate::output::Varying;
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unwritten-output",
    level: Level::Error,
    summary: "the output of a snippet that prints something else each time is not written down",
    explanation: "The same book gives the same pages. What a snippet with `nondeterministic` and \
                  `run` prints is therefore never put into a page from a run: it stands in an \
                  `output` block, which `handbook fix` writes once.",
};

/// Reports every such snippet.
pub(super) fn check(snippets: &[(SnippetId, &Snippet)], findings: &mut Findings) {
    for (id, snippet) in snippets {
        let info = &snippet.info;
        let is_run = info.run && !info.no_run && !info.compile_fail && !info.ignored;
        if is_run && info.varying != Varying::Nothing && snippet.output.is_none() {
            let message =
                format!("{} prints something else each time: write it down", snippet.title());
            let finding = Finding::new(RULE.id, RULE.level, message)
                .at(snippet.fence)
                .help("`handbook fix` writes down what it prints now, or drop `run`");
            findings.push(id.chapter, finding);
        }
    }
}
