//! Where a text goes that is to stand between the parts of a document.

use crate::part::{Group, Part};
use handbook_book::{Document, NodeKind};

/// The place in `parent` after the first `count` of its `parts`: the end of the last of them that
/// says something, before the blank lines and rules that follow it.
pub(crate) fn after(
    document: &Document,
    parent: Part<'_>,
    parts: &[Part<'_>],
    count: usize,
) -> usize {
    let before = parts[..count].iter().rev().find(|part| !part.is_trivia(document));
    before.map_or_else(|| body_start(document, parent), |part| content_end(document, *part))
}

/// Where the body of `parent` starts: on the line after its heading or label.
pub(crate) fn body_start(document: &Document, parent: Part<'_>) -> usize {
    match &parent.node.kind {
        NodeKind::Root => match document.front_matter {
            Some(front_matter) => front_matter.span.end(),
            None if document.text.starts_with('\u{feff}') => '\u{feff}'.len_utf8(),
            None => 0,
        },
        NodeKind::Section(_) | NodeKind::Field(_) => {
            let head = document.slice(parent.head()).trim_end().len();
            line_end(&document.text, parent.head().start() + head)
        }
        _ => parent.span.start(),
    }
}

/// The end of the last line of `part` that says something. An unclosed fence or comment takes in
/// all that follows, so the place is before it.
pub(crate) fn content_end(document: &Document, part: Part<'_>) -> usize {
    let inner = match part.node.kind {
        NodeKind::Section(_) | NodeKind::Field(_) => part.parts(),
        _ => Vec::new(),
    };
    if let Some(last) = inner.iter().rev().find(|part| !part.is_trivia(document)) {
        return content_end(document, *last);
    }
    if !inner.is_empty() || matches!(part.node.kind, NodeKind::Section(_)) {
        return body_start(document, part);
    }
    let text = document.slice(part.span);
    if part.node.walk().any(|node| document.is_open(node)) {
        return document.text[..part.span.start()].rfind('\n').map_or(0, |at| at + 1);
    }
    line_end(&document.text, part.span.start() + text.trim_end_matches(BLANKS).len())
}

/// How many of `parts` go before something of `group` whose predecessors are the first `count`: a
/// label must not take in blocks that were its parent's own, nor a heading fields and blocks.
pub(crate) fn past_earlier_groups(parts: &[Part<'_>], count: usize, group: Group) -> usize {
    let earlier = parts.iter().take_while(|part| part.group() < group).count();
    count.max(earlier)
}

/// The text of `wanted`, fit to stand at `at`: with the line ending of the document, on lines of its
/// own, and apart from what stands before unless it is `attached` there as in the template.
pub(crate) fn fitted(
    document: &str,
    at: usize,
    wanted: &str,
    attached: bool,
    tight: bool,
) -> String {
    let (before, rest) = document.split_at(at);
    let mut text = wanted.replace("\r\n", "\n");
    let blank_before = before.lines().next_back().is_none_or(|line| line.trim().is_empty());
    if !attached && !blank_before && !text.starts_with('\n') {
        text.insert(0, '\n');
    }
    if !before.is_empty() && !before.ends_with('\n') {
        text.insert(0, '\n');
    }
    if !rest.is_empty() {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let blank_after = rest.lines().next().is_none_or(|line| line.trim().is_empty());
        if !tight && !blank_after {
            text.push('\n');
        }
    }
    with_line_ending_of(document, text)
}

/// The text with the line ending that the first line of `document` has.
pub(crate) fn with_line_ending_of(document: &str, text: String) -> String {
    let crlf = document.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n"));
    if crlf { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

/// Where the line of `offset` ends, its ending included.
fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
