use crate::snippet::{Reading, disbelieved};
use handbook_pass::{Context, Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/silently-skipped",
    level: Level::Info,
    summary: "rustdoc tests nothing in a block that says `rust`",
    explanation: "A word that rustdoc does not know, followed by `should_panic`, `no_run` or \
                  `ignore`, makes it forget that the block is Rust; `custom`, or characters that it \
                  does not read, such as `=` or `[` outside of quotes, make it pass over the block. \
                  It says nothing about it, and `mdbook test` passes.",
};

/// Reports every such block.
pub(super) fn check(reading: Reading, about: Context<'_>, findings: &mut Findings) {
    for (id, chapter) in about.book.iter() {
        for opening in disbelieved(&chapter.document, reading) {
            let finding = Finding::new(RULE.id, RULE.level, RULE.summary).at(opening).help(
                "move rustdoc's own words to the front, and put other tools' words in braces",
            );
            findings.push(id, finding);
        }
    }
}
