use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Range;

/// Marks spans in a file as it lies on disk. Only these reach a fix that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disk {}

/// Marks spans in a chapter as mdBook handed it over: the disk less a byte order mark, unless
/// another preprocessor came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Received {}

/// Marks spans in a text whose includes are expanded: the one text that is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expanded {}

/// A half-open byte range in the text that `T` names.
pub struct Span<T> {
    start: usize,
    end: usize,
    text: PhantomData<fn() -> T>,
}

impl<T> Span<T> {
    /// The span of the bytes `start..end`.
    ///
    /// # Panics
    ///
    /// If `end` lies before `start`.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "span ends before it starts: {start}..{end}");
        Self { start, end, text: PhantomData }
    }

    /// The empty span at `offset`, where something can be inserted.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Where the span starts, in bytes.
    pub fn start(self) -> usize {
        self.start
    }

    /// Where the span ends (exclusive), in bytes.
    pub fn end(self) -> usize {
        self.end
    }

    /// The length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds nothing and only names a place.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range, to slice its text with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

// Derived, these would ask the marker for the same traits wherever a span is handed on.
impl<T> Clone for Span<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Span<T> {}

impl<T> PartialEq for Span<T> {
    fn eq(&self, other: &Self) -> bool {
        self.range() == other.range()
    }
}

impl<T> Eq for Span<T> {}

impl<T> PartialOrd for Span<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Span<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}

impl<T> Hash for Span<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.range().hash(state);
    }
}

impl<T> From<Range<usize>> for Span<T> {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl<T> fmt::Debug for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
