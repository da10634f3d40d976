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
use handbook_book::Book;
use handbook_pass::{
    Block, Context, Derived, Facts, Findings, Fragment, Made, Pages, Pass, Provides, Recipe, Rule,
    Setup, Slot, Stated, Text, read_settings,
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
struct Cards {
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
    fn of(book: &Book, stated: &Stated) -> Self {
        let source = |(id, _)| stated.of(id).and_then(|said| Source::read(book, id, said));
        let sources: Vec<Option<Source>> = book.iter().map(source).collect();
        let hubs = hub::hubs(book, stated, &sources);
        Self { sources, hubs }
    }
}

impl Quickref {
    /// The Markdown for a slot; `None` if there is nothing to show.
    fn block(&self, slot: &Slot, text: Text<'_>, book: &Book, cards: &Cards) -> Option<String> {
        let id = text.origin.chapter();
        match slot.name.as_str() {
            slots::CARD => {
                let source = cards.sources.get(id.0)?.as_ref()?;
                let copier = Copier { book, from: id, to: Destination::Page(text.path) };
                card::card(source, copier, self.settings.rows)
            }
            slots::HUB_TABLE => {
                let hub = cards.hubs.iter().find(|hub| hub.chapter == id)?;
                hub::hub_table(book, cards, hub)
            }
            slots::SHEET => sheet::sheet(book, cards, text.path, &self.settings),
            slots::PRACTICE => practice::practice(book, cards, text.path, &self.settings),
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
            Provides { slot, stale: rules::STALE_CARD.id, written_down: false }
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
        let cards = Cards::of(book, stated);
        let deck = Deck::of(book, &cards, &self.settings.url);
        facts.publish(cards);
        facts.publish(deck);
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
        let Some(cards) = about.facts.get::<Cards>() else { return Derived::Unknown };
        let Some(markdown) = self.block(slot, text, about.book, cards) else {
            return Derived::Nothing;
        };
        let page = match slot.name.as_str() {
            slots::CARD => Fragment::new(&sheet::alone(&markdown)),
            _ => Fragment::new(&markdown),
        };
        Derived::Block(Block { page, source: Fragment::new(&markdown) })
    }

    fn has_judged(&self, _: &Rule, _: handbook_book::ChapterId, about: Context<'_>) -> bool {
        about.facts.get::<Cards>().is_some()
    }

    fn judge(&self, about: Context<'_>, _: &Pages, findings: &mut Findings) {
        if self.foreign {
            return;
        }
        rules::unknown_argument::check(about.book, findings);
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
