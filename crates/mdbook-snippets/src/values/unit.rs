//! Units: which are known, and what one is in terms of another.

use super::number::Number;

/// What a unit measures. Only units of one kind are converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ratio,
    Time,
    Bytes,
    Frequency,
}

/// Every unit that is converted: its names, its kind, and its size.
const UNITS: &[(&[&str], Kind, Number)] = &[
    (&["×", "x", "times"], Kind::Ratio, Number::ONE),
    (&["%", "percent"], Kind::Ratio, Number::new(1, -2)),
    (&["‰"], Kind::Ratio, Number::new(1, -3)),
    (&["ppm"], Kind::Ratio, Number::new(1, -6)),
    (&["ns", "nsec", "nanosecond"], Kind::Time, Number::new(1, -9)),
    (&["us", "µs", "μs", "usec", "microsecond"], Kind::Time, Number::new(1, -6)),
    (&["ms", "msec", "millisecond"], Kind::Time, Number::new(1, -3)),
    (&["s", "sec", "secs", "second"], Kind::Time, Number::ONE),
    (&["min", "mins", "minute"], Kind::Time, Number::new(60, 0)),
    (&["h", "hr", "hrs", "hour"], Kind::Time, Number::new(3600, 0)),
    (&["d", "day"], Kind::Time, Number::new(86400, 0)),
    (&["B", "byte"], Kind::Bytes, Number::ONE),
    (&["kB", "KB"], Kind::Bytes, Number::new(1, 3)),
    (&["MB"], Kind::Bytes, Number::new(1, 6)),
    (&["GB"], Kind::Bytes, Number::new(1, 9)),
    (&["TB"], Kind::Bytes, Number::new(1, 12)),
    (&["KiB"], Kind::Bytes, Number::new(1 << 10, 0)),
    (&["MiB"], Kind::Bytes, Number::new(1 << 20, 0)),
    (&["GiB"], Kind::Bytes, Number::new(1 << 30, 0)),
    (&["TiB"], Kind::Bytes, Number::new(1 << 40, 0)),
    (&["Hz"], Kind::Frequency, Number::ONE),
    (&["kHz"], Kind::Frequency, Number::new(1, 3)),
    (&["MHz"], Kind::Frequency, Number::new(1, 6)),
    (&["GHz"], Kind::Frequency, Number::new(1, 9)),
];

/// Words and letters that multiply a number.
const SCALES: &[(&str, i32)] = &[
    ("thousand", 3),
    ("million", 6),
    ("billion", 9),
    ("trillion", 12),
    ("bn", 9),
    ("k", 3),
    ("K", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
];

/// The kind and size of a unit that is known.
pub(crate) fn known(unit: &str) -> Option<(Kind, Number)> {
    let is_it =
        |name: &&str| *name == unit || name.len() > 3 && unit.strip_suffix('s') == Some(*name);
    let found = UNITS.iter().find(|(names, ..)| names.iter().any(is_it));
    found.map(|(_, kind, size)| (*kind, *size))
}

/// Whether two words name one unit: `key` and `keys` do, and so do `keys/s` and `keys/second`.
pub(crate) fn same(one: &str, other: &str) -> bool {
    if let (Some((one, per_one)), Some((other, per_other))) =
        (one.split_once('/'), other.split_once('/'))
    {
        return same(one, other) && same(per_one, per_other);
    }
    let bare = |unit: &str| unit.len() > 3 && unit.ends_with('s');
    one == other
        || bare(one) && one.strip_suffix('s') == Some(other)
        || bare(other) && other.strip_suffix('s') == Some(one)
        || matches!((known(one), known(other)), (Some(one), Some(other)) if one == other)
}

/// Whether the ends of a range can have these units.
pub(crate) fn go_together(lower: &str, upper: &str) -> bool {
    let unit = |behind| scale(behind).1.trim_start_matches(is_blank);
    let (lower, upper) = (unit(lower), unit(upper));
    let kinds = known(lower).zip(known(upper));
    lower.is_empty() || same(lower, upper) || kinds.is_some_and(|(one, other)| one.0 == other.0)
}

/// Takes `million`, `k` and the like from the front of what stands behind a number.
pub(crate) fn scale(text: &str) -> (Number, &str) {
    let found = SCALES.iter().find_map(|(word, exponent)| {
        let rest = text.strip_prefix(word)?;
        let ends = rest.is_empty() || rest.starts_with(is_blank) || rest.starts_with("&");
        ends.then_some((Number::new(1, *exponent), rest))
    });
    found.unwrap_or((Number::ONE, text))
}

/// A unit with `/` for the word: `requests per second` is `requests/second`.
pub(crate) fn in_signs(unit: &str) -> String {
    unit.replace(" per ", "/")
}

/// Whether a text can be a unit: one word.
pub(crate) fn is_unit(text: &str) -> bool {
    let opens = |ch: char| ch.is_alphabetic() || "%‰°×".contains(ch);
    text.starts_with(opens)
        && text.chars().count() <= 24
        && text.chars().all(|ch| opens(ch) || ch.is_alphanumeric() || "/^·²³⁻¹-".contains(ch))
}

/// Blanks of all widths.
pub(crate) fn is_blank(ch: char) -> bool {
    matches!(ch, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}')
}

/// How to compare a number in one unit with a number in another: what to multiply each with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factors {
    pub(crate) printed: Number,
    pub(crate) written: Number,
}

