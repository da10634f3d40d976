use crate::snippet::Snippet;
use handbook_pass::Rule;
use handbook_text::Level;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/nondeterminism",
    level: Level::Warning,
    summary: "an audit finds that a snippet behaves differently each time",
    explanation: "What it prints depends on time, chance, addresses or the order of threads or of \
                  a hash map. A reader sees something else than the page shows, and an `output` \
                  block behind it would be stale at every build. Fix the seed, sort, print what does \
                  not change, or say `nondeterministic`.",
};

/// The rule and what it says of a snippet.
pub(super) fn said_of(snippet: &Snippet) -> (&'static Rule, String) {
    (&RULE, format!("{} behaves differently each time", snippet.title()))
}
