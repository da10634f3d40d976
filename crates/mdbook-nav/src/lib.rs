//! Navigation: links, and what chapters say of each other.
//!
//! 1. [`links`] follows every link to where the finished book has something, or does not.
//! 2. [`graph`] reads what chapters are to each other: parents, prerequisites, related ones.
//! 3. [`derive`] builds blocks from it: navigation, lists, the document map, reading paths.
//! 4. [`review`] knows which chapters were reviewed before what they build on changed.
//! 5. [`rules`] hold what authors wrote to all that.
//!
//! No label is known here: the configuration says what fields are called. Where a link leads, and
//! which ids a page has, `handbook-book` knows.

mod derive;
mod graph;
mod links;
mod review;
mod rules;
mod settings;

pub use derive::DEEP_DIVES;
pub use review::{BuiltOn, Date, Foundations, Review, ReviewError, Reviews};
pub use rules::SUSPECT;
pub use settings::Settings;

use graph::{Graph, Relation, order};
use handbook_book::{Book, ChapterId};
use handbook_pass::{
    Context, Derived, Facts, FileFinding, Findings, Made, OpenSlots, Pages, Pass, Provides, Recipe,
    Rule, Setup, Slot, Text, read_settings,
};
use handbook_text::include::ReadError;
use handbook_text::{Edit, Expanded, Finding};
use links::Links;
use rules::Judge;

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "nav", make };

/// The file below the book's root in which `handbook` writes which files it is about to change, until
/// it is done.
pub const JOURNAL: &str = ".handbook-mv.json";

/// The pass.
struct Nav {
    settings: Settings,
    /// `None` if their file cannot be read.
    reviews: Option<Reviews>,
    links: Links,
    /// Whether the book has never heard of the suite.
    foreign: bool,
}

fn make(setup: &Setup<'_>) -> Made {
    let foreign = setup.table.is_none();
    let (mut settings, mut problems): (Settings, _) =
        setup.table.map(read_settings).unwrap_or_default();
    settings.settle(setup, &mut problems);
    let read = if foreign { Ok(Default::default()) } else { read_reviews(setup, &settings) };
    let (reviews, mut findings) = match read {
        Ok((reviews, findings)) => (Some(reviews), findings),
        Err(finding) => (None, vec![*finding]),
    };
    findings.extend(half_done(setup).filter(|_| !foreign));
    let links = Links::new(&settings, setup);
    Made { pass: Box::new(Nav { settings, reviews, links, foreign }), problems, findings }
}

/// The finding that a change, such as a chapter's move, was interrupted, so that the book is neither what it was nor
/// what it is to be.
fn half_done(setup: &Setup<'_>) -> Option<FileFinding> {
    let file = setup.root.join(JOURNAL);
    if matches!(setup.files.read(&file), Err(ReadError::NotFound)) {
        return None;
    }
    let rule = rules::HALF_DONE_MOVE;
    let finding =
        Finding::new(rule.id, rule.level, "a change of several files was interrupted here").help(
            "`handbook check`, or any other of its commands, finishes the change or takes it back",
        );
    Some(FileFinding { file, text: None, finding })
}

/// The reviews, and those of them that are of chapters which are gone.
fn read_reviews(
    setup: &Setup<'_>,
    settings: &Settings,
) -> Result<(Reviews, Vec<FileFinding>), Box<FileFinding>> {
    let file = setup.root.join(&settings.reviews);
    let broken = |text, error: ReviewError| {
        let rule = rules::BROKEN_REVIEWS;
        let mut finding = Finding::new(rule.id, rule.level, error.message)
            .help("correct it, or remove the file and write it anew with `handbook review`");
        finding.span = error.span;
        Box::new(FileFinding { file: file.clone(), text, finding })
    };
    match setup.files.read(&file) {
        Ok(text) => match Reviews::parse(&text) {
            Ok(reviews) => Ok((reviews, rules::unknown_review::check(setup, &file, &text))),
            Err(error) => Err(broken(Some(text), error)),
        },
        Err(ReadError::NotFound) => Ok(Default::default()),
        Err(error) => Err(broken(None, ReviewError { message: error.to_string(), span: None })),
    }
}

impl Pass for Nav {
    fn name(&self) -> &'static str {
        RECIPE.name
    }

    fn rules(&self) -> &'static [Rule] {
        rules::ALL
    }

    fn provides(&self) -> &'static [Provides] {
        if self.foreign { &[] } else { derive::SLOTS }
    }

    fn gather(&self, book: &Book, facts: &mut Facts) {
        let Some(slots) = facts.get::<OpenSlots>().filter(|_| !self.foreign) else { return };
        let graph = Graph::of(book, slots, &self.settings);
        let built_on = BuiltOn::of(book, slots, &graph, &self.settings.reviews);
        facts.publish(graph.under());
        facts.publish(graph);
        facts.publish(built_on);
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
        derive::derive(&self.settings, slot, text, about)
    }

    fn rewrite(&self, chapter: ChapterId, about: Context<'_>) -> Vec<Edit<Expanded>> {
        self.links.rewrite(chapter, about)
    }

    fn has_judged(&self, rule: &Rule, _: ChapterId, _: Context<'_>) -> bool {
        (self.reviews.is_some() || rule.id != SUSPECT.id) && self.links.has_judged(rule)
    }

    fn judge(&self, about: Context<'_>, pages: &Pages, findings: &mut Findings) {
        if !self.foreign {
            self.links.judge(about, pages, findings);
        }
        let facts = (about.facts.get(), about.facts.get());
        let (Some(graph), Some(built_on)) = facts else { return };
        let judge = Judge {
            book: about.book,
            graph,
            settings: &self.settings,
            reviews: self.reviews.as_ref(),
            built_on,
            knots: order::knots(graph, Relation::Prerequisites),
        };
        rules::judge(&judge, findings);
    }
}
