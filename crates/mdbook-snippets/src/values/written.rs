//! Reads a number as authors write it, at the end of a text: `about **3.1 million** keys`.
//!
//! What a notation claims is decided in [`super::claim`]. Here it is only taken apart, with the
//! places of its parts, so that one of them can be exchanged.

use super::number::{Number, power};
use super::unit;
use std::ops::Range;

/// A written number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) says: Says,
    /// The word or sign that says so, `at least`; empty for none.
    pub(crate) word: &'static str,
    /// The number, or the lower end of a range.
    pub(crate) figure: Figure,
    /// The upper end of a range.
    pub(crate) upper: Option<Figure>,
    /// What stands behind the lower end of a range, if that has a unit of its own.
    pub(crate) between: Option<String>,
    /// What stands behind, without blanks: a unit, with `million` and the like before it.
    pub(crate) behind: String,
    /// Where the number stands in the text, sign included, unit not.
    pub(crate) range: Range<usize>,
}

/// What is said about the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// That it is this.
    Exactly,
    /// That it is about this.
    About,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// A number with its notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// The number before an exponent or power.
    pub(crate) mantissa: Number,
    pub(crate) decimals: i32,
    /// `-` or `−` or `+` in front.
    pub(crate) sign: &'static str,
    /// What stands between thousands.
    pub(crate) separator: Option<String>,
    pub(crate) power: Option<Power>,
}

/// A power of ten or two behind a number, or alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Power {
    pub(crate) base: u32,
    pub(crate) exponent: i32,
    /// Whether it stands alone, and is an exact number then.
    pub(crate) alone: bool,
    /// What stands between the number and the exponent.
    pub(crate) opening: String,
    /// How the exponent is written.
    pub(crate) style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `e6`, `^6`
    Plain,
    /// `⁶`
    Superscript,
    /// `<sup>6</sup>`
    Html,
}

impl Figure {
    /// What the mantissa is multiplied with.
    pub(crate) fn scale(&self) -> Option<Number> {
        self.power.as_ref().map_or(Some(Number::ONE), |it| power(it.base, it.exponent))
    }
}

/// Numbers are not longer than this with all that belongs to them.
const LONGEST: usize = 120;

/// Marks of emphasis, code, and what is struck out.
const MARKS: [char; 4] = ['*', '_', '~', '`'];

const SIGNS: [&str; 3] = ["-", "−", "+"];

/// What may stand between thousands.
const SEPARATORS: &[&str] =
    &[",", "_", "'", "’", "\u{a0}", "\u{202f}", "\u{2009}", "&nbsp;", "&thinsp;", "&#8239;", " "];

const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// The number that a text ends with. More than one if a blank may stand between thousands, or between
/// two numbers; none if there is no number that can be read.
pub(crate) fn read(text: &str) -> Vec<Written> {
    let end = trimmed_end(text).len();
    let mut from = end.saturating_sub(LONGEST);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let starts = text[from..end].char_indices().filter(|(_, ch)| ch.is_ascii_digit());
    let mut starts = starts.map(|(at, _)| from + at).filter(|start| is_start(&text[..*start]));
    let Some(first) = starts.by_ref().find_map(|start| read_at(text, start, end)) else {
        return Vec::new();
    };
    let separated = [Some(&first.figure), first.upper.as_ref()].into_iter().flatten();
    let is_doubtful = separated.into_iter().any(|one| one.separator.as_deref() == Some(" "));
    let other = starts.find_map(|start| read_at(text, start, end)).filter(|_| is_doubtful);
    [first].into_iter().chain(other).collect()
}

/// The text without blanks, and without the marks of emphasis or code, at its end.
fn trimmed_end(text: &str) -> &str {
    trim_blanks(trim_blanks(text).trim_end_matches(MARKS))
}

/// Whether a number can start behind `before`: not in the middle of a word or of another number.
fn is_start(before: &str) -> bool {
    let mut chars = before.chars().rev();
    let Some(last) = chars.next() else { return true };
    let beyond = chars.next();
    let after_word = beyond.is_some_and(is_of_word);
    match last {
        '.' => false,
        ',' | '\'' | '’' | '_' | '/' | ':' | '^' => !after_word,
        '-' | '−' | '+' => !beyond.is_some_and(|ch| ch.is_ascii_digit()),
        '–' => !after_word,
        _ => !is_of_word(last) && !SUPERSCRIPTS.contains(&last),
    }
}

