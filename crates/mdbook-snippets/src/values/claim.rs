//! What a written number claims, whether a printed one bears it out, and how it is written anew.
//!
//! The guide has the table of notations ("Written numbers"); `tests/tests/values.rs` tries its rows.

use super::number::{Number, power};
use super::printed::Printed;
use super::unit::{self, Factors};
use super::written::{self, Figure, Power, Says, Style, Written};
use crate::growth::claim as growth_claim;
use std::cmp::Ordering;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    Holds,
    /// It does not, and this would; `None` if the author has to decide.
    Stale {
        instead: Option<String>,
    },
    /// The units measure different things.
    OtherUnit,
    /// The number is the printed one, but not in the unit that stands behind it.
    NoUnit,
}

/// Whether a text ends with a number that can be read.
pub(crate) fn is_number(text: &str) -> bool {
    !written::read(text).is_empty()
}

/// The words behind the last number or claim of growth in a text, if they are what keeps a binding
/// behind them from it; with where they start.
pub(crate) fn in_the_way(text: &str) -> Option<(&str, &str)> {
    /// No more words are looked at.
    const MOST: usize = 8;

    let text = text.trim_end();
    let is_bare = |text: &str| {
        written::read(text).last().is_some_and(|it| it.behind.is_empty() && it.upper.is_none())
    };
    let blanks = text.rmatch_indices(char::is_whitespace).take(MOST);
    let mut parts = blanks.map(|(at, _)| text.split_at(at));
    let (front, words) =
        parts.find(|(front, _)| is_bare(front) || growth_claim::read(front).is_some())?;
    let subject = front.rsplit(char::is_whitespace).next().unwrap_or(front);
    Some((subject, words.trim()))
}

/// Why a number that is stale is not written anew.
pub(crate) fn why_left(text: &str, written: &Written, printed: &Printed) -> String {
    let rounded = Written { says: Says::Exactly, ..written.clone() };
    let number = &text[written.range.clone()];
    match written.says {
        Says::Exactly | Says::About if written.upper.is_some() => {
            "the ends of a range are yours to choose".to_owned()
        }
        Says::Exactly | Says::About if written::is_part(&text[..written.range.start]) => {
            "it is a part of something larger, which is yours to write anew".to_owned()
        }
        Says::Exactly | Says::About if printed.unit.is_empty() && !written.behind.is_empty() => {
            let (number, unit) = (&printed.text, &written.behind);
            format!("it is printed without a unit: let the snippet print `{number} {unit}`")
        }
        Says::Exactly | Says::About => "write it anew: how is yours to choose".to_owned(),
        _ if holds(&rounded, printed) == Some(true) => format!(
            "`{}` makes it a bound, which is not rounded: write `about {number}`, or a bound that \
             {} keeps",
            written.word, printed.text
        ),
        _ => format!("`{}` makes it a bound, which is yours to choose", written.word),
    }
}

/// Judges the number that `text` ends with; `None` if there is none.
pub(crate) fn judge(text: &str, printed: &Printed) -> Option<(Written, Judgement)> {
    let readings = written::read(text);
    let holding = readings.iter().find(|written| holds(written, printed) == Some(true));
    if let Some(written) = holding {
        return Some((written.clone(), Judgement::Holds));
    }
    let written = readings.last()?.clone();
    let judgement = match unit::factors(&printed.unit, &written.behind) {
        None => Judgement::OtherUnit,
        Some(_) if printed.unit.is_empty() && holds_bare(&written, printed) => Judgement::NoUnit,
        Some(_) => {
            let sure = readings.len() == 1;
            Judgement::Stale { instead: sure.then(|| instead(text, &written, printed)).flatten() }
        }
    };
    Some((written, judgement))
}

/// The printed number in the notation of a sample, `0.0 %` for example.
pub(crate) fn like(sample: &str, printed: &Printed) -> Option<String> {
    let [written] = <[Written; 1]>::try_from(written::read(sample)).ok()?;
    let whole = written.says == Says::Exactly && written.range.start == 0;
    let plain = whole && written.upper.is_none() && !is_alone(&written.figure);
    let factors = plain.then(|| unit::factors(&printed.unit, &written.behind)).flatten()?;
    let figure = rewritten(&written.figure, printed.number, factors, 0)?;
    Some(format!("{figure}{}", &sample[written.range.end..]))
}

/// Whether the claim is true; `None` if the two cannot be compared.
fn holds(written: &Written, printed: &Printed) -> Option<bool> {
    use Ordering::{Greater, Less};
    if let Some(upper) = &written.upper {
        let between = written.between.as_ref().unwrap_or(&written.behind);
        let sides =
            [side(&written.figure, between, printed)?, side(upper, &written.behind, printed)?];
        // What falls is written from the larger end to the smaller.
        return Some(sides != [Less, Less] && sides != [Greater, Greater]);
    }
    let factors = unit::factors(&printed.unit, &written.behind)?;
    let value = printed.number.times(factors.printed)?;
    let (number, half) = size(&written.figure, factors)?;
    Some(match written.says {
        Says::Exactly | Says::About => {
            let tenth = number.abs().times(Number::new(1, -1))?;
            let about = written.says == Says::About && tenth.order(half) == Greater;
            let most = if about { tenth } else { half };
            value.minus(number)?.abs().order(most) != Greater
        }
        Says::Below => value.order(number) == Less,
        Says::AtMost => value.order(number) != Greater,
        Says::Above => value.order(number) == Greater,
        Says::AtLeast => value.order(number) != Less,
    })
}

