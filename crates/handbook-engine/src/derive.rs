//! Stage four: fills slots with fragments, and the slots inside the fragments.

use crate::inline::inline;
use crate::open::{self, Opened};
use crate::rules;
use crate::splice::splice;
use crate::stale::{inside, stale};
use handbook_book::{AnchorSource, ChapterId, Document, Span};
use handbook_pass::{
    Block, Context, Derived, Findings, Fragment, Gap, Origin, Pass, Slot, SlotState, Text,
};
use handbook_text::include::neutralise;
use handbook_text::{Edit, EditSet, Expanded, Finding, Fix, Safety};

/// How deep fragments nest: a map holds a fence that is drawn, and that is it.
const DEEPEST: usize = 4;

/// What a chapter's page and file get.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    pub(crate) edits: Vec<PageEdit>,
    /// The headings inside fragments, with the offset that they will stand at.
    pub(crate) headings: Vec<(usize, AnchorSource)>,
    /// The other ids inside fragments.
    pub(crate) ids: Vec<String>,
    /// Blocks to write down where nothing stands, with the rule that watches them afterwards.
    pub(crate) write_downs: Vec<(&'static str, Fix<Expanded>)>,
    /// Whether a block is missing from the page because its facts are.
    pub(crate) unknown: bool,
}

/// An edit of a page with its place in the total order: offset, place in the template, registry.
#[derive(Clone, Debug)]
pub(crate) struct PageEdit {
    pub(crate) edit: Edit<Expanded>,
    pub(crate) order: (usize, usize, usize),
}

/// Derives blocks, whatever text their slots stand in.
pub(crate) struct Filler<'a> {
    pub(crate) passes: &'a [Box<dyn Pass>],
    pub(crate) about: Context<'a>,
}

/// A chapter whose slots are being filled.
pub(crate) struct ChapterFiller<'a> {
    pub(crate) filler: &'a Filler<'a>,
    pub(crate) id: ChapterId,
    pub(crate) page: &'a mut Filled,
    pub(crate) findings: &'a mut Findings,
}

impl PageEdit {
    /// An edit of the author's own text.
    pub(crate) fn rewrite(edit: Edit<Expanded>, pass: usize) -> Self {
        Self { order: (edit.span.start(), 0, pass), edit }
    }
}

impl<'a> ChapterFiller<'a> {
    /// Fills one slot: an edit for the page, a finding if a region is stale, and what `fix` writes.
    pub(crate) fn fill(&mut self, opened: &Opened) {
        let text = self.filler.text(self.text(), Origin::Chapter(self.id));
        let derived = self.filler.derive(opened, text);
        match (&opened.slot.state, derived) {
            (SlotState::Written { .. }, _) => {}
            (SlotState::Region { body }, Derived::Block(block)) => {
                let block = self.filler.written(block);
                let pass = &*self.filler.passes[opened.pass];
                match stale(pass, opened, text, self.filler.about, *body, &block) {
                    Some(finding) => self.findings.push(self.id, finding),
                    None if block.page != block.source => self.show(opened, *body, &block.page),
                    None => {}
                }
            }
            (SlotState::Region { .. }, _) => {}
            (SlotState::Missing(gap), Derived::Block(block)) => {
                self.place(opened, gap, 0, &block.page);
                if opened.provides.written_down {
                    self.write_down(opened, gap, &self.filler.written(block));
                }
            }
            (SlotState::Missing(gap), Derived::Once(source)) => {
                if opened.provides.written_down {
                    let block = Block { page: source.clone(), source };
                    self.write_down(opened, gap, &self.filler.written(block));
                }
            }
            (SlotState::Missing(_), derived) => self.page.unknown |= derived == Derived::Unknown,
            (SlotState::Directive { span, block }, derived) => {
                self.page.unknown |= derived == Derived::Unknown;
                self.replace(opened, *span, *block, derived);
            }
        }
    }

