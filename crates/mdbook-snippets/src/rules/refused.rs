use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};
use snippet_runner::Refusal;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/refused",
    level: Level::Error,
    summary: "a snippet tries what the sandbox does not allow",
    explanation: "Snippets, and what runs while they are compiled, have no network, read nothing but the toolchain and the system, and write to a folder of their own. What a snippet was refused may have been the point of it, so it fails even if it carries on. Files may be lifted with `allow` in book.toml, which is as trusted as the rest of it; the network may not. Where the code is only to be shown, say `no_run`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, refusals: &[Refusal]) -> Finding<Expanded> {
    let tried: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    let message = format!("{} was refused {}", failed.title(), tried.join(", "));
    let reads = refusals.iter().any(|refusal| matches!(refusal, Refusal::Read { .. }));
    let help = if reads {
        "a snippet may read what `allow` in book.toml names; say `no_run` if it is only to be \
         compiled"
    } else {
        "say `no_run` if it is only to be compiled"
    };
    failed.with_stderr(failed.error(&RULE, message)).help(help)
}
