//! How many changes were noticed.

use super::mutator::Change;
use crate::snippet::SnippetId;
use handbook_book::Span;
use serde::Serialize;
use std::ops::AddAssign;

/// What came of changing a book's code.
#[derive(Clone, Debug)]
pub enum Mutations {
    /// Nothing was changed: what the book says of these snippets does not hold as it is, so that
    /// nothing could be noticed. Their places and names.
    Unfit(Vec<String>),
    /// Changes were tried.
    Tried(Tried),
}

/// The changes that were tried.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// The chapters with changes that were tried, in reading order.
    pub chapters: Vec<ChapterScore>,
    /// How many changes there are, of which a sample may have been tried.
    pub all: usize,
    /// How many were tried.
    pub tried: usize,
    /// How many their authors have left out.
    pub left_out: usize,
    /// Those that nobody noticed.
    pub(crate) survivors: Vec<Survivor>,
    /// Snippets that could not be read, and were not changed.
    pub(crate) unread: Vec<SnippetId>,
}

/// The score of a chapter. As JSON, this is an entry of `handbook mutate --format json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChapterScore {
    /// The chapter, below the source folder.
    pub chapter: String,
    /// The counts.
    #[serde(flatten)]
    pub score: Score,
}

/// Counts of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Those that were noticed.
    pub noticed: usize,
    /// Of these, those that were noticed because time ran out.
    pub timed_out: usize,
    /// Those that were not.
    pub survived: usize,
    /// Those that do not compile, which count for nothing.
    pub not_viable: usize,
    /// Those without a verdict, because a compiler failed; they count for nothing.
    pub unknown: usize,
}

/// A change that nobody noticed.
#[derive(Clone, Debug)]
pub(crate) struct Survivor {
    pub(crate) snippet: SnippetId,
    /// The place in the chapter's text.
    pub(crate) span: Span,
    /// What stands there.
    pub(crate) before: String,
    /// What may stand there instead.
    pub(crate) after: String,
}

/// A change and where it is made.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    pub(super) change: Change,
    /// The place of its subject.
    pub(super) subject: usize,
}

/// What became of a change. Of several witnesses the greatest counts: it is noticed if any of them
/// notices it, and not viable only if none of them compiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    NotViable,
    Survived,
    Unknown,
    Noticed,
    TimedOut,
}

impl Score {
    pub(super) fn count(&mut self, fate: Fate) {
        *match fate {
            Fate::Survived => &mut self.survived,
            Fate::Noticed => &mut self.noticed,
            Fate::TimedOut => {
                self.timed_out += 1;
                &mut self.noticed
            }
            Fate::Unknown => &mut self.unknown,
            Fate::NotViable => &mut self.not_viable,
        } += 1;
    }

    /// How many changes count.
    pub fn total(&self) -> usize {
        self.noticed + self.survived
    }

    /// The share of changes that were noticed, in percent; `None` if no change counts.
    pub fn percent(&self) -> Option<f64> {
        (self.total() > 0).then(|| 100.0 * self.noticed as f64 / self.total() as f64)
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.noticed += other.noticed;
        self.timed_out += other.timed_out;
        self.survived += other.survived;
        self.not_viable += other.not_viable;
        self.unknown += other.unknown;
    }
}

impl Tried {
    /// The score of all chapters together.
    pub fn score(&self) -> Score {
        let mut all = Score::default();
        self.chapters.iter().for_each(|chapter| all += chapter.score);
        all
    }
}
