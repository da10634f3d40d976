//! The list of a book's chapters, as far as another one can be put in it.

use handbook_book::{Document, Host, HostVersion, Link, Node, NodeKind, Span};
use handbook_book::{add_item, add_nested_item, indentations, is_list, slashed};
use handbook_engine::normalised;
use handbook_text::{Edit, EditSet, Expanded};
use mdbook_summary::SummaryItem;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The text of a SUMMARY.md, and what mdBook reads in it.
#[derive(Clone, Debug)]
pub struct Summary {
    text: String,
    lines: Vec<Line>,
}

/// A chapter that SUMMARY names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name there; Markdown in a chapter that is to be added.
    pub name: String,
    /// Its file below the source folder, without `.` and `..`; `None` for a draft.
    pub path: Option<PathBuf>,
}

/// A chapter that SUMMARY names without a file, `[Name]()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which line it is.
    at: usize,
    /// The file of the chapter that it stands under.
    pub parent: Option<PathBuf>,
}

/// Why a chapter cannot be put into SUMMARY.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NotAdded {
    /// Chapters before the numbered ones and behind them have none under them.
    #[error("only numbered chapters can have chapters under them")]
    Unnumbered,
    /// What mdBook would read there is not what was meant.
    #[error("mdBook would read that otherwise; write the line where it belongs, and try again")]
    NoPlace,
}

/// What mdBook reads, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    section: Section,
    /// How many chapters it stands under.
    depth: usize,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Prefix,
    Numbered,
    Suffix,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Chapter(Entry),
    Separator,
    Part(String),
}

impl Summary {
    /// Reads the text of a SUMMARY.md.
    ///
    /// # Errors
    ///
    /// What mdBook's parser says of a text that it cannot read.
    pub fn read(text: &str) -> Result<Self, String> {
        let summary = mdbook_summary::parse_summary(text).map_err(|error| format!("{error:#}"))?;
        let mut lines = Vec::new();
        for (section, items) in [
            (Section::Prefix, &summary.prefix_chapters),
            (Section::Numbered, &summary.numbered_chapters),
            (Section::Suffix, &summary.suffix_chapters),
        ] {
            items.iter().for_each(|item| read(item, section, 0, &mut lines));
        }
        Ok(Self { text: text.to_owned(), lines })
    }

    /// All chapters, in order.
    pub fn chapters(&self) -> impl Iterator<Item = &Entry> {
        self.lines.iter().filter_map(Line::chapter)
    }

    /// The chapter with this file.
    pub fn chapter(&self, path: &Path) -> Option<&Entry> {
        self.chapters().find(|entry| entry.path.as_deref() == Some(path))
    }

    /// The chapter that the one with this file stands under.
    pub fn parent(&self, path: &Path) -> Option<&Entry> {
        self.above(self.position(path)?)
    }

    /// The one draft with one of these names; if a parent is given, under that.
    pub fn draft(&self, names: &[&str], parent: Option<&Path>) -> Option<Draft> {
        let is_meant = |(at, line): (usize, &Line)| {
            let entry = line.chapter().filter(|entry| entry.path.is_none())?;
            let is_named =
                names.iter().any(|name| name.to_lowercase() == entry.name.to_lowercase());
            let above = self.above(at).and_then(|entry| entry.path.clone());
            let stands_there = parent.is_none() || above.as_deref() == parent;
            (is_named && stands_there).then_some(Draft { at, parent: above })
        };
        let mut drafts = self.lines.iter().enumerate().filter_map(is_meant);
        drafts.next().filter(|_| drafts.next().is_none())
    }

    /// The text with the draft as a chapter in this file. All other bytes stay.
    ///
    /// # Errors
    ///
    /// If mdBook would not read the new text as the old one with this file.
    pub fn filled(&self, draft: &Draft, path: &Path) -> Result<String, NotAdded> {
        let is_draft = |line: &&Line| line.chapter().is_some_and(|entry| entry.path.is_none());
        let number = self.lines.iter().take(draft.at).filter(is_draft).count();
        let document = Document::parse(self.text.as_str(), Host::new(HostVersion::V0_4));
        let links = document.links.iter().filter(|link| link.destination.is_empty());
        let place = links.filter_map(Link::address).nth(number).ok_or(NotAdded::NoPlace)?;
        let text = EditSet::first_come([self.address(place, path)]).0.apply(&self.text);
        self.checked(text, |at, entry| {
            if at == draft.at {
                entry.path = Some(path.to_owned());
            }
        })
    }

