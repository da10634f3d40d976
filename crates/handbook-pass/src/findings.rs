use handbook_book::{ChapterId, Span};
use handbook_text::{Expanded, Finding, Level};

/// Collects what rules report.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<Found>,
}

/// A finding and the chapter it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The chapter.
    pub chapter: ChapterId,
    /// What was found there.
    pub finding: Finding<Expanded>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Other chapters that it is just as much about: whoever asks for one of them hears of it.
    pub also_about: Vec<ChapterId>,
}

/// Another place that belongs to a finding, perhaps in another chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What it is, a few words: "the first is here".
    pub what: String,
    /// The chapter.
    pub chapter: ChapterId,
    /// The place in its text.
    pub span: Span,
}

impl Findings {
    /// Adds a finding about a chapter.
    pub fn push(&mut self, chapter: ChapterId, finding: Finding<Expanded>) {
        self.push_with(chapter, finding, Vec::new());
    }

    /// Adds a finding about a chapter, and the other places that belong to it.
    pub fn push_with(
        &mut self,
        chapter: ChapterId,
        finding: Finding<Expanded>,
        related: Vec<Related>,
    ) {
        self.add(Found { related, ..Found::new(chapter, finding) });
    }

    /// Adds a finding.
    pub fn add(&mut self, found: Found) {
        self.list.push(found);
    }

    /// Adds findings that were collected apart.
    pub fn append(&mut self, others: Self) {
        self.list.extend(others.list);
    }

    /// Makes information of all findings of the rules that `which` picks by id.
    pub fn soften(&mut self, which: impl Fn(&str) -> bool) {
        let softened = self.list.iter_mut().filter(|found| which(found.finding.rule));
        softened.for_each(|found| found.finding.level = Level::Info);
    }

    /// Keeps the findings that `keeps` says.
    pub fn retain(&mut self, keeps: impl FnMut(&Found) -> bool) {
        self.list.retain(keeps);
    }

    /// The findings in the order reported.
    pub fn iter(&self) -> impl Iterator<Item = &Found> {
        self.list.iter()
    }
}

impl Found {
    /// A finding about a chapter and nothing else.
    pub fn new(chapter: ChapterId, finding: Finding<Expanded>) -> Self {
        Self { chapter, finding, related: Vec::new(), also_about: Vec::new() }
    }
}

impl IntoIterator for Findings {
    type Item = Found;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
