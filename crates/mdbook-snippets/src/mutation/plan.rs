//! Which snippets are changed, and which ones tell whether a change is noticed.

use crate::modules::Modules;
use crate::program::Programs;
use crate::snippet::{Listing, Snippet, SnippetId};
use std::collections::BTreeSet;

/// A snippet to be changed, and who tells whether that is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) id: SnippetId,
    /// The snippets that are run with the change.
    pub(super) witnesses: Vec<SnippetId>,
}

/// The snippets of these that can be changed. What another chapter includes as well and is a module
/// is changed once.
pub(super) fn subjects(
    asked: impl Iterator<Item = SnippetId>,
    listing: &Listing,
    programs: &Programs,
    runs: impl Fn(SnippetId) -> bool,
) -> Vec<Subject> {
    let subject = |id: SnippetId| {
        let snippet = listing.get(id);
        let witnesses = match &snippet.info.module {
            None => vec![id],
            Some(name) if programs.modules.get(&name.text) != Some(id) => Vec::new(),
            Some(_) => of_module(id, listing, &programs.modules),
        };
        let witnesses: Vec<SnippetId> = witnesses.into_iter().filter(|id| runs(*id)).collect();
        (!witnesses.is_empty()).then_some(Subject { id, witnesses })
    };
    asked.filter_map(subject).collect()
}

/// The snippets that tell of `asked` and are not among them.
pub(crate) fn witnesses_beside(
    asked: &BTreeSet<SnippetId>,
    listing: &Listing,
    modules: &Modules,
) -> BTreeSet<SnippetId> {
    let is_module = |id: &&SnippetId| listing.get(**id).info.module.is_some();
    let changed = asked.iter().filter(is_module);
    let witnesses: BTreeSet<SnippetId> =
        changed.flat_map(|id| of_module(*id, listing, modules)).collect();
    &witnesses - asked
}

/// Whoever builds on a module and runs; the module itself if nobody does, which compiles it.
fn of_module(module: SnippetId, listing: &Listing, modules: &Modules) -> Vec<SnippetId> {
    let builds = |(id, snippet): &(SnippetId, &Snippet)| {
        let needs = modules.needs(*id);
        snippet.info.module.is_none()
            && is_run(snippet)
            && needs.is_some_and(|needs| needs.modules.contains(&module))
    };
    let users: Vec<SnippetId> = listing.iter().filter(builds).map(|(id, _)| id).collect();
    if users.is_empty() { vec![module] } else { users }
}

/// Whether what a snippet does can be seen.
pub(super) fn is_run(snippet: &Snippet) -> bool {
    let info = &snippet.info;
    !info.ignored && !info.compile_fail && !info.no_run
}