    /// The chapters right under the one with the file `parent`; without one, the numbered chapters
    /// that stand under none.
    pub fn children(&self, parent: Option<&Path>) -> Vec<&Entry> {
        let (lines, depth) = match parent.map(|parent| self.position(parent)) {
            None => (&self.lines[..], 0),
            Some(None) => return Vec::new(),
            Some(Some(at)) => (&self.lines[at + 1..self.end(at)], self.lines[at].depth + 1),
        };
        let children = lines.iter();
        let children =
            children.filter(|line| line.depth == depth && line.section == Section::Numbered);
        children.filter_map(Line::chapter).collect()
    }

    /// The text with one more chapter: the last under `parent`, or the last of the numbered ones.
    /// All other bytes stay.
    ///
    /// # Errors
    ///
    /// If mdBook would not read the new text as the old one with this chapter.
    pub fn with(&self, entry: &Entry, parent: Option<&Path>) -> Result<String, NotAdded> {
        let (at, depth) = match parent {
            Some(parent) => {
                let at = self.position(parent).ok_or(NotAdded::NoPlace)?;
                if self.lines[at].section != Section::Numbered {
                    return Err(NotAdded::Unnumbered);
                }
                (self.end(at), self.lines[at].depth + 1)
            }
            None => (self.end_of_numbered(), 0),
        };
        let mut meant = self.lines.clone();
        let what = What::Chapter(entry.clone());
        meant.insert(at, Line { section: Section::Numbered, depth, what });

        let link = link(&entry.name, entry.path.as_deref());
        let edits = self.edits(&link, parent).into_iter();
        let mut texts = edits.map(|edit| EditSet::first_come([edit]).0.apply(&self.text));
        let fits = |text: &String| {
            let Ok(mut read) = Self::read(text) else { return false };
            // The name was given as Markdown, and is read as text.
            if let Some(Line { what: What::Chapter(new), .. }) = read.lines.get_mut(at) {
                new.name.clone_from(&entry.name);
            }
            read.lines == meant
        };
        texts.find(fits).ok_or(NotAdded::NoPlace)
    }

    /// The text with the chapter `old` in the file `new`. All other bytes stay.
    ///
    /// # Errors
    ///
    /// If mdBook would not read the new text as the old one with this file.
    pub fn moved(&self, old: &Path, new: &Path) -> Result<String, NotAdded> {
        let document = Document::parse(self.text.as_str(), Host::new(HostVersion::V0_4));
        let edit = |link: &Link| {
            let place = link.address().filter(|_| leads_to(&link.destination, old))?;
            Some(self.address(place, new))
        };
        let edits = document.links.iter().filter_map(edit);
        let text = EditSet::first_come(edits).0.apply(&self.text);
        self.checked(text, |_, entry| {
            if entry.path.as_deref() == Some(old) {
                entry.path = Some(new.to_owned());
            }
        })
    }

    /// The edit that writes a path where an address stands.
    fn address(&self, place: Span, path: &Path) -> Edit<Expanded> {
        let path = slashed(path);
        let is_angled = self.text[..place.start()].ends_with('<');
        let needs = path.contains([' ', '(', ')']);
        Edit::replace(place, if needs && !is_angled { format!("<{path}>") } else { path })
    }

    /// The text, if mdBook reads it as the old one in which the chapters were changed so.
    fn checked(
        &self,
        text: String,
        change: impl Fn(usize, &mut Entry),
    ) -> Result<String, NotAdded> {
        let mut meant = self.lines.clone();
        for (at, line) in meant.iter_mut().enumerate() {
            if let What::Chapter(entry) = &mut line.what {
                change(at, entry);
            }
        }
        let is_meant = meant != self.lines && Self::read(&text).is_ok_and(|it| it.lines == meant);
        if is_meant { Ok(text) } else { Err(NotAdded::NoPlace) }
    }

