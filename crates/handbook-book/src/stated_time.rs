//! Times as people write them.

use std::fmt;
use std::iter::Sum;

/// How long something takes, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StatedTime {
    /// At least so many.
    pub least: f64,
    /// At most so many.
    pub most: f64,
}

impl StatedTime {
    /// The time that a text such as `1.5–2 hours` or `1 h 30 min` states. `None` if it states none
    /// that is understood.
    pub fn read(text: &str) -> Option<Self> {
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
        let (least, most) = total.filter(|(least, most)| *least > 0.0 && most >= least)?;
        Some(Self { least, most })
    }
}

impl Sum for StatedTime {
    fn sum<I: Iterator<Item = Self>>(times: I) -> Self {
        times.fold(Self::default(), |sum, time| Self {
            least: sum.least + time.least,
            most: sum.most + time.most,
        })
    }
}

/// In symbols, which are the same in all languages: `45 min`, `1 h 30 min`, `3–4 h`.
impl fmt::Display for StatedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [least, most] = [self.least, self.most].map(|minutes| minutes.round() as u64);
        let shown = |minutes: u64| match (minutes / 60, minutes % 60) {
            (0, minutes) => format!("{minutes} min"),
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        };
        let is_whole = |unit: u64| least % unit == 0 && most % unit == 0;
        match (least, most) {
            _ if least == most => write!(f, "{}", shown(least)),
            _ if is_whole(60) => write!(f, "{}–{} h", least / 60, most / 60),
            (_, ..60) => write!(f, "{least}–{most} min"),
            _ => write!(f, "{} – {}", shown(least), shown(most)),
        }
    }
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
    use super::*;

    fn minutes(text: &str) -> Option<(f64, f64)> {
        StatedTime::read(text).map(|time| (time.least, time.most))
    }

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

    #[test]
    fn times_are_shown_in_symbols() {
        let shown = |least, most| StatedTime { least, most }.to_string();
        assert_eq!(shown(45.0, 45.0), "45 min");
        assert_eq!(shown(90.0, 90.0), "1 h 30 min");
        assert_eq!(shown(180.0, 240.0), "3–4 h");
        assert_eq!(shown(30.0, 45.0), "30–45 min");
        assert_eq!(shown(45.0, 90.0), "45 min – 1 h 30 min");
    }
}
