use super::{Judged, here_is};
use crate::mutation::Tried;
use handbook_pass::{Findings, Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/unnoticed-change",
    level: Level::Info,
    summary: "`mutate` finds that code can be changed without anything in the book noticing",
    explanation: "No assertion fails, no written output differs, and no bound value does: a \
                  mistake there would stand in the book unnoticed. Let the snippet print or assert \
                  what depends on it; or, if the change means nothing, say so with `// not \
                  mutated: REASON` on its line or on a line above it, which may be hidden.",
};

/// Reports every change that survived.
pub(super) fn check(judged: &Judged<'_>, tried: &Tried, findings: &mut Findings) {
    for survivor in &tried.survivors {
        let message = format!("`{}` -> `{}`", survivor.before, survivor.after);
        let finding = Finding::new(RULE.id, RULE.level, message).at(survivor.span);
        let mut found = Found::new(survivor.snippet.chapter, finding);
        found.related.push(here_is(judged, survivor.snippet));
        findings.add(found);
    }
}
