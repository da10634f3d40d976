//! What headings, labels and header cells of a template match.

use handbook_book::folded;

/// A text in which `[…]` and `{…}` stand for anything.
///
/// Case and the width of blanks do not matter, nor does a number before the text (`3.`, `2.1`, and
/// `N.` where the template has it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The text as the template has it.
    text: String,
    pieces: Vec<Piece>,
    /// Whether the template numbers the text with a letter, `N.`, which scaffolds then have.
    lettered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Lower case, blanks single.
    Literal(String),
    Any,
    Ordinal(Counting),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counting {
    Letters,
    Numbers,
}

impl Pattern {
    /// The pattern of `text`.
    pub fn new(text: &str) -> Self {
        Self::build(text, false)
    }

    /// The pattern of `text`, in which the first `A`, `1` or `N` that is a word counts repetitions.
    pub(crate) fn counting(text: &str) -> Self {
        Self::build(text, true)
    }

    fn build(text: &str, counting: bool) -> Self {
        let folded = folded(text);
        let (rest, lettered) = match folded.strip_prefix("n. ").or(folded.strip_prefix("n) ")) {
            Some(rest) => (rest, true),
            None => (without_number(&folded), false),
        };
        let mut pieces = Vec::new();
        let mut literal_start = 0;
        let mut searched = 0;
        while let Some(at) = rest[searched..].find(['[', '{']).map(|at| at + searched) {
            let Some(end) = closing(rest, at) else {
                searched = at + 1;
                continue;
            };
            push_literal(&mut pieces, &rest[literal_start..at]);
            if pieces.last() != Some(&Piece::Any) {
                pieces.push(Piece::Any);
            }
            (literal_start, searched) = (end, end);
        }
        push_literal(&mut pieces, &rest[literal_start..]);
        if rest.is_empty() {
            // A heading that the template leaves blank has no text to compare.
            pieces.push(Piece::Any);
        }
        if counting {
            // `text` and not `folded`: an article is in lower case, an ordinal is not.
            count(&mut pieces, text);
        }
        Self { text: text.to_owned(), pieces, lettered }
    }

    /// The text as the template has it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether both say the same, case and numbers aside.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }

