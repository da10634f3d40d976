//! Holds chapters to templates that are scaffold and schema in one.
//!
//! A book names its kinds of chapters and a template for each. What `handbook new` writes from a
//! template is what this pass demands of every chapter of that kind from then on.
//!
//! 1. [`kind`] reads the templates, each with those that it refines ([`layers`]), and decides which
//!    chapter is of which kind.
//! 2. `handbook-template` compares chapter and template: what is missing, misplaced, left over.
//! 3. [`judge`] holds what is there to what the template's comments demand of it, a file for each
//!    subject.
//! 4. [`owed`] shows on the page, in place, what is still to be written.
//! 5. [`stated`] tells other passes which parts of a chapter play which role on its card.
//! 6. [`rules`] say what each finding means.
//!
//! No heading, label or language is known here: whatever a rule needs to know about a chapter the
//! template says. [`decoding`] alone is about text as such.

mod chapter;
mod decoding;
mod judge;
mod kind;
mod layers;
mod owed;
mod part;
mod rules;
mod settings;
mod stated;

pub use kind::{Kind, Kinds, Problems, UnknownKind};
pub use settings::{KindSettings, Settings};

use chapter::Chapter as Followed;
use handbook_book::{Book, Chapter, ChapterId};
use handbook_pass::{
    Context, Derived, Facts, Findings, Made, Origin, Pages, Pass, Provides, Recipe, Rule, Setup,
    Slot, SlotState, Text, read_settings,
};
use handbook_template::{Matching, Template};
use handbook_text::{Edit, Expanded};

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "adr", make };

/// The name of the slots of this pass, and of its directive.
const SLOT: &str = "adr";

/// The pass.
struct Adr {
    settings: Settings,
    kinds: Kinds,
    /// Whether a kind cannot be read, so that of its chapters nothing is known.
    lacks_kinds: bool,
    /// Whether the book has never heard of the suite.
    foreign: bool,
}

fn make(setup: &Setup<'_>) -> Made {
    let (settings, mut problems): (Settings, _) =
        setup.table.map(read_settings).unwrap_or_default();
    let (kinds, found) = Kinds::read(&settings, setup.root, setup.host, setup.files);
    problems.extend(found.settings);
    let lacks_kinds =
        !found.unread.is_empty() || problems.iter().any(|problem| problem.key.starts_with("kinds"));
    let pass = Adr { settings, kinds, lacks_kinds, foreign: setup.table.is_none() };
    Made { pass: Box::new(pass), problems, findings: found.files }
}

impl Pass for Adr {
    fn name(&self) -> &'static str {
        RECIPE.name
    }

    fn rules(&self) -> &'static [Rule] {
        rules::ALL
    }

    fn provides(&self) -> &'static [Provides] {
        const ALL: &[Provides] = &[Provides {
            slot: SLOT,
            stale: rules::MISSING_PART.id,
            written_down: false,
            takes_words: true,
        }];
        if self.kinds.is_empty() { &[] } else { ALL }
    }

    fn template(&self, chapter: &Chapter) -> Option<&Template> {
        self.kinds.of(&chapter.path, &chapter.document).ok()?.map(|kind| &kind.template)
    }

    fn takes_front_matter(&self) -> bool {
        !self.kinds.is_empty()
    }

    fn slots(&self, text: Text<'_>) -> Vec<Slot> {
        let is_chapter = matches!(text.origin, Origin::Chapter(_));
        if !is_chapter || !self.settings.scaffolds {
            return Vec::new();
        }
        let Ok(Some(kind)) = self.kinds.of(text.path, text.document) else { return Vec::new() };
        let Some(matching) = text.matching else { return Vec::new() };
        let stands_in = part::standing_in(&kind.template, text.document);
        let missing = matching.missing.iter().filter(|one| !stands_in.contains(&one.node.order));
        missing.map(|missing| owed::slot(text.document, missing)).collect()
    }

    fn gather(&self, book: &Book, facts: &mut Facts) {
        // Of a chapter whose template cannot be read nobody knows what it states.
        if !self.lacks_kinds {
            facts.publish(stated::stated(book, &self.kinds));
        }
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, _: Context<'_>) -> Derived {
        let Ok(Some(kind)) = self.kinds.of(text.path, text.document) else {
            return Derived::Nothing;
        };
        match slot.state {
            SlotState::Missing(_) => owed::derive(&kind.template, slot),
            _ => part::derive(&kind.template, &slot.args),
        }
    }

    fn rewrite(&self, chapter: ChapterId, about: Context<'_>) -> Vec<Edit<Expanded>> {
        let front_matter = about.book[chapter].document.front_matter;
        front_matter.map(|found| Edit::replace(found.span, "")).into_iter().collect()
    }

    fn has_judged(&self, rule: &Rule, _: ChapterId, _: Context<'_>) -> bool {
        !self.lacks_kinds || rule.id == rules::DAMAGED_TEXT.id
    }

    fn judge(&self, about: Context<'_>, _: &Pages, findings: &mut Findings) {
        if self.foreign {
            return;
        }
        let Context { book, matchings, .. } = about;
        let found = book.map(|id, _| {
            let matching = matchings.get(id.0).and_then(Option::as_ref);
            self.judge_chapter(book, id, matching)
        });
        found.into_iter().for_each(|found| findings.append(found));
    }
}

impl Adr {
    fn judge_chapter<'a>(
        &'a self,
        book: &'a Book,
        id: ChapterId,
        matching: Option<&'a Matching<'a>>,
    ) -> Findings {
        let mut findings = Findings::default();
        let Chapter { path, document, .. } = &book[id];
        let damaged = decoding::check(document).into_iter();
        damaged.for_each(|finding| findings.push(id, finding));
        match (self.kinds.of(path, document), matching) {
            (Ok(Some(kind)), Some(matching)) => {
                Followed::new(book, id, kind, matching).judge(&mut findings);
            }
            (Ok(_), _) if self.kinds.is_empty() => {}
            (Ok(_), _) => rules::without_kind(id, document, &mut findings),
            (Err(unknown), _) => {
                rules::unknown_kind::report(id, &unknown, &self.kinds, &mut findings);
            }
        }
        findings
    }
}
