//! `...` in a written output: alone on a line it stands for any number of lines, inside a line for
//! any characters.
//!
//! Programs print dots, too, and a block that merely repeats them has to stay as strict as any
//! other. So **dots that are printed have to be written**: an elision stands for dots, or for
//! anything that holds none. `1 ... 65` is not what a program prints that says `1 2 ... 65`.

/// What stands for something else, or for itself.
const DOTS: &str = "...";

/// Whether an item, a line or a part of one, is dots and nothing else.
pub(super) fn is_dots(item: &str) -> bool {
    item.trim() == DOTS
}

/// Whether items that were `printed` are what is `written`, elisions standing for what they can.
/// `is_same` compares two others by their places.
pub(super) fn stands_for(
    written: &[&str],
    printed: &[&str],
    is_same: &dyn Fn(usize, usize) -> bool,
) -> bool {
    let mut open = Open { written, places: Vec::new(), entered: vec![[0; 2]; written.len() + 1] };
    open.enter(1, (0, false));
    for (at, item) in printed.iter().enumerate() {
        let turn = at + 2;
        for (place, is_used) in std::mem::take(&mut open.places) {
            match written.get(place) {
                Some(written) if is_dots(written) && !is_dots(item) => {
                    open.enter(turn, (place, true));
                }
                Some(written) if if is_dots(written) { !is_used } else { is_same(place, at) } => {
                    open.enter(turn, (place + 1, false));
                }
                _ => {}
            }
        }
    }
    open.places.contains(&(written.len(), false))
}

/// All places in what is written at which what comes next may belong, and whether an elision there
/// stands for something already.
struct Open<'a> {
    written: &'a [&'a str],
    places: Vec<(usize, bool)>,
    /// The turn in which each place was entered last.
    entered: Vec<[usize; 2]>,
}

impl Open<'_> {
    fn enter(&mut self, turn: usize, mut place: (usize, bool)) {
        loop {
            let entered = &mut self.entered[place.0][usize::from(place.1)];
            if std::mem::replace(entered, turn) == turn {
                return;
            }
            self.places.push(place);
            // An elision may end at any time.
            if !self.written.get(place.0).is_some_and(|item| is_dots(item)) {
                return;
            }
            place = (place.0 + 1, false);
        }
    }
}

/// Whether a line that was `printed` is the line that is `written`.
pub(super) fn line_stands_for(written: &str, printed: &str) -> bool {
    let (Some((front, _)), Some((_, back))) = (written.split_once(DOTS), written.rsplit_once(DOTS))
    else {
        return written == printed;
    };
    // Most lines are told apart by their ends.
    if !printed.starts_with(front) || !printed.ends_with(back) {
        return false;
    }
    let (written, printed) = (characters(written), characters(printed));
    stands_for(&written, &printed, &|old, new| written[old] == printed[new])
}

/// The characters of a line, three dots being one.
fn characters(line: &str) -> Vec<&str> {
    split(line, |rest| rest.chars().next().map_or(0, char::len_utf8))
}

/// The words, numbers, blanks and marks of a line; three dots are one.
pub(super) fn words(line: &str) -> Vec<&str> {
    split(line, |rest| {
        let first = rest.chars().next().unwrap_or(' ');
        let length = if first.is_whitespace() {
            rest.find(|ch: char| !ch.is_whitespace())
        } else if first.is_ascii_digit() {
            rest.find(|ch: char| !ch.is_alphanumeric() && !"._,".contains(ch))
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|ch: char| !ch.is_alphanumeric() && ch != '_')
        } else {
            Some(first.len_utf8())
        };
        let word = &rest[..length.unwrap_or(rest.len())];
        // A number ends where dots begin, and a comma behind it is not part of it.
        let word = word.find(DOTS).map_or(word, |dots| &word[..dots]);
        let end = word.trim_end_matches(['.', ',']).len();
        if end > 0 { end } else { first.len_utf8() }
    })
}

/// Cuts a line into dots and, at the front of what is left, pieces of the `length` that is given.
fn split(line: &str, length: impl Fn(&str) -> usize) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let end = if rest.starts_with(DOTS) { DOTS.len() } else { length(rest).max(1) };
        let (item, others) = rest.split_at(end);
        items.push(item);
        rest = others;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines_stand_for(written: &[&str], printed: &[&str]) -> bool {
        stands_for(written, printed, &|old, new| line_stands_for(written[old], printed[new]))
    }

    /// The same, as it would be explained: an elision is tried with every number of items.
    fn explained(written: &[&str], printed: &[&str]) -> bool {
        match written.split_first() {
            None => printed.is_empty(),
            Some((item, rest)) if is_dots(item) => (0..=printed.len()).any(|length| {
                let (taken, others) = printed.split_at(length);
                let is_allowed = taken == [DOTS] || !taken.contains(&DOTS);
                is_allowed && explained(rest, others)
            }),
            Some((item, rest)) => printed
                .split_first()
                .is_some_and(|(first, others)| first == item && explained(rest, others)),
        }
    }

    proptest! {
        #[test]
        fn elisions_stand_for_what_is_explained(
            written in prop::collection::vec(prop::sample::select(&["a", "b", DOTS][..]), 0..7),
            printed in prop::collection::vec(prop::sample::select(&["a", "b", DOTS][..]), 0..7),
        ) {
            prop_assert_eq!(lines_stand_for(&written, &printed), explained(&written, &printed));
        }

        #[test]
        fn whatever_is_printed_stands_for_itself(line in "[ab.]{0,12}", other in "\\PC{0,12}") {
            prop_assert!(line_stands_for(&line, &line));
            prop_assert_eq!(characters(&other).concat(), other.clone());
            prop_assert_eq!(words(&other).concat(), other);
        }
    }

    #[test]
    fn dots_stand_for_lines_and_for_characters() {
        assert!(lines_stand_for(&["a", "  ...", "z"], &["a", "b", "c", "z"]));
        assert!(lines_stand_for(&["a", "...", "z"], &["a", "z"]));
        assert!(!lines_stand_for(&["a", "...", "z"], &["a", "b"]));
        assert!(line_stands_for("at 0x...: ok", "at 0x7ffd: ok"));
        assert!(line_stands_for("ab...ef", "abcdef") && line_stands_for("...", ""));
        assert!(!line_stands_for("took ... ms", "took 3 s"));
    }

    #[test]
    fn printed_dots_have_to_be_written() {
        assert!(line_stands_for("1 -> ... -> 65", "1 -> ... -> 65"));
        assert!(!line_stands_for("1 -> ... -> 65", "1 -> 2 -> ... -> 65"));
        assert!(line_stands_for("1... -> ... -> 65", "1 -> 2 -> ... -> 65"));
        assert!(!lines_stand_for(&["a", "...", "z"], &["a", "b", "...", "z"]));
        assert!(lines_stand_for(&["a", "...", "...", "z"], &["a", "b", "...", "z"]));
    }

    #[test]
    fn a_line_has_words_and_numbers() {
        assert_eq!(
            words("n = 1_000.5, ...x..."),
            ["n", " ", "=", " ", "1_000.5", ",", " ", "...", "x", "..."]
        );
        assert_eq!(words("1...2"), ["1", "...", "2"]);
    }
}
