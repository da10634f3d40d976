//! Takes broken entries out of BibTeX, so that the others can be read.
//!
//! An entry starts with `@type{` and ends with the bracket that closes it. Of one that is never
//! closed nobody can say where it ends: then the next line that starts an entry does.

use super::{Contents, Fault};
use crate::rules;
use biblatex::RawBibliography;
use std::ops::Range;

/// An entry, or anything else that looks like `@type{…}`.
struct Piece {
    range: Range<usize>,
    /// Where its opening bracket is.
    opening: usize,
    /// Whether it is closed.
    closed: bool,
}

/// The text with blanks in place of entries that cannot be read, and of what stands between entries.
/// Round brackets around an entry, `@type(…)`, become curly ones. All offsets stay.
pub(super) fn mended(text: &str, contents: &mut Contents) -> String {
    let mut kept = blank(text);
    for piece in pieces(text) {
        let Piece { range, opening, closed } = piece;
        let entry = curly(&text[range.clone()], opening - range.start, closed);
        match RawBibliography::parse(&entry) {
            Ok(_) => kept.replace_range(range, &entry),
            Err(error) => {
                let inside = &text[opening + 1..range.end];
                let key = inside.split([',', '}', ')', '\n']).next().unwrap_or_default().trim();
                let (span, message) = if closed {
                    let place = range.start + error.span.start..range.start + error.span.end;
                    (place, format!("cannot read the entry `{key}`: {}", error.kind))
                } else {
                    let head = text[range.clone()].lines().next().unwrap_or_default().trim_end();
                    let place = range.start..range.start + head.len();
                    (place, format!("the entry `{key}` is never closed"))
                };
                contents.faults.push(Fault::new(&rules::UNREADABLE_ENTRY, span, message).help(
                    "an entry is `@type{key, field = {value}, …}`, with all of its brackets closed",
                ));
                contents.broken.push(key.to_owned());
            }
        }
    }
    kept
}

/// Blanks as long as `text`.
fn blank(text: &str) -> String {
    let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
    text.bytes().map(blank).collect()
}

/// An entry in curly brackets.
fn curly(entry: &str, opening: usize, closed: bool) -> String {
    let mut entry = entry.to_owned();
    if entry[opening..].starts_with('(') {
        entry.replace_range(opening..=opening, "{");
        if closed {
            entry.replace_range(entry.len() - 1.., "}");
        }
    }
    entry
}

/// The entries of a text, in order.
fn pieces(text: &str) -> Vec<Piece> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let entry = line.trim_start();
        if opening(entry).is_some() {
            lines.push(at + line.len() - entry.len());
        }
        at += line.len();
    }
    let mut lines = lines.into_iter().peekable();
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some((start, opening)) = next(text, at) {
        while lines.next_if(|line| *line <= start).is_some() {}
        let limit = lines.peek().copied().unwrap_or(text.len());
        let length = closing(&text[opening..limit]);
        let end = length.map_or(limit, |length| opening + length);
        pieces.push(Piece { range: start..end, opening, closed: length.is_some() });
        at = end;
    }
    pieces
}

/// Where the first entry at or behind `from` starts, and where its opening bracket is. Behind a
/// percent sign is a comment.
fn next(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        at += text[at..].find(['@', '%'])?;
        if text[at..].starts_with('%') {
            at += text[at..].find('\n')?;
        } else if let Some(length) = opening(&text[at..]) {
            return Some((at, at + length));
        } else {
            at += 1;
        }
    }
}

/// How far into `text` the bracket is that opens the entry there: `@type{` or `@type(`.
fn opening(text: &str) -> Option<usize> {
    let kind = text.strip_prefix('@')?;
    let end = kind.find(|ch: char| !ch.is_ascii_alphanumeric()).filter(|end| *end > 0)?;
    let rest = kind[end..].trim_start();
    rest.starts_with(['{', '(']).then(|| text.len() - rest.len())
}

/// How long what is in brackets at the start of `text` is, if they are closed.
fn closing(text: &str) -> Option<usize> {
    let is_round = text.starts_with('(');
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' if is_round => depth = depth.saturating_sub(1),
            b'}' if depth <= 1 => return Some(at + 1),
            b'}' => depth -= 1,
            b')' if is_round && depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of a text, each with a bang if it is not closed.
    fn read(text: &str) -> Vec<String> {
        let show = |piece: Piece| {
            let mark = if piece.closed { "" } else { "!" };
            format!("{}{mark}", text[piece.range].trim_end())
        };
        pieces(text).into_iter().map(show).collect()
    }

    #[test]
    fn entries_start_anywhere_outside_of_others() {
        assert_eq!(
            read("\u{feff}@a{b, c = {@d{e}}} x@y.z @f (g, h = {)})"),
            ["@a{b, c = {@d{e}}}", "@f (g, h = {)})"]
        );
        assert_eq!(read("% @a{b}\n@c{d, % }\n}"), ["@c{d, % }"]);
    }

    #[test]
    fn what_is_not_closed_ends_before_the_next_line_that_starts_one() {
        assert_eq!(read("@a{b, {c @d{e}\n @f{g}\n@h{"), ["@a{b, {c @d{e}!", "@f{g}", "@h{!"]);
    }
}
