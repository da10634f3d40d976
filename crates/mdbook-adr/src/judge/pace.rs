//! Whether the time that a chapter says it takes can be true.

use super::cells::range;
use super::words::{code_words, words};
use crate::chapter::{Chapter, head};
use crate::rules::IMPLAUSIBLE_TIME;
use handbook_template::{Counts, Matched};
use handbook_text::{Expanded, Finding};

/// The stated time and the chapter's length make so many words a minute.
pub(super) fn check(
    chapter: &Chapter<'_>,
    matched: &Matched<'_>,
    counts: Counts,
) -> Vec<Finding<Expanded>> {
    let text = chapter.document.slice(matched.found.span);
    let label = head(chapter.document, matched.found);
    let stated = &text[(label.end() - matched.found.span.start()).min(text.len())..];
    let Some((least, most)) = minutes(stated) else { return Vec::new() };
    let root = &chapter.document.root;
    let words = words(root) + code_words(root);
    let pace = |minutes: f64| words as f64 / minutes;
    let too_fast = counts.max.is_some_and(|max| pace(most) > max as f64);
    if !too_fast && pace(least) >= counts.min as f64 {
        return Vec::new();
    }
    let fitting = [counts.max.unwrap_or(usize::MAX), counts.min.max(1)];
    let [shortest, longest] = fitting.map(|pace| (words as f64 / pace as f64 / 60.0).max(0.05));
    let middle = pace(f64::midpoint(least, most));
    let message = format!(
        "{words} words, code included, in that time are {middle:.0} a minute; the template wants {}",
        range(counts)
    );
    let at = head(chapter.document, matched.found);
    let help = format!("something between {shortest:.1} and {longest:.1} hours is plausible");
    vec![chapter.finding(&IMPLAUSIBLE_TIME, matched.node, at, message).help(help)]
}

/// The shortest and longest time that a text such as `1.5–2 hours` states, in minutes. `None` if it
/// states none that is understood: hours start with an `h`, minutes with an `m`.
fn minutes(text: &str) -> Option<(f64, f64)> {
    let is_number = |ch: char| ch.is_ascii_digit() || ch == '.';
    let mut numbers: Vec<f64> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|ch: char| ch.is_ascii_digit()) {
        let number = &rest[at..];
        let end = number.find(|ch| !is_number(ch)).unwrap_or(number.len());
        numbers.push(number[..end].trim_end_matches('.').parse().ok()?);
        rest = number[end..].trim_start();
        let unit = match rest.chars().next() {
            Some('h' | 'H') => 60.0,
            Some('m' | 'M') => 1.0,
            // `2–3 hours`, `2 to 3 hours`
            _ if numbers.len() < 2 && rest.len() < text.len() => continue,
            _ => return None,
        };
        let (least, most) = (numbers[0] * unit, numbers[numbers.len() - 1] * unit);
        return (least > 0.0 && most >= least).then_some((least, most));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn times_are_read() {
        assert_eq!(minutes(" 2 hours"), Some((120.0, 120.0)));
        assert_eq!(minutes(" 1.5–2 h (overview) + deep-dives"), Some((90.0, 120.0)));
        assert_eq!(minutes(" 45 to 60 minutes"), Some((45.0, 60.0)));
        assert_eq!(minutes(" an afternoon"), None);
        assert_eq!(minutes(" 3 days"), None);
        assert_eq!(minutes(" 0 hours"), None);
    }
}
