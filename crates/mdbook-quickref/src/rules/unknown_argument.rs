use super::UNKNOWN_ARGUMENT;
use crate::slots;
use handbook_book::{Book, Span};
use handbook_pass::Findings;
use handbook_text::Finding;

/// Reports words behind the names of directives and regions of this pass.
pub(crate) fn check(book: &Book, findings: &mut Findings) {
    for (id, chapter) in book.iter() {
        let document = &chapter.document;
        let directives = document.directives.iter();
        let directives = directives.map(|one| (&one.name, &one.args, one.span));
        let regions = document.regions.iter();
        let regions = regions.map(|one| {
            let mark = Span::new(one.span.start(), one.body.start());
            (&one.name, &one.args, mark)
        });
        let ours = directives
            .chain(regions)
            .filter(|(name, args, _)| slots::ALL.contains(&name.as_str()) && !args.is_empty());
        for (name, args, span) in ours {
            let message = format!("`{name}` takes no words, and here stands `{args}`");
            let finding =
                Finding::new(UNKNOWN_ARGUMENT.id, UNKNOWN_ARGUMENT.level, message).at(span);
            findings.push(id, finding.help("the templates say what cards are made of"));
        }
    }
}
