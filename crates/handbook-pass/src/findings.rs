use handbook_book::ChapterId;
use handbook_text::{Expanded, Finding, Level};

/// Collects what rules report, each finding with its chapter.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<(ChapterId, Finding<Expanded>)>,
}

impl Findings {
    /// Adds a finding about a chapter.
    pub fn push(&mut self, chapter: ChapterId, finding: Finding<Expanded>) {
        self.list.push((chapter, finding));
    }

    /// Makes information of all findings of the rules that `which` picks by id.
    pub fn soften(&mut self, which: impl Fn(&str) -> bool) {
        let softened = self.list.iter_mut().filter(|(_, finding)| which(finding.rule));
        softened.for_each(|(_, finding)| finding.level = Level::Info);
    }

    /// The findings in the order reported.
    pub fn iter(&self) -> impl Iterator<Item = &(ChapterId, Finding<Expanded>)> {
        self.list.iter()
    }
}

impl IntoIterator for Findings {
    type Item = (ChapterId, Finding<Expanded>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
