//! Edits of the expanded text as edits of the received one.
//!
//! A page is edited after its includes were expanded, but `links` still has to run, and its own
//! includes are none of ours to write down. So the received text is cut into *literal* text and
//! *live* directives, which stay for `links`:
//!
//! 1. A directive whose expansion an edit touches is *dissolved*: its expansion becomes literal.
//!    A directive that failed counts as one that expands to itself.
//! 2. The text is composed as it should be, edits applied, and read as `links` would read it.
//!    Whatever it would see in literal text gets a backslash. Where a match or an escape, which is
//!    greedy, would swallow a live directive, that one is dissolved as well, and we start again.
//! 3. A page title must outlive its directive: the last one set becomes a live directive of its own
//!    where it stood, or where it next can stand.

use super::neutralise::{Clash, escaped, plan};
use crate::source_map::{Root, SourceMap, Title};
use crate::{Edit, EditSet, Expanded, Received, Span};
use std::ops::Range;
use thiserror::Error;

/// Why edits of a page cannot be made before `links` runs.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PageEditError {
    /// The edited page shows text that `links` would obey and that no backslash can disarm.
    #[error("mdBook would obey `{directive}`, and it cannot be escaped")]
    Unescapable {
        /// The place, as near as the expanded text before the edits knows it.
        span: Span<Expanded>,
        /// What would be obeyed.
        directive: String,
    },
    /// A directive that sets the page's title finds no place where `links` would still see it.
    #[error("there is no place left for `{directive}`")]
    Title {
        /// Where the directive was.
        span: Span<Expanded>,
        /// The directive.
        directive: String,
    },
}

/// How many lines a title is tried on, either way, before we give up.
const TITLE_PLACES: usize = 100;

impl SourceMap {
    /// Turns edits of the expanded text into edits of the received text, such that `links` after
    /// them gives exactly what the edits would give after `links`, with the same page title.
    ///
    /// Edits of text that was copied from the received text stay where they are. An edit inside a
    /// directive's expansion replaces the directive, the outermost one, by its whole expansion; all
    /// other directives stay for `links`, but for those that would fall into an escape's reach. An
    /// insertion at the border of an expansion stays outside of it.
    ///
    /// Replacements are final text: directives in them are shown, not obeyed. Do not neutralise
    /// them beforehand.
    ///
    /// # Errors
    ///
    /// [`PageEditError`] if the edited page holds literal text that `links` cannot be kept from.
    ///
    /// # Panics
    ///
    /// If `received` and `expanded` are not the texts of this map, or an edit lies outside of
    /// `expanded` or not on character borders.
    pub fn page_edits(
        &self,
        received: &str,
        expanded: &str,
        edits: EditSet<Expanded>,
    ) -> Result<EditSet<Received>, PageEditError> {
        assert_eq!(expanded.len(), self.len(), "the expanded text is another one's");
        let edits: Vec<Edit<Expanded>> = edits.into_queue().into();
        let Some(roots) = &self.roots else {
            let same =
                |edit: Edit<Expanded>| Edit::replace(edit.span.range().into(), edit.replacement);
            return Ok(set(edits.into_iter().map(same).collect()));
        };
        if edits.is_empty() {
            return Ok(EditSet::default());
        }
        let mut page = Page::new(received, expanded, roots, &edits);
        loop {
            let parts = page.compose();
            match plan_parts(&parts) {
                Ok(escapes) => return Ok(set(write(received, &parts, &escapes))),
                Err(Trouble::Unescapable(span, directive)) => {
                    return Err(PageEditError::Unescapable { span, directive });
                }
                Err(Trouble::Live(live)) => {
                    live.into_iter().try_for_each(|live| page.dissolve(live))?;
                }
            }
        }
    }
}

fn set(edits: Vec<Edit<Received>>) -> EditSet<Received> {
    EditSet::new(edits).expect("parts of the received text do not overlap")
}

/// What becomes of one range of the received text; together they cover it in order. Ranges of
/// inserted text are empty.
struct Part<'p> {
    received: Range<usize>,
    text: &'p str,
    fate: Fate,
    /// The range of the expanded text, before edits, that this stands for.
    expanded: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Literal, and the same bytes as in the received text.
    Kept,
    /// Literal, in place of other bytes.
    New,
    /// `links` shall obey it.
    Live(Live),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Live {
    /// The directive of this index.
    Root(usize),
    /// The page title, away from where it was written.
    Title,
}

