//! Analyses and edits in memory until nothing changes.

use crate::{Analysis, Engine, FileFix, Input, Located, Overlay, rules};
use handbook_text::include::ReadFiles;
use handbook_text::{Disk, Edit, EditSet, Finding};
use std::collections::{BTreeMap, BTreeSet};
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
        let round = by_file(wanted.filter(|fix| accept(fix)), &input, &mut analysis.findings);
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
            return Ok(Fixed { changes: changes(&overlay), analysis });
        }
    }
    rules.sort_unstable();
    rules.dedup();
    Err(FixError::Restless { rules })
}

type Round = BTreeMap<PathBuf, (EditSet<Disk>, Vec<&'static str>)>;

/// The edits that can be made in one round, and the rules that ask for them.
fn by_file(
    fixes: impl Iterator<Item = FileFix>,
    input: &Input,
    findings: &mut Vec<Located>,
) -> Round {
    let mut files: BTreeMap<PathBuf, Vec<FileFix>> = BTreeMap::new();
    for fix in fixes {
        files.entry(fix.file.clone()).or_default().push(fix);
    }
    let mut round = Round::new();
    for (file, fixes) in files {
        let mut cancelled = BTreeSet::new();
        for (one, other) in conflicts(&fixes) {
            findings.push(conflict_finding(&fixes[one], &fixes[other], input));
            cancelled.extend([one, other]);
        }
        let fixes = fixes.into_iter().enumerate().filter(|(index, _)| !cancelled.contains(index));
        let (mut edits, mut rules) = (EditSet::default(), Vec::new());
        for (_, fix) in fixes {
            if edits.add_all(fix.fix.edits) {
                rules.push(fix.rule);
            }
        }
        round.insert(file, (edits, rules));
    }
    round
}

/// The pairs of fixes in which two chapters want one place in a file to be different things.
fn conflicts(fixes: &[FileFix]) -> Vec<(usize, usize)> {
    let starts = |fix: &FileFix| fix.fix.edits.iter().map(|edit| edit.span.start()).min();
    let ends = |fix: &FileFix| fix.fix.edits.iter().map(|edit| edit.span.end()).max();
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|index| starts(&fixes[*index]));
    let mut pairs = Vec::new();
    for (place, one) in order.iter().enumerate() {
        let later = order[place + 1..].iter();
        let near = later.take_while(|other| starts(&fixes[**other]) <= ends(&fixes[*one]));
        pairs.extend(
            near.filter(|other| conflict(&fixes[*one], &fixes[**other]))
                .map(|other| (*one, *other)),
        );
    }
    pairs
}

fn conflict(one: &FileFix, other: &FileFix) -> bool {
    let touch =
        |a: &Edit<_>, b: &Edit<_>| a.span.start() <= b.span.end() && b.span.start() <= a.span.end();
    one.chapter != other.chapter
        && one.fix.edits != other.fix.edits
        && one.fix.edits.iter().any(|a| other.fix.edits.iter().any(|b| touch(a, b)))
}

fn conflict_finding(one: &FileFix, other: &FileFix, input: &Input) -> Located {
    let rule = rules::CONFLICTING_FIXES;
    let name = |fix: &FileFix| input.chapters[fix.chapter.0].path.display().to_string();
    let mut finding = Finding::new(rule.id, rule.level, rule.summary)
        .note(format!("`{}` and `{}` include it", name(one), name(other)))
        .help("move the block into the chapters");
    finding.span = one.fix.edits.first().map(|edit| edit.span);
    let chapters = vec![one.chapter, other.chapter];
    Located { chapters, ..Located::of_file(finding, Some(one.file.clone()), None) }
}

fn changes(overlay: &Overlay<'_>) -> Vec<Change> {
    let changed = overlay.changes().filter(|(_, before, after)| before != *after);
    changed
        .map(|(file, before, after)| Change {
            file: file.to_owned(),
            before,
            after: Arc::clone(after),
        })
        .collect()
}