/// On which side of a number with its unit the printed one lies, the two being equal where rounding
/// may have made them so.
fn side(figure: &Figure, behind: &str, printed: &Printed) -> Option<Ordering> {
    let factors = unit::factors(&printed.unit, behind)?;
    let value = printed.number.times(factors.printed)?;
    let (number, half) = size(figure, factors)?;
    let is_near = value.minus(number)?.abs().order(half) != Ordering::Greater;
    Some(if is_near { Ordering::Equal } else { value.order(number) })
}

/// Whether the claim would be true without its unit.
fn holds_bare(written: &Written, printed: &Printed) -> bool {
    let bare = Written { behind: String::new(), between: None, ..written.clone() };
    !written.behind.is_empty() && holds(&bare, printed) == Some(true)
}

/// The number that is written, and half of what its last digit counts.
fn size(figure: &Figure, factors: Factors) -> Option<(Number, Number)> {
    let scale = figure.scale()?.times(factors.written)?;
    let half = if is_alone(figure) {
        Number::new(0, 0)
    } else {
        Number::new(5, -figure.decimals - 1).times(scale)?
    };
    Some((figure.mantissa.times(scale)?, half))
}

fn is_alone(figure: &Figure) -> bool {
    figure.power.as_ref().is_some_and(|power| power.alone)
}

/// What to write for a number that is stale. A range and a bound are the author's to choose.
fn instead(text: &str, written: &Written, printed: &Printed) -> Option<String> {
    let is_one = written.upper.is_none() && matches!(written.says, Says::Exactly | Says::About);
    let is_part = written::is_part(&text[..written.range.start]);
    if !is_one || is_part || is_alone(&written.figure) {
        return None;
    }
    if printed.unit.is_empty() && unit::has_size(&written.behind) {
        return None;
    }
    let factors = unit::factors(&printed.unit, &written.behind)?;
    // `~1200` is no more precise than its last digit that is none of the zeros.
    let digits = written.figure.mantissa.digits.to_string();
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let is_round =
        written.says == Says::About && written.figure.decimals == 0 && zeros < digits.len();
    let zeros = if is_round { i32::try_from(zeros).ok()? } else { 0 };
    (0..=zeros).rev().find_map(|zeros| {
        let number = rewritten(&written.figure, printed.number, factors, zeros)?;
        let (before, after) = (&text[..written.range.start], &text[written.range.end..]);
        let [again] =
            <[Written; 1]>::try_from(written::read(&format!("{before}{number}{after}"))).ok()?;
        let lost = again.figure.mantissa.is_zero() && !printed.number.is_zero();
        (!lost && holds(&again, printed) == Some(true)).then_some(number)
    })
}

/// The printed number in the notation of a written one, rounded to its decimals, or to so many zeros.
fn rewritten(figure: &Figure, value: Number, factors: Factors, zeros: i32) -> Option<String> {
    let value = value.times(factors.printed)?;
    let decimals = figure.decimals - zeros;
    let Some(old) = &figure.power else {
        let digits = value.divided(factors.written, decimals)?;
        return Some(spelled(figure, digits, zeros, ""));
    };
    let mut exponent = old.exponent;
    let rounded =
        |exponent: i32| value.divided(power(old.base, exponent)?.times(factors.written)?, decimals);
    let one = 10_i128.checked_pow(u32::try_from(figure.decimals).ok()?)?;
    let is_normal =
        |digits: i128| (one..one.checked_mul(10).unwrap_or(i128::MAX)).contains(&digits.abs());
    let written = Number::new(figure.mantissa.digits, 0);
    let mut digits = rounded(exponent)?;
    // What was written as one digit before the point stays that.
    if old.base == 10 && is_normal(written.digits) {
        for _ in 0..80 {
            match digits {
                0 if value.is_zero() => break,
                _ if is_normal(digits) => break,
                _ if digits.abs() < one => exponent -= 1,
                _ => exponent += 1,
            }
            digits = rounded(exponent)?;
        }
    }
    Some(spelled(figure, digits, 0, &powered(old, exponent)))
}

fn powered(old: &Power, exponent: i32) -> String {
    let exponent = match old.style {
        Style::Plain => exponent.to_string(),
        Style::Html => format!("<sup>{exponent}</sup>"),
        Style::Superscript => {
            let raised = |ch: char| match ch.to_digit(10) {
                Some(digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize).unwrap_or(ch),
                None => '⁻',
            };
            exponent.to_string().chars().map(raised).collect()
        }
    };
    format!("{}{exponent}", old.opening)
}

/// Digits, to be read with the figure's decimals, in its notation.
fn spelled(figure: &Figure, digits: i128, zeros: i32, power: &str) -> String {
    let places = usize::try_from(figure.decimals).unwrap_or(0);
    let text = digits.unsigned_abs().to_string();
    let zeros = "0".repeat(if digits == 0 { 0 } else { usize::try_from(zeros).unwrap_or(0) });
    let text = format!("{text:0>width$}{zeros}", width = places + 1);
    let (whole, fraction) = text.split_at(text.len() - places);
    let sign = match (figure.sign, digits < 0) {
        ("−", true) => "−",
        (_, true) => "-",
        ("+", false) => "+",
        _ => "",
    };
    let whole = match &figure.separator {
        Some(separator) => grouped(whole, separator),
        None => whole.to_owned(),
    };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}{power}")
}

fn grouped(digits: &str, separator: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
