use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};
use std::time::Duration;

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/times-out",
    level: Level::Error,
    summary: "a snippet runs longer than it may",
    explanation: "It loops, waits for something that does not come, or is too slow for a page that is built often. Do less work, say `no_run`, or give it time with `timeout=` or `--timeout`.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, limit: Duration) -> Finding<Expanded> {
    let message = format!("{} was stopped after {limit:?}", failed.title());
    failed.error(&RULE, message).help(
        "do less work, say `no_run`, or give it time: `timeout=30s` behind its fence, or \
         `--timeout 30`",
    )
}
