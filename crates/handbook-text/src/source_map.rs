use crate::{Disk, Expanded, Received, Span};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Where each byte of an expanded text comes from.
///
/// An expanded text is a row of pieces. A piece was *copied*, byte for byte, from the received text
/// or from an included file, or it is *synthetic*: a playground's fence, the `# ` before a line that
/// rustdoc hides. Which file a piece comes from, and through which directives, its inclusion says.
#[derive(Clone, Debug)]
pub struct SourceMap {
    len: usize,
    /// Ascending and without gaps; neighbours that continue each other are one.
    pieces: Vec<Piece>,
    /// Every directive that brought a file in, parents before children; the first entry stands for
    /// the received text itself.
    inclusions: Vec<Inclusion>,
    /// What `links` replaces in the received text itself, ascending; `None` if `links` is not to
    /// see the text at all.
    pub(crate) roots: Option<Vec<Root>>,
}

/// A range of bytes that were copied into an expanded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// From the chapter as it was received.
    Received(Span<Received>),
    /// From an included file.
    File {
        /// The file, named as `links` names it: not normalised, so two names may mean one file.
        path: Arc<Path>,
        /// The bytes in it.
        span: Span<Disk>,
    },
}

/// A place to show somebody, and the way that its text took into the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place itself.
    pub at: Copied,
    /// The directives through which it came, innermost first; empty in the received text itself.
    pub included_from: Vec<Copied>,
}

/// Bytes of one text with one origin; a piece ends where the next one starts.
#[derive(Clone, Debug)]
struct Piece {
    start: usize,
    /// Where in the inclusion's file it was copied from, unless it is synthetic.
    source: Option<usize>,
    inclusion: usize,
}

#[derive(Clone, Debug)]
struct Inclusion {
    /// The file that was read; `None` is the received text.
    path: Option<Arc<Path>>,
    /// Which inclusion's file holds the directive. The received text is its own parent.
    parent: usize,
    depth: usize,
    /// The directive, in the parent's file.
    directive: Range<usize>,
    /// Whether the directive stands there exactly so, in one run of copied bytes.
    exact: bool,
}

/// Something in the received text that `links` replaces, or tries to.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) received: Range<usize>,
    pub(crate) expanded: Range<usize>,
    /// The last page title set in it.
    pub(crate) title: Option<Title>,
}

/// A `{{#title}}` that `links` obeys and removes.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    /// Where it stood, in the expanded text.
    pub(crate) expanded: usize,
    /// The directive as written.
    pub(crate) directive: String,
}

/// A text under construction, with the origins of its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct PiecedText {
    pub(crate) text: String,
    pieces: Vec<Piece>,
}

/// An empty place between two bytes of an expanded text: the inclusion that holds it and the offset
/// in that inclusion's file, if there is one.
struct Point {
    inclusion: usize,
    offset: Option<usize>,
    exact: bool,
}

impl SourceMap {
    /// The map of a text of `len` bytes that is what was received, and in which `links` plays no
    /// part: nothing was expanded, and page edits need no care for directives.
    pub fn identity(len: usize) -> Self {
        let mut text = PiecedText::default();
        if len > 0 {
            text.pieces.push(Piece { start: 0, source: Some(0), inclusion: 0 });
        }
        Self { len, pieces: text.pieces, inclusions: vec![Inclusion::received()], roots: None }
    }

    /// Where `span` comes from, for showing it.
    ///
    /// The place lies in the innermost text that holds the whole span: a span that reaches from a
    /// chapter into an include is shown in the chapter, up to and including the directive. What was
    /// copied from nowhere is shown at its directive.
    pub fn locate(&self, span: Span<Expanded>) -> Place {
        let (start, end) = self.clamp(span);
        if start == end {
            let point = self.point(start);
            return match point.offset {
                Some(offset) => self.place(point.inclusion, offset..offset),
                None => self.directive_place(point.inclusion),
            };
        }
        let touched = &self.pieces[self.piece_at(start)..=self.piece_at(end - 1)];
        let level = touched
            .iter()
            .map(|piece| piece.inclusion)
            .reduce(|one, other| self.common(one, other))
            .unwrap_or(0);
        let cover = (self.piece_at(start)..=self.piece_at(end - 1))
            .filter_map(|index| {
                let piece = &self.pieces[index];
                if piece.inclusion != level {
                    return Some(
                        self.inclusions[self.child_on_the_way(piece.inclusion, level)]
                            .directive
                            .clone(),
                    );
                }
                let source = piece.source?;
                let from = start.max(piece.start) - piece.start;
                let to = end.min(self.piece_end(index)) - piece.start;
                Some(source + from..source + to)
            })
            .reduce(|one, other| one.start.min(other.start)..one.end.max(other.end));
        match cover {
            Some(range) => self.place(level, range),
            None => self.directive_place(level),
        }
    }

