use handbook_book::ChapterId;
use handbook_text::{Expanded, Finding};

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
