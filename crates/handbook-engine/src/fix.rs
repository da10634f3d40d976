//! Analyses and edits in memory until nothing changes.

use crate::{Analysis, Engine, FileFix, Input, Located, Overlay, rules};
use handbook_text::include::ReadFiles;
use handbook_text::{Edit, EditSet, Finding};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use thiserror::Error;

/// How often the whole is repeated before it counts as never ending.
const MOST_ROUNDS: usize = 10;

/// What fixing a book comes to. Nothing is written yet.
pub struct Fixed {
    /// The files that change, by path.
    pub changes: Vec<Change>,
    /// What is left to say about the book after the changes.
    pub analysis: Analysis,
}

/// A file before and after.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file, the book's root included.
    pub file: PathBuf,
    /// What was read; a file that no longer holds this must be left alone.
    pub before: Arc<str>,
    /// What to write.
    pub after: Arc<str>,
}

/// Why nothing is to be written.
#[derive(Debug, Error)]
pub enum FixError {
    /// The fixes go on asking for each other.
    #[error(
        "fixing does not come to rest after {MOST_ROUNDS} rounds; still asking for changes: {}",
        rules.join(", ")
    )]
    Restless {
        /// The rules whose fixes were applied in the last round.
        rules: Vec<&'static str>,
    },
}

/// Repeats analysis and edits until nothing changes.
///
/// `load` makes the engine's input from files as they are at that point. Fixes that clash in one
/// round wait for the next, first come first served; those that two chapters want differently in a
/// file that both include are dropped, with a finding. Only fixes that `accept` likes are made.
///
/// # Errors
///
/// [`FixError::Restless`] after ten rounds.
pub fn fix(
    engine: &Engine,
    files: &dyn ReadFiles,
    load: &dyn Fn(&dyn ReadFiles) -> Input,
    accept: &dyn Fn(&FileFix) -> bool,
) -> Result<Fixed, FixError> {
    let mut overlay = Overlay::new(files);
    let mut rules = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let input = load(&overlay);
        let mut analysis = engine.analyse(&input, &overlay);
        let wanted = std::mem::take(&mut analysis.fixes).into_iter();
        let round = by_file(wanted.filter(|fix| accept(fix)), &mut analysis.findings);
        rules.clear();
        for (file, (edits, asked)) in round {
            let Ok(before) = overlay.read(&file) else { continue };
            let after = edits.apply(&before);
            if after != *before {
                rules.extend(asked);
                overlay.set(&file, after.into());
            }
        }
        if rules.is_empty() {
            return Ok(Fixed { changes: changes(files, &overlay), analysis });
        }
    }
    rules.sort_unstable();
    rules.dedup();
    Err(FixError::Restless { rules })
}

type Round = BTreeMap<PathBuf, (EditSet<handbook_text::Disk>, Vec<&'static str>)>;

/// The edits that can be made in one round.
fn by_file(fixes: impl Iterator<Item = FileFix>, findings: &mut Vec<Located>) -> Round {
    let mut files: BTreeMap<PathBuf, Vec<FileFix>> = BTreeMap::new();
    for fix in fixes {
        files.entry(fix.file.clone()).or_default().push(fix);
    }
    let mut round = Round::new();
    for (file, fixes) in files {
        let mut edits: Vec<Edit<_>> = Vec::new();
        let mut rules = Vec::new();
        for (index, fix) in fixes.iter().enumerate() {
            let others = fixes.iter().enumerate().filter(|(other, _)| *other != index);
            if others.clone().any(|(_, other)| conflict(fix, other)) {
                let rule = rules::CONFLICTING_FIXES;
                let finding = Finding::new(rule.id, rule.level, rule.summary)
                    .note(format!("the fixes are for `{}`", fix.rule));
                let file = Some(file.clone());
                findings.push(Located { finding, file, text: None, included_from: Vec::new() });
                continue;
            }
            // A fix is made as a whole or not at all.
            let all = edits.iter().chain(&fix.fix.edits).cloned();
            let (_, refused) = EditSet::first_come(all);
            if refused.is_empty() {
                edits.extend(fix.fix.edits.iter().cloned());
                rules.push(fix.rule);
            }
        }
        round.insert(file, (EditSet::first_come(edits).0, rules));
    }
    round
}

/// Whether two chapters want one place in a file to be different things.
fn conflict(one: &FileFix, other: &FileFix) -> bool {
    let touch =
        |a: &Edit<_>, b: &Edit<_>| a.span.start() <= b.span.end() && b.span.start() <= a.span.end();
    one.chapter != other.chapter
        && one.fix.edits != other.fix.edits
        && one.fix.edits.iter().any(|a| other.fix.edits.iter().any(|b| touch(a, b)))
}

fn changes(files: &dyn ReadFiles, overlay: &Overlay<'_>) -> Vec<Change> {
    let changed = overlay.changed().iter();
    let changed = changed.filter_map(|(file, after)| {
        let before = files.read(file).ok()?;
        Some(Change { file: file.clone(), before, after: Arc::clone(after) })
    });
    changed.filter(|change| change.before != change.after).collect()
}
