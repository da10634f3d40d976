//! What a comment in a template demands: `<!-- ? repeat 2.., cite 1.. -->`.

use crate::card::{self, Role};
use handbook_text::did_you_mean;

/// A demand on the node that a constraint comment belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Code may be in any language.
    Any,
    /// The node may be missing.
    Optional,
    /// It stands this many times, one after the other.
    Repeat(Counts),
    /// A pass can build it; missing, empty, a directive or a region will do.
    Derive(String),
    /// Nothing may stand in it that the template does not name.
    Closed,
    /// A table has this many rows.
    Rows(Counts),
    /// Its first placeholder gives way to what is known when a chapter is written.
    Fill(Known),
    /// No cell is empty, no section without a body.
    Filled,
    /// Every cell of a column starts with a text.
    Cell {
        /// The column's header.
        column: String,
        /// What its cells must hold.
        pattern: String,
    },
    /// It has this many words.
    Words(Counts),
    /// Every cell of a column names members of a set, and nothing else.
    CellIn {
        /// The column's header.
        column: String,
        /// The set's name.
        set: String,
    },
    /// It cites this many works.
    Cite(Counts),
    /// Each instance is a member of the set of this name.
    Define(String),
    /// Every member of a set is named in it.
    Covers(String),
    /// No row of a table says the same in all columns but its first.
    Distinct,
    /// Every item, or row, names a version, a setting or a date.
    Specific,
    /// Read aloud, it takes so many seconds.
    Spoken(Counts),
    /// It says how long the chapter takes; that makes so many words a minute.
    Pace(Counts),
    /// It is what a chapter's card is made of: its part in it, and the columns of a table that go
    /// there beside the first; none if all do.
    Card(Role, Vec<String>),
    /// Where it shows an algorithm, it states its bound, in symbols that the chapter explains.
    Bounds,
    /// How much it matters, from 0 to 3, of what is wrong here.
    Priority(u8),
}

/// What is known of a chapter that is about to be written, beside its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The chapter that it stands under in SUMMARY.
    Parent,
}

/// How many of something: `2..`, `..4`, `2..4` (both included), `3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// At least so many.
    pub min: usize,
    /// At most so many.
    pub max: Option<usize>,
}

/// What a comment can say: a constraint, or what concerns the template as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    Constraint(Constraint),
    Extends(String),
}

/// Why a demand is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its first word is unknown; the known one it may have meant.
    Unknown { word: String, meant: Option<&'static str> },
    /// Its first word is known, what follows is not what it takes.
    Malformed { word: &'static str, takes: &'static str },
}

/// The known words and what each takes.
const WORDS: &[(&str, &str)] = &[
    ("any", "nothing"),
    ("bounds", "nothing"),
    ("card", card::TAKES),
    ("cell", "a column and a text or set, as in `cell Time ~ O(` or `cell Choice in option`"),
    ("cite", "a count such as `1..`"),
    ("closed", "nothing"),
    ("covers", "the name of a set, as in `covers option`"),
    ("define", "the name of a set, as in `define option`"),
    ("derive", "the name of a block, as in `derive references`"),
    ("distinct", "nothing"),
    ("extends", "a file"),
    ("fill", "what is known of a new chapter: `parent`"),
    ("filled", "nothing"),
    ("optional", "nothing"),
    ("pace", "words a minute, such as `40..250`"),
    ("priority", "a number from 0 to 3"),
    ("repeat", "a count such as `2..`"),
    ("rows", "a count such as `1..`"),
    ("specific", "nothing"),
    ("spoken", "seconds, such as `20..35`"),
    ("words", "a count such as `50..200`"),
];

/// The words that a template's comments may start a demand with.
pub fn constraint_words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(word, _)| *word)
}

/// The demands in the text of one comment, after its `?`. They are separated by `;` or, up to a
/// `cell`, whose text may hold one, by `,`.
pub(crate) fn demands(text: &str) -> Vec<Result<Demand, Refusal>> {
    let mut demands = Vec::new();
    for mut rest in text.split(';') {
        while !rest.trim().is_empty() {
            let cell = rest.trim_start().starts_with("cell ");
            let end = if cell { rest.len() } else { rest.find(',').unwrap_or(rest.len()) };
            let piece = rest[..end].trim();
            if !piece.is_empty() {
                demands.push(demand(piece));
            }
            rest = rest[end..].strip_prefix(',').unwrap_or_default();
        }
    }
    demands
}

