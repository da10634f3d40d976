//! Text as it is compared.
//!
//! Case, marks and blanks do not count. What changes a quantity does: signs, bounds, decimals, powers,
//! ranges, percent, and an `O(…)`, which is one word, as `-3`, `<5`, `1.5` and `3-5` are.

/// Text as it is compared: its words, one blank between them.
pub(crate) fn phrase(text: &str) -> String {
    let chars: Vec<char> = text.chars().flat_map(spelled).collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let length = word(&chars, at);
        if length > 0 {
            let word = chars[at..at + length].iter().filter(|ch| !ch.is_whitespace());
            words.push(word.flat_map(|ch| ch.to_lowercase()).collect());
        }
        at += length.max(1);
    }
    words.join(" ")
}

/// One sign for those that mean the same.
fn spelled(ch: char) -> Vec<char> {
    match ch {
        '−' | '–' => vec!['-'],
        '²' => vec!['^', '2'],
        '³' => vec!['^', '3'],
        ch => vec![ch],
    }
}

/// The length of the word that starts at `at`; none if none starts there.
fn word(chars: &[char], at: usize) -> usize {
    let sign = |ch: Option<&char>, signs: &str| ch.is_some_and(|ch| signs.contains(*ch));
    let after_word = at > 0 && (is_letter(chars[at - 1]) || chars[at - 1] == '%');
    let mut end = at;
    if sign(chars.get(end), "<>≤≥") && !(at > 0 && sign(chars.get(at - 1), "-=")) {
        end += 1 + usize::from(chars.get(end + 1) == Some(&'='));
        end += chars[end..].iter().take_while(|ch| **ch == ' ').count();
    }
    if sign(chars.get(end), "+-") && !after_word {
        end += 1;
    }
    let is_number = chars.get(end).is_some_and(char::is_ascii_digit);
    if end > at && !is_number {
        // A bound between words is one by itself; a dash is nothing.
        return usize::from(sign(chars.get(at), "<>≤≥+"));
    }
    if sign(chars.get(end), "%+=") {
        return 1;
    }
    if chars.get(end + 1) == Some(&'(') && is_letter(chars[end]) && !after_word {
        return closed(&chars[end..]).unwrap_or(1);
    }
    end += chars[end..].windows(2).take_while(|pair| goes_on(pair[0], pair[1])).count();
    // The last letter has no pair, and each pair says that its second belongs to the first.
    match chars.get(end) {
        Some(ch) if is_letter(*ch) => end + 1 - at,
        _ => end - at,
    }
}

fn is_letter(ch: char) -> bool {
    ch.is_alphanumeric()
}

/// Whether `next` may stand behind `ch` within a word.
fn goes_on(ch: char, next: char) -> bool {
    match (is_letter(ch), is_letter(next)) {
        (true, true) => true,
        (true, false) => "^".contains(next) || ch.is_ascii_digit() && ".,-".contains(next),
        (false, true) => ch == '^' || next.is_ascii_digit() && ".,-".contains(ch),
        (false, false) => false,
    }
}

/// The length of a letter with all that stands in its parentheses, if those are closed.
fn closed(chars: &[char]) -> Option<usize> {
    let mut depth = 0_usize;
    // What is longer is no formula, and searching on would take too long.
    for (at, ch) in chars.iter().enumerate().take(100) {
        match ch {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::phrase;

    #[test]
    fn what_changes_a_quantity_counts() {
        for (one, other) in [
            ("O(n^2)", "O(n)"),
            ("O(n log n)", "O(n)"),
            ("1.5 ms", "15 ms"),
            ("-3 %", "3 %"),
            ("< 5 MB", "> 5 MB"),
            ("<= 5 MB", "< 5 MB"),
            ("≤ 5", "≥ 5"),
            ("5 %", "5"),
            ("10^6", "10"),
            ("a < b", "a > b"),
            ("3-5", "3"),
            ("C++", "C"),
        ] {
            assert_ne!(phrase(one), phrase(other));
        }
        assert_eq!(phrase("O(n log n), 1.5 ms (p99)"), "o(nlogn) 1.5 ms p99");
        assert_eq!(phrase("< 10 ms, −3 %, 3–5."), "<10 ms -3 % 3-5");
    }

    #[test]
    fn case_marks_and_blanks_do_not() {
        for (one, other) in [
            ("O(n²)", "O( n^2 )"),
            ("**No** state — none.", "no STATE, none"),
            ("No-op", "no op"),
            ("A -> 5", "a 5"),
            ("5%", "5 %"),
            ("—", " - "),
            ("O(n", "o n"),
        ] {
            assert_eq!(phrase(one), phrase(other));
        }
    }
}
