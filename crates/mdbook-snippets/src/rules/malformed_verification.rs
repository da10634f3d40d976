use crate::verification::{VERIFICATION, misread};
use handbook_book::Book;
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/malformed-verification",
    level: Level::Error,
    summary: "the words behind `verification` cannot be read",
    explanation: "`{{#verification}}` is about all of the book, `{{#verification chapter}}` about \
                  the chapter that it stands in. Nothing else may be asked for.",
};

/// Reports the directives and regions of a book that ask for something else.
pub(super) fn check(book: &Book, findings: &mut Findings) {
    for (id, chapter) in book.iter() {
        let document = &chapter.document;
        let directives = document.directives.iter().map(|it| (&it.name, &it.args, it.span));
        let regions = document.regions.iter().map(|it| (&it.name, &it.args, it.span));
        for (_, args, span) in directives.chain(regions).filter(|it| it.0 == VERIFICATION) {
            if let Some(help) = misread(args) {
                let message = format!("`{args}` is nothing that can be verified by itself");
                let finding = Finding::new(RULE.id, RULE.level, message).at(span).help(help);
                findings.push(id, finding);
            }
        }
    }
}
