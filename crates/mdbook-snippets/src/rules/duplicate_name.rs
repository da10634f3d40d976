use crate::info::Word;
use crate::snippet::{Snippet, SnippetId};
use handbook_book::{ChapterId, Span};
use handbook_pass::{Context, Findings, Related, Rule};
use handbook_text::{Finding, Level};
use std::collections::BTreeMap;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/duplicate-name",
    level: Level::Error,
    summary: "two snippets have one name",
    explanation: "Names are unique in the book, those of modules among them, so that a value or a \
                  module has one source.",
};

/// Reports every name that was given before. A file that two chapters include gives its names once.
pub(super) fn check(
    snippets: &[(SnippetId, &Snippet)],
    about: Context<'_>,
    findings: &mut Findings,
) {
    let mut first: BTreeMap<&str, (ChapterId, Span)> = BTreeMap::new();
    let names = snippets.iter().flat_map(|(id, snippet)| {
        let mut names: Vec<&Word> = snippet.names().collect();
        // A snippet may repeat its module's name.
        names.dedup_by_key(|name| &name.text);
        names.into_iter().map(move |name| (id, name))
    });
    for (id, name) in names {
        let Some((chapter, span)) = first.get(name.text.as_str()).copied() else {
            first.insert(&name.text, (id.chapter, name.span));
            continue;
        };
        let place = about.places.on_disk(id.chapter, name.span);
        if place.is_some() && place == about.places.on_disk(chapter, span) {
            continue;
        }
        let message = format!("another snippet has the name `{}`", name.text);
        let finding = Finding::new(RULE.id, RULE.level, message)
            .at(name.span)
            .help("names are unique in the book; choose another");
        let related = Related { what: "the first is here".to_owned(), chapter, span };
        findings.push_with(id.chapter, finding, vec![related]);
    }
}