    /// Whether `text` is an instance of the pattern.
    pub fn matches(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// The number that stands where the pattern counts, from one: none if it does not count, or if
    /// what stands there is still the template's `N`. `None` outside if the text does not match.
    pub(crate) fn find(&self, text: &str) -> Option<Option<u32>> {
        let folded = folded(text);
        let unlettered = folded.strip_prefix("n. ").or(folded.strip_prefix("n) "));
        let rest = match unlettered {
            Some(rest) if self.lettered => rest,
            _ => without_number(&folded),
        };
        // Blanks around, so that a literal's own ones match at the ends of the text too.
        let text = format!(" {rest} ");
        let mut reached: Vec<(usize, Option<u32>)> = vec![(0, None), (1, None)];
        for piece in &self.pieces {
            reached = match piece {
                Piece::Literal(literal) => {
                    let after = |(at, number): &(usize, Option<u32>)| {
                        text[*at..]
                            .starts_with(literal.as_str())
                            .then(|| (at + literal.len(), *number))
                    };
                    reached.iter().filter_map(after).collect()
                }
                Piece::Any => {
                    let first = *reached.first()?;
                    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                    ends.filter(|at| *at >= first.0).map(|at| (at, first.1)).collect()
                }
                Piece::Ordinal(counting) => {
                    let after = |(at, _): &(usize, Option<u32>)| {
                        let (length, number) = counting.read(&text[*at..])?;
                        Some((at + length, number))
                    };
                    reached.iter().filter_map(after).collect()
                }
            };
        }
        let whole = reached.into_iter().find(|(at, _)| *at + 1 >= text.len());
        whole.map(|(_, number)| number)
    }

    /// What stands in `text` for the parts that stand for anything, joined by blanks: of
    /// `Option B: Jump hash` the `Jump hash`. `None` if the text does not match.
    pub fn wildcards(&self, text: &str) -> Option<String> {
        self.find(text)?;
        let mut rest: &str = text.trim();
        // Literals are looked for without their case; what is between them is kept as typed.
        let mut found = Vec::new();
        let lower = |text: &str| text.to_lowercase();
        let mut pieces = self.pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Any => {
                    let until = pieces.peek().and_then(|piece| match piece {
                        Piece::Literal(literal) => {
                            let literal = literal.trim();
                            let mut starts = rest.char_indices().map(|(at, _)| at);
                            starts.find(|at| lower(&rest[*at..]).starts_with(literal))
                        }
                        _ => None,
                    });
                    let (any, after) = rest.split_at(until.unwrap_or(rest.len()));
                    found.push(any.trim());
                    rest = after;
                }
                Piece::Literal(literal) => {
                    let wanted = literal.trim();
                    let mut starts = rest.char_indices().map(|(at, _)| at);
                    if let Some(at) = starts.find(|at| lower(&rest[*at..]).starts_with(wanted)) {
                        let length: usize = rest[at..]
                            .chars()
                            .take(wanted.chars().count())
                            .map(char::len_utf8)
                            .sum();
                        rest = &rest[at + length..];
                    }
                }
                Piece::Ordinal(_) => {
                    let word = rest.trim_start();
                    let length = word.find(|ch: char| !ch.is_alphanumeric()).unwrap_or(word.len());
                    rest = &word[length..];
                }
            }
        }
        Some(found.join(" ").trim().to_owned())
    }

    /// A heading of the template with its ordinal replaced.
    pub(crate) fn renumbered(&self, heading: &str, number: u32) -> String {
        let Some(first) = self.find(&self.text).flatten() else { return heading.to_owned() };
        let old = self.ordinal(first);
        let is_word = |at: &usize| {
            let apart = |ch: Option<char>| ch.is_none_or(|ch| !ch.is_alphanumeric());
            apart(heading[..*at].chars().next_back())
                && apart(heading[at + old.len()..].chars().next())
        };
        let found = heading.match_indices(&old).map(|(at, _)| at).find(is_word);
        found.map_or_else(
            || heading.to_owned(),
            |at| {
                format!("{}{}{}", &heading[..at], self.ordinal(number), &heading[at + old.len()..])
            },
        )
    }

    /// Whether it says nothing about the text.
    pub(crate) fn is_wild(&self) -> bool {
        self.letters() == 0
    }

    /// Whether it has no part that stands for anything.
    pub(crate) fn is_literal(&self) -> bool {
        !self.pieces.contains(&Piece::Any)
    }

    /// How many letters and digits it demands: of two patterns that match, the longer one means it.
    pub fn letters(&self) -> usize {
        let of = |piece: &Piece| match piece {
            Piece::Literal(text) => text.chars().filter(|ch| ch.is_alphanumeric()).count(),
            Piece::Any => 0,
            Piece::Ordinal(_) => 1,
        };
        self.pieces.iter().map(of).sum()
    }

    /// Whether `text`, from the same template, is one more instance and no pattern of its own.
    pub(crate) fn has_instance(&self, text: &str) -> bool {
        let anys =
            |pattern: &Pattern| pattern.pieces.iter().filter(|piece| **piece == Piece::Any).count();
        anys(&Self::new(text)) == anys(self) && self.matches(text)
    }

    /// How the pattern writes `number` where it counts.
    pub(crate) fn ordinal(&self, number: u32) -> String {
        match self.pieces.iter().find_map(|piece| match piece {
            Piece::Ordinal(counting) => Some(*counting),
            _ => None,
        }) {
            Some(Counting::Letters) if (1..=26).contains(&number) => {
                char::from_u32('A' as u32 + number - 1).map(String::from).unwrap_or_default()
            }
            _ => number.to_string(),
        }
    }
}

impl Counting {
    /// The length of the ordinal that `text` starts with, and its value.
    fn read(self, text: &str) -> Option<(usize, Option<u32>)> {
        let length = text.find(|ch: char| !ch.is_alphanumeric()).unwrap_or(text.len());
        let word = &text[..length];
        let number = match self {
            Counting::Letters => {
                let mut chars = word.chars();
                let letter = chars.next().filter(char::is_ascii_lowercase)?;
                if chars.next().is_some() {
                    return None;
                }
                Some(letter as u32 - 'a' as u32 + 1)
            }
            Counting::Numbers if word == "n" => None,
            Counting::Numbers => Some(word.parse().ok()?),
        };
        Some((length, number))
    }
}

/// Replaces the first ordinal in the literals. `text` has the case that the pieces have lost.
fn count(pieces: &mut Vec<Piece>, text: &str) {
    let words: Vec<&str> = text.split(|ch: char| !ch.is_alphanumeric()).collect();
    let candidates = [
        ("a", "A", Counting::Letters),
        ("1", "1", Counting::Numbers),
        ("n", "N", Counting::Numbers),
    ];
    let mut found: Option<(usize, usize, Counting)> = None;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Literal(literal) = piece else { continue };
        for (word, written, counting) in candidates {
            if !words.contains(&written) {
                continue;
            }
            let standing = |at: usize| {
                let before =
                    literal[..at].chars().next_back().is_none_or(|ch| !ch.is_alphanumeric());
                let after = literal[at + word.len()..]
                    .chars()
                    .next()
                    .is_none_or(|ch| !ch.is_alphanumeric());
                before && after
            };
            let at = literal.match_indices(word).map(|(at, _)| at).find(|at| standing(*at));
            let earlier = |at: &usize| found.is_none_or(|(_, other, _)| *at < other);
            if let Some(at) = at.filter(earlier) {
                found = Some((index, at, counting));
            }
        }
        if found.is_some() {
            break;
        }
    }
    let Some((index, at, counting)) = found else { return };
    let Piece::Literal(literal) = pieces[index].clone() else { return };
    let mut split = Vec::new();
    push_literal(&mut split, &literal[..at]);
    split.push(Piece::Ordinal(counting));
    push_literal(&mut split, &literal[at + 1..]);
    pieces.splice(index..=index, split);
}

