//! Text that was damaged on its way: UTF-8 read as a one-byte code page, or bytes lost.
//!
//! UTF-8 read as Windows-1252, which programs of the West take for granted, turns each character
//! beyond ASCII into two to four: `é` into `Ã©`, `’` into `â€™`. Written back in that code page,
//! these are UTF-8 again, which hardly any text is that somebody typed. What may have been typed
//! after all, such as the `Ä“` at the end of a German quotation, only counts beside what cannot.

use crate::rules::DAMAGED_TEXT;
use encoding_rs::WINDOWS_1252;
use handbook_book::{Document, Span};
use handbook_text::{Edit, Expanded, Finding, Safety};

/// What decoders write where they find no character.
const LOST: char = '\u{fffd}';

/// A piece of damaged text and what it was.
#[derive(Debug, PartialEq, Eq)]
struct Damage {
    span: Span,
    was: String,
    /// Whether nobody types this.
    certain: bool,
}

/// What is damaged in a text: a finding for each line with something that can be read back, and one
/// for each with something that was lost.
pub(crate) fn check(document: &Document) -> Vec<Finding<Expanded>> {
    if document.text.is_ascii() {
        return Vec::new();
    }
    let code = Code::of(document);
    let damages = damages(document, &code);
    let by_line = damages.chunk_by(|one, next| !has_break(document, one.span, next.span));
    let mut findings: Vec<_> = by_line.map(|line| damaged(document, line)).collect();
    let lost = document.text.match_indices(LOST).map(|(at, _)| Span::new(at, at + LOST.len_utf8()));
    let lost: Vec<Span> = lost.filter(|span| !code.holds(span.start())).collect();
    let by_line = lost.chunk_by(|one, next| !has_break(document, *one, *next));
    findings.extend(by_line.map(|line| {
        let message = "a character was lost here when the text was decoded";
        Finding::new(DAMAGED_TEXT.id, DAMAGED_TEXT.level, message)
            .at(line[0])
            .help("only its author knows what it was; write it again")
    }));
    findings
}

/// The finding about the damages of one line.
fn damaged(document: &Document, line: &[Damage]) -> Finding<Expanded> {
    let first = &line[0];
    let message =
        format!("`{}` is `{}`, read in the wrong encoding", document.slice(first.span), first.was);
    let edits = line.iter().map(|damage| Edit::replace(damage.span, damage.was.clone()));
    Finding::new(DAMAGED_TEXT.id, DAMAGED_TEXT.level, message)
        .at(first.span)
        .help("`handbook fix --unsafe` reads it back")
        .fix(Safety::Unsafe, edits.collect())
}

/// Whether a line ends between two places.
fn has_break(document: &Document, one: Span, next: Span) -> bool {
    document.text[one.end()..next.start()].contains('\n')
}

/// All that can be read back.
fn damages(document: &Document, code: &Code) -> Vec<Damage> {
    let text: &str = &document.text;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|ch: char| !ch.is_ascii()).map(|offset| at + offset) {
        let run = &text[start..];
        let end = start + run.find(|ch: char| ch.is_ascii()).unwrap_or(run.len());
        read_back(text, Span::new(start, end), &mut found);
        at = end;
    }
    found.retain(|damage| !code.holds(damage.span.start()));
    if !found.iter().any(|damage| damage.certain) {
        found.clear();
    }
    found
}

/// Looks for damaged characters in a run of characters beyond ASCII.
fn read_back(text: &str, run: Span, found: &mut Vec<Damage>) {
    let mut at = run.start();
    while at < run.end() {
        let rest = &text[at..run.end()];
        let next = rest.chars().next().map_or(1, char::len_utf8);
        match damaged_character(rest) {
            Some((length, was, certain)) => {
                let span = Span::new(at, at + length);
                match found.last_mut().filter(|last| last.span.end() == at) {
                    Some(last) => {
                        last.span = last.span.cover(span);
                        last.was.push(was);
                        last.certain |= certain;
                    }
                    None => found.push(Damage { span, was: was.to_string(), certain }),
                }
                at += length;
            }
            None => at += next,
        }
    }
}

