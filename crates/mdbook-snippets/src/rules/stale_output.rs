use handbook_pass::Rule;
use handbook_text::Level;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/stale-output",
    level: Level::Error,
    summary: "an `output` block says something else than the snippet prints",
    explanation: "The block right behind a snippet holds what it prints, to the letter but for \
                  trailing blanks, `...`, and what `nondeterministic` says may differ. \
                  `handbook fix` brings it up to date; if the difference surprises you, it is the \
                  snippet that changed.",
};
