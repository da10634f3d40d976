use crate::snippet::Snippet;
use handbook_pass::Rule;
use handbook_text::Level;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/interference",
    level: Level::Warning,
    summary: "an audit finds that a snippet behaves differently among others than alone",
    explanation: "Snippets share a crate and run side by side, and should not notice. One that \
                  does, by the size of its own program for example, says `standalone`; if there \
                  is no such reason, the suite is at fault, and we would like to know.",
};

/// The rule and what it says of a snippet.
pub(super) fn said_of(snippet: &Snippet) -> (&'static Rule, String) {
    (&RULE, format!("{} behaves differently among others than alone", snippet.title()))
}