/// The character whose UTF-8 the first characters of `text` are, with their length in bytes here,
/// and whether that can be no accident.
fn damaged_character(text: &str) -> Option<(usize, char, bool)> {
    let mut bytes = Vec::new();
    let mut length = 0;
    for ch in text.chars().take(4) {
        let mut utf8 = [0; 4];
        let (encoded, _, failed) = WINDOWS_1252.encode(ch.encode_utf8(&mut utf8));
        let [byte] = *encoded else { return None };
        if failed {
            return None;
        }
        bytes.push(byte);
        length += ch.len_utf8();
        if bytes.len() == 1 && !is_likely_start(byte) {
            return None;
        }
        if let Ok(read) = std::str::from_utf8(&bytes) {
            let was = read.chars().next().filter(|was| !was.is_control())?;
            // `é…”` is the end of a quotation, `Å²` a square ångström.
            let is_typed = text[..length].chars().skip(1).all(ends_quotations);
            let may_be_unit = matches!(bytes[0], 0xc4 | 0xc5);
            return match (bytes.len(), is_typed) {
                (2, _) => Some((length, was, !may_be_unit && !is_typed)),
                (_, true) => None,
                (_, false) => Some((length, was, true)),
            };
        }
    }
    None
}

/// Whether a byte starts the UTF-8 of a character that books are full of: letters of Latin, Greek
/// and Cyrillic, and all that takes three bytes or four.
fn is_likely_start(byte: u8) -> bool {
    matches!(byte, 0xc2..=0xc5 | 0xce..=0xd1 | 0xe2..=0xe9 | 0xef | 0xf0)
}

/// Whether authors type this behind a letter.
fn ends_quotations(ch: char) -> bool {
    "‘’“”«»‹›–—…·\u{a0}".contains(ch)
}

/// Where a text is code: a book about encodings shows there what damage looks like.
struct Code {
    /// Code blocks and code spans, by their start.
    spans: Vec<Span>,
}

impl Code {
    fn of(document: &Document) -> Self {
        let blocks = document.code_blocks().map(|(_, span)| span);
        let mut spans: Vec<Span> = blocks.collect();
        let mut line = 0;
        for text in document.text.split_inclusive('\n') {
            let marks: Vec<usize> = text.match_indices('`').map(|(at, _)| line + at).collect();
            spans.extend(marks.chunks_exact(2).map(|pair| Span::new(pair[0], pair[1])));
            line += text.len();
        }
        spans.sort();
        Self { spans }
    }

    fn holds(&self, at: usize) -> bool {
        let before = self.spans.partition_point(|span| span.start() <= at);
        self.spans[..before].iter().rev().take(8).any(|span| at < span.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    fn repaired(text: &str) -> String {
        let document = Document::parse(text, Host::default());
        let mut repaired = text.to_owned();
        for damage in damages(&document, &Code::of(&document)).iter().rev() {
            repaired.replace_range(damage.span.range(), &damage.was);
        }
        repaired
    }

    /// The text as it is after somebody read it in the wrong code page.
    fn damage(text: &str) -> String {
        WINDOWS_1252.decode(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn what_was_read_in_the_wrong_code_page_is_read_back() {
        for text in [
            "# Café — “quoted”, naïve\n",
            "O(n²) ≤ Θ(n³), π ≈ 3, → 日本語 😀\n",
            "Смысл и Ωμέγα\n",
            "a café",
            "’",
        ] {
            assert_ne!(damage(text), text);
            assert_eq!(repaired(&damage(text)), text);
        }
        let twice = damage(&damage("é"));
        assert_eq!(repaired(&repaired(&twice)), "é");
    }

    #[test]
    fn what_authors_type_stays() {
        for text in [
            "Er sagte „Spaß“ und „Ä“ und ‚Ü‘.\n",
            "« été », MAÇÃ’ e SÃO, naïve — coöperate…\n",
            "½ × ¼ ≤ ⅛, Ångström, Ærø®\n",
            "In code `Ã©` is shown.\n\n```text\nÃ© â€™\n```\n",
            "Россия, Ελλάδα, 日本\n",
            "a “cliché”—a phrase, “a café…” and “a ‘café’” she said\n",
            "«perché»… “così è”… “amanhã”—disse\n",
            "12 Å², 30 Å³, 2 Å±0.1, »PÅ« »BLÅ« ‚Ä‘ »SCHÄ«\n",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn what_may_be_typed_counts_beside_what_cannot() {
        assert_eq!(repaired("Ã“ and Ã©\n"), "Ó and é\n");
        assert_eq!(repaired("Ã“ and a\n"), "Ã“ and a\n");
    }
}
