//! One work of a bibliography, and what the suite wants to know of it beyond what is printed.

use handbook_text::{Disk, Span, did_you_mean};
use hayagriva::Entry;
use hayagriva::types::EntryType;

/// The halves of a list of references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Half {
    /// What was published to be cited: papers, theses, books, standards.
    Academic,
    /// What describes a product as it is: manuals, source code, web pages.
    Production,
}

/// A work.
#[derive(Debug)]
pub(crate) struct Work {
    /// What it is cited by.
    pub(crate) key: String,
    /// What is printed of it.
    pub(crate) entry: Entry,
    /// The half of the list in which it stands.
    pub(crate) half: Half,
    /// What it covers, in the words of whoever keeps the bibliography.
    pub(crate) covers: Option<String>,
    /// The names of algorithms and systems that stand for it.
    pub(crate) eponyms: Vec<String>,
    /// What it is relevant for: names of chapters, or any words.
    pub(crate) keywords: Vec<String>,
    /// Its DOI as written, and where that stands.
    pub(crate) doi: Option<(String, Span<Disk>)>,
    /// Whether it says of which version or date it is.
    pub(crate) dated: bool,
    /// The place of its file in [`super::Bibliography::files`].
    pub(crate) file: usize,
    /// Where its key stands there.
    pub(crate) at: Span<Disk>,
}

/// What an entry says in fields that only the suite reads.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    pub(super) covers: Option<String>,
    pub(super) half: Option<Half>,
    pub(super) eponyms: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) doi: Option<(String, Span<Disk>)>,
    pub(super) version: bool,
}

impl Half {
    /// The names by which an entry says in which half it stands.
    const NAMES: [(&str, Self); 2] =
        [("academic", Self::Academic), ("production", Self::Production)];

    /// The half that an entry names. Others use the same field for words of their own.
    ///
    /// # Errors
    ///
    /// The name that may be meant.
    pub(super) fn named(name: &str) -> Result<Option<Self>, &'static str> {
        let name = name.trim().to_lowercase();
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        match known {
            Some((_, half)) => Ok(Some(*half)),
            None => did_you_mean(&name, Self::NAMES.iter().map(|(known, _)| *known))
                .map_or(Ok(None), Err),
        }
    }

    /// The half in which works like `entry` stand, unless they say otherwise.
    fn of(entry: &Entry) -> Self {
        use EntryType::{
            Anthology, Anthos, Article, Book, Chapter, Conference, Entry as Part, Manuscript, Misc,
            Patent, Periodical, Proceedings, Report, Thesis,
        };
        let is_online = |parent: &Entry| {
            matches!(parent.entry_type(), EntryType::Blog | EntryType::Web | EntryType::Newspaper)
        };
        match entry.entry_type() {
            _ if entry.parents().iter().any(is_online) => Self::Production,
            Article | Chapter | Part | Anthos | Report | Thesis | Manuscript | Periodical
            | Proceedings | Book | Conference | Anthology | Patent => Self::Academic,
            // Preprints have no type of their own.
            Misc if entry.arxiv().is_some() || entry.doi().is_some() => Self::Academic,
            _ => Self::Production,
        }
    }
}

impl Work {
    pub(super) fn new(entry: Entry, remarks: Remarks, at: Span<Disk>) -> Self {
        Self {
            key: entry.key().to_owned(),
            half: remarks.half.unwrap_or_else(|| Half::of(&entry)),
            dated: remarks.version || entry.date_any().is_some() || accessed(&entry),
            covers: remarks.covers.filter(|covers| !covers.trim().is_empty()),
            eponyms: remarks.eponyms,
            keywords: remarks.keywords,
            doi: remarks.doi,
            file: 0,
            at,
            entry,
        }
    }

    /// The title as plain text.
    pub(crate) fn title(&self) -> String {
        self.entry.title().map(|title| title.value.to_string()).unwrap_or_default()
    }

    /// What a list is sorted by whose style does not say: who wrote it, when, and its title.
    pub(crate) fn order(&self) -> (String, Option<i32>, String) {
        let people = self.entry.authors().or_else(|| self.entry.editors()).unwrap_or_default();
        let names: Vec<String> = people.iter().map(|person| person.name.to_lowercase()).collect();
        (names.join(" "), self.entry.date_any().map(|date| date.year), self.title().to_lowercase())
    }

    /// Whether it says by whom it is.
    pub(crate) fn has_author(&self) -> bool {
        let entry = &self.entry;
        let people = [entry.authors(), entry.editors()];
        people.iter().flatten().any(|people| !people.is_empty())
            || entry.organization().is_some()
            || self.half == Half::Production && entry.publisher().is_some()
    }

    /// Whether it says where it was published.
    pub(crate) fn has_venue(&self) -> bool {
        let prints = |entry: &Entry| {
            entry.publisher().is_some() || entry.organization().is_some() || entry.arxiv().is_some()
        };
        let holds = |parent: &Entry| parent.title().is_some() || prints(parent);
        prints(&self.entry)
            || self.entry.parents().iter().any(holds)
            || self.half == Half::Production && self.entry.url().is_some()
    }
}

/// Whether the entry says when its page was looked at.
fn accessed(entry: &Entry) -> bool {
    entry.url_any().is_some_and(|url| url.visit_date.is_some())
}

/// The parts of a list that commas or semicolons separate.
pub(super) fn listed(text: &str) -> Vec<String> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}
