use crate::snippet::{Reading, orphans};
use handbook_book::Span;
use handbook_pass::{Context, Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/orphan-output",
    level: Level::Warning,
    summary: "an `output` block stands behind no snippet",
    explanation: "What it says is checked against nothing. Put it right behind the snippet that prints it, or give it another language.",
};

/// Reports every such block.
pub(super) fn check(reading: Reading, about: Context<'_>, findings: &mut Findings) {
    for (id, chapter) in about.book.iter() {
        for span in orphans(&chapter.document, reading) {
            let line = chapter.document.slice(span).lines().next().unwrap_or_default();
            let fence = Span::new(span.start(), span.start() + line.len());
            let finding = Finding::warning(RULE.id, "this `output` block stands behind no snippet")
                .at(fence)
                .help("put it right behind the snippet that prints it, or call it `text`");
            findings.push(id, finding);
        }
    }
}
