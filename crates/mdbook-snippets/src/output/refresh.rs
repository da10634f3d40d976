//! What is written brought up to date with what was printed, as little as possible being changed.
//!
//! An elision stays as long as it is known where it belongs: the lines between two of them have to
//! be found again, one of them at least. Where none is, nobody but the author can say which part
//! of what is printed they were about, and `fix` leaves the block alone. So it does where a line
//! beside an elision may have become one of several that are equally near.

use super::align::{Sides, Step, WHOLLY_DIFFERENT, align};
use super::elision::{is_dots, line_stands_for, stands_for, words};
use super::varying::Varying;

/// A written output that is not what was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refreshed {
    /// What should be written instead.
    pub(super) text: String,
    /// The first line that differs; that behind the last one where more is printed.
    pub(super) line: usize,
    /// What is printed there; `None` if nothing is.
    pub(super) prints: Option<String>,
    /// Why it cannot be told where an elision belongs.
    pub(super) doubt: Option<Doubt>,
}

/// Why it cannot be told where an elision belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Of what stands between two of them nothing is printed any more.
    Lost,
    /// A line may have become one of several.
    Tied,
}

/// What `written` has to become; `None` if it is what was printed. Trailing blanks count for
/// nothing.
pub(super) fn refreshed(written: &str, printed: &str, varying: &Varying) -> Option<Refreshed> {
    let old: Vec<&str> = written.trim_end().lines().map(str::trim_end).collect();
    let new: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
    if old == new {
        return None;
    }
    let common = |lines: &[&str]| -> Vec<String> {
        lines.iter().map(|line| varying.common(line).into_owned()).collect()
    };
    let (old_common, new_common) = (common(&old), common(&new));
    let has_parts = matches!(varying, Varying::Parts(_));
    let is_same = |at: usize, there: usize| {
        line_stands_for(old[at], new[there])
            || has_parts && line_stands_for(&old_common[at], &new_common[there])
    };
    if stands_for(&old, &new, &is_same) {
        return None;
    }
    let (old_makes, new_makes) = (makes(&old), makes(&new));
    let is_alike = |at: usize, there: usize| {
        old_makes[at].shape == new_makes[there].shape
            || difference(old[at], new[there]) * 2 <= WHOLLY_DIFFERENT
    };
    // Other numbers are always less of a difference than other words.
    let difference = |at: usize, there: usize| {
        let characters = difference(old[at], new[there]);
        match old_makes[at].difference(&new_makes[there]) {
            Some(words) => words.min(characters) / 2,
            None => (WHOLLY_DIFFERENT + characters) / 2,
        }
    };
    let sides = Sides {
        old: &old,
        new: &new,
        is_same: &is_same,
        is_alike: &is_alike,
        difference: &difference,
    };
    let Some(aligned) = align(&sides) else { return Some(in_full(&old, &new)) };
    let text = written_down(&old, &new, &aligned.first);
    let doubt = if is_lost(&old, &aligned.first) {
        Some(Doubt::Lost)
    } else if text != written_down(&old, &new, &aligned.last) {
        Some(Doubt::Tied)
    } else {
        None
    };
    let text = if doubt.is_some() { new.join("\n") } else { text };
    let (line, prints) = first_difference(&old, &new, &aligned.first);
    Some(Refreshed { text, line, prints, doubt })
}

/// Where there is too much to look for what became of each line.
fn in_full(old: &[&str], new: &[&str]) -> Refreshed {
    let line = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let prints = new.get(line).map(|line| (*line).to_owned());
    let doubt = old.iter().any(|line| is_dots(line)).then_some(Doubt::Lost);
    Refreshed { text: new.join("\n"), line, prints, doubt }
}

