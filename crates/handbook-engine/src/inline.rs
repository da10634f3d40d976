//! Text that takes the place of a directive within a line, so that it opens no block there.
//!
//! `640` in front of the author's `.` would be the first item of a list, if nothing but the marks of
//! lists and quotes stands before it on its line. Written as a character reference, its first
//! character is the same to readers and no mark of anything to Markdown.

use handbook_book::{Document, Span};

/// What takes the place of `span`: `text`, read as text also at the start of a block.
pub(crate) fn inline(document: &Document, span: Span, text: String) -> String {
    let (before, after) = (&document.text[..span.start()], &document.text[span.end()..]);
    let before = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let after = after.lines().next().unwrap_or_default();
    if !opens_blocks(before) || !is_mark(&format!("{text}{after}")) {
        return text;
    }
    let mut rest = text.chars();
    let first = rest.next().map(|first| format!("&#{};", u32::from(first)));
    first.unwrap_or_default() + rest.as_str()
}

/// Whether a block can open behind this: it is empty, or holds marks of lists, quotes, footnotes
/// and definitions.
fn opens_blocks(before: &str) -> bool {
    before.replace('>', " ").split_whitespace().all(|mark| {
        let is_footnote = mark.starts_with("[^") && mark.ends_with("]:");
        matches!(mark, "-" | "+" | "*" | ":") || is_footnote || is_number(mark)
    })
}

/// Whether a line begins with a mark that opens a block.
fn is_mark(line: &str) -> bool {
    let (first, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let is_heading = !first.is_empty() && first.len() <= 6 && first.chars().all(|ch| ch == '#');
    let is_rule = ['-', '=', '_', '*'].iter().any(|mark| {
        let mut marks = first.chars().chain(rest.chars()).filter(|ch| !ch.is_whitespace());
        !first.is_empty() && marks.all(|ch| ch == *mark)
    });
    let is_fence = first.starts_with("```") || first.starts_with("~~~");
    let is_item = matches!(first, "-" | "+" | "*") || is_number(first);
    is_heading || is_rule || is_fence || is_item || first.starts_with('>')
}

/// Whether a word is the mark of an item in a list with numbers.
fn is_number(word: &str) -> bool {
    let digits = word.strip_suffix(['.', ')']).unwrap_or_default();
    (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    #[test]
    fn what_would_open_a_block_is_written_as_text() {
        let shown = |line: &str, text: &str| {
            let document = Document::parse(format!("a\n\n{line}\nb\n"), Host::default());
            let start = document.text.find("{{").expect("a directive");
            let end = document.text.find("}}").expect("its end") + 2;
            inline(&document, Span::new(start, end), text.to_owned())
        };
        for (line, text, expected) in [
            ("{{#v}}. b", "5", "&#53;. b"),
            ("{{#v}}.", "5", "&#53;."),
            ("> - {{#v}}) b", "640", "&#54;40) b"),
            ("1. {{#v}}. b", "2", "&#50;. b"),
            ("[^1]: {{#v}}. b", "2", "&#50;. b"),
            ("{{#v}} b", "#", "&#35; b"),
            ("{{#v}}", "-", "&#45;"),
            ("{{#v}} ", "+", "&#43; "),
            ("{{#v}}", "```", "&#96;``"),
            ("{{#v}} b", ">", "&#62; b"),
            ("{{#v}}. b", "-5", "-5. b"),
            ("{{#v}}.5 b", "5", "5.5 b"),
            ("{{#v}}. b", "9.1 %", "9.1 %. b"),
            ("{{#v}}. b", "`x`", "`x`. b"),
            ("b {{#v}}. b", "5", "5. b"),
            ("**{{#v}}**. b", "5", "5**. b"),
            ("| {{#v}}. b", "5", "5. b"),
            ("{{#v}}. b", "", ". b"),
        ] {
            let after = line.split_once("}}").expect("a directive").1;
            assert_eq!(shown(line, text) + after, expected, "{line} with {text}");
        }
    }
}
