//! What a pass is, and the words in which passes and the engine talk.
//!
//! A **pass** is one feature: it knows one thing about books (snippets, references, navigation). It
//! *derives* blocks and *judges* what authors wrote; it never finds its way around the page, never
//! edits it and never reports. That is the engine's, which asks each [`Pass`], stage by stage:
//!
//! 1. [`Pass::slots`]: where could a block of yours stand? Templates, directives and marked regions
//!    open [`Slot`]s too, for whichever pass [provides](Pass::provides) that name.
//! 2. [`Pass::gather`] and [`Pass::execute`]: what do you know about the book? The answers are
//!    [`Facts`], for all passes to read. A fact that nobody published is *unknown*, which is never
//!    a finding and never an empty block.
//! 3. [`Pass::derive`]: what belongs in this slot? The answer is a [`Fragment`] of Markdown.
//! 4. [`Pass::rewrite`]: what of the author's own text looks different on the page?
//! 5. [`Pass::judge`]: what is wrong?
//!
//! A [late](Pass::is_late) pass goes through the last three after all others, and finds what they
//! found among the facts.

mod facts;
mod findings;
mod fragment;
mod rule;
mod settings;
mod setup;
mod slot;
mod stated;

pub use facts::{Cites, Facts, Judged, Judgement, OpenSlots, Under};
pub use findings::{Findings, Found, Related};
pub use fragment::{Block, Derived, Fragment};
pub use rule::Rule;
pub use settings::{SettingProblem, read_settings};
pub use setup::{
    Environment, FileFinding, Made, Mutation, Part, Recipe, Results, Sandbox, Selection, Setup,
    Silent, Watch, source_folder,
};
pub use slot::{Gap, Provides, Slot, SlotState, Stale};
pub use stated::{Member, Stated, StatedBlock, StatedPart, Statements};

use handbook_book::{Book, Chapter, ChapterId, Document, Span};
use handbook_template::{Matching, Template};
pub use handbook_text::Level;
use handbook_text::include::ReadError;
use handbook_text::{Edit, Expanded};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One feature of the suite. All methods but [`Pass::execute`] are pure.
pub trait Pass: Send + Sync {
    /// The name that configuration, rule ids and binaries use.
    fn name(&self) -> &'static str;

    /// Every rule the pass can report, sorted by id.
    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    /// The slots the pass fills.
    fn provides(&self) -> &'static [Provides] {
        &[]
    }

    /// Whether the pass reads YAML at a chapter's start and takes it out of the page.
    fn takes_front_matter(&self) -> bool {
        false
    }

    /// Whether the pass derives and judges only after all others have judged.
    fn is_late(&self) -> bool {
        false
    }

    /// The template that a chapter follows. The first pass that knows one decides; its `derive`
    /// constraints open slots.
    fn template(&self, _chapter: &Chapter) -> Option<&Template> {
        None
    }

    /// The slots that the pass sees in a text beyond those that templates, directives and regions
    /// open. Called for each chapter and for each fragment.
    fn slots(&self, _text: Text<'_>) -> Vec<Slot> {
        Vec::new()
    }

    /// What the pass's findings depend on beside the book's own files, in words or hashed; `None`
    /// if that is not known before it has executed. Starts no process.
    fn world(&self) -> Option<String> {
        Some(String::new())
    }

    /// Publishes what can be read off the book.
    fn gather(&self, _book: &Book, _facts: &mut Facts) {}

    /// Publishes what has to be tried out: the only method with effects.
    fn execute(&self, _book: &Book, _places: &dyn Places, _facts: &mut Facts) {}

    /// The block for a slot of `text`.
    fn derive(&self, _slot: &Slot, _text: Text<'_>, _about: Context<'_>) -> Derived {
        Derived::Unknown
    }

    /// Whether what stands in a region, `written`, says what `derived` does. Both are Markdown
    /// without container prefixes. `Some` says where and how it does not.
    fn compare(
        &self,
        _slot: &Slot,
        _text: Text<'_>,
        _about: Context<'_>,
        written: &str,
        derived: &Block,
    ) -> Option<Stale> {
        let differs = written.trim() != derived.source.markdown().trim();
        differs.then(Stale::default)
    }

    /// What looks different on the page than in the author's text. The edits never reach a file.
    fn rewrite(&self, _chapter: ChapterId, _about: Context<'_>) -> Vec<Edit<Expanded>> {
        Vec::new()
    }

    /// Whether the pass knew all that one of its rules depends on in a chapter, so that what it has
    /// not found is not there.
    fn has_judged(&self, _rule: &Rule, _chapter: ChapterId, _about: Context<'_>) -> bool {
        true
    }

    /// Reports what is wrong in the whole book.
    fn judge(&self, _about: Context<'_>, _pages: &Pages, _findings: &mut Findings) {}
}