fn written_down(old: &[&str], new: &[&str], steps: &[Step]) -> String {
    let line = |step: &Step| match *step {
        Step::Kept { old: at } | Step::Elided { old: at } => Some(old[at].to_owned()),
        Step::Changed { old: at, new: there, .. } => Some(line_refreshed(old[at], new[there])),
        Step::New { new: there, .. } => Some(new[there].to_owned()),
        Step::Gone { .. } => None,
    };
    steps.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// A line as it was printed, but for what is elided in the one that is written.
fn line_refreshed(written: &str, printed: &str) -> String {
    let (old, new) = (words(written), words(printed));
    if !old.iter().any(|word| is_dots(word)) {
        return printed.to_owned();
    }
    // What is written right beside dots may be a part of a word.
    let is_behind_dots = |at: usize| at > 0 && is_dots(old[at - 1]);
    let is_before_dots = |at: usize| old.get(at + 1).is_some_and(|word| is_dots(word));
    let is_same = |at: usize, there: usize| {
        old[at] == new[there]
            || is_behind_dots(at) && new[there].ends_with(old[at])
            || is_before_dots(at) && new[there].starts_with(old[at])
    };
    let is_number = |word: &str| word.starts_with(|ch: char| ch.is_ascii_digit());
    let sides = Sides {
        old: &old,
        new: &new,
        is_same: &is_same,
        is_alike: &|at, there| is_number(old[at]) && is_number(new[there]),
        difference: &|at, there| difference(old[at], new[there]),
    };
    let steps = align(&sides).map(|aligned| aligned.first);
    let steps = steps.filter(|steps| !is_lost(&old, steps));
    let kept = steps.map(|steps| {
        let word = |step: &Step| match *step {
            Step::Kept { old: at } | Step::Elided { old: at } => old[at].to_owned(),
            // As much of the new word as there was of the old one.
            Step::Changed { old: at, new: there, .. } if is_behind_dots(at) => {
                let skipped = new[there].chars().count().saturating_sub(old[at].chars().count());
                new[there].chars().skip(skipped).collect()
            }
            Step::Changed { old: at, new: there, .. } if is_before_dots(at) => {
                new[there].chars().take(old[at].chars().count()).collect()
            }
            Step::Changed { new: there, .. } | Step::New { new: there, .. } => {
                new[there].to_owned()
            }
            Step::Gone { .. } => String::new(),
        };
        steps.iter().map(word).collect::<String>()
    });
    // Whatever went wrong with the words, the line has to stand for what was printed.
    kept.filter(|kept| line_stands_for(kept, printed)).unwrap_or_else(|| printed.to_owned())
}

/// Whether of some items between two elisions none was found again.
fn is_lost(old: &[&str], steps: &[Step]) -> bool {
    let is_elided = |step: &Step| matches!(step, Step::Elided { .. });
    let is_written = |step: &Step| !matches!(step, Step::New { .. });
    let is_found = |step: &Step| match *step {
        Step::Kept { old: at } => !old[at].trim().is_empty(),
        Step::Changed { alike, .. } => alike,
        _ => false,
    };
    let pieces: Vec<&[Step]> = steps.split(is_elided).collect();
    let between = pieces.get(1..pieces.len().saturating_sub(1)).unwrap_or_default();
    between.iter().any(|piece| piece.iter().any(is_written) && !piece.iter().any(is_found))
}

/// The place in `old` of the first difference, and what is printed there.
fn first_difference(old: &[&str], new: &[&str], steps: &[Step]) -> (usize, Option<String>) {
    let difference = |step: &Step| match *step {
        Step::Changed { old, new, .. } => Some((old, new)),
        Step::Gone { old, next } => Some((old, next)),
        Step::New { before, new } => Some((before, new)),
        Step::Kept { .. } | Step::Elided { .. } => None,
    };
    let (line, there) = steps.iter().find_map(difference).unwrap_or((old.len(), new.len()));
    (line, new.get(there).map(|line| (*line).to_owned()))
}

/// A line taken apart.
struct Make<'a> {
    words: Vec<&'a str>,
    /// The line without its numbers.
    shape: String,
}

fn makes<'a>(lines: &[&'a str]) -> Vec<Make<'a>> {
    lines.iter().map(|line| Make::of(line)).collect()
}

impl<'a> Make<'a> {
    fn of(line: &'a str) -> Self {
        let words = words(line);
        let shown = |word: &&'a str| match word.chars().next() {
            Some(first) if first.is_ascii_digit() => "0",
            Some(first) if first.is_whitespace() => " ",
            _ => word,
        };
        let shape = words.iter().map(shown).collect();
        Self { words, shape }
    }

    /// How many of the words are others in another line of the same shape.
    fn difference(&self, other: &Self) -> Option<u32> {
        let is_said = |(word, _): &(&&str, &&str)| !word.trim().is_empty();
        let words = || self.words.iter().zip(&other.words).filter(is_said);
        let others = words().filter(|(one, other)| one != other).count();
        (self.shape == other.shape).then(|| share(others, words().count()))
    }
}

/// How many of the characters two lines do not have in common, at the front and at the end.
fn difference(one: &str, other: &str) -> u32 {
    let same = |ones: &mut dyn Iterator<Item = char>, others: &mut dyn Iterator<Item = char>| {
        ones.zip(others).take_while(|(one, other)| one == other).count()
    };
    let front = same(&mut one.chars(), &mut other.chars());
    let back = same(&mut one.chars().rev(), &mut other.chars().rev());
    let length = one.chars().count().max(other.chars().count());
    share(length.saturating_sub(front + back), length)
}