    fn text(&self) -> &'a Document {
        &self.filler.about.book[self.id].document
    }

    /// Notes what `fix` puts into the gap.
    fn write_down(&mut self, opened: &Opened, gap: &Gap, block: &Block) {
        let fragment = introduced(gap, block.source.markdown());
        let Ok(fragment) = neutralise(&fragment) else { return };
        let fragment = self.filler.parse(&fragment);
        if let Ok(replacement) = splice(self.text(), gap, 0, &fragment) {
            let edits = vec![Edit::insert(gap.at, replacement)];
            self.page
                .write_downs
                .push((opened.provides.stale, Fix { edits, safety: Safety::Safe, rewrites: None }));
        }
    }

    /// Puts a fragment, its own slots filled, onto the page: into `gap`, over `replaced` bytes.
    fn place(&mut self, opened: &Opened, gap: &Gap, replaced: usize, fragment: &Fragment) {
        let span = Span::new(gap.at, gap.at + replaced);
        let fragment = self.filler.fill_fragment(fragment, self.id, DEEPEST);
        let fragment = introduced(gap, &self.filler.standalone(&fragment));
        if neutralise(&fragment).is_err() {
            return self.findings.push(self.id, unescapable(&opened.slot, span));
        }
        let fragment = self.filler.parse(&fragment);
        match splice(self.text(), gap, replaced, &fragment) {
            Ok(replacement) => {
                self.edit(opened, Edit::replace(span, replacement));
                self.page.ids.extend(fragment.ids);
                let headings = fragment.anchor_sources.into_iter();
                self.page.headings.extend(headings.map(|source| (gap.at, source)));
            }
            // The open block that is in the way has its finding already.
            Err(_) => self.page.unknown = true,
        }
    }

    /// Shows a fragment between the marks of a region, where something else stands for readers of the
    /// source. A block that is its own region stays: passes rewrite it themselves.
    fn show(&mut self, opened: &Opened, body: Span, fragment: &Fragment) {
        let (inner, prefix) = inside(self.text(), body);
        if inner != body {
            let gap = Gap { at: inner.start(), prefix, heading: String::new() };
            self.place(opened, &gap, inner.len(), fragment);
        }
    }

    /// Replaces a directive on the page.
    fn replace(&mut self, opened: &Opened, span: Span, alone: bool, derived: Derived) {
        let replacement = match derived {
            Derived::Block(block) if alone => {
                let gap = Gap { at: span.start(), ..Gap::after(self.text(), span) };
                return self.place(opened, &gap, span.len(), &block.page);
            }
            Derived::Block(_) => {
                return self.findings.push(self.id, inside_text(&opened.slot, span));
            }
            Derived::Unknown => format!("<!-- {} is not known in this build -->", opened.slot.name),
            Derived::Nothing | Derived::Once(_) => String::new(),
            Derived::Inline(text) if neutralise(&text).is_ok() => inline(self.text(), span, text),
            Derived::Inline(_) => {
                return self.findings.push(self.id, unescapable(&opened.slot, span));
            }
        };
        self.edit(opened, Edit::replace(span, replacement));
    }

    fn edit(&mut self, opened: &Opened, edit: Edit<Expanded>) {
        let order = (edit.span.start(), opened.slot.order, opened.pass);
        self.page.edits.push(PageEdit { edit, order });
    }
}

impl Filler<'_> {
    fn derive(&self, opened: &Opened, text: Text<'_>) -> Derived {
        self.passes[opened.pass].derive(&opened.slot, text, self.about)
    }

    fn text<'t>(&'t self, document: &'t Document, origin: Origin) -> Text<'t> {
        let path = &self.about.book[origin.chapter()].path;
        let matching = match origin {
            Origin::Chapter(id) => self.about.matching(id),
            Origin::Fragment(_) => None,
        };
        Text { document, origin, path, matching }
    }

    fn parse(&self, text: &str) -> Document {
        Document::parse(text, self.about.book.host)
    }

    /// The block with its source as it can stand in an author's text.
    fn written(&self, block: Block) -> Block {
        let source = Fragment::new(&self.standalone(block.source.markdown()));
        Block { source, ..block }
    }

    /// Markdown that means on any page what it means alone: no bracket in its text becomes a
    /// reference to what the page defines.
    fn standalone(&self, fragment: &str) -> String {
        let alone = self.parse(fragment);
        let escapes = alone.brackets.iter().map(|at| Edit::<Expanded>::insert(*at, "\\"));
        EditSet::first_come(escapes).0.apply(fragment)
    }

    /// The fragment's Markdown with its own slots filled, `depth` levels down at most.
    fn fill_fragment(&self, fragment: &Fragment, id: ChapterId, depth: usize) -> String {
        let document = self.parse(fragment.markdown());
        if depth == 0 {
            return fragment.markdown().to_owned();
        }
        let text = self.text(&document, Origin::Fragment(id));
        let slots = open::open(self.passes, text);
        let edits = slots.iter().filter_map(|opened| {
            let SlotState::Directive { span, block } = opened.slot.state else { return None };
            let replacement = match self.derive(opened, text) {
                Derived::Block(inner) if block => {
                    let inner = self.parse(&self.fill_fragment(&inner.page, id, depth - 1));
                    let gap = Gap { at: span.start(), ..Gap::after(&document, span) };
                    splice(&document, &gap, span.len(), &inner).ok()?
                }
                Derived::Inline(text) => inline(&document, span, text),
                Derived::Unknown | Derived::Nothing | Derived::Once(_) => String::new(),
                Derived::Block(_) => return None,
            };
            Some(Edit::replace(span, replacement))
        });
        let (edits, _) = EditSet::first_come(edits);
        edits.apply(&document.text)
    }
}

/// A fragment with the heading that its gap asks for.
fn introduced(gap: &Gap, fragment: &str) -> String {
    let heading = gap.heading.trim();
    if heading.is_empty() { fragment.to_owned() } else { format!("{heading}\n\n{fragment}") }
}

fn unescapable(slot: &Slot, span: Span) -> Finding<Expanded> {
    let message = format!("the block `{}` holds text that mdBook would expand", slot.name);
    Finding::new(rules::UNESCAPABLE.id, rules::UNESCAPABLE.level, message).at(span)
}

fn inside_text(slot: &Slot, span: Span) -> Finding<Expanded> {
    let rule = rules::DIRECTIVE_INSIDE_TEXT;
    let message = format!("`{}` gives a block, but stands inside a paragraph", slot.name);
    Finding::new(rule.id, rule.level, message)
        .at(span)
        .help("give the directive a paragraph of its own, with blank lines around it")
}