    /// The edits that may add `link`, the most natural first.
    fn edits(&self, link: &str, parent: Option<&Path>) -> Vec<Edit<Expanded>> {
        let document = Document::parse(self.text.as_str(), Host::new(HostVersion::V0_4));
        let Some(parent) = parent else {
            let mut lists = Vec::new();
            top_lists(&document.root, &mut lists);
            let last = lists.last().and_then(|list| add_item(&document, list, link));
            return vec![last.unwrap_or_else(|| first_list(&self.text, link))];
        };
        let items = document.root.walk().filter(|node| node.kind == NodeKind::Item);
        let mut items = items.filter(|item| links_to(&document, item, parent));
        let Some(item) = items.next() else { return Vec::new() };
        match item.children.iter().rfind(|node| is_list(node)) {
            Some(list) => add_item(&document, list, link).into_iter().collect(),
            None => {
                let steps = indentations(&document).into_iter().map(Some).chain([None]);
                steps.filter_map(|step| add_nested_item(&document, item, step, link)).collect()
            }
        }
    }

    /// The chapter that the one at `at` stands under.
    fn above(&self, at: usize) -> Option<&Entry> {
        let above = self.lines[..at].iter().rev();
        above.filter_map(|line| line.chapter().filter(|_| line.depth < self.lines[at].depth)).next()
    }

    fn position(&self, path: &Path) -> Option<usize> {
        let is_meant = |entry: &Entry| entry.path.as_deref() == Some(path);
        self.lines.iter().position(|line| line.chapter().is_some_and(is_meant))
    }

    /// Where a chapter goes behind all numbered ones.
    fn end_of_numbered(&self) -> usize {
        let is_numbered =
            |line: &Line| line.section == Section::Numbered && line.chapter().is_some();
        let is_before = |line: &Line| line.section != Section::Suffix;
        let last = self.lines.iter().rposition(is_numbered);
        last.or(self.lines.iter().rposition(is_before)).map_or(0, |at| at + 1)
    }

    /// Where that ends what stands under the chapter at `at`.
    fn end(&self, at: usize) -> usize {
        let under = |line: &&Line| line.depth > self.lines[at].depth;
        at + 1 + self.lines[at + 1..].iter().take_while(under).count()
    }
}

impl Line {
    fn chapter(&self) -> Option<&Entry> {
        match &self.what {
            What::Chapter(entry) => Some(entry),
            _ => None,
        }
    }
}

/// A link as Markdown.
pub fn link(name: &str, path: Option<&Path>) -> String {
    let path = path.map(slashed).unwrap_or_default();
    let is_plain = !path.contains([' ', '(', ')', '<', '>']);
    format!("[{name}]({})", if is_plain { path } else { format!("<{path}>") })
}

fn read(item: &SummaryItem, section: Section, depth: usize, lines: &mut Vec<Line>) {
    let what = match item {
        SummaryItem::Separator => What::Separator,
        SummaryItem::PartTitle(title) => What::Part(title.clone()),
        SummaryItem::Link(link) => {
            let path = link.location.as_deref().map(normalised);
            What::Chapter(Entry { name: link.name.clone(), path })
        }
        // What another mdBook may have beside these is nothing that a chapter could stand under.
        _ => return,
    };
    lines.push(Line { section, depth, what });
    if let SummaryItem::Link(link) = item {
        link.nested_items.iter().for_each(|item| read(item, section, depth + 1, lines));
    }
}

/// Lists that stand in no other block, in order.
fn top_lists<'d>(node: &'d Node, lists: &mut Vec<&'d Node>) {
    for child in &node.children {
        match child.kind {
            NodeKind::List { .. } => lists.push(child),
            NodeKind::Section(_) => top_lists(child, lists),
            _ => {}
        }
    }
}

/// Whether the text of an item starts with a link to `path`.
fn links_to(document: &Document, item: &Node, path: &Path) -> bool {
    let Some(text) = item.children.first() else { return false };
    let link = document.links.iter().find(|link| text.span.contains(link.span));
    link.is_some_and(|link| leads_to(&link.destination, path))
}

/// Whether mdBook takes the address of a link in SUMMARY for the file `path`.
fn leads_to(destination: &str, path: &Path) -> bool {
    normalised(Path::new(&destination.replace("%20", " "))) == path
}

/// The edit that gives a text without lists its first one.
fn first_list(text: &str, link: &str) -> Edit<Expanded> {
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let end = text.trim_end().len();
    let before = if end == 0 { "" } else { &format!("{ending}{ending}") };
    Edit::replace(Span::new(end, text.len()), format!("{before}- {link}{ending}"))
}

#[cfg(test)]
mod tests;