enum Trouble {
    Live(Vec<Live>),
    Unescapable(Span<Expanded>, String),
}

struct Page<'p> {
    received: &'p str,
    expanded: &'p str,
    roots: &'p [Root],
    edits: &'p [Edit<Expanded>],
    dissolved: Vec<bool>,
    /// The last title set, which is the one that counts, and the root that sets it.
    title: Option<(usize, &'p Title)>,
    /// Once its root is dissolved: the places left to try, the current one last.
    title_places: Vec<usize>,
}

impl<'p> Page<'p> {
    fn new(
        received: &'p str,
        expanded: &'p str,
        roots: &'p [Root],
        edits: &'p [Edit<Expanded>],
    ) -> Self {
        let title = roots
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, root)| root.title.as_ref().map(|title| (index, title)));
        let dissolved = vec![false; roots.len()];
        let mut page =
            Self { received, expanded, roots, edits, dissolved, title, title_places: Vec::new() };
        for (index, root) in roots.iter().enumerate() {
            // Edits do not overlap, so both their starts and their ends ascend.
            let first = edits.partition_point(|edit| edit.span.end() <= root.expanded.start);
            let touches =
                edits.get(first).is_some_and(|edit| edit.span.start() < root.expanded.end);
            if touches && !root.expanded.is_empty() {
                page.dissolve_root(index);
            }
        }
        page
    }

    fn dissolve(&mut self, live: Live) -> Result<(), PageEditError> {
        match live {
            Live::Root(index) => self.dissolve_root(index),
            Live::Title => {
                self.title_places.pop();
                if let (true, Some((_, title))) = (self.title_places.is_empty(), self.title) {
                    let span = Span::at(title.expanded);
                    return Err(PageEditError::Title { span, directive: title.directive.clone() });
                }
            }
        }
        Ok(())
    }

    fn dissolve_root(&mut self, index: usize) {
        self.dissolved[index] = true;
        let Some((_, title)) = self.title.filter(|(root, _)| *root == index) else { return };
        // Where it stood, else at the start of a line below, else of one above.
        let (above, below) = self.expanded.split_at(title.expanded);
        let next_lines = below.match_indices('\n').map(|(at, _)| title.expanded + at + 1);
        let lines = above.rmatch_indices('\n').map(|(at, _)| at + 1).chain([0]);
        self.title_places = std::iter::once(title.expanded)
            .chain(next_lines.take(TITLE_PLACES))
            .chain(lines.take(TITLE_PLACES))
            .collect();
        self.title_places.reverse();
    }

    /// The received text as it is to become, without backslashes.
    fn compose(&self) -> Vec<Part<'p>> {
        // A title that moves must stay the last one.
        let sets_title =
            |(index, root): (usize, &Root)| root.title.is_some() && !self.dissolved[index];
        let title_after =
            self.roots.iter().enumerate().rposition(sets_title).map_or(0, |last| last + 1);
        let mut composer = Composer {
            expanded: self.expanded,
            edits: self.edits,
            title: self
                .title_places
                .last()
                .and_then(|at| Some((*at, self.title?.1.directive.as_str()))),
            title_open: false,
            done: 0,
            parts: Vec::new(),
        };
        let mut at = 0..0;
        for (index, root) in self.roots.iter().enumerate() {
            composer.title_open = index >= title_after;
            let gap = at.end..root.received.start;
            let start = root.expanded.start - gap.len();
            composer.literal(gap, start..root.expanded.start, Fate::Kept);
            composer.border(root.expanded.start);
            if self.dissolved[index] {
                composer.literal(root.received.clone(), root.expanded.clone(), Fate::New);
            } else {
                let directive = &self.received[root.received.clone()];
                let fate = Fate::Live(Live::Root(index));
                composer.push(root.received.end, directive, fate, root.expanded.clone());
            }
            at = root.received.clone();
        }
        composer.title_open = true;
        let rest = at.end..self.received.len();
        composer.literal(
            rest.clone(),
            self.expanded.len() - rest.len()..self.expanded.len(),
            Fate::Kept,
        );
        composer.border(self.expanded.len());
        composer.parts
    }
}

struct Composer<'p> {
    expanded: &'p str,
    /// Those not yet done.
    edits: &'p [Edit<Expanded>],
    /// The title that is to be placed, from which offset on.
    title: Option<(usize, &'p str)>,
    title_open: bool,
    /// Where in the received text we are.
    done: usize,
    parts: Vec<Part<'p>>,
}