/// What a pass may look at while it derives and judges.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The author's book.
    pub book: &'a Book,
    /// What the passes know about it.
    pub facts: &'a Facts,
    /// Where its texts come from.
    pub places: &'a dyn Places,
    /// For each chapter what it has of the template that it follows.
    pub matchings: &'a [Option<Matching<'a>>],
}

impl<'a> Context<'a> {
    /// What a chapter has of the template that it follows, if it follows one.
    pub fn matching(self, chapter: ChapterId) -> Option<&'a Matching<'a>> {
        self.matchings.get(chapter.0)?.as_ref()
    }
}

/// Knows where the bytes of chapters are on disk, and what lies beside them.
pub trait Places {
    /// The file that `span` of a chapter was copied from in one piece, and the offset there: two
    /// chapters may hold the same bytes.
    fn on_disk(&self, chapter: ChapterId, span: Span) -> Option<(PathBuf, usize)>;

    /// The file and line, from one, that a report names for `span`.
    fn line(&self, chapter: ChapterId, span: Span) -> (PathBuf, usize);

    /// The text of a file that is no chapter.
    ///
    /// # Errors
    ///
    /// If there is no such text.
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError>;

    /// The names in a folder, as
    /// [`ReadFiles::list`](handbook_text::include::ReadFiles::list) gives them.
    ///
    /// # Errors
    ///
    /// If there is no such folder, or nobody knows.
    fn list(&self, folder: &Path) -> Result<Arc<str>, ReadError>;
}

/// A text whose slots are looked for or filled.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The text, parsed.
    pub document: &'a Document,
    /// Where it comes from.
    pub origin: Origin,
    /// The file of the chapter that it is or will be part of, below the source folder.
    pub path: &'a Path,
    /// What a chapter has of the template that it follows, if it follows one.
    pub matching: Option<&'a Matching<'a>>,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The text of a chapter.
    Chapter(ChapterId),
    /// A fragment that will stand in a chapter.
    Fragment(ChapterId),
}

impl Origin {
    /// The chapter that the text is or will be part of.
    pub fn chapter(self) -> ChapterId {
        match self {
            Self::Chapter(id) | Self::Fragment(id) => id,
        }
    }
}

/// The finished pages, as far as rules may look at them.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// For each chapter the anchors of its headings in page order, generated headings included;
    /// `None` where a block is unknown or comes late, so that anchors may be missing.
    pub anchors: Vec<Option<Vec<String>>>,
    /// For each chapter the other ids on its page: those of raw HTML and footnotes.
    pub ids: Vec<Vec<String>>,
}

impl Pages {
    /// Whether a chapter's page has an element with this id; `None` if nobody knows.
    pub fn has_id(&self, chapter: ChapterId, id: &str) -> Option<bool> {
        let has = |ids: &[String]| ids.iter().any(|one| one == id);
        if self.ids.get(chapter.0).is_some_and(|ids| has(ids)) {
            return Some(true);
        }
        self.anchors.get(chapter.0)?.as_deref().map(has)
    }
}
