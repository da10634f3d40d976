//! What each chapter cites, rendered: the fact that lists, pages and rules share.

use crate::bibliography::{Bibliography, Work};
use crate::html::{self, Around, Nothing};
use crate::ids;
use crate::style::Style;
use handbook_book::{Book, Chapter, ChapterId, Citation, Document};
use hayagriva::{
    BibliographyDriver, BibliographyItem, BibliographyRequest, CitationItem, CitationRequest,
    CitePurpose, ElemChild, Entry, LocatorPayload, SpecificLocator,
    citationberg::taxonomy::Locator, types::EntryType,
};
use std::collections::{BTreeMap, HashMap};

/// What the chapters of a book cite.
#[derive(Debug)]
pub(crate) struct Cited(pub(crate) Vec<ChapterCites>);

/// What one chapter cites.
#[derive(Debug, Default)]
pub(crate) struct ChapterCites {
    /// The citations whose works are all known, in order.
    pub(crate) citations: Vec<Rendered>,
    /// The works, once each, in the order of the style.
    pub(crate) listed: Vec<Listed>,
}

/// A citation as its page shows it.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// Its place in [`Document::citations`].
    pub(crate) index: usize,
    /// For each of its works, which one it is in the bibliography, and at how many citations of the
    /// chapter it was cited so far, this one included.
    pub(crate) works: Vec<(usize, usize)>,
    elements: Vec<ElemChild>,
    /// The places in works that the style leaves out.
    locators: Vec<String>,
}

/// A work in the list of a chapter or of the book.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Which one it is in the bibliography.
    pub(crate) work: usize,
    /// At how many citations the list can link back.
    pub(crate) places: usize,
    /// What the style sets in a column of its own, such as a number.
    pub(crate) label: Option<ElemChild>,
    /// The rest.
    pub(crate) text: Vec<ElemChild>,
}

impl Cited {
    /// Renders what the chapters of `book` cite, one numbering for each.
    pub(crate) fn render(book: &Book, bibliography: &Bibliography, style: &Style) -> Self {
        let prints = [false, true].map(|narrative| prints_locators(style, narrative));
        Self(
            book.map(|_, chapter| {
                ChapterCites::render(&chapter.document, bibliography, style, prints)
            }),
        )
    }

    /// For each cited work the chapters that cite it.
    pub(crate) fn citing(&self) -> BTreeMap<usize, Vec<ChapterId>> {
        let mut citing: BTreeMap<usize, Vec<ChapterId>> = BTreeMap::new();
        for (id, chapter) in self.0.iter().enumerate() {
            for listed in &chapter.listed {
                citing.entry(listed.work).or_default().push(ChapterId(id));
            }
        }
        citing
    }
}

impl ChapterCites {
    /// Renders what a chapter cites. `prints` says whether the style prints locators in citations
    /// and in those said in the sentence.
    fn render(
        document: &Document,
        bibliography: &Bibliography,
        style: &Style,
        prints: [bool; 2],
    ) -> Self {
        let known = |citation: &Citation| {
            let works = citation.works.iter().map(|work| bibliography.find(&work.key));
            works.collect::<Option<Vec<_>>>().filter(|works| !works.is_empty())
        };
        let citations = document.citations.iter().enumerate();
        let citations: Vec<(usize, Vec<usize>)> =
            citations.filter_map(|(index, one)| Some((index, known(one)?))).collect();
        if citations.is_empty() {
            return Self::default();
        }
        let requests = citations
            .iter()
            .map(|(index, works)| request(&document.citations[*index], works, bibliography, style));
        let rendered = render(requests, style);

        let mut places: HashMap<usize, usize> = HashMap::new();
        let shown = citations.into_iter().zip(rendered.citations).map(|((index, works), shown)| {
            let citation = &document.citations[index];
            let can_link = !is_in_heading(document, citation);
            let unprinted =
                citation.works.iter().filter(|_| !prints[usize::from(citation.narrative)]);
            let locators = unprinted.filter_map(|work| work.locator.clone()).collect();
            let works = works.into_iter().map(|work| {
                let place = places.entry(work).or_default();
                *place += usize::from(can_link);
                (work, *place)
            });
            Rendered { index, works: works.collect(), elements: shown.citation.0, locators }
        });
        let citations = shown.collect();
        let items = rendered.bibliography.into_iter().flat_map(|list| list.items);
        let listed = items.filter_map(|item| {
            let listed = Listed::new(item, bibliography)?;
            Some(Listed { places: places.get(&listed.work).copied().unwrap_or(0), ..listed })
        });
        Self { listed: listed.collect(), citations }
    }

    /// Whether the chapter cites a work.
    pub(crate) fn cites(&self, work: usize) -> bool {
        self.listed.iter().any(|listed| listed.work == work)
    }
}

impl Listed {
    fn new(item: BibliographyItem, bibliography: &Bibliography) -> Option<Self> {
        let work = bibliography.find(&item.key)?;
        Some(Self { work, places: 0, label: item.first_field, text: item.content.0 })
    }