/// Whether a character in front of a number makes it a part of a word. Scripts that put no blanks
/// between words put none in front of numbers.
fn is_of_word(ch: char) -> bool {
    let is_of_unspaced_script = matches!(ch,
        // Thai, Lao, Burmese and Khmer.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        // Chinese, Japanese and Korean.
        | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}');
    ch.is_numeric() || ch.is_alphabetic() && !is_of_unspaced_script
}

fn read_at(text: &str, start: usize, end: usize) -> Option<Written> {
    let before = &text[..start];
    let sign = SIGNS.iter().find(|sign| {
        let bare = before.strip_suffix(**sign);
        bare.is_some_and(|bare| !bare.ends_with(|ch: char| is_of_word(ch) || ch == ')'))
    });
    let sign = sign.copied().unwrap_or("");
    // `0xff` is no zero.
    if ["0x", "0o", "0b"].iter().any(|radix| text[start..end].starts_with(radix)) {
        return None;
    }
    let (figure, rest) = figure(&text[start..end], sign)?;
    let (between, upper, rest) = match upper(rest) {
        Some((between, upper, rest)) => (between, Some(upper), rest),
        None => (None, None, rest),
    };
    let number_end = end - rest.len();
    let behind = behind(rest)?;
    if between.as_ref().is_some_and(|between| !unit::go_together(between, &behind)) {
        return None;
    }
    let start = start - sign.len();
    let (says, word) = says(&text[..start]);
    Some(Written { says, word, figure, upper, between, behind, range: start..number_end })
}

/// The unit behind a number, with what multiplies it. `None` if it is something else.
fn behind(rest: &str) -> Option<String> {
    let behind = skip_blanks(rest.trim_start_matches(MARKS));
    let behind = behind.strip_prefix('\\').unwrap_or(behind);
    let behind = unit::in_signs(&behind.replace("&times;", "×"));
    let (_, unit) = unit::scale(&behind);
    let unit = skip_blanks(unit);
    (unit.is_empty() || unit::is_unit(unit)).then_some(behind)
}

/// The upper end of a range behind its lower one, and the unit between the two.
fn upper(rest: &str) -> Option<(Option<String>, Figure, &str)> {
    let ends = ["–", "-", "..", "to"].into_iter().filter_map(|mark| {
        let (front, after) = rest.split_once(mark)?;
        let is_word = mark == "to";
        let is_apart = skip_blanks(after).len() < after.len() && trimmed_end(front) != front;
        (!is_word || is_apart).then_some((front, after))
    });
    ends.into_iter().find_map(|(front, after)| {
        let between = behind(trimmed_end(front))?;
        let (figure, rest) = figure(skip_blanks(after).trim_start_matches(MARKS), "")?;
        Some(((!between.is_empty()).then_some(between), figure, rest))
    })
}

/// The number at the start of a text, and the rest.
fn figure<'a>(text: &'a str, sign: &'static str) -> Option<(Figure, &'a str)> {
    let mut rest = text.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let mut digits = text[..text.len() - rest.len()].to_owned();
    if digits.is_empty() {
        return None;
    }
    let mut separator: Option<&str> = None;
    while digits.len() <= 3 || separator.is_some() {
        let group = SEPARATORS.iter().filter(|it| separator.is_none_or(|used| used == **it));
        let Some((used, group)) = group.into_iter().find_map(|it| Some((*it, group_of(rest, it)?)))
        else {
            break;
        };
        digits.push_str(group);
        rest = &rest[used.len() + group.len()..];
        separator = Some(used);
    }
    let mut decimals = 0;
    if let Some(after) =
        rest.strip_prefix('.').filter(|it| it.starts_with(|ch: char| ch.is_ascii_digit()))
    {
        let behind = after.trim_start_matches(|ch: char| ch.is_ascii_digit());
        let fraction = &after[..after.len() - behind.len()];
        digits.push_str(fraction);
        decimals = i32::try_from(fraction.len()).ok()?;
        rest = behind;
    }
    let minus = if matches!(sign, "-" | "−") { "-" } else { "" };
    let mantissa = Number::parse(&format!("{minus}{digits}e-{decimals}"))?;
    let is_base = separator.is_none() && decimals == 0;
    let base =
        if is_base { digits.parse().ok().filter(|base| [2, 10].contains(base)) } else { None };
    let alone = base.and_then(|base| Some((base, "", exponent(rest)?)));
    let (power, rest) = match alone.or_else(|| multiplied(rest)) {
        Some((base, opening, (exponent, style, behind))) => {
            let mark = if style == Style::Plain && base_is_spelled(rest) { "^" } else { "" };
            let opening = format!("{opening}{mark}");
            (Some(Power { base, exponent, alone: alone.is_some(), opening, style }), behind)
        }
        None => (None, rest),
    };
    if let Some(it) = &power {
        self::power(it.base, it.exponent)?;
    }
    let separator = separator.map(str::to_owned);
    let mantissa = if alone.is_some() {
        Number::new(if minus.is_empty() { 1 } else { -1 }, 0)
    } else {
        mantissa
    };
    Some((Figure { mantissa, decimals, sign, separator, power }, rest))
}

