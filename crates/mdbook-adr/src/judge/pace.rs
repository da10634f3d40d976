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
    if !chapter.is_written(matched.found.span) {
        return Vec::new();
    }
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

/// The shortest and longest time that a text such as `1.5–2 hours` or `1 h 30 min` states, in
/// minutes. `None` if it states none that is understood.
fn minutes(text: &str) -> Option<(f64, f64)> {
    let mut rest = text.trim_start();
    let mut numbers: Vec<f64> = Vec::new();
    // What was read so far, unit by unit.
    let mut total: Option<(f64, f64)> = None;
    while let Some(at) = rest.find(|ch: char| ch.is_ascii_digit()) {
        if total.is_some() && !rest[..at].trim().is_empty() {
            break;
        }
        let number = &rest[at..];
        let end = number.find(|ch: char| !ch.is_ascii_digit() && !".,:".contains(ch));
        let (number, behind) = number.split_at(end.unwrap_or(number.len()));
        let number = number.trim_end_matches(['.', ',', ':']);
        // A colon parses as nothing; a comma is a point in many languages.
        numbers.push(number.replace(',', ".").parse().ok()?);
        rest = behind.trim_start();
        let word = rest.find(|ch: char| !ch.is_alphabetic()).unwrap_or(rest.len());
        // `1h30`
        let follows_hours = total.is_some() && word == 0 && numbers[0] < 60.0;
        let unit = if follows_hours { Some(1.0) } else { unit(&rest[..word]) };
        let Some(unit) = unit else {
            // The first end of a range, as in `2–3 hours` and `2 to 3 hours`.
            if numbers.len() < 2 && total.is_none() {
                continue;
            }
            break;
        };
        let (first, last) = total.unwrap_or_default();
        let least = first + numbers[0] * unit;
        total = Some((least, last + numbers[numbers.len() - 1] * unit));
        numbers.clear();
        rest = &rest[word..];
    }
    total.filter(|(least, most)| *least > 0.0 && most >= least)
}

/// How many minutes a unit has.
fn unit(word: &str) -> Option<f64> {
    const HOURS: [&str; 11] =
        ["h", "hr", "hrs", "hour", "hours", "heure", "heures", "hora", "horas", "std", "stunden"];
    const MINUTES: [&str; 8] =
        ["m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos"];
    let word = word.to_lowercase();
    let is = |known: &[&str]| known.contains(&word.as_str());
    if is(&HOURS) { Some(60.0) } else { is(&MINUTES).then_some(1.0) }
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
        assert_eq!(minutes(" 1 hour 30 minutes"), Some((90.0, 90.0)));
        assert_eq!(minutes(" 1h30"), Some((90.0, 90.0)));
        assert_eq!(minutes(" 1h 30min, with breaks"), Some((90.0, 90.0)));
        assert_eq!(minutes(" 1,5 hours"), Some((90.0, 90.0)));
        assert_eq!(minutes(" 2 months"), None);
        assert_eq!(minutes(" 1:30 h"), None);
    }
}
