/// The candidate nearest to `word`, for "did you mean": at most every third letter differs
/// (Damerau-Levenshtein distance), ties go to the candidate that comes first.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = length / 3;
    candidates
        .into_iter()
        // What differs in length by more differs in as many letters, and this is much quicker.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn the_nearest_word_is_suggested_and_a_stranger_is_not() {
        let names = ["name", "run", "timeout"];
        assert_eq!(did_you_mean("nmae", names), Some("name"));
        assert_eq!(did_you_mean("timout", names), Some("timeout"));
        assert_eq!(did_you_mean("editable", names), None);
        assert_eq!(did_you_mean("base", names), None);
    }
}