/// Whether a power is written with its base, unlike `e6`.
fn base_is_spelled(rest: &str) -> bool {
    !rest.starts_with(['e', 'E'])
}

type Exponent<'a> = (i32, Style, &'a str);

/// `e6`, `×10^6`, ` · 10⁶` behind a number: the base, what stands before the exponent, the exponent.
fn multiplied(rest: &str) -> Option<(u32, &str, Exponent<'_>)> {
    if let Some(after) = rest.strip_prefix(['e', 'E']) {
        let after = after.strip_prefix('+').unwrap_or(after);
        let (exponent, behind) = integer(after)?;
        return Some((10, &rest[..1], (exponent, Style::Plain, behind)));
    }
    let after = skip_blanks(rest);
    let signs = ["×", "·", "\\*", "*", "x", "&times;", "&middot;"];
    let after = skip_blanks(signs.iter().find_map(|sign| after.strip_prefix(sign))?);
    let bases = [("10", 10), ("2", 2)];
    let (base, after) =
        bases.iter().find_map(|(name, base)| Some((*base, after.strip_prefix(name)?)))?;
    Some((base, &rest[..rest.len() - after.len()], exponent(after)?))
}

/// The exponent behind its base.
fn exponent(text: &str) -> Option<Exponent<'_>> {
    if let Some(after) = text.strip_prefix('^') {
        let (exponent, rest) = integer(after)?;
        return Some((exponent, Style::Plain, rest));
    }
    if let Some(after) = text.strip_prefix("<sup>") {
        let (exponent, rest) = integer(after)?;
        return Some((exponent, Style::Html, rest.strip_prefix("</sup>")?));
    }
    let (minus, after) = match text.strip_prefix('⁻') {
        Some(after) => ("-", after),
        None => ("", text),
    };
    let rest = after.trim_start_matches(SUPERSCRIPTS);
    let raised = after[..after.len() - rest.len()].chars();
    let digits: String = raised
        .filter_map(|ch| SUPERSCRIPTS.iter().position(|it| *it == ch))
        .map(|digit| digit.to_string())
        .collect();
    Some((format!("{minus}{digits}").parse().ok()?, Style::Superscript, rest))
}

/// A whole number in front, `-` or `−` before it.
fn integer(text: &str) -> Option<(i32, &str)> {
    let (minus, after) = match text.strip_prefix(['-', '−']) {
        Some(after) => ("-", after),
        None => ("", text),
    };
    let rest = after.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let exponent: i32 = format!("{minus}{}", &after[..after.len() - rest.len()]).parse().ok()?;
    Some((exponent, rest))
}

/// Three digits, no more, behind a separator.
fn group_of<'a>(text: &'a str, separator: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(separator)?;
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    (length == 3).then(|| &rest[..3])
}

/// Blanks that are written as entities.
const BLANKS: [&str; 3] = ["&nbsp;", "&thinsp;", "&#8239;"];

fn skip_blanks(mut text: &str) -> &str {
    loop {
        let bare = text.trim_start_matches(unit::is_blank);
        match BLANKS.iter().find_map(|blank| bare.strip_prefix(blank)) {
            Some(rest) => text = rest,
            None => return bare,
        }
    }
}

fn trim_blanks(mut text: &str) -> &str {
    loop {
        let bare = text.trim_end_matches(unit::is_blank);
        match BLANKS.iter().find_map(|blank| bare.strip_suffix(blank)) {
            Some(rest) => text = rest,
            None => return bare,
        }
    }
}