impl<'p> Composer<'p> {
    /// Adds literal text, edits applied, in place of `received`; the same bytes if `fate` keeps them.
    fn literal(&mut self, received: Range<usize>, expanded: Range<usize>, fate: Fate) {
        let mut at = expanded.start;
        while at < expanded.end {
            self.border(at);
            let edit = self.edits.first();
            let (end, text, from, new_fate) = match edit {
                Some(edit) if edit.span.start() <= at => {
                    let end = edit.span.end().min(expanded.end);
                    let text = if edit.span.start() == at { edit.replacement.as_str() } else { "" };
                    if end == edit.span.end() {
                        self.edits = &self.edits[1..];
                    }
                    (end, text, edit.span.range(), Fate::New)
                }
                _ => {
                    let title = self.title.map(|(place, _)| place).filter(|place| *place > at);
                    let end = edit.map_or(expanded.end, |edit| edit.span.start().min(expanded.end));
                    let end = title.map_or(end, |title| title.min(end));
                    (end, &self.expanded[at..end], at..end, fate)
                }
            };
            let copied = || received.start + end - expanded.start;
            let until = if fate == Fate::Kept { copied() } else { received.end };
            self.push(until, text, new_fate, from);
            at = end;
        }
        if self.done < received.end {
            self.push(received.end, "", Fate::New, expanded);
        }
    }

    /// Adds what is to be inserted at `at`.
    fn border(&mut self, at: usize) {
        while let Some(edit) = self.edits.first().filter(|edit| edit.span.end() <= at) {
            self.edits = &self.edits[1..];
            self.push(self.done, &edit.replacement, Fate::New, edit.span.range());
        }
        if let Some((_, title)) = self.title.filter(|(place, _)| self.title_open && *place <= at) {
            self.title = None;
            self.push(self.done, title, Fate::Live(Live::Title), at..at);
        }
    }

    fn push(&mut self, until: usize, text: &'p str, fate: Fate, expanded: Range<usize>) {
        self.parts.push(Part { received: self.done..until, text, fate, expanded });
        self.done = until;
    }
}

/// Where the composed text needs backslashes, as offsets in it, or what stands in the way.
fn plan_parts(parts: &[Part<'_>]) -> Result<Vec<usize>, Trouble> {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(parts.len());
    let mut live = Vec::new();
    let mut live_ranges = Vec::new();
    for part in parts {
        starts.push(text.len());
        text.push_str(part.text);
        if let Fate::Live(what) = part.fate {
            live.push(what);
            live_ranges.push(starts[starts.len() - 1]..text.len());
        }
    }
    plan(&text, &live_ranges).map_err(|clash| match clash {
        Clash::Live(range) => Trouble::Live(live[range].to_vec()),
        Clash::Unescapable(range) => {
            let directive = text[range.clone()].to_owned();
            // Literal text has the length of what it stands for, unless an edit replaced that.
            let place = |offset: usize| {
                let index = starts.partition_point(|start| *start <= offset) - 1;
                let (part, inside) = (&parts[index], offset - starts[index]);
                if part.text.len() == part.expanded.len() {
                    part.expanded.start + inside..part.expanded.start + inside + 1
                } else {
                    part.expanded.clone()
                }
            };
            let span = Span::from(place(range.start)).cover(place(range.end - 1).into());
            Trouble::Unescapable(span, directive)
        }
    })
}

/// The edits that make the parts, with backslashes, of the received text.
fn write(received: &str, parts: &[Part<'_>], escapes: &[usize]) -> Vec<Edit<Received>> {
    let mut edits = Vec::new();
    let mut escapes = escapes;
    let mut start = 0;
    for part in parts {
        let end = start + part.text.len();
        let (here, later) = escapes.split_at(escapes.partition_point(|escape| *escape < end));
        escapes = later;
        if part.fate == Fate::Kept {
            let place = |escape: &usize| part.received.start + escape - start;
            edits.extend(here.iter().map(|escape| Edit::insert(place(escape), "\\")));
        } else {
            let text = escaped(part.text, start, here);
            if received[part.received.clone()] != text {
                edits.push(Edit::replace(part.received.clone().into(), text));
            }
        }
        start = end;
    }
    edits
}
