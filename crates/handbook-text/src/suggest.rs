use std::cell::Cell;

/// What is longer, in characters, is compared with nothing: that takes the square of its length.
const LONGEST: usize = 200;

/// How many candidates a book's words may still be compared with: where both are many, comparing
/// takes longer than all else. What comes later gets no suggestion.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Default for Budget {
    /// A budget that books with a few hundred chapters and as many misspelt words do not reach.
    fn default() -> Self {
        Self::new(100_000)
    }
}

impl Budget {
    /// So many candidates.
    pub fn new(candidates: usize) -> Self {
        Self(Cell::new(candidates))
    }

    /// What [`nearest`] finds; nothing once the budget is used up.
    pub fn nearest<'a>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<(&'a str, bool)> {
        let mut left = self.0.get();
        let mut candidates = candidates.into_iter();
        let affordable: Vec<&str> = candidates.by_ref().take(left).collect();
        left -= affordable.len();
        // Among a part of them, the nearest may not be the nearest.
        let is_whole = candidates.next().is_none();
        self.0.set(if is_whole { left } else { 0 });
        if is_whole { nearest(word, affordable) } else { None }
    }
}

/// The candidate nearest to `word`, for "did you mean": at most every third letter differs
/// (Damerau-Levenshtein distance), ties go to the candidate that comes first.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    near(word, candidates).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The same, with whether no other candidate is as near.
pub fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, bool)> {
    let mut all: Vec<_> = near(word, candidates).collect();
    all.sort_by_key(|(distance, _)| *distance);
    all.dedup_by_key(|(_, candidate)| *candidate);
    let (distance, candidate) = *all.first()?;
    Some((candidate, all.get(1).is_none_or(|(other, _)| *other > distance)))
}

/// The candidates that are near, with how far they are.
fn near<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = (usize, &'a str)> {
    let length = word.chars().count();
    let limit = length / 3;
    candidates
        .into_iter()
        .filter(move |_| length <= LONGEST)
        // What differs in length by more differs in as many letters, and this is much quicker.
        .filter(move |candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(move |candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(move |(distance, _)| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::{Budget, did_you_mean, nearest};

    #[test]
    fn the_nearest_word_is_suggested_and_a_stranger_is_not() {
        let names = ["name", "run", "timeout"];
        assert_eq!(did_you_mean("nmae", names), Some("name"));
        assert_eq!(did_you_mean("timout", names), Some("timeout"));
        assert_eq!(did_you_mean("editable", names), None);
        assert_eq!(did_you_mean("base", names), None);
    }

    #[test]
    fn what_is_long_takes_no_time() {
        let (one, other) = ("a".repeat(50_000), "b".to_owned() + &"a".repeat(49_999));
        assert_eq!(did_you_mean(&one, [other.as_str()]), None);
    }

    #[test]
    fn a_budget_ends_suggestions() {
        let budget = Budget::new(3);
        assert_eq!(budget.nearest("nmae", ["run", "name"]), Some(("name", true)));
        assert_eq!(budget.nearest("nmae", ["run", "name"]), None);
        assert_eq!(budget.nearest("nmae", ["name"]), None);
    }

    #[test]
    fn of_two_that_are_as_near_none_is_the_only_one() {
        assert_eq!(nearest("ring-x", ["ring-a", "ring-b"]), Some(("ring-a", false)));
        assert_eq!(nearest("ring-x", ["ring-a", "rinnnn"]), Some(("ring-a", true)));
    }
}
