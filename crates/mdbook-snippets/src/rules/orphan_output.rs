use crate::snippet::{Listing, orphans};
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
pub(super) fn check(listing: &Listing, about: Context<'_>, findings: &mut Findings) {
    for (id, chapter) in about.book.iter() {
        let snippets = listing.of_chapter(id).map(|(_, snippet)| snippet);
        for opening in orphans(&chapter.document, snippets) {
            let finding = Finding::warning(RULE.id, "this `output` block stands behind no snippet")
                .at(opening)
                .help("put it right behind the snippet that prints it, or call it `text`");
            findings.push(id, finding);
        }
    }
}
