use super::Failed;
use handbook_book::Span;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};
use snippet_runner::{Diagnostic, Position};

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
    let mut finding = failed.error(&RULE, message);
    if let Some(at) = &first.at {
        let place = |at: Position| failed.snippet.place(failed.document, at.line, at.column);
        let (start, end) = (place(at.start), place(at.end));
        // Of an error that spans lines, its first word says enough.
        let one_line = at.start.line == at.end.line && at.start < at.end;
        let span = if one_line { Span::new(start.start(), end.start()) } else { start };
        finding = finding.at(span);
    }
    finding.label.clone_from(&first.label);
    diagnostics
        .iter()
        .fold(finding, |finding, diagnostic| finding.note(diagnostic.rendered.trim_end()))
}
