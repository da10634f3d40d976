//! Cards of what chapters state: for the end of a chapter, for its hub, for one sheet, for a deck.
//!
//! Templates say which part of a chapter is what for its card (`<!-- ? card decisions -->`), so that
//! no heading or label is known here. From that:
//!
//! 1. [`read`] finds the rows and paragraphs in each chapter.
//! 2. [`copy`] takes them to another page: without bindings and citations, links leading where they
//!    led.
//! 3. [`card`], [`hub`], [`sheet`] and [`practice`] each build one block, [`deck`] the flashcards.
//! 4. [`rules`] compare what authors wrote by hand with what the chapter says.
//!
//! A new role is a word in `handbook-template`, a way to read it in [`read`], and its use in one of
//! these.

mod card;
mod copy;
mod deck;
mod hub;
mod markdown;
mod phrase;
mod practice;
mod read;
mod rules;
mod settings;
mod sheet;
mod slots;

pub use deck::{Deck, Flashcard};
pub use settings::Settings;

use copy::{Copier, Destination};
use handbook_book::{Book, ChapterId, Reader};
use handbook_pass::{
    Block, Cites, Context, Derived, Facts, Findings, Fragment, Made, Pages, Pass, Provides, Recipe,
    Rule, Setup, Slot, Stated, Text, Under, read_settings,
};
use hub::Hub;
use read::Source;

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "quickref", make };

/// The pass.
struct Quickref {
    settings: Settings,
    /// Whether the book has never heard of the suite, so that words like ours are somebody else's.
    foreign: bool,
}

/// What the chapters of a book have for cards: a fact of this pass.
#[derive(Clone, Debug, Default)]
pub struct Cards {
    /// Whether the book cites.
    cites: bool,
    /// Where the book is published; empty if nobody knows.
    url: String,
    /// By chapter; `None` for those without a card.
    sources: Vec<Option<Source>>,
    /// The hubs, in reading order.
    hubs: Vec<Hub>,
}

fn make(setup: &Setup<'_>) -> Made {
    let (mut settings, mut problems): (Settings, _) =
        setup.table.map(read_settings).unwrap_or_default();
    problems.extend(settings.repair());
    let pass = Quickref { settings, foreign: setup.table.is_none() };
    Made { pass: Box::new(pass), problems, findings: Vec::new() }
}

impl Cards {
    fn of(book: &Book, stated: &Stated, facts: &Facts, url: &str) -> Self {
        let source = |(id, _)| stated.of(id).and_then(|said| Source::read(book, id, said));
        let sources: Vec<Option<Source>> = book.iter().map(source).collect();
        let hubs = hub::hubs(book, stated, facts.get::<Under>(), &sources);
        Self { cites: facts.get::<Cites>().is_some(), url: url.to_owned(), sources, hubs }
    }

    /// The flashcards of the book that this was read off.
    pub fn deck(&self, book: &Book) -> Deck {
        Deck::of(book, self)
    }

    fn copier<'a>(&self, book: &'a Book, from: ChapterId, to: Destination<'a>) -> Copier<'a> {
        Copier { book, cites: self.cites, from, to }
    }
}

impl Quickref {
    /// The Markdown for a slot of this name in the chapter `id`; `None` if there is nothing to show.
    fn block(
        &self,
        name: &str,
        id: ChapterId,
        reader: Reader,
        book: &Book,
        cards: &Cards,
    ) -> Option<String> {
        let to = Destination::Page { chapter: id, reader };
        match name {
            slots::CARD => {
                let source = cards.sources.get(id.0)?.as_ref()?;
                card::card(source, cards.copier(book, id, to), self.settings.rows)
            }
            slots::HUB_TABLE => {
                let hub = cards.hubs.iter().find(|hub| hub.chapter == id)?;
                hub::hub_table(book, cards, hub, to)
            }
            slots::SHEET => sheet::sheet(book, cards, to, &self.settings),
            slots::PRACTICE => practice::practice(book, cards, to, &self.settings),
            _ => None,
        }
    }
}

impl Pass for Quickref {
    fn name(&self) -> &'static str {
        RECIPE.name
    }

    fn rules(&self) -> &'static [Rule] {
        rules::ALL
    }

    fn provides(&self) -> &'static [Provides] {
        const fn block(slot: &'static str) -> Provides {
            let stale = rules::STALE_CARD.id;
            Provides { slot, stale, written_down: false, takes_words: false }
        }
        const BLOCKS: &[Provides] = &[
            block(slots::ALL[0]),
            block(slots::ALL[1]),
            block(slots::ALL[2]),
            block(slots::ALL[3]),
        ];
        if self.foreign { &[] } else { BLOCKS }
    }

    fn gather(&self, book: &Book, facts: &mut Facts) {
        let Some(stated) = facts.get::<Stated>() else { return };
        let cards = Cards::of(book, stated, facts, &self.settings.url);
        facts.publish(cards);
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
        let Some(cards) = about.facts.get::<Cards>() else { return Derived::Unknown };
        let (name, id) = (slot.name.as_str(), text.origin.chapter());
        let written = |reader| self.block(name, id, reader, about.book, cards);
        let (Some(page), Some(source)) = (written(Reader::OfPage), written(Reader::OfSource))
        else {
            return Derived::Nothing;
        };
        let page = if name == slots::CARD { sheet::alone(&page) } else { page };
        Derived::Block(Block { page: Fragment::new(&page), source: Fragment::new(&source) })
    }

    fn has_judged(&self, _: &Rule, _: ChapterId, about: Context<'_>) -> bool {
        about.facts.get::<Cards>().is_some()
    }

    fn judge(&self, about: Context<'_>, _: &Pages, findings: &mut Findings) {
        if self.foreign {
            return;
        }
        let (Some(cards), Some(stated)) = (about.facts.get::<Cards>(), about.facts.get::<Stated>())
        else {
            return;
        };
        for source in cards.sources.iter().flatten() {
            let said = stated.of(source.chapter);
            said.into_iter().for_each(|said| {
                rules::contradicting_row::check(about.book, source, said, findings);
            });
        }
    }
}
