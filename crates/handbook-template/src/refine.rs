//! Makes one template of a template and one that refines it.
//!
//! The refining one's title takes the place of the title, each section under it that of the section
//! with the same level and pattern, wherever that stands. A section that the other does not have
//! goes behind the one that it follows or, if it follows none, before the next; if there is none
//! either, to the end. All else stays.

use crate::Pattern;
use handbook_book::{Document, Heading, Host, Node, NodeKind, Span};
use std::ops::Range;

/// A template's text, perhaps put together from several files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    text: String,
    /// Where the text comes from, in order and without gaps.
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it ends in the text.
    end: usize,
    /// The file, as the reader counts them.
    file: usize,
    /// What was copied; nothing for a line break that stands in no file.
    span: Span,
}

/// What takes the place of a part of the text that is refined.
struct Change {
    replaced: Span,
    /// What of the refining text.
    by: Span,
    /// Whether a blank line has to go before it.
    apart: bool,
    /// What of the refined text is said again behind it.
    tail: Span,
}

impl Source {
    /// The text of one file; `file` is a number that [`Source::origin`] gives back.
    pub fn new(file: usize, text: &str) -> Self {
        let mut source = Self::default();
        source.push(file, Span::new(0, text.len()), text);
        source
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file from which the start of `span` was copied, and the span there, as far as it was
    /// copied with its start.
    pub fn origin(&self, span: Span) -> (usize, Span) {
        let (at, from) = self.piece(span.start());
        let Some(piece) = self.pieces.get(at) else { return (0, Span::at(0)) };
        let in_file = |offset: usize| {
            (piece.span.start() + offset.saturating_sub(from)).min(piece.span.end())
        };
        let start = in_file(span.start());
        (piece.file, Span::new(start, in_file(span.end()).max(start)))
    }

    /// The text as `refining`, which is the content of `file`, wants it.
    #[must_use]
    pub fn refined(&self, file: usize, refining: &str, host: Host) -> Self {
        let base = Document::parse(self.text.as_str(), host);
        let document = Document::parse(refining, host);
        let mut made = Self::default();
        let mut copied = 0;
        for Change { replaced, by, apart, tail } in changes(&base, &document) {
            made.push_copy(self, copied..replaced.start());
            if apart {
                made.push(file, Span::at(by.start()), "\n");
            }
            made.push(file, by, document.slice(by));
            made.push_copy(self, tail.range());
            copied = replaced.end();
        }
        made.push_copy(self, copied..self.text.len());
        made
    }

    fn push(&mut self, file: usize, span: Span, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.pieces.push(Piece { end: self.text.len(), file, span });
        }
    }

    /// Copies a range of another text, with where it comes from.
    fn push_copy(&mut self, from: &Self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let (index, start) = from.piece(at);
            let Some(piece) = from.pieces.get(index) else { return };
            let end = piece.end.min(range.end);
            let (_, span) = from.origin(Span::new(at.max(start), end));
            self.push(piece.file, span, &from.text[at..end]);
            at = end;
        }
    }

    /// The piece that holds the byte at `at`, or is the last, and where it starts in the text.
    fn piece(&self, at: usize) -> (usize, usize) {
        let index = self.pieces.partition_point(|piece| piece.end <= at);
        let index = index.min(self.pieces.len().saturating_sub(1));
        (index, index.checked_sub(1).map_or(0, |before| self.pieces[before].end))
    }
}

/// What a refining template says outside of its title and sections, which nobody takes. `extends` is
/// the comment by which it refines; those of authors say nothing.
pub fn untaken(refining: &Document, extends: Span) -> Vec<Span> {
    let title = title(refining).map(|(title, _)| title.span);
    let is_taken = |node: &Node| match title {
        Some(title) => node.span == title,
        None => section(node).is_some(),
    };
    let says = |node: &Node| {
        let text = refining.slice(node.span).trim();
        let is_comment = text.starts_with("<!--") && !text.starts_with("<!-- ?");
        let is_rule = text.len() >= 3 && text.bytes().all(|byte| byte == b'-');
        !node.span.contains(extends) && !is_comment && !is_rule
    };
    let nodes = refining.root.children.iter();
    nodes.filter(|node| !is_taken(node) && says(node)).map(|node| node.span).collect()
}

