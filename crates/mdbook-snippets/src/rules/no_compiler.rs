use crate::snippet::Listing;
use handbook_pass::{Context, Findings, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/no-compiler",
    level: Level::Error,
    summary: "there is no Rust compiler to run the snippets with",
    explanation: "Nothing was run, so nothing is known about the snippets; no output is compared or shown. Install Rust, or say that you do not want to run anything.",
};

/// The finding, at the first snippet that was not run.
pub(super) fn check(listing: &Listing, reason: &str, about: Context<'_>, findings: &mut Findings) {
    let mut runnable = listing.0.iter().filter(|(_, snippet)| !snippet.info.ignored);
    let Some((id, first)) = runnable.next() else { return };
    let message = format!("{} snippets were not run: {reason}", runnable.count() + 1);
    let finding = Finding::error(RULE.id, message)
        .at(first.fence(&about.book[*id].document))
        .help("install Rust, or leave the snippets unchecked with `--no-run` or `run = false`");
    findings.push(*id, finding);
}
