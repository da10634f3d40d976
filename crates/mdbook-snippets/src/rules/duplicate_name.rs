use crate::snippet::Listing;
use handbook_book::{ChapterId, Span};
use handbook_pass::{Context, Findings, Rule};
use handbook_text::{Finding, Level, LineIndex};
use std::collections::BTreeMap;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/duplicate-name",
    level: Level::Error,
    summary: "two snippets have one name",
    explanation: "Names are unique in the book, so that a value or a module has one source.",
};

/// Reports every name that was given before.
pub(super) fn check(listing: &Listing, about: Context<'_>, findings: &mut Findings) {
    let mut first: BTreeMap<&str, (ChapterId, Span)> = BTreeMap::new();
    for (id, snippet) in &listing.0 {
        let Some(name) = &snippet.info.name else { continue };
        let Some((other, span)) = first.get(name.text.as_str()) else {
            first.insert(&name.text, (*id, name.span));
            continue;
        };
        let chapter = &about.book[*other];
        let line = LineIndex::new(&chapter.document.text).line(span.start());
        let message = format!("another snippet has the name `{}`", name.text);
        let finding = Finding::error(RULE.id, message)
            .at(name.span)
            .note(format!("the first is in `{}`, line {line}", chapter.path.display()))
            .help("names are unique in the book; choose another");
        findings.push(*id, finding);
    }
}