/// What changes, in the order of the text that is refined.
fn changes(base: &Document, refining: &Document) -> Vec<Change> {
    let mut changes = Vec::new();
    let title = title(refining);
    if let (Some((old, old_heading)), Some((new, new_heading))) = (self::title(base), title) {
        retitle(base, old, old_heading, refining, new, new_heading, &mut changes);
    }
    let under = title.map_or(&refining.root, |(title, _)| title);
    let mut free: Vec<(&Node, &Heading)> = base.root.walk().filter_map(section).collect();
    let mut behind = None;
    // What comes before the first section that both have.
    let mut first = Vec::new();
    for (new, heading) in under.children.iter().filter_map(section) {
        let by = body(refining, new.span);
        let same = |(_, old): &(&Node, &Heading)| {
            old.level == heading.level
                && Pattern::new(&old.text).is_same(&Pattern::new(&heading.text))
        };
        if let Some(at) = free.iter().position(same) {
            let (old, _) = free.remove(at);
            let replaced = with_blanks(base, old.span);
            let tail = tail(base, replaced);
            let before = Span::at(replaced.start());
            let inserted = first.drain(..);
            changes.extend(inserted.map(|by| Change { replaced: before, by, apart: false, tail }));
            changes.push(Change { replaced, by, apart: false, tail });
            behind = Some(replaced);
        } else if let Some(before) = behind {
            changes.push(insertion(base, before, by));
        } else {
            first.push(by);
        }
    }
    let end = Span::at(base.text.len());
    changes.extend(first.into_iter().map(|by| insertion(base, end, by)));
    // What goes in at one place keeps its order.
    changes.sort_by_key(|change| (change.replaced.end(), change.replaced.is_empty()));
    // A section that is replaced takes those inside of it along.
    let mut kept: Vec<Change> = Vec::new();
    for change in changes {
        kept.retain(|inner| {
            change.replaced.is_empty() || inner.replaced.end() <= change.replaced.start()
        });
        kept.push(change);
    }
    kept
}

/// Puts a section behind another.
fn insertion(base: &Document, behind: Span, by: Span) -> Change {
    let tail = tail(base, behind);
    let apart = !base.slice(tail).contains("\n\n") && !base.slice(tail).contains("\r\n\r\n");
    Change { replaced: Span::at(behind.end()), by, apart, tail }
}

/// What parts a section from the next one.
fn tail(document: &Document, section: Span) -> Span {
    Span::new(body(document, section).end(), section.end())
}

/// Changes the heading of the title, and what stands under it before the first section.
fn retitle(
    base: &Document,
    old: &Node,
    old_heading: &Heading,
    refining: &Document,
    new: &Node,
    new_heading: &Heading,
    changes: &mut Vec<Change>,
) {
    let start = |node: &Node| {
        let first = node.children.iter().find_map(section);
        first.map_or(node.span.end(), |(section, _)| section.span.start())
    };
    let preamble = |node: &Node, heading: &Heading| Span::new(heading.span.end(), start(node));
    let (old_words, new_words) = (preamble(old, old_heading), preamble(new, new_heading));
    let says = !refining.slice(new_words).trim().is_empty();
    let whole = |heading: &Heading, words: Span| {
        if says { Span::new(heading.span.start(), words.end()) } else { heading.span }
    };
    let replaced = whole(old_heading, old_words);
    let by = body(refining, whole(new_heading, new_words));
    let tail = Span::new(body(base, replaced).end(), replaced.end());
    changes.push(Change { replaced, by, apart: false, tail });
}

/// The title, if it says that it is one: sections of a template without any go into the other's.
fn title(document: &Document) -> Option<(&Node, &Heading)> {
    document.title().filter(|(_, heading)| heading.level == 1)
}

pub(crate) fn section(node: &Node) -> Option<(&Node, &Heading)> {
    match &node.kind {
        NodeKind::Section(heading) => Some((node, heading)),
        _ => None,
    }
}

/// `span` with the blank lines behind it.
fn with_blanks(document: &Document, span: Span) -> Span {
    let rest = &document.text[span.end()..];
    let blanks = rest.len() - rest.trim_start().len();
    let blanks = rest[..blanks].rfind('\n').map_or(0, |newline| newline + 1);
    Span::new(span.start(), span.end() + blanks)
}

