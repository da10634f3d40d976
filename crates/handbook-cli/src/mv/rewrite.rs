//! The links and includes of one text, when a chapter goes elsewhere.

use anyhow::bail;
use handbook_book::{Address, Book, ChapterId, Document, Span, Target, between, decoded, encoded};
use handbook_engine::normalised;
use handbook_text::{Edit, EditSet, Expanded, include};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A chapter that moves. All paths are below the source folder.
#[derive(Debug)]
pub(crate) struct Move<'a> {
    pub(crate) book: &'a Book,
    pub(crate) chapter: ChapterId,
    pub(crate) old: &'a Path,
    pub(crate) new: &'a Path,
}

/// Anchors of a chapter that have other names.
#[derive(Debug)]
pub(crate) struct Renamed<'a> {
    pub(crate) book: &'a Book,
    pub(crate) chapter: ChapterId,
    pub(crate) anchors: &'a BTreeMap<String, String>,
}

/// Where the addresses of links are written in a text, with what they say.
pub(super) fn addresses(document: &Document) -> Vec<(Span, &str)> {
    let links = document.links.iter();
    let links = links.filter_map(|link| Some((link.address()?, link.destination.as_str())));
    let html = document.html_links.iter().map(|link| (link.span, link.destination.as_str()));
    let mut all: Vec<_> = links.chain(html).collect();
    // A definition is the address of many links.
    all.sort_unstable();
    all.dedup();
    all
}

/// The span of a written address in two: what stands in front of `?` or `#`, and what behind `#`.
fn parts(document: &Document, address: Span) -> (Span, Option<Span>) {
    let text = document.slice(address);
    let at = |offset: usize| address.start() + offset;
    let path = text.find(['?', '#']).unwrap_or(text.len());
    let fragment = text.find('#').map(|hash| Span::new(at(hash + 1), address.end()));
    (Span::new(at(0), at(path)), fragment)
}

impl Move<'_> {
    /// The text of the chapter `from` afterwards.
    ///
    /// # Errors
    ///
    /// If it includes the chapter, and mdBook cannot include a file of that name.
    pub(crate) fn text(&self, from: ChapterId, document: &Document) -> anyhow::Result<String> {
        let links = addresses(document).into_iter();
        let links =
            links.filter_map(|(span, destination)| self.link(from, document, span, destination));
        let includes = self.includes(from, &document.text);
        if let Some(name) = unread(&document.text, &includes) {
            let file = self.book[from].path.display();
            bail!(
                "`{file}` includes `{name}`, which mdBook cannot read; choose a name without blanks, colons and braces"
            );
        }
        Ok(EditSet::first_come(links.chain(includes)).0.apply(&document.text))
    }

    /// The path of a chapter's file afterwards.
    fn path_of(&self, chapter: ChapterId) -> &Path {
        if chapter == self.chapter { self.new } else { &self.book[chapter].path }
    }

    /// The edit that a link of the chapter `from` needs, whose address stands at `span`.
    pub(crate) fn link(
        &self,
        from: ChapterId,
        document: &Document,
        span: Span,
        destination: &str,
    ) -> Option<Edit<Expanded>> {
        let (path, _) = parts(document, span);
        let written = decoded(&Address::of_page(destination).path.replace('\\', "/"));
        if written.is_empty() {
            return None;
        }
        let leads_to = match self.book.target(from, destination) {
            Target::Web => return None,
            Target::Outside if written.starts_with('/') => return None,
            Target::Chapter { id, .. } if id == self.chapter => self.page(&written),
            _ if self.stays(from) => return None,
            _ => climbing(&self.book[from].path, &written),
        };
        let folder = if written.ends_with('/') && !is_markdown(&leads_to) { "/" } else { "" };
        let address = encoded(&self.between(from, &leads_to, &written));
        let address = if address.is_empty() { ".".to_owned() } else { address };
        let address = format!("{address}{folder}");
        (document.slice(path) != address).then(|| Edit::replace(path, address))
    }

    /// The path of `to` as a link in a chapter names it, with the `./` in front that `written` has.
    fn between(&self, from: ChapterId, to: &Path, written: &str) -> String {
        let path = between(self.path_of(from), to);
        let keeps = written.starts_with("./") && !path.starts_with("..") && !path.is_empty();
        if keeps { format!("./{path}") } else { path }
    }

    /// What a link to the chapter leads to afterwards: its page, as mdBook finds it, written with the
    /// ending that the link had.
    fn page(&self, written: &str) -> PathBuf {
        let is_readme =
            self.new.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
        let page =
            if is_readme { self.new.with_file_name("index.md") } else { self.new.to_owned() };
        if written.ends_with(".html") { page.with_extension("html") } else { page }
    }

    /// Whether what a chapter links to is found by the same paths afterwards.
    fn stays(&self, chapter: ChapterId) -> bool {
        chapter != self.chapter || self.old.parent() == self.new.parent()
    }

    /// The edits of `{{#include path}}` and its like, wherever they stand: mdBook obeys them in code
    /// too.
    fn includes(&self, from: ChapterId, text: &str) -> Vec<Edit<Expanded>> {
        let edit = |(place, path): (Range<usize>, &str)| {
            let leads_to = climbing(&self.book[from].path, path);
            let leads_to = match leads_to == self.old {
                true => self.new.to_owned(),
                false if self.stays(from) => return None,
                false => leads_to,
            };
            let address = self.between(from, &leads_to, path);
            let is_other = !path.is_empty() && address != path;
            is_other.then(|| Edit::replace(Span::new(place.start, place.end), address))
        };
        include::files(text).filter_map(edit).collect()
    }
}

/// What mdBook could not include under its new name.
fn unread(text: &str, includes: &[Edit<Expanded>]) -> Option<String> {
    let after = EditSet::first_come(includes.iter().cloned()).0.apply(text);
    let read: BTreeSet<&str> = include::files(&after).map(|(_, path)| path).collect();
    let mut names = includes.iter().map(|edit| &edit.replacement);
    names.find(|name| !read.contains(name.as_str())).cloned()
}

impl Renamed<'_> {
    /// The text of the chapter `from` afterwards.
    pub(crate) fn text(&self, from: ChapterId, document: &Document) -> String {
        let links = addresses(document).into_iter();
        let edits =
            links.filter_map(|(span, destination)| self.link(from, document, span, destination));
        EditSet::first_come(edits).0.apply(&document.text)
    }

    /// The edit that a link of the chapter `from` needs, whose address stands at `span`.
    pub(crate) fn link(
        &self,
        from: ChapterId,
        document: &Document,
        span: Span,
        destination: &str,
    ) -> Option<Edit<Expanded>> {
        let Target::Chapter { id, fragment: Some(fragment) } = self.book.target(from, destination)
        else {
            return None;
        };
        let (_, written) = parts(document, span);
        let new = self.anchors.get(&fragment).filter(|_| id == self.chapter)?;
        Some(Edit::replace(written?, encoded(new)))
    }
}

/// `address` seen from the file `from`, perhaps above the folder that both are below.
fn climbing(from: &Path, address: &str) -> PathBuf {
    normalised(&from.parent().unwrap_or(Path::new("")).join(address))
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md" || extension == "html")
}