    /// The range from which `span` was copied as it stands; `None` if some of it is synthetic or
    /// comes from elsewhere. An empty span at the border of a directive's expansion lies outside.
    pub fn copied(&self, span: Span<Expanded>) -> Option<Copied> {
        if span.end() > self.len {
            return None;
        }
        if span.is_empty() {
            let point = self.point(span.start());
            return point
                .offset
                .filter(|_| point.exact)
                .map(|offset| self.copied_range(point.inclusion, offset..offset));
        }
        let index = self.piece_at(span.start());
        let piece = &self.pieces[index];
        let source = piece.source.filter(|_| span.end() <= self.piece_end(index))?;
        let from = source + span.start() - piece.start;
        Some(self.copied_range(piece.inclusion, from..from + span.len()))
    }

    /// All runs of copied bytes, ascending, with the places that they were copied from.
    pub fn runs(&self) -> impl Iterator<Item = (Span<Expanded>, Copied)> {
        self.pieces.iter().enumerate().filter_map(|(index, piece)| {
            let span = Span::new(piece.start, self.piece_end(index));
            let source = piece.source?;
            Some((span, self.copied_range(piece.inclusion, source..source + span.len())))
        })
    }

    /// The length of the expanded text.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The place between two bytes. It lies in the innermost text that holds both, so that the
    /// border of an expansion is outside of it; where text was left out, it joins what precedes.
    fn point(&self, offset: usize) -> Point {
        let before = offset.checked_sub(1).map(|last| self.piece_at(last));
        let after = (offset < self.len).then(|| self.piece_at(offset));
        let of = |index: usize| self.pieces[index].inclusion;
        let inclusion = match (before, after) {
            (Some(before), Some(after)) => self.common(of(before), of(after)),
            _ => 0,
        };
        let copied = |index: usize| {
            let piece = &self.pieces[index];
            let source = piece.source.filter(|_| piece.inclusion == inclusion)?;
            Some(Point { inclusion, offset: Some(source + offset - piece.start), exact: true })
        };
        let beside = |index: usize, end: fn(&Range<usize>) -> usize| {
            let piece = &self.pieces[index];
            if piece.inclusion == inclusion {
                return None;
            }
            let child = &self.inclusions[self.child_on_the_way(piece.inclusion, inclusion)];
            Some(Point { inclusion, offset: Some(end(&child.directive)), exact: child.exact })
        };
        before
            .and_then(copied)
            .or_else(|| before.and_then(|index| beside(index, |directive| directive.end)))
            .or_else(|| after.and_then(copied))
            .or_else(|| after.and_then(|index| beside(index, |directive| directive.start)))
            .unwrap_or(Point { inclusion, offset: (inclusion == 0).then_some(0), exact: true })
    }

    fn clamp(&self, span: Span<Expanded>) -> (usize, usize) {
        (span.start().min(self.len), span.end().min(self.len))
    }

    /// The piece that holds the byte at `offset`, which must lie in the text.
    fn piece_at(&self, offset: usize) -> usize {
        self.pieces.partition_point(|piece| piece.start <= offset) - 1
    }

    fn piece_end(&self, index: usize) -> usize {
        self.pieces.get(index + 1).map_or(self.len, |next| next.start)
    }

    /// The innermost inclusion that holds both.
    fn common(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            let deeper = if self.inclusions[one].depth >= self.inclusions[other].depth {
                &mut one
            } else {
                &mut other
            };
            *deeper = self.inclusions[*deeper].parent;
        }
        one
    }

    /// The inclusion right below `ancestor` through which `inclusion`, further below, came.
    fn child_on_the_way(&self, mut inclusion: usize, ancestor: usize) -> usize {
        while self.inclusions[inclusion].parent != ancestor {
            inclusion = self.inclusions[inclusion].parent;
        }
        inclusion
    }

    fn directive_place(&self, inclusion: usize) -> Place {
        let Inclusion { parent, directive, .. } = &self.inclusions[inclusion];
        self.place(*parent, directive.clone())
    }

    fn place(&self, inclusion: usize, range: Range<usize>) -> Place {
        place(&self.inclusions, inclusion, range)
    }

    fn copied_range(&self, inclusion: usize, range: Range<usize>) -> Copied {
        copied_range(&self.inclusions, inclusion, range)
    }
}

fn copied_range(inclusions: &[Inclusion], inclusion: usize, range: Range<usize>) -> Copied {
    match &inclusions[inclusion].path {
        None => Copied::Received(range.into()),
        Some(path) => Copied::File { path: Arc::clone(path), span: range.into() },
    }
}

