//! The list of references of a chapter, and the bibliography of the book.

use crate::bibliography::{Bibliography, Half, Work};
use crate::citing::{Cited, Listed};
use crate::html::{self, Nothing, escaped};
use crate::ids;
use crate::settings::Words;
use handbook_book::{Book, Chapter, ChapterId, Document, NodeKind, Reader, slashed};
use handbook_pass::{Slot, SlotState};
use std::collections::BTreeMap;

/// What lists are made from.
#[derive(Clone, Copy)]
pub(crate) struct Lists<'a> {
    pub(crate) bibliography: &'a Bibliography,
    pub(crate) words: &'a Words,
}

/// A book's bibliography, as it is written for one of its chapters.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) book: &'a Book,
    /// The chapter where it stands.
    pub(crate) chapter: ChapterId,
    /// Who follows its links.
    pub(crate) reader: Reader,
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

    /// All works of the book: those cited in two halves, then the others.
    pub(crate) fn of_book(
        self,
        place: Place<'_>,
        cited: &Cited,
        listed: &[Listed],
        level: usize,
    ) -> String {
        let citing = cited.citing();
        let by_name = Names::of(place.book);
        let in_part = |part: Option<Half>| {
            let belonging = listed.iter().filter(|one| {
                let half = self.bibliography.works[one.work].half;
                citing.contains_key(&one.work).then_some(half) == part
            });
            let items = belonging.map(|one| {
                let citing = citing.get(&one.work).map_or(&[][..], Vec::as_slice);
                self.book_item(place, one, citing, &by_name)
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
        let text = format!("<span id=\"{id}\">{label}{}</span>", self.printed(work, listed));
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
        place: Place<'_>,
        listed: &Listed,
        citing: &[ChapterId],
        by_name: &Names,
    ) -> String {
        let work = &self.bibliography.works[listed.work];
        let cited_in: Vec<String> = citing.iter().map(|id| place.link(*id)).collect();
        let others = work.keywords.iter().filter_map(|word| match by_name.find(word) {
            Some(id) if citing.contains(&id) => None,
            Some(id) => Some(place.link(id)),
            None => Some(escaped(word)),
        });
        let others: Vec<String> = others.collect();
        let said = [(&self.words.cited_in, cited_in), (&self.words.relevant_for, others)];
        let said = said.into_iter().filter(|(_, names)| !names.is_empty());
        let said = said.map(|(words, names)| format!(" {}: {}.", escaped(words), names.join(", ")));
        let (id, text) = (ids::of_book(&work.key), self.printed(work, listed));
        format!("- <span id=\"{id}\">{text}</span>{}{}", covers(work), said.collect::<String>())
    }

    /// A work as its style prints it, with what styles leave out: a link to where it can be read,
    /// and its version.
    fn printed(self, work: &Work, listed: &Listed) -> String {
        let mut text = String::new();
        html::write(&listed.text, &mut Nothing, &mut text);
        let entry = &work.entry;
        let doi = entry.doi().map(|doi| (format!("https://doi.org/{doi}"), format!("doi:{doi}")));
        // No style has a variable for it.
        let arxiv = entry.arxiv().filter(|id| !text.contains(&escaped(id)));
        let arxiv = arxiv.map(|id| (format!("https://arxiv.org/abs/{id}"), format!("arXiv:{id}")));
        let url = entry.url_any().map(|url| url.value.to_string()).map(|url| (url.clone(), url));
        let read_at = if html::has_link(&listed.text) { arxiv } else { doi.or(arxiv).or(url) };
        if let Some((url, shown)) = read_at {
            text.push(' ');
            html::link(&url, &escaped(&shown), &mut text);
        }
        let version = entry.keyed_serial_number("version").map(escaped);
        if let Some(version) = version.filter(|version| !text.contains(version)) {
            text.push_str(&format!(" ({} {version})", escaped(&self.words.version)));
        }
        text
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

fn covers(work: &Work) -> String {
    let covers =
        work.covers.as_deref().map(|text| format!(" — {}.", escaped(text.trim_end_matches('.'))));
    covers.unwrap_or_default()
}

impl Place<'_> {
    /// A link to a chapter.
    fn link(self, to: ChapterId) -> String {
        let way = self.book.way(self.chapter, to, None, self.reader);
        format!("[{}]({way})", escaped(&self.book[to].name))
    }
}

/// The chapters by what keywords may call them.
struct Names {
    /// By path below the source folder, without the ending.
    paths: BTreeMap<String, ChapterId>,
    /// By the name of the file, without the ending; `None` if several have it.
    files: BTreeMap<String, Option<ChapterId>>,
}

impl Names {
    fn of(book: &Book) -> Self {
        let (mut paths, mut files) = (BTreeMap::new(), BTreeMap::new());
        for (id, chapter) in book.iter() {
            let path = without_ending(&slashed(&chapter.path)).to_owned();
            let file = path.rsplit('/').next().unwrap_or_default().to_owned();
            // A chapter that SUMMARY names twice is one chapter.
            if *paths.entry(path).or_insert(id) == id {
                files.entry(file).and_modify(|one| *one = None).or_insert(Some(id));
            }
        }
        Self { paths, files }
    }

    /// The chapter that a keyword names.
    fn find(&self, keyword: &str) -> Option<ChapterId> {
        let name = without_ending(keyword);
        self.paths.get(name).copied().or_else(|| self.files.get(name).copied().flatten())
    }
}

fn without_ending(path: &str) -> &str {
    path.strip_suffix(".md").unwrap_or(path)
}