/// Whether the unit behind a number is one of several sizes, `KiB` or `ms`: a bare number may count
/// any of them.
pub(crate) fn has_size(behind: &str) -> bool {
    let (_, unit) = scale(behind);
    let unit = known(unit.trim_start_matches(is_blank));
    unit.is_some_and(|(kind, size)| kind != Kind::Ratio && size != Number::ONE)
}

/// Brings a written unit, `behind` the number, together with the printed one. `None` if they measure
/// different things.
pub(crate) fn factors(printed: &str, behind: &str) -> Option<Factors> {
    if behind.is_empty() || same(printed, behind) {
        return Some(Factors { printed: Number::ONE, written: Number::ONE });
    }
    let (scale, rest) = scale(behind);
    let unit = rest.trim_start_matches(is_blank);
    if unit.is_empty() || same(printed, unit) {
        return Some(Factors { printed: Number::ONE, written: scale });
    }
    let written = known(unit);
    let from = if printed.is_empty() { Some((Kind::Ratio, Number::ONE)) } else { known(printed) };
    match (from, written) {
        (Some((kind, printed)), Some((other, size))) if kind == other => {
            Some(Factors { printed, written: scale.times(size)? })
        }
        // What is printed without a unit takes the one that is written: what is counted, say.
        _ if printed.is_empty() => Some(Factors { printed: Number::ONE, written: scale }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_unit_or_a_scale() {
        assert_eq!(scale("million keys"), (Number::new(1, 6), " keys"));
        assert_eq!(scale("k"), (Number::new(1, 3), ""));
        assert_eq!(scale("keys"), (Number::ONE, "keys"));
        assert!(is_unit("ms/op") && is_unit("%") && !is_unit("of keys") && !is_unit("_x"));
        assert!(is_unit(&in_signs("keys per node")) && !is_unit(&in_signs("per node")));
        assert!(same("keys/s", "key/second") && !same("keys/s", "keys/ms") && !same("s", "s/s"));
        assert!(same("key", "keys") && same("s", "seconds") && !same("m", "ms"));
    }

    #[test]
    fn only_units_of_one_kind_are_converted() {
        assert!(factors("ms", "MiB").is_none());
        assert!(factors("keys", "tokens").is_none());
        assert_eq!(factors("", "%").unwrap().written, Number::new(1, -2));
        assert_eq!(factors("", "tokens").unwrap().written, Number::ONE);
        assert_eq!(factors("ms", "").unwrap().written, Number::ONE);
    }
}