    /// All works of the bibliography: in the style's order if it has one, else by author and year.
    pub(crate) fn all(bibliography: &Bibliography, style: &Style) -> Vec<Self> {
        let mut works: Vec<&Work> = bibliography.works.iter().collect();
        works.sort_by_cached_key(|work| work.order());
        let requests = works.into_iter().map(|work| &work.entry).map(|entry| {
            CitationRequest::new(
                vec![CitationItem::with_entry(entry)],
                &style.csl,
                style.locale.clone(),
                &style.locales,
                None,
            )
        });
        let items = render(requests, style).bibliography.into_iter().flat_map(|list| list.items);
        items.filter_map(|item| Self::new(item, bibliography)).collect()
    }
}

impl Rendered {
    /// The citation as inline HTML. Each work links to the chapter's list if there `is_listed`, and
    /// has an id for the way back.
    pub(crate) fn html(
        &self,
        chapter: &Chapter,
        bibliography: &Bibliography,
        is_listed: bool,
    ) -> String {
        let mut links = Links { shown: self, chapter, bibliography, is_listed, done: Vec::new() };
        let mut text = String::new();
        html::write(&self.elements, &mut links, &mut text);
        // A style may join works (`[1–3]`) or leave them out: the way back leads here all the same.
        let missing =
            (0..self.works.len()).filter(|place| is_listed && !links.done.contains(place));
        let anchors = missing.map(|place| format!("<span id=\"{}\"></span>", links.id(place)));
        let anchors: String = anchors.collect();
        if !self.locators.is_empty() {
            text.push_str(&format!(" ({})", html::escaped(&self.locators.join("; "))));
        }
        format!("<span class=\"citation\">{anchors}{text}</span>")
    }
}

/// Makes a link of each work in a citation.
struct Links<'a> {
    shown: &'a Rendered,
    chapter: &'a Chapter,
    bibliography: &'a Bibliography,
    is_listed: bool,
    /// The works that have become links.
    done: Vec<usize>,
}

impl Links<'_> {
    /// The id of the work at this place of the citation.
    fn id(&self, place: usize) -> String {
        let (work, nth) = self.shown.works[place];
        ids::cited(&self.chapter.path, &self.bibliography.works[work].key, nth)
    }
}

impl Around for Links<'_> {
    fn open(&mut self, place: usize) -> Option<String> {
        let (work, _) = *self.shown.works.get(place).filter(|_| self.is_listed)?;
        let listed = ids::listed(&self.chapter.path, &self.bibliography.works[work].key);
        let jump = html::jump(&listed);
        if self.done.contains(&place) {
            return Some(format!("<a {jump}>"));
        }
        self.done.push(place);
        Some(format!("<a id=\"{}\" {jump}>", self.id(place)))
    }
}

/// Whether a citation stands in a heading, or in anything else whose address is made of its text.
pub(crate) fn is_in_heading(document: &Document, citation: &Citation) -> bool {
    let sources = &document.anchor_sources;
    let until = sources.partition_point(|source| source.span.start() <= citation.span.start());
    sources[..until].last().is_some_and(|source| source.span.contains(citation.span))
}

/// Whether a style prints the places in works, as numeric styles often do not.
fn prints_locators(style: &Style, narrative: bool) -> bool {
    const LOCATOR: &str = "locator";
    let work = Entry::new("work", EntryType::Article);
    let locator = SpecificLocator(Locator::Custom, LocatorPayload::Str(LOCATOR));
    let purpose = narrative.then_some(CitePurpose::Prose);
    let item = CitationItem::new(&work, Some(locator), None, false, purpose);
    let locale = style.locale.clone();
    let request = CitationRequest::new(vec![item], &style.csl, locale, &style.locales, None);
    let mut text = String::new();
    for shown in render([request].into_iter(), style).citations {
        html::write(&shown.citation.0, &mut Nothing, &mut text);
    }
    text.contains(LOCATOR)
}

fn request<'a>(
    citation: &'a Citation,
    works: &[usize],
    bibliography: &'a Bibliography,
    style: &'a Style,
) -> CitationRequest<'a, Entry> {
    let items = works.iter().zip(&citation.works).map(|(work, cited)| {
        // As written: authors say `§5.4` or `p. 3` in their own words.
        let locator = cited.locator.as_deref();
        let locator =
            locator.map(|text| SpecificLocator(Locator::Custom, LocatorPayload::Str(text)));
        let purpose = citation.narrative.then_some(CitePurpose::Prose);
        let entry = &bibliography.works[*work].entry;
        CitationItem::new(entry, locator, None, false, purpose)
    });
    let locale = style.locale.clone();
    CitationRequest::new(items.collect(), &style.csl, locale, &style.locales, None)
}

fn render<'a>(
    requests: impl Iterator<Item = CitationRequest<'a, Entry>>,
    style: &'a Style,
) -> hayagriva::Rendered {
    let mut driver = BibliographyDriver::new();
    requests.for_each(|request| driver.citation(request));
    driver.finish(BibliographyRequest::new(&style.csl, style.locale.clone(), &style.locales))
}
