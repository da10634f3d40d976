//! Which rules judge only when something more than a run is asked for.

use super::{
    flaky_snippet, interference, nondeterminism, not_confined, outdated_results, stale_results,
    unchangeable, unnoticed_change,
};

/// What some rules judge by, beside the snippets and a run of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// An audit.
    Audit,
    /// What failed is run again.
    Retries,
    /// Changes of all code are tried.
    Mutation,
    /// A run is compared with what was frozen.
    Locked,
    /// Results are taken from others.
    Taken,
    /// Another machine: what is not so here may be so there.
    Machine,
}

/// The rules that judge only in one mode. In all others, that they find nothing says nothing.
const MODES: [(&str, Mode); 8] = [
    (flaky_snippet::RULE.id, Mode::Retries),
    (interference::RULE.id, Mode::Audit),
    (nondeterminism::RULE.id, Mode::Audit),
    (not_confined::RULE.id, Mode::Machine),
    (outdated_results::RULE.id, Mode::Taken),
    (stale_results::RULE.id, Mode::Locked),
    (unchangeable::RULE.id, Mode::Mutation),
    (unnoticed_change::RULE.id, Mode::Mutation),
];

/// The mode in which alone a rule judges; `None` if it always does.
pub(crate) fn mode_of(rule: &str) -> Option<Mode> {
    MODES.iter().find(|(id, _)| *id == rule).map(|(_, mode)| *mode)
}