fn push_literal(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Literal(text.to_owned()));
    }
}

/// The end of the bracket that opens at `at`, inner brackets of its kind skipped.
pub(crate) fn closing(text: &str, at: usize) -> Option<usize> {
    let open = text[at..].chars().next()?;
    let close = match open {
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let mut depth = 0;
    for (offset, ch) in text[at..].char_indices() {
        if ch == open {
            depth += 1;
        } else if ch == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + offset + 1);
            }
        }
    }
    None
}

/// The text after a number such as `3.`, `3)`, `2.1` or `2.1.`.
fn without_number(text: &str) -> &str {
    let end = text.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let (marked, rest) = match rest.strip_prefix(')') {
        Some(rest) => (true, rest),
        None => (number.contains('.'), rest),
    };
    let digit_first = number.starts_with(|ch: char| ch.is_ascii_digit());
    match rest.strip_prefix(' ') {
        Some(rest) if marked && digit_first => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).matches(text)
    }

    #[test]
    fn brackets_match_anything_and_the_rest_itself() {
        assert!(matches("[Topic] — Deep Dive", "Consistent  Hashing — deep dive"));
        assert!(!matches("[Topic] — Deep Dive", "Consistent Hashing"));
        assert!(matches("Option {name}", "Option"), "pulldown-cmark took the name for attributes");
        assert!(!matches("Option {name}", "Optional"));
        assert!(matches("[a [nested] one] and {b}", "x and y"));
        assert!(matches("", "anything"));
        assert!(matches("An [open bracket", "an [open bracket"));
        assert!(matches("多言語：[…]", "多言語：何か"));
    }

    #[test]
    fn numbers_before_the_text_do_not_matter() {
        assert!(matches("3. Options", "Options") && matches("Options", "12. Options"));
        assert!(matches("2.1 Options", "2.3. Options") && matches("1) Options", "Options"));
        assert!(matches("N. Table", "9. Table") && matches("N. Table", "N. Table"));
        assert!(!matches("30-Second Version", "2-Minute Version"));
        assert!(!matches("3 Options", "Options"), "a number without a mark is text");
        assert!(!matches("Virginia", "N. Virginia"));
    }

    #[test]
    fn ordinals_are_read_where_the_pattern_counts() {
        let find = |pattern: &str, text: &str| Pattern::counting(pattern).find(text);
        assert_eq!(find("Option A: [Name]", "Option C: Raft"), Some(Some(3)));
        assert_eq!(find("Option A: [Name]", "Option Raft"), None);
        assert_eq!(find("Step 1 of a plan", "Step 12 of a plan"), Some(Some(12)));
        assert_eq!(find("Step N", "Step N"), Some(None));
        assert_eq!(find("[System]", "Cassandra"), Some(None));
        assert_eq!(Pattern::counting("Option A").ordinal(4), "D");
        assert_eq!(Pattern::counting("Step N").ordinal(4), "4");
    }

    #[test]
    fn wildcards_are_what_the_author_put_in() {
        let option = Pattern::counting("Option A: [Name]");
        assert_eq!(option.wildcards("Option C: Jump  Hash").as_deref(), Some("Jump  Hash"));
        assert_eq!(option.wildcards("Jump Hash"), None);
        let title = Pattern::new("[Topic] — Deep Dive");
        assert_eq!(title.wildcards("Ring hashing — deep dive").as_deref(), Some("Ring hashing"));
        assert_eq!(Pattern::new("[a] on [b]").wildcards("X on Y").as_deref(), Some("X Y"));
        assert_eq!(Pattern::new("Größe [a]").wildcards("GRÖSSE x"), None);
        assert_eq!(Pattern::new("Größe [a]").wildcards("GRÖßE x").as_deref(), Some("x"));
    }

    #[test]
    fn an_instance_has_as_many_open_parts() {
        let option = Pattern::counting("Option A: [Name]");
        assert!(option.has_instance("Option B: [Other]") && !option.has_instance("Option B: Raft"));
        assert!(!Pattern::counting("[System Name]").has_instance("Comparison"));
    }
}
