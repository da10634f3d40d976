//! Citations and reference lists.
//!
//! A book names its bibliography's files; without any, nothing is a citation. `handbook-book` reads
//! `[@key]` in the authors' text.
//!
//! 1. [`bibliography`] reads the files once: [works](bibliography::Work), and what is wrong with
//!    entries, each on its own.
//! 2. [`style`] finds the CSL style, [`usable`] refuses those that fit no chapter, [`citing`] renders by it what each chapter cites: one numbering
//!    for each chapter. That is the fact which all else is made from.
//! 3. [`list`] writes the lists of chapters and the book's bibliography. [`html`] writes what was
//!    rendered, so that no text of a bibliography is taken for markup; [`ids`] hold the links
//!    together.
//! 4. [`rules`] judge citations, chapters, lists written by hand, and the bibliography itself.

mod bibliography;
mod citing;
mod doi;
mod html;
mod ids;
mod list;
mod place;
mod rules;
mod settings;
mod style;
mod usable;

pub use settings::{Settings, Words};

use bibliography::Bibliography;
use citing::{Cited, Listed};
use globset::{Glob, GlobMatcher};
use handbook_book::{Book, ChapterId, Reader};
use handbook_pass::{
    Block, Cites, Context, Derived, Facts, FileFinding, Findings, Fragment, Made, Pages, Pass,
    Provides, Recipe, Rule, SettingProblem, Setup, Slot, SlotState, Text, read_settings,
};
use handbook_text::{Budget, Edit, Expanded};
use list::{Lists, Place};
use serde_json::Value;
use std::cell::OnceCell;
use std::sync::OnceLock;
use style::Style;

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "refs", make };

/// The slot of a chapter's list.
const REFERENCES: &str = "references";

/// The slot of the book's bibliography.
const BIBLIOGRAPHY: &str = "bibliography";

/// The pass.
struct Refs {
    words: Words,
    academic_chapters: Vec<Glob>,
    /// What works are cited from; `None` in a book without a bibliography, which cites nothing.
    sources: Option<Sources>,
}

/// What works are cited from, and how.
struct Sources {
    bibliography: Bibliography,
    style: Style,
    /// All works as the book's bibliography shows them, rendered when first asked for.
    all: OnceLock<Vec<Listed>>,
}

fn make(setup: &Setup<'_>) -> Made {
    let (settings, mut problems): (Settings, _) =
        setup.table.map(read_settings).unwrap_or_default();
    let mut findings = Vec::new();
    let has_sources = !settings.bibliography.is_empty();
    let sources =
        has_sources.then(|| Sources::read(&settings, setup, &mut problems, &mut findings));
    let academic_chapters = patterns(&settings.academic_chapters, &mut problems);
    let pass = Refs { words: settings.words, academic_chapters, sources };
    Made { pass: Box::new(pass), problems, findings }
}

impl Sources {
    fn read(
        settings: &Settings,
        setup: &Setup<'_>,
        problems: &mut Vec<SettingProblem>,
        findings: &mut Vec<FileFinding>,
    ) -> Self {
        let (bibliography, found) =
            Bibliography::read(&settings.bibliography, setup.root, setup.files);
        findings.extend(found);
        rules::works::check(&bibliography, findings);
        let language = setup.config.pointer("/book/language").and_then(Value::as_str);
        let style = Style::read(&settings.style, language, setup.root, setup.files);
        let style = style.unwrap_or_else(|problem| {
            problems.push(problem);
            Style::short(language)
        });
        Self { bibliography, style, all: OnceLock::new() }
    }

    /// All works as the book's bibliography shows them.
    fn all(&self) -> &[Listed] {
        self.all.get_or_init(|| Listed::all(&self.bibliography, &self.style))
    }
}

fn patterns(patterns: &[String], problems: &mut Vec<SettingProblem>) -> Vec<Glob> {
    let mut globs = Vec::new();
    for pattern in patterns {
        match Glob::new(pattern) {
            Ok(glob) => globs.push(glob),
            Err(error) => problems.push(SettingProblem {
                key: "academic-chapters".to_owned(),
                message: format!("`{pattern}` is no pattern: {}", error.kind()),
                help: Some(
                    "write paths below the source folder, as in `\"*_DEEP_DIVE.md\"`".to_owned(),
                ),
            }),
        }
    }
    globs
}

