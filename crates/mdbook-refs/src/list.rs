//! The list of references of a chapter, and the bibliography of the book.

use crate::bibliography::{Bibliography, Half, Work};
use crate::citing::{Cited, Listed};
use crate::html::{self, Nothing, escaped};
use crate::ids;
use crate::settings::Words;
use handbook_book::{Book, Chapter, ChapterId, Document, NodeKind};
use handbook_pass::{Slot, SlotState};
use std::collections::BTreeMap;
use std::path::Path;

/// What lists are made from.
#[derive(Clone, Copy)]
pub(crate) struct Lists<'a> {
    pub(crate) bibliography: &'a Bibliography,
    pub(crate) words: &'a Words,
}

/// The items of the book's bibliography by title, each title's in order.
struct Parts<'a>(Vec<(&'a str, Vec<String>)>);

impl Lists<'_> {
    /// The references of `chapter`, with headings of `level` above each half.
    pub(crate) fn of_chapter(self, chapter: &Chapter, listed: &[Listed], level: usize) -> String {
        let halves = [
            (self.words.academic.as_str(), Half::Academic),
            (self.words.production.as_str(), Half::Production),
        ];
        let parts = halves.into_iter().map(|(title, half)| {
            let items = listed.iter().filter(|one| self.bibliography.works[one.work].half == half);
            (title, items.map(|one| self.chapter_item(chapter, one)).collect())
        });
        Parts(parts.collect()).markdown(level)
    }

    /// All works of the book, seen from `chapter`: those cited in two halves, then the others.
    pub(crate) fn of_book(
        self,
        book: &Book,
        chapter: ChapterId,
        cited: &Cited,
        listed: &[Listed],
        level: usize,
    ) -> String {
        let citing = cited.citing();
        let by_name = chapters_by_name(book);
        let in_part = |part: Option<Half>| {
            let belonging = listed.iter().filter(|one| {
                let half = self.bibliography.works[one.work].half;
                citing.contains_key(&one.work).then_some(half) == part
            });
            let items = belonging.map(|one| {
                let citing = citing.get(&one.work).map_or(&[][..], Vec::as_slice);
                self.book_item(book, &book[chapter], one, citing, &by_name)
            });
            items.collect::<Vec<_>>()
        };
        Parts(vec![
            (&self.words.academic, in_part(Some(Half::Academic))),
            (&self.words.production, in_part(Some(Half::Production))),
            (&self.words.uncited, in_part(None)),
        ])
        .markdown(level)
    }

    fn chapter_item(self, chapter: &Chapter, listed: &Listed) -> String {
        let work = &self.bibliography.works[listed.work];
        let mut label = String::new();
        html::write(listed.label.as_slice(), &mut Nothing, &mut label);
        if !label.is_empty() {
            label.push(' ');
        }
        let id = ids::listed(&chapter.path, &work.key);
        let text = format!("<span id=\"{id}\">{label}{}</span>", printed(work, listed));
        let back = escaped(&self.words.back);
        let links = (1..=listed.places).map(|place| {
            let jump = html::jump(&ids::cited(&chapter.path, &work.key, place));
            let number = if listed.places > 1 { place.to_string() } else { String::new() };
            format!(" <a {jump} aria-label=\"{back} {place}\">↩{number}</a>")
        });
        format!("- {text}{}{}", covers(work), links.collect::<String>())
    }

    fn book_item(
        self,
        book: &Book,
        chapter: &Chapter,
        listed: &Listed,
        citing: &[ChapterId],
        by_name: &BTreeMap<String, ChapterId>,
    ) -> String {
        let work = &self.bibliography.works[listed.work];
        let link = |id: &ChapterId| link(&chapter.path, &book[*id]);
        let cited_in: Vec<String> = citing.iter().map(link).collect();
        let others = work.keywords.iter().filter_map(|word| match by_name.get(word) {
            Some(id) if citing.contains(id) => None,
            Some(id) => Some(link(id)),
            None => Some(escaped(word)),
        });
        let others: Vec<String> = others.collect();
        let said = [(&self.words.cited_in, cited_in), (&self.words.relevant_for, others)];
        let said = said.into_iter().filter(|(_, names)| !names.is_empty());
        let said = said.map(|(words, names)| format!(" {}: {}.", escaped(words), names.join(", ")));
        let (id, text) = (ids::of_book(&work.key), printed(work, listed));
        format!("- <span id=\"{id}\">{text}</span>{}{}", covers(work), said.collect::<String>())
    }
}

impl Parts<'_> {
    /// The parts that hold anything, each under its title.
    fn markdown(self, level: usize) -> String {
        let marks = "#".repeat(level);
        let parts = self.0.into_iter().filter(|(_, items)| !items.is_empty());
        let parts = parts
            .map(|(title, items)| format!("{marks} {}\n\n{}", escaped(title), items.join("\n")));
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

/// The level of headings inside the section where a slot stands.
pub(crate) fn level(document: &Document, slot: &Slot) -> usize {
    let at = match &slot.state {
        SlotState::Missing(gap) if !gap.heading.trim().is_empty() => {
            let marks = gap.heading.trim().chars().take_while(|ch| *ch == '#').count();
            return (marks + 1).min(6);
        }
        SlotState::Missing(gap) => gap.at,
        SlotState::Directive { span, .. } | SlotState::Written { span } => span.start(),
        SlotState::Region { body } => body.start(),
    };
    let levels = document.root.walk().filter_map(|node| match &node.kind {
        NodeKind::Section(heading) if node.span.start() < at && at <= node.span.end() => {
            Some(usize::from(heading.level))
        }
        _ => None,
    });
    // Sections that end where the slot stands hold it: the one that starts last is innermost.
    (levels.last().unwrap_or(1) + 1).min(6)
}

/// A work as its style prints it, with a link to where it can be read.
fn printed(work: &Work, listed: &Listed) -> String {
    let mut text = String::new();
    html::write(&listed.text, &mut Nothing, &mut text);
    if html::has_link(&listed.text) {
        return text;
    }
    let doi = work.entry.doi().map(|doi| (format!("https://doi.org/{doi}"), format!("doi:{doi}")));
    let url = work.entry.url_any().map(|url| url.value.to_string());
    if let Some((url, shown)) = doi.or_else(|| url.map(|url| (url.clone(), url))) {
        text.push(' ');
        html::link(&url, &escaped(&shown), &mut text);
    }
    text
}

fn covers(work: &Work) -> String {
    let covers =
        work.covers.as_deref().map(|text| format!(" — {}.", escaped(text.trim_end_matches('.'))));
    covers.unwrap_or_default()
}

/// The chapters by the names of their files, without ending.
fn chapters_by_name(book: &Book) -> BTreeMap<String, ChapterId> {
    let name = |chapter: &Chapter| Some(chapter.path.file_stem()?.to_str()?.to_owned());
    book.iter().filter_map(|(id, chapter)| Some((name(chapter)?, id))).collect()
}

/// A link from a page to a chapter.
fn link(from: &Path, to: &Chapter) -> String {
    let up = from.parent().map_or(0, |folder| folder.components().count());
    let path = to.path.to_string_lossy().replace('\\', "/");
    let path: String = path.chars().map(address).collect();
    format!("[{}](<{}{path}>)", escaped(&to.name), "../".repeat(up))
}

/// A character as it stands in the address of a link.
fn address(ch: char) -> String {
    if "<>%\\&*_[]`|#?".contains(ch) && ch != '_' {
        format!("%{:02X}", u32::from(ch))
    } else {
        ch.to_string()
    }
}
