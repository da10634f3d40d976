use crate::Span;
use std::collections::VecDeque;
use thiserror::Error;

/// A replacement of one span; an empty span inserts, an empty replacement deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<T> {
    /// What is replaced.
    pub span: Span<T>,
    /// What stands there afterwards.
    pub replacement: String,
}

impl<T> Edit<T> {
    /// Replaces `span`.
    pub fn replace(span: Span<T>, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    /// Inserts at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), text)
    }

    /// Deletes `span`.
    pub fn delete(span: Span<T>) -> Self {
        Self::replace(span, "")
    }
}

/// Edits of one text that can all be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditSet<T> {
    /// Ascending by start, and no two overlap. Insertions at one place keep the order in which they
    /// were given; an insertion at the border of a replacement stays outside it.
    edits: Vec<Edit<T>>,
}

/// Two edits of one text that cannot both be applied.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("edits {first:?} and {second:?} overlap")]
pub struct Overlap<T> {
    /// The edit that starts first.
    pub first: Span<T>,
    /// The edit that starts inside it.
    pub second: Span<T>,
}

impl<T> EditSet<T> {
    /// Orders `edits` by offset; edits at one offset keep their order, insertions going first.
    ///
    /// # Errors
    ///
    /// [`Overlap`] if two replacements share a byte, or an insertion falls inside a replacement.
    pub fn new(mut edits: Vec<Edit<T>>) -> Result<Self, Overlap<T>> {
        edits.sort_by_key(|edit| (edit.span.start(), !edit.span.is_empty()));
        match edits.windows(2).find(|pair| pair[1].span.start() < pair[0].span.end()) {
            Some(pair) => Err(Overlap { first: pair[0].span, second: pair[1].span }),
            None => Ok(Self { edits }),
        }
    }

    /// Takes edits in the order given, leaving out each that overlaps one already taken, which are
    /// returned beside the set. Equal edits count once.
    pub fn first_come(edits: impl IntoIterator<Item = Edit<T>>) -> (Self, Vec<Edit<T>>) {
        let mut taken = Self::default();
        let refused = edits.into_iter().filter_map(|edit| taken.add(edit).err()).collect();
        (taken, refused)
    }

    /// Adds an edit behind those at the same offset; one that is there already is not added again.
    ///
    /// # Errors
    ///
    /// The edit, if it overlaps one that is there.
    pub fn add(&mut self, edit: Edit<T>) -> Result<(), Edit<T>> {
        let key = |edit: &Edit<T>| (edit.span.start(), !edit.span.is_empty());
        let place = self.edits.partition_point(|other| key(other) <= key(&edit));
        let (before, after) = self.edits.split_at(place);
        let mut beside = before.iter().rev().take_while(|other| key(other) == key(&edit));
        if beside.any(|other| other.span == edit.span && other.replacement == edit.replacement) {
            return Ok(());
        }
        // The edits are disjoint, so nobody reaches further than the neighbours.
        let reached = before.last().is_some_and(|other| other.span.end() > edit.span.start());
        let reaches = after.first().is_some_and(|other| other.span.start() < edit.span.end());
        if reached || reaches {
            return Err(edit);
        }
        self.edits.insert(place, edit);
        Ok(())
    }

    /// Adds all of some edits or none; says which. Duplicates count as added.
    pub fn add_all(&mut self, edits: Vec<Edit<T>>) -> bool
    where
        T: Clone,
    {
        if let Ok([edit]) = <[Edit<T>; 1]>::try_from(edits.clone()) {
            return self.add(edit).is_ok();
        }
        let mut with = self.clone();
        let added = edits.into_iter().all(|edit| with.add(edit).is_ok());
        if added {
            *self = with;
        }
        added
    }

    /// The text with all edits applied. Bytes outside the edits are copied untouched.
    ///
    /// # Panics
    ///
    /// If an edit lies outside `text` or not on character borders.
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for edit in &self.edits {
            out.push_str(&text[copied..edit.span.start()]);
            out.push_str(&edit.replacement);
            copied = edit.span.end();
        }
        out.push_str(&text[copied..]);
        out
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The edits, ascending.
    pub fn iter(&self) -> std::slice::Iter<'_, Edit<T>> {
        self.edits.iter()
    }

    /// The edits, ascending, to be taken from the front.
    pub fn into_queue(self) -> VecDeque<Edit<T>> {
        self.edits.into()
    }
}

impl<T> Default for EditSet<T> {
    fn default() -> Self {
        Self { edits: Vec::new() }
    }
}

impl<'a, T> IntoIterator for &'a EditSet<T> {
    type Item = &'a Edit<T>;
    type IntoIter = std::slice::Iter<'a, Edit<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expanded;

    fn set(edits: Vec<Edit<Expanded>>) -> Result<EditSet<Expanded>, Overlap<Expanded>> {
        EditSet::new(edits)
    }

    #[test]
    fn insertions_stay_outside_replacements_and_keep_their_order() {
        let edits = vec![
            Edit::replace(Span::new(1, 3), "X"),
            Edit::insert(1, "a"),
            Edit::insert(3, "c"),
            Edit::insert(1, "b"),
        ];
        assert_eq!(set(edits).unwrap().apply("01234"), "0abXc34");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let overlap = set(vec![Edit::insert(2, "a"), Edit::delete(Span::new(1, 3))]).unwrap_err();
        assert_eq!(overlap.to_string(), "edits 1..3 and 2..2 overlap");
    }

    #[test]
    fn first_come_keeps_the_earlier_of_two_that_clash_and_merges_equal_ones() {
        let (kept, refused) = EditSet::<Expanded>::first_come(vec![
            Edit::replace(Span::new(2, 4), "X"),
            Edit::replace(Span::new(2, 4), "X"),
            Edit::delete(Span::new(3, 5)),
            Edit::insert(0, "a"),
        ]);
        assert_eq!(kept.apply("012345"), "a01X45");
        assert_eq!(refused.len(), 1);
    }
}
