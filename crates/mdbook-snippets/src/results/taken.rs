//! Reports from a file of results, in place of a run.

use super::file::ResultsFile;
use super::identity::Identities;
use crate::Snippets;
use crate::conditions::Conditions;
use crate::execute::{Made, Reports};
use crate::snippet::{Snippet, SnippetId};
use std::collections::BTreeMap;

/// Whose results are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lender {
    /// This file of the book.
    Frozen(String),
    /// The parts of a run.
    Parts,
}

/// What was taken from a file.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Whose results these are.
    pub lender: Lender,
    /// The snippets of which nothing is known.
    pub(crate) outdated: BTreeMap<SnippetId, Outdated>,
}

/// Why nothing is known of a snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outdated {
    /// Something else was asked then.
    Changed,
    /// There is no result.
    Unknown,
}

/// Takes the reports of `snippets` from a file, and tells the terminal if that is no wish of its
/// reader.
pub(crate) fn take<'a>(
    pass: &Snippets,
    file: ResultsFile,
    lender: Lender,
    identities: &Identities,
    snippets: impl Iterator<Item = (SnippetId, &'a Snippet)>,
) -> Made {
    let mut taken = Taken { lender, outdated: BTreeMap::new() };
    let (mut reports, mut retries) = (BTreeMap::new(), BTreeMap::new());
    let entries = file.by_id();
    let host = file.compiler.as_ref().map_or("", |compiler| &compiler.host);
    for (id, _) in snippets.filter(|(_, snippet)| !snippet.info.is_ignored_on(host)) {
        // Without a program it was not run either.
        let Some(identity) = identities.get(id) else { continue };
        let outdated = match entries.get(identity.id.as_str()) {
            Some(entry) if entry.asked == identity.asked => {
                reports.insert(id, entry.report());
                retries.extend(entry.retry().map(|retry| (id, retry)));
                continue;
            }
            Some(_) => Outdated::Changed,
            None => Outdated::Unknown,
        };
        taken.outdated.insert(id, outdated);
    }
    if let Lender::Frozen(name) = &taken.lender {
        pass.environment.progress.remark(&remark(&file, name, reports.len()));
    }
    let under = file.compiler.zip(file.sandbox);
    let under = under.map(|(compiler, sandbox)| Conditions { compiler, sandbox });
    let reports = Reports::taken(reports, retries);
    Made { reports, rustc_calls: 0, under, taken: Some(taken) }
}

/// What readers of the terminal should know: that nothing was run.
fn remark(file: &ResultsFile, name: &str, number: usize) -> String {
    let by = file.compiler.as_ref().map_or(String::new(), |it| format!(", by {}", it.rustc));
    let whose = match number {
        1 => "the result of 1 snippet is the one".to_owned(),
        _ => format!("the results of {number} snippets are those"),
    };
    format!("no rustc here: {whose} frozen in {name}{by}")
}
