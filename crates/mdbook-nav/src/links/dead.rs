//! Links and images that lead nowhere, and where they may have led.

use super::outgoing::Outgoing;
use super::planned::Planned;
use super::site::{Folders, Lies, Site};
use crate::rules::{DEAD_ANCHOR, DEAD_LINK, MISSING_IMAGE};
use handbook_book::{
    Address, AnchorSource, Book, ChapterId, HostVersion, anchors, between, decoded, encoded,
};
use handbook_pass::{Context, Pages};
use handbook_text::{Budget, Expanded, Finding};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Judges links within the book.
pub(super) struct Dead<'a> {
    about: Context<'a>,
    pages: &'a Pages,
    site: &'a Site,
    folders: Folders<'a>,
    planned: &'a Planned,
    /// For each chapter all ids of its page; `None` if they are not known.
    ids: Vec<OnceCell<Option<BTreeSet<&'a str>>>>,
    /// The chapters that have an id.
    homes: OnceCell<BTreeMap<&'a str, Vec<ChapterId>>>,
    /// The files that somebody may have meant.
    files: OnceCell<Vec<String>>,
    /// Their places in that list, by name in lower case.
    called: OnceCell<BTreeMap<String, Vec<usize>>>,
    /// What was found to be meant by a path that is not there.
    meant: RefCell<BTreeMap<String, Option<(PathBuf, bool)>>>,
    /// How much may still be compared to find what is meant.
    budget: Budget,
}

impl<'a> Dead<'a> {
    pub(super) fn new(
        about: Context<'a>,
        pages: &'a Pages,
        site: &'a Site,
        planned: &'a Planned,
    ) -> Self {
        let ids = about.book.iter().map(|_| OnceCell::new()).collect();
        let (homes, files, called, meant, budget) = Default::default();
        let folders = site.folders(about.places);
        Self { about, pages, site, folders, planned, ids, homes, files, called, meant, budget }
    }

