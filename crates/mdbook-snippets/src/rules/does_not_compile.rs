use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};
use snippet_runner::Diagnostic;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/does-not-compile",
    level: Level::Error,
    summary: "a snippet does not compile",
    explanation: "The code that a reader copies has to compile. Where it is meant to be rejected, say `compile_fail`; where it is only an outline, say `ignore` or use another language.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, diagnostics: &[Diagnostic]) -> Finding<Expanded> {
    let Some(first) = diagnostics.first() else {
        return failed.error(&RULE, format!("{} does not compile", failed.title()));
    };
    let code = first.code.as_ref().map(|code| format!(" [{code}]")).unwrap_or_default();
    let message = format!("{} does not compile: {}{code}", failed.title(), first.message);
    let at = first.at.as_ref().map(|range| range.start);
    let mut finding = failed.error_at(&RULE, message, at);
    finding.label.clone_from(&first.label);
    diagnostics
        .iter()
        .fold(finding, |finding, diagnostic| finding.note(diagnostic.rendered.trim_end()))
}
