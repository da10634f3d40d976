use handbook_pass::Rule;
use handbook_text::Level;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/stale-verification",
    level: Level::Error,
    summary: "a region says that something else was verified than was",
    explanation: "The region `verification` holds what was verified when it was written, by which \
                  compiler and in which sandbox. All of that may change without a change of the \
                  book. `handbook fix` brings it up to date; `{{#verification}}` in its place is \
                  never stale.",
};