impl Pass for Refs {
    fn name(&self) -> &'static str {
        RECIPE.name
    }

    fn rules(&self) -> &'static [Rule] {
        rules::ALL
    }

    fn provides(&self) -> &'static [Provides] {
        const fn list(slot: &'static str) -> Provides {
            let stale = rules::STALE_LIST.id;
            Provides { slot, stale, written_down: false, takes_words: false }
        }
        const ALL: &[Provides] = &[list(REFERENCES), list(BIBLIOGRAPHY)];
        if self.sources.is_some() { ALL } else { &[] }
    }

    fn gather(&self, book: &Book, facts: &mut Facts) {
        if let Some(sources) = &self.sources {
            facts.publish(Cites);
            facts.publish(Cited::render(book, &sources.bibliography, &sources.style));
        }
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
        let Some((sources, cited)) = self.sources.as_ref().zip(about.facts.get::<Cited>()) else {
            return Derived::Unknown;
        };
        let lists = Lists { bibliography: &sources.bibliography, words: &self.words };
        let id = text.origin.chapter();
        let level = list::level(text.document, slot);
        // A second list in a chapter would have the ids of the first.
        let mut made = about.facts.slots(id, REFERENCES).filter(|slot| is_made(slot));
        if slot.name == REFERENCES && made.next().is_some_and(|first| first.state != slot.state) {
            return Derived::Nothing;
        }
        let block = if slot.name == BIBLIOGRAPHY {
            let written = |reader| {
                let place = Place { book: about.book, chapter: id, reader };
                Fragment::new(&lists.of_book(place, cited, sources.all(), level))
            };
            Block { page: written(Reader::OfPage), source: written(Reader::OfSource) }
        } else {
            Block::new(&lists.of_chapter(&about.book[id], &cited.0[id.0].listed, level))
        };
        if block.page.markdown().is_empty() { Derived::Nothing } else { Derived::Block(block) }
    }

    fn rewrite(&self, chapter: ChapterId, about: Context<'_>) -> Vec<Edit<Expanded>> {
        let Some((sources, cited)) = self.sources.as_ref().zip(about.facts.get::<Cited>()) else {
            return Vec::new();
        };
        let is_listed = has_made_list(chapter, about.facts);
        let document = &about.book[chapter].document;
        let edits = cited.0[chapter.0].citations.iter().filter_map(|shown| {
            let citation = &document.citations[shown.index];
            // The address of a heading is made of its text, which must not change.
            if citing::is_in_heading(document, citation) {
                return None;
            }
            let html = shown.html(&about.book[chapter], &sources.bibliography, is_listed);
            Some(Edit::replace(citation.span, html))
        });
        edits.collect()
    }

    fn has_judged(&self, _: &Rule, _: ChapterId, _: Context<'_>) -> bool {
        // What could not be read may be the work that is missed.
        let is_complete = |sources: &Sources| sources.bibliography.is_complete();
        self.sources.as_ref().is_none_or(is_complete)
    }

    fn judge(&self, about: Context<'_>, _: &Pages, findings: &mut Findings) {
        let Some((sources, cited)) = self.sources.as_ref().zip(about.facts.get::<Cited>()) else {
            return;
        };
        let bibliography = &sources.bibliography;
        let namesakes = rules::namesakes::Namesakes::of(bibliography);
        let academic: Vec<GlobMatcher> =
            self.academic_chapters.iter().map(Glob::compile_matcher).collect();
        let budget = &Budget::default();
        let catalogue = OnceCell::new();
        let catalogue = || catalogue.get_or_init(|| rules::chapters::Catalogue::of(bibliography));
        rules::chapters::check_patterns(&academic, about.book, findings);
        for (id, chapter) in about.book.iter() {
            let cites = &cited.0[id.0];
            let subject = rules::Subject { id, chapter, cites, bibliography, budget };
            rules::citations::check(subject, findings);
            namesakes.check(subject, findings);
            let is_academic = academic.iter().any(|pattern| pattern.is_match(&chapter.path));
            rules::chapters::check(subject, is_academic, catalogue, about.facts, findings);
        }
    }
}

/// Whether a chapter has a list that this pass makes, so that its items have ids.
fn has_made_list(chapter: ChapterId, facts: &Facts) -> bool {
    facts.slots(chapter, REFERENCES).any(is_made)
}

/// Whether what stands in a slot is made by this pass, and not by hand.
fn is_made(slot: &Slot) -> bool {
    !matches!(slot.state, SlotState::Written { .. })
}