/// A part of a whole as a difference.
fn share(part: usize, whole: usize) -> u32 {
    let share = (part * WHOLLY_DIFFERENT as usize).checked_div(whole);
    share.map_or(WHOLLY_DIFFERENT, |share| u32::try_from(share).unwrap_or(WHOLLY_DIFFERENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refresh(written: &str, printed: &str) -> Option<Refreshed> {
        refreshed(written, printed, &Varying::Nothing)
    }

    #[track_caller]
    fn check(written: &str, printed: &str, expected: &str) {
        let refreshed = refresh(written, printed).expect("stale");
        assert_eq!(refreshed.doubt, None, "{refreshed:?}");
        assert_eq!(refreshed.text, expected);
        assert_eq!(refresh(expected, printed), None);
    }

    #[test]
    fn elided_lines_stay_elided() {
        check("a = 1\n...\nz = 9", "a = 2\nb\nc\nz = 10", "a = 2\n...\nz = 10");
        check("head\n1 10\n...\n9 90", "head\n1 11\n2 21\n9 99", "head\n1 11\n...\n9 99");
        check("...\ntotal = 5\n...", "x\ntotal = 7\ny", "...\ntotal = 7\n...");
        check("x\na\n...\nz", "a\nb\nz", "a\n...\nz");
        check("a\n...", "b\nc", "b\n...");
        check("a\n...\nz", "a\nb\n...\nz", "a\nb\n...\nz");
    }

    #[test]
    fn elided_words_stay_elided() {
        check("hash = ...9f, 3 nodes", "hash = ab9f, 14 nodes", "hash = ...9f, 14 nodes");
        check("hash = ...9f, 3 nodes", "hash = ab9e, 3 nodes", "hash = ...9e, 3 nodes");
        check("hash = a9...; 1", "hash = b97531; 1", "hash = b9...; 1");
        check("took ... ms, n = 3", "took 1.25 ms, n = 114", "took ... ms, n = 114");
        check("n = 3 ...", "n = 114 and so on", "n = 114 ...");
        check("a\nn = 3, ...\nb", "a\nn = 4, x, y\nc", "a\nn = 4, ...\nc");
    }

    #[test]
    fn what_cannot_be_placed_is_left_to_the_author() {
        let doubt = |written, printed| refresh(written, printed).unwrap().doubt;
        assert_eq!(doubt("...\ntotal = 5\n...", "x\ny\nz"), Some(Doubt::Lost));
        assert_eq!(doubt("...\ntotal = 5\n", "x\ny\nz"), None);
        // Of several that are equally near, nobody knows which it was.
        assert_eq!(doubt("...\nn = 5\n...", "n = 6\nn = 7\nn = 8"), Some(Doubt::Tied));
        assert_eq!(
            doubt("...\nn = 5, k = 1\n...", "n = 6, k = 1\nx\nn = 5, k = 2"),
            Some(Doubt::Tied)
        );
    }

    #[test]
    fn the_nearest_line_is_what_became_of_one() {
        let rows = |of: &dyn Fn(u32) -> u32| -> String {
            (1..=9).map(|row| format!("{row} {}\n", of(row))).collect()
        };
        check("1 10\n...\n5 50\n...\n9 90", &rows(&|row| row * 11), "1 11\n...\n5 55\n...\n9 99");
        check("...\n5 50\n...", &rows(&|row| row * 11), "...\n5 55\n...");
        check(
            "...\n  5 |   50 | x\n...",
            "  4 |   41 | x\n  5 |   51 | x\n 10 | 5000 | x",
            "...\n  5 |   51 | x\n...",
        );
        check("...\nb: 3 of 7\n...", "a: 3 of 7\nb: 4 of 7\nc: 3 of 7", "...\nb: 4 of 7\n...");
    }

    #[test]
    fn the_first_difference_is_told() {
        let first = |written, printed| {
            let Refreshed { line, prints, .. } = refresh(written, printed).unwrap();
            (line, prints)
        };
        assert_eq!(first("a\n...\nz\nq", "a\nb\nc\nz\nr"), (3, Some("r".to_owned())));
        assert_eq!(first("a\nb", "a"), (1, None));
        assert_eq!(first("a", "a\nb"), (1, Some("b".to_owned())));
    }

    #[test]
    fn what_varies_is_left_as_it_is_written() {
        let varying = Varying::of("durations").unwrap();
        assert_eq!(refreshed("a 3ms\nb 1", "a 4ms\nb 1", &varying), None);
        let refreshed = refreshed("a 3ms\nb 1", "a 4ms\nb 2", &varying).unwrap();
        assert_eq!((refreshed.text.as_str(), refreshed.line), ("a 3ms\nb 2", 1));
    }

    #[test]
    fn much_is_written_in_full() {
        let long =
            |from: u32, to: u32| -> String { (from..to).map(|line| format!("{line}\n")).collect() };
        let (old, new) = (long(0, 3_000), long(5_000, 9_000));
        assert_eq!(refresh(&old, &new).unwrap().text, new.trim_end());
        assert!(refresh(&format!("{old}...\n{old}"), &new).unwrap().doubt.is_some());
    }

    proptest! {
        /// What is written down is not stale, whatever was written before.
        #[test]
        fn a_refreshed_output_is_fresh(
            written in "(a|b|c ?[1-3]|\\.\\.\\.| |\n|\n){0,16}",
            printed in "(a|b|c ?[1-3]|\\.\\.\\.| |\n|\n){0,16}",
        ) {
            if let Some(refreshed) = refresh(&written, &printed) {
                prop_assert_eq!(refresh(&refreshed.text, &printed), None);
                let lines = written.trim_end().lines().count();
                prop_assert!(refreshed.line <= lines);
            }
            prop_assert_eq!(refresh(&printed, &printed), None);
        }
    }
}
