use crate::results::taken::{Lender, Outdated, Taken};
use crate::snippet::{Snippet, SnippetId};
use handbook_pass::{Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/outdated-results",
    level: Level::Warning,
    summary: "nothing is known of a snippet, because results were taken from a file that lacks it",
    explanation: "Where there is no Rust compiler, results come from the file that `handbook run \
                  --freeze` wrote, and with `--merge` from those of the parts. They hold for the \
                  program that was run then: for a snippet that was added or changed since, \
                  nothing is known, and no output is compared or shown. A merge of parts \
                  stands for a run of the whole book, so there it is an error.",
};

/// A finding at each of the `snippets` that was not in the file as it is now.
pub(super) fn check(snippets: &[(SnippetId, &Snippet)], taken: &Taken, findings: &mut Findings) {
    let (level, file, help) = match &taken.lender {
        Lender::Frozen(name) => {
            let help = "`handbook run --freeze` writes it anew, where there is Rust";
            (RULE.level, format!("`{name}`"), help)
        }
        Lender::Parts => {
            // Whoever merges asks whether the whole book holds.
            (Level::Error, "the parts".to_owned(), "run all parts on this version of the book")
        }
    };
    for (id, snippet) in snippets {
        let title = snippet.title();
        let message = match taken.outdated.get(id) {
            Some(Outdated::Changed) => format!("{title} is not what it was in {file}"),
            Some(Outdated::Unknown) => format!("there is no result of {title} in {file}"),
            None => continue,
        };
        let finding = Finding::new(RULE.id, level, message).at(snippet.fence).help(help);
        findings.push(id.chapter, finding);
    }
}