fn place(inclusions: &[Inclusion], mut inclusion: usize, range: Range<usize>) -> Place {
    let at = copied_range(inclusions, inclusion, range);
    let mut included_from = Vec::new();
    while inclusion != 0 {
        let Inclusion { parent, directive, .. } = &inclusions[inclusion];
        included_from.push(copied_range(inclusions, *parent, directive.clone()));
        inclusion = *parent;
    }
    Place { at, included_from }
}

impl Inclusion {
    fn received() -> Self {
        Self { path: None, parent: 0, depth: 0, directive: 0..0, exact: true }
    }
}

/// The map of a text under construction.
#[derive(Debug)]
pub(crate) struct MapBuilder {
    pub(crate) out: PiecedText,
    pub(crate) roots: Vec<Root>,
    inclusions: Vec<Inclusion>,
}

impl MapBuilder {
    pub(crate) fn new() -> Self {
        Self {
            out: PiecedText::default(),
            roots: Vec::new(),
            inclusions: vec![Inclusion::received()],
        }
    }

    /// How many files were included.
    pub(crate) fn inclusion_count(&self) -> usize {
        self.inclusions.len() - 1
    }

    /// Notes that the directive at `range` of `text`, a text of `parent` alone, includes `path`.
    pub(crate) fn include(
        &mut self,
        parent: usize,
        text: &PiecedText,
        range: Range<usize>,
        path: Arc<Path>,
    ) -> usize {
        let (directive, exact) = self.source(parent, text, range);
        let depth = self.inclusions[parent].depth + 1;
        self.inclusions.push(Inclusion { path: Some(path), parent, depth, directive, exact });
        self.inclusions.len() - 1
    }

    /// The place of `range` of `text`, a text of `inclusion` alone.
    pub(crate) fn place(&self, inclusion: usize, text: &PiecedText, range: Range<usize>) -> Place {
        place(&self.inclusions, inclusion, self.source(inclusion, text, range).0)
    }

    /// The bytes of the inclusion's file that cover `range`, and whether they equal it.
    fn source(
        &self,
        inclusion: usize,
        text: &PiecedText,
        range: Range<usize>,
    ) -> (Range<usize>, bool) {
        let touched = || text.slices(range.clone());
        let exact = touched().count() == 1;
        let copied =
            touched().filter_map(|(bytes, source, _)| Some(source?..source? + bytes.len()));
        match copied.reduce(|one, other| one.start.min(other.start)..one.end.max(other.end)) {
            Some(cover) => (cover, exact),
            None => (self.inclusions[inclusion].directive.clone(), false),
        }
    }

    pub(crate) fn finish(self) -> (String, SourceMap) {
        let Self { out, roots, inclusions } = self;
        let map =
            SourceMap { len: out.text.len(), pieces: out.pieces, inclusions, roots: Some(roots) };
        (out.text, map)
    }
}

impl PiecedText {
    /// The received text.
    pub(crate) fn received(text: &str) -> Self {
        let mut pieced = Self::default();
        pieced.push(text, Some(0), 0);
        pieced
    }

    /// Adds text that was copied from `source` in the inclusion's file, or is synthetic.
    pub(crate) fn push(&mut self, text: &str, source: Option<usize>, inclusion: usize) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        let continues = self.pieces.last().is_some_and(|last| {
            last.inclusion == inclusion
                && last.source.map(|source| source + start - last.start) == source
        });
        if !continues {
            self.pieces.push(Piece { start, source, inclusion });
        }
        self.text.push_str(text);
    }

    /// Adds a part of another text with its origins.
    pub(crate) fn push_slice(&mut self, from: &PiecedText, range: Range<usize>) {
        for (text, source, inclusion) in from.slices(range) {
            self.push(text, source, inclusion);
        }
    }

    /// The parts of the pieces that lie in `range`: their text, source and inclusion.
    fn slices(&self, range: Range<usize>) -> impl Iterator<Item = (&str, Option<usize>, usize)> {
        let first =
            self.pieces.partition_point(|piece| piece.start <= range.start).saturating_sub(1);
        let last = self.pieces.partition_point(|piece| piece.start < range.end);
        (first..last.max(first)).filter_map(move |index| {
            let piece = &self.pieces[index];
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.start);
            let (start, end) = (range.start.max(piece.start), range.end.min(end));
            let source = piece.source.map(|source| source + start - piece.start);
            (start < end).then(|| (&self.text[start..end], source, piece.inclusion))
        })
    }
}

#[cfg(test)]
mod tests;