/// `span` without the blank lines and rules at its end, which part it from what follows.
pub(crate) fn body(document: &Document, span: Span) -> Span {
    let mut text = document.slice(span).trim_end();
    loop {
        let line = text.rfind('\n').map_or(0, |newline| newline + 1);
        let is_rule =
            line > 0 && text[line..].len() >= 3 && text[line..].bytes().all(|byte| byte == b'-');
        // Under a line of text it would be that line's heading.
        if !is_rule || !text[..line].ends_with("\n\n") && !text[..line].ends_with("\r\n\r\n") {
            return Span::new(span.start(), span.start() + text.len());
        }
        text = text[..line].trim_end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "# [T] — Dive\n\n> Words.\n\n---\n\n## 1. Context\n\nOld.\n\n---\n\n\
                        ## 2. Options\n\n### Matrix\n\nOld.\n\n---\n\n## 3. End\n\nOld.\n";

    fn refined(refining: &str) -> String {
        Source::new(0, BASE).refined(1, refining, Host::default()).text
    }

    #[test]
    fn sections_take_the_place_of_equal_ones() {
        let new = refined("## Context\n\nNew.\n");
        assert_eq!(new, BASE.replacen("1. Context\n\nOld.", "Context\n\nNew.", 1));
        let new = refined("# A\n\n### matrix\n\nNew.\n\n---\n");
        let expected = BASE.replacen("Matrix\n\nOld.", "matrix\n\nNew.", 1);
        assert_eq!(new, expected.replacen("[T] — Dive", "A", 1));
    }

    #[test]
    fn other_sections_go_behind_what_they_follow() {
        let new =
            refined("# [T] — Dive\n\n## Context\n\nOld.\n\n## Costs\n\nNew.\n\n## More\n\nNew.\n");
        let added = "Old.\n\n---\n\n## Costs\n\nNew.\n\n---\n\n## More\n\nNew.\n\n---\n\n## 2.";
        let expected =
            BASE.replacen("Old.\n\n---\n\n## 2.", added, 1).replacen("1. Context", "Context", 1);
        assert_eq!(new, expected);
        assert_eq!(refined("## Last\n\nNew.\n"), format!("{BASE}\n## Last\n\nNew."));
        let new = refined("## First\n\nNew.\n\n## 1. Context\n\nOld.\n");
        assert_eq!(new, BASE.replacen("## 1.", "## First\n\nNew.\n\n---\n\n## 1.", 1));
    }

    #[test]
    fn what_stands_under_the_title_is_replaced_with_it() {
        let new = refined("# [T] — Dive\n\n> Others.\n");
        assert_eq!(new, BASE.replacen("Words", "Others", 1));
    }

    #[test]
    fn words_outside_of_title_and_sections_are_not_taken() {
        let extends = "<!-- ? extends base.md -->";
        let untaken = |text: &str| {
            let text = format!("{extends}\n\n{text}");
            let document = Document::parse(text, Host::default());
            let spans = untaken(&document, Span::new(0, extends.len()));
            let texts = spans.iter().map(|span| document.slice(*span).trim().to_owned());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(untaken("# [T]\n\nWords.\n\n## A\n\nB.\n\n---\n"), [""; 0]);
        assert_eq!(untaken("<!-- for authors -->\n\n## A\n\nB.\n"), [""; 0]);
        assert_eq!(untaken("Words.\n\n## A\n\nB.\n"), ["Words."]);
        assert_eq!(untaken("Words.\n\n# [T]\n\nB.\n"), ["Words."]);
        assert_eq!(untaken("<!-- ? closed -->\n\n# [T]\n"), ["<!-- ? closed -->"]);
        assert_eq!(untaken("# [T]\n\n# [Other]\n\nB.\n"), ["# [Other]\n\nB."]);
    }

    #[test]
    fn a_template_that_refines_itself_stays() {
        assert_eq!(refined(BASE), BASE);
        assert_eq!(refined(""), BASE);
    }

    #[test]
    fn places_lead_back_to_their_files() {
        let refining = "<!-- ? extends base.md -->\n\n## Context\n\nNew words.\n";
        let source = Source::new(0, BASE).refined(1, refining, Host::default());
        let at = |words: &str| source.text.find(words).unwrap();
        let span = |words: &str| Span::new(at(words), at(words) + words.len());
        let in_refining = refining.find("New words").unwrap();
        assert_eq!(source.origin(span("New words")), (1, Span::new(in_refining, in_refining + 9)));
        let in_base = BASE.find("3. End").unwrap();
        assert_eq!(source.origin(span("3. End")), (0, Span::new(in_base, in_base + 6)));
    }
}