fn demand(text: &str) -> Result<Demand, Refusal> {
    let (word, args) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let args = args.trim();
    let Some((word, takes)) = WORDS.iter().find(|(known, _)| *known == word) else {
        let meant = did_you_mean(word, WORDS.iter().map(|(known, _)| *known));
        let meant = WORDS.iter().map(|(known, _)| *known).find(|known| Some(*known) == meant);
        return Err(Refusal::Unknown { word: word.to_owned(), meant });
    };
    let malformed = Refusal::Malformed { word, takes };
    let counts = || Counts::parse(args).ok_or(malformed.clone());
    let bare = |constraint| if args.is_empty() { Ok(constraint) } else { Err(malformed.clone()) };
    let one_word = !args.is_empty() && !args.contains(char::is_whitespace);
    Ok(Demand::Constraint(match *word {
        "any" => bare(Constraint::Any)?,
        "bounds" => bare(Constraint::Bounds)?,
        "card" => {
            let (role, columns) = card::parse(args).ok_or(malformed)?;
            Constraint::Card(role, columns)
        }
        "cell" => cell(args).ok_or(malformed)?,
        "cite" => Constraint::Cite(counts()?),
        "closed" => bare(Constraint::Closed)?,
        "covers" if one_word => Constraint::Covers(args.to_owned()),
        "define" if one_word => Constraint::Define(args.to_owned()),
        "derive" if one_word => Constraint::Derive(args.to_owned()),
        "distinct" => bare(Constraint::Distinct)?,
        "extends" if !args.is_empty() => return Ok(Demand::Extends(args.to_owned())),
        "fill" if args == "parent" => Constraint::Fill(Known::Parent),
        "filled" => bare(Constraint::Filled)?,
        "optional" => bare(Constraint::Optional)?,
        "pace" => Constraint::Pace(counts()?),
        "priority" => match args.parse() {
            Ok(number @ 0..=3) => Constraint::Priority(number),
            _ => return Err(malformed),
        },
        "repeat" => Constraint::Repeat(counts()?),
        "rows" => Constraint::Rows(counts()?),
        "specific" => bare(Constraint::Specific)?,
        "spoken" => Constraint::Spoken(counts()?),
        "words" => Constraint::Words(counts()?),
        _ => return Err(malformed),
    }))
}

/// What follows the word `cell`.
fn cell(args: &str) -> Option<Constraint> {
    let filled = |(column, rest): (&str, &str)| {
        let (column, rest) = (column.trim().to_owned(), rest.trim().to_owned());
        (!column.is_empty() && !rest.is_empty()).then_some((column, rest))
    };
    if args.contains('~') {
        let (column, pattern) = args.split_once('~').and_then(filled)?;
        return Some(Constraint::Cell { column, pattern });
    }
    let (column, set) = args.rsplit_once(" in ").and_then(filled)?;
    (!set.contains(char::is_whitespace)).then_some(Constraint::CellIn { column, set })
}

impl Counts {
    /// Whether `count` is allowed.
    pub fn contains(self, count: usize) -> bool {
        self.min <= count && self.max.is_none_or(|max| count <= max)
    }

    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let Some((min, max)) = text.split_once("..") else {
            let count = number(text)?;
            return Some(Self { min: count, max: Some(count) });
        };
        let min = if min.trim().is_empty() { 0 } else { number(min)? };
        let max = if max.trim().is_empty() { None } else { Some(number(max)?) };
        max.is_none_or(|max| min <= max).then_some(Self { min, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let all = demands(text).into_iter().map(|demand| match demand {
            Ok(demand) => format!("{demand:?}"),
            Err(Refusal::Unknown { word, meant }) => format!("{word}? {}", meant.unwrap_or("-")),
            Err(Refusal::Malformed { word, .. }) => format!("{word}!"),
        });
        all.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_read_one_after_the_other() {
        assert_eq!(
            demands("repeat 2.., cite ..3; cell Time ~ O(n, m; words 10..20"),
            [
                Ok(Demand::Constraint(Constraint::Repeat(Counts { min: 2, max: None }))),
                Ok(Demand::Constraint(Constraint::Cite(Counts { min: 0, max: Some(3) }))),
                Ok(Demand::Constraint(Constraint::Cell {
                    column: "Time".to_owned(),
                    pattern: "O(n, m".to_owned()
                })),
                Ok(Demand::Constraint(Constraint::Words(Counts { min: 10, max: Some(20) }))),
            ]
        );
        assert_eq!(demands("extends base.md"), [Ok(Demand::Extends("base.md".to_owned()))]);
    }

    #[test]
    fn what_is_unknown_or_malformed_is_said() {
        assert_eq!(read("optonal, xyzzy"), "optonal? optional xyzzy? -");
        assert_eq!(
            read("rows; rows x; rows 3..1; derive; derive a b"),
            "rows! rows! rows! derive! derive!"
        );
        assert_eq!(
            read("closed now; cell Time; cell ~ x; extends"),
            "closed! cell! cell! extends!"
        );
        assert_eq!(read(" , ;; "), "");
    }

    #[test]
    fn every_known_word_is_sorted_and_read() {
        assert!(WORDS.is_sorted());
        for (word, _) in WORDS {
            assert!(!read(word).contains('?'), "{word}");
        }
    }
}