/// What the words in front of a number say about it, and which one does.
fn says(before: &str) -> (Says, &'static str) {
    const WORDS: &[(&str, Says)] = &[
        ("about", Says::About),
        ("around", Says::About),
        ("roughly", Says::About),
        ("approximately", Says::About),
        ("~", Says::About),
        ("at most", Says::AtMost),
        ("no more than", Says::AtMost),
        ("not more than", Says::AtMost),
        ("≤", Says::AtMost),
        ("&le;", Says::AtMost),
        ("at least", Says::AtLeast),
        ("no less than", Says::AtLeast),
        ("no fewer than", Says::AtLeast),
        ("not less than", Says::AtLeast),
        ("≥", Says::AtLeast),
        ("&ge;", Says::AtLeast),
        ("up to", Says::AtMost),
        ("within", Says::AtMost),
        ("more than", Says::Above),
        ("over", Says::Above),
        ("above", Says::Above),
        ("exceeds", Says::Above),
        ("exceed", Says::Above),
        (">", Says::Above),
        ("&gt;", Says::Above),
        ("less than", Says::Below),
        ("fewer than", Says::Below),
        ("under", Says::Below),
        ("below", Says::Below),
        ("<", Says::Below),
        ("&lt;", Says::Below),
    ];
    let before = before.trim_end_matches(unit::is_blank);
    // A mark of emphasis or code, but not of what is struck out.
    let before = before.trim_end_matches(['*', '_', '`', '\\']).trim_end_matches(unit::is_blank);
    if before.ends_with("~~") {
        return (Says::Exactly, "");
    }
    let mut from = before.len().saturating_sub(60);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let tail = before[from..].to_lowercase();
    let found = WORDS.iter().find(|(word, _)| {
        let Some(rest) = tail.strip_suffix(word) else { return false };
        match *word {
            // Not the end of a tag, a comment or an arrow.
            ">" | "<" => !rest.ends_with(|ch: char| ch.is_alphanumeric() || "\"'/-=".contains(ch)),
            word if word.starts_with(char::is_alphabetic) => !rest.ends_with(char::is_alphanumeric),
            _ => true,
        }
    });
    let Some((word, says)) = found else { return (Says::Exactly, "") };
    let in_front: Vec<&str> =
        tail[..tail.len() - word.len()].split_whitespace().rev().take(4).collect();
    let hedges = ["barely", "hardly", "just", "little", "rarely", "slightly"];
    if in_front.first().is_some_and(|word| hedges.contains(word)) {
        return (Says::About, word);
    }
    let denies = |word: &&str| {
        ["never", "no", "not", "without"].contains(word)
            || word.ends_with("n't")
            || word.ends_with("n’t")
    };
    let is_plain = word.starts_with("no") || !word.starts_with(char::is_alphabetic);
    let is_denied = !is_plain && in_front.iter().any(denies);
    (if is_denied { says.denied() } else { *says }, word)
}

/// Whether the number in front of which this text stands is a part of something larger, of which the
/// rest is not read: `1 min 30 s`, `10 % to 20 %`, `4 × 1024`, `±3`.
pub(crate) fn is_part(before: &str) -> bool {
    const BETWEEN: &[&str] =
        &["to", "and", "or", "of", "x", "×", "±", "+", "-", "–", "−", "by", "&times;"];

    let before = before.trim_end_matches(['*', '_', '`', '\\']);
    if before.ends_with(['±', '×', '–', '−', '-', '+']) || before.ends_with("&minus;") {
        return true;
    }
    let mut words = before.split_whitespace().rev();
    let starts_a_number = |word: Option<&str>| {
        word.is_some_and(|word| word.starts_with(|ch: char| ch.is_ascii_digit()))
    };
    let Some(last) = words.next() else { return false };
    let (second, third) = (words.next(), words.next());
    let is_unit = unit::known(last).is_some();
    let is_between = BETWEEN.contains(&last);
    is_unit && starts_a_number(second)
        || is_between && (starts_a_number(second) || starts_a_number(third))
}

impl Says {
    /// What the opposite says.
    fn denied(self) -> Self {
        match self {
            Says::Above => Says::AtMost,
            Says::Below => Says::AtLeast,
            Says::AtMost => Says::Above,
            Says::AtLeast => Says::Below,
            Says::Exactly | Says::About => self,
        }
    }
}
