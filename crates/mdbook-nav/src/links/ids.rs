//! The ids of finished pages.

use handbook_book::{AnchorSource, Book, ChapterId, HostVersion, anchors};
use handbook_pass::Pages;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// The ids of all pages, each looked through once.
pub(crate) struct Ids<'a> {
    book: &'a Book,
    pages: &'a Pages,
    /// For each chapter all ids of its page; `None` if they are not known.
    known: Vec<OnceCell<Option<BTreeSet<&'a str>>>>,
    /// The chapters that have an id.
    homes: OnceCell<BTreeMap<&'a str, Vec<ChapterId>>>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(book: &'a Book, pages: &'a Pages) -> Self {
        let known = book.iter().map(|_| OnceCell::new()).collect();
        Self { book, pages, known, homes: OnceCell::new() }
    }

    /// The ids of a chapter's page; `None` if they are not known.
    pub(crate) fn of(&self, chapter: ChapterId) -> Option<&BTreeSet<&'a str>> {
        let known = self.known.get(chapter.0)?.get_or_init(|| {
            let anchors = self.pages.anchors.get(chapter.0)?.as_deref()?;
            let others = self.pages.ids.get(chapter.0).into_iter().flatten();
            let left_out = self.left_out(chapter);
            let anchors = anchors.iter().filter(|anchor| !left_out.contains(*anchor));
            Some(anchors.chain(others).map(String::as_str).collect())
        });
        known.as_ref()
    }

    /// The only chapter whose page has an id.
    pub(super) fn home(&self, id: &str) -> Option<ChapterId> {
        let homes = self.homes.get_or_init(|| {
            let mut homes: BTreeMap<&'a str, Vec<ChapterId>> = BTreeMap::new();
            for (chapter, _) in self.book.iter() {
                for id in self.of(chapter).into_iter().flatten() {
                    homes.entry(id).or_default().push(chapter);
                }
            }
            homes
        });
        match homes.get(id).map(Vec::as_slice) {
            Some([home]) => Some(*home),
            _ => None,
        }
    }

    /// The anchors that a page would have if it left nothing out. Since 0.5, what is left out
    /// counts where others are numbered.
    fn left_out(&self, chapter: ChapterId) -> BTreeSet<String> {
        let book = self.book;
        let document = &book[chapter].document;
        if document.unshown.is_empty() {
            return BTreeSet::new();
        }
        let version = book.host.version;
        let sources = &document.anchor_sources;
        let all = document.anchors(version);
        let is_shown = |source: &AnchorSource| document.shows(source.span);
        let left: BTreeSet<String> = match version {
            HostVersion::V0_4 => {
                let shown = sources.iter().filter(|source| is_shown(source));
                let texts = shown.map(|it| (it.explicit.as_deref(), it.text.as_str()));
                anchors(texts, version).into_iter().collect()
            }
            HostVersion::V0_5 => {
                let numbered = all.iter().zip(sources);
                let shown = numbered.filter(|(_, source)| is_shown(source));
                shown.map(|(anchor, _)| anchor.clone()).collect()
            }
        };
        all.into_iter().filter(|anchor| !left.contains(anchor)).collect()
    }
}