    /// The book.
    pub(super) fn book(&self) -> &'a Book {
        self.about.book
    }

    /// What is wrong with a link to a chapter.
    pub(super) fn chapter(
        &self,
        from: ChapterId,
        link: &Outgoing<'_>,
        address: &Address<'_>,
        to: ChapterId,
        fragment: Option<&str>,
    ) -> Option<Finding<Expanded>> {
        let book = self.about.book;
        if !book.is_page_of(to, from, address) {
            let page = book.page_path(to);
            let message = format!("mdBook calls this chapter's page `{}`", page.display());
            let meant = self.written(from, &page.with_extension("md"), address.fragment.as_deref());
            return Some(link.suggest(link.finding(&DEAD_LINK, message), &meant, true));
        }
        let raw = address.fragment.as_deref()?;
        let raw = raw.split(":~:").next().unwrap_or(raw);
        let fragment = fragment.filter(|_| !raw.is_empty() && !raw.eq_ignore_ascii_case("top"))?;
        let fragment = fragment.split(":~:").next().unwrap_or_default();
        let ids = self.ids(to)?;
        let page = book.page_path(to);
        if ids.contains(fragment) || ids.contains(raw) || self.site.redirects(&page, Some(raw)) {
            return None;
        }
        Some(self.dead_anchor(from, link, to, fragment))
    }

    fn dead_anchor(
        &self,
        from: ChapterId,
        link: &Outgoing<'_>,
        to: ChapterId,
        fragment: &str,
    ) -> Finding<Expanded> {
        let book = self.about.book;
        let place = book[to].path.display();
        let finding = link.finding(&DEAD_ANCHOR, format!("`{place}` has no `#{fragment}`"));
        let path = link.destination.split('#').next().unwrap_or_default();
        let ids = self.ids(to).into_iter().flatten().copied();
        if let Some((near, only)) = self.budget.nearest(fragment, ids) {
            return link.suggest(finding, &format!("{path}#{}", encoded(near)), only);
        }
        match self.homes().get(fragment).map(Vec::as_slice) {
            Some([home]) => {
                let meant =
                    self.written(from, &book.page_path(*home).with_extension("md"), Some(fragment));
                link.suggest(finding, &meant, true)
            }
            _ => finding.help("link to a heading that is there, by its id"),
        }
    }

    /// What is wrong with a link to anything else, `source` as it is written.
    pub(super) fn file(
        &self,
        from: ChapterId,
        link: &Outgoing<'_>,
        address: &Address<'_>,
        source: &Path,
    ) -> Option<Finding<Expanded>> {
        let page = address.page(&self.about.book.page_path(from))?;
        let lies = self.site.lies(&self.folders, &page, source)?;
        let rule = if link.image { &MISSING_IMAGE } else { &DEAD_LINK };
        let shown = source.display();
        let finding = |why: &str| link.finding(rule, format!("`{shown}` {why}"));
        let fragment = address.fragment.as_deref();
        match lies {
            Lies::There => None,
            Lies::Unlisted => {
                let finding = finding("is no chapter, so it has no page");
                Some(finding.help("name it in SUMMARY.md"))
            }
            Lies::Otherwise(name) => {
                let meant = self.written(from, &page.with_file_name(&name), fragment);
                let finding = finding(&format!("is not there, only `{name}`"));
                Some(link.suggest(finding, &meant, true))
            }
            Lies::Nowhere => {
                Some(self.nowhere(from, link, finding("is not there"), source, fragment))
            }
        }
    }

    fn nowhere(
        &self,
        from: ChapterId,
        link: &Outgoing<'_>,
        finding: Finding<Expanded>,
        source: &Path,
        fragment: Option<&str>,
    ) -> Finding<Expanded> {
        match self.meant(link, source) {
            Some((near, only)) => {
                link.suggest(finding, &self.written(from, &near, fragment), only)
            }
            None if source.to_string_lossy().starts_with("www.") => {
                finding.help(format!("did you mean `https://{}`?", link.destination))
            }
            None if link.image => finding.help("add the file, or correct the address"),
            None => finding.help("correct the address, or write the chapter; what is only planned goes into `planned`"),
        }
    }

    /// The file that may be meant, and whether no other may be: of the same name elsewhere, or of
    /// nearly the same.
    fn meant(&self, link: &Outgoing<'_>, source: &Path) -> Option<(PathBuf, bool)> {
        let shown = source.to_string_lossy().replace('\\', "/");
        if link.image {
            let folder = self.folders.at(source.parent()?)??;
            let name = source.file_name()?.to_string_lossy();
            let names = folder.names.iter().map(String::as_str);
            let (near, only) = self.budget.nearest(&name, names)?;
            return Some((source.with_file_name(near), only));
        }
        let shown = match shown.strip_suffix(".html") {
            Some(stem) => format!("{stem}.md"),
            None => shown,
        };
        // Looking through all files takes long, and many links lead to one that has gone.
        let mut known = self.meant.borrow_mut();
        known.entry(shown).or_insert_with_key(|shown| self.meant_by(shown)).clone()
    }

    fn meant_by(&self, shown: &str) -> Option<(PathBuf, bool)> {
        let files = self.files();
        if let Some(same) = self.called().get(&name(shown)) {
            return Some((files.get(*same.first()?)?.into(), same.len() == 1));
        }
        let (near, only) = self.budget.nearest(shown, files.iter().map(String::as_str))?;
        Some((near.into(), only))
    }

    fn called(&self) -> &BTreeMap<String, Vec<usize>> {
        self.called.get_or_init(|| {
            let mut called: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (index, file) in self.files().iter().enumerate() {
                called.entry(name(file)).or_default().push(index);
            }
            called
        })
    }

    /// An address for `path` below the source folder in a link of the chapter `from`.
    fn written(&self, from: ChapterId, path: &Path, fragment: Option<&str>) -> String {
        let address = encoded(&between(&self.about.book.page_path(from), path));
        match fragment {
            Some(fragment) => format!("{address}#{}", encoded(&decoded(fragment))),
            None => address,
        }
    }

    fn ids(&self, chapter: ChapterId) -> Option<&BTreeSet<&'a str>> {
        let known = self.ids.get(chapter.0)?.get_or_init(|| {
            let anchors = self.pages.anchors.get(chapter.0)?.as_deref()?;
            let others = self.pages.ids.get(chapter.0).into_iter().flatten();
            let left_out = self.left_out(chapter);
            let anchors = anchors.iter().filter(|anchor| !left_out.contains(*anchor));
            Some(anchors.chain(others).map(String::as_str).collect())
        });
        known.as_ref()
    }

    /// The anchors that a page would have if it left nothing out. Since 0.5, what is left out
    /// counts where others are numbered.
    fn left_out(&self, chapter: ChapterId) -> BTreeSet<String> {
        let book = self.about.book;
        let document = &book[chapter].document;
        if document.unshown.is_empty() {
            return BTreeSet::new();
        }
        let anchors = |sources: &[&AnchorSource]| {
            let texts = sources.iter().map(|it| (it.explicit.as_deref(), it.text.as_str()));
            anchors(texts, book.host.version)
        };
        let is_shown = |source: &&AnchorSource| document.shows(source.span);
        let all: Vec<_> = document.anchor_sources.iter().collect();
        let shown: Vec<_> = all.iter().copied().filter(is_shown).collect();
        let left: BTreeSet<String> = match book.host.version {
            HostVersion::V0_4 => anchors(&shown).into_iter().collect(),
            HostVersion::V0_5 => {
                let numbered = anchors(&all).into_iter().zip(&all);
                numbered.filter(|(_, source)| is_shown(source)).map(|(anchor, _)| anchor).collect()
            }
        };
        anchors(&all).into_iter().filter(|anchor| !left.contains(anchor)).collect()
    }

    fn homes(&self) -> &BTreeMap<&'a str, Vec<ChapterId>> {
        self.homes.get_or_init(|| {
            let mut homes: BTreeMap<&'a str, Vec<ChapterId>> = BTreeMap::new();
            for (id, _) in self.about.book.iter() {
                for anchor in self.ids(id).into_iter().flatten() {
                    homes.entry(anchor).or_default().push(id);
                }
            }
            homes
        })
    }

    fn files(&self) -> &[String] {
        self.files.get_or_init(|| {
            // Pages, because a link to README.md would miss its page.
            let chapters = self.about.book.iter();
            let chapters =
                chapters.map(|(id, _)| self.about.book.page_path(id).with_extension("md"));
            let planned = self.planned.paths().map(Path::to_owned);
            let shown = |path: PathBuf| path.to_string_lossy().replace('\\', "/");
            chapters.chain(planned).map(shown).collect()
        })
    }
}

/// What a path's file is called, in lower case.
fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}
