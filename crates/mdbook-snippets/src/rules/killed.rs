use super::Failed;
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/killed",
    level: Level::Error,
    summary: "a snippet is ended by a signal",
    explanation: "It crashed, or a limit of the sandbox ended it.",
};

/// The finding for a snippet that failed this way.
pub(super) fn finding(failed: &Failed<'_>, signal: i32) -> Finding<Expanded> {
    let reason = match signal {
        4 => " (an illegal instruction)",
        6 => " (it gave up)",
        8 => " (an arithmetic error)",
        9 => " (a kill from outside, perhaps for want of memory)",
        11 => " (memory that is not its own)",
        24 => " (it used more processor time than it may)",
        25 => " (it wrote a larger file than it may)",
        _ => "",
    };
    let message = format!("{} was ended by signal {signal}{reason}", failed.title());
    failed.with_stderr(failed.error(&RULE, message))
}
