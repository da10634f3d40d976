//! Analyses and edits in memory until nothing changes.

use crate::{Analysis, Engine, FileFix, Input, Located, Overlay, rules};
use handbook_text::include::ReadFiles;
use handbook_text::{Disk, Edit, EditSet, Finding, LineIndex};
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
    /// The sentences that change with them, in order, by file.
    pub rewrites: BTreeMap<PathBuf, Vec<Rewrite>>,
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

/// A change of what an author says: somebody has to read the sentence again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// The line of the file as it is afterwards, from one.
    pub line: usize,
    /// What changes, as in `9.1 % is now 9.2 % (ring.moved)`.
    pub what: String,
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
    let mut rewritten: BTreeMap<PathBuf, Places> = BTreeMap::new();
    for _ in 0..MOST_ROUNDS {
        let input = load(&overlay);
        let mut analysis = engine.analyse(&input, &overlay);
        let wanted = std::mem::take(&mut analysis.fixes).into_iter();
        let round = by_file(wanted.filter(|fix| accept(fix)), &input, &mut analysis.findings);
        rules.clear();
        for (file, asked) in round {
            let Ok(before) = overlay.read(&file) else { continue };
            let after = asked.edits.apply(&before);
            if after != *before {
                rules.extend(asked.rules);
                overlay.set(&file, after.into());
                let places = rewritten.entry(file).or_default();
                places.extend(asked.rewrites);
                moved(places, &asked.edits);
            }
        }
        if rules.is_empty() {
            let changes = changes(&overlay);
            let rewrites = rewrites(&changes, &rewritten);
            return Ok(Fixed { changes, rewrites, analysis });
        }
    }
    rules.sort_unstable();
    rules.dedup();
    Err(FixError::Restless { rules })
}

/// Where sentences change, as bytes of a file, and how.
type Places = BTreeSet<(usize, String)>;

type Round = BTreeMap<PathBuf, Asked>;

/// What is asked of one file in one round.
#[derive(Default)]
struct Asked {
    /// The edits that can be made.
    edits: EditSet<Disk>,
    /// The rules that ask for them.
    rules: Vec<&'static str>,
    /// The sentences that they change.
    rewrites: Places,
}

/// The edits that can be made in one round.
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
        let mut asked = Asked::default();
        for (_, FileFix { fix, rule, .. }) in fixes {
            let start = fix.edits.iter().map(|edit| edit.span.start()).min();
            if asked.edits.add_all(fix.edits) {
                asked.rules.push(rule);
                asked.rewrites.extend(start.zip(fix.rewrites));
            }
        }
        round.insert(file, asked);
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

/// Moves places to where they are after edits.
fn moved(places: &mut Places, edits: &EditSet<Disk>) {
    let mut edits = edits.iter().peekable();
    let (mut taken, mut given) = (0, 0);
    let move_one = |(place, what): (usize, String)| {
        while let Some(edit) = edits.next_if(|edit| edit.span.end() <= place) {
            taken += edit.span.end() - edit.span.start();
            given += edit.replacement.len();
        }
        (place + given - taken, what)
    };
    *places = std::mem::take(places).into_iter().map(move_one).collect();
}

fn rewrites(
    changes: &[Change],
    places: &BTreeMap<PathBuf, Places>,
) -> BTreeMap<PathBuf, Vec<Rewrite>> {
    let of_file = |change: &Change| {
        let places = places.get(&change.file)?;
        let index = LineIndex::new(&change.after);
        let rewrite = |(place, what): &(usize, String)| Rewrite {
            line: index.line(*place),
            what: what.clone(),
        };
        Some((change.file.clone(), places.iter().map(rewrite).collect()))
    };
    changes.iter().filter_map(of_file).collect()
}
