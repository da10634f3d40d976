use super::Judged;
use crate::mutation::Tried;
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unchangeable",
    level: Level::Info,
    summary: "`mutate` cannot read a snippet, and changes nothing in it",
    explanation: "The compiler reads more than our parser does: syntax that is not stable yet, or \
                  of an old edition. Such a snippet counts for nothing in its chapter's score.",
};

/// Reports every such snippet.
pub(super) fn check(judged: &Judged<'_>, tried: &Tried, findings: &mut Findings) {
    for id in &tried.unread {
        let snippet = judged.listing.get(*id);
        let message = format!("{} cannot be read here; nothing is changed in it", snippet.title());
        let finding = Finding::new(RULE.id, RULE.level, message).at(snippet.fence);
        findings.push(id.chapter, finding);
    }
}
