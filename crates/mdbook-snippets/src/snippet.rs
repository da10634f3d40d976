//! The Rust blocks of a text.

use crate::OUTPUT;
use crate::info::{Info, Word};
use handbook_book::{Book, Chapter, ChapterId, Code, Document, Node, Span};
use handbook_pass::Selection;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// All snippets of a book, in reading order, found by chapter and first byte.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing(BTreeMap<SnippetId, Snippet>);

/// Where a snippet starts: chapter and byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SnippetId {
    pub(crate) chapter: ChapterId,
    start: usize,
}

/// A Rust block.
#[derive(Clone, Debug)]
pub(crate) struct Snippet {
    /// The whole block.
    pub(crate) span: Span,
    /// The opening fence, where a finding about the whole snippet points.
    pub(crate) fence: Span,
    /// Whether it ends before the chapter does, by a closing fence or by what holds it.
    pub(crate) ends: bool,
    pub(crate) info: Info,
    /// Where the info string stands, if there is one.
    pub(crate) info_span: Option<Span>,
    /// Whether the info string begins with `rust`.
    pub(crate) is_labelled: bool,
    /// The code as rustdoc compiles it: hidden lines without their `#`.
    pub(crate) code: String,
    /// For each line of the code, where its first byte stands in the text.
    line_starts: Vec<usize>,
    /// For each line of the code, whether readers do not see it.
    hidden: Vec<bool>,
    /// The block right behind it that holds what it prints.
    pub(crate) output: Option<WrittenOutput>,
}

/// An `output` block.
#[derive(Clone, Debug)]
pub(crate) struct WrittenOutput {
    /// The whole block.
    pub(crate) span: Span,
    /// What it holds.
    pub(crate) content: String,
    /// Where its lines stand.
    pub(crate) lines: Vec<Span>,
    /// Its opening line.
    pub(crate) opening: Span,
    /// Its info string and where that stands.
    pub(crate) info: Option<(String, Span)>,
}

/// How blocks are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Whether words and `output` fences of ours mean anything.
    pub(crate) ours: bool,
    /// Whether blocks without a language are Rust.
    pub(crate) unlabelled: bool,
}

impl Listing {
    pub(crate) fn of(book: &Book, reading: Reading) -> Self {
        let of_chapter = |(chapter, content): (ChapterId, &Chapter)| {
            let snippets = snippets(&content.document, reading).into_iter();
            snippets.map(move |snippet| (SnippetId::new(chapter, snippet.span), snippet))
        };
        Self(book.iter().flat_map(of_chapter).collect())
    }

    /// The snippets in reading order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SnippetId, &Snippet)> {
        self.0.iter().map(|(id, snippet)| (*id, snippet))
    }

    /// The snippets of one chapter, in order.
    pub(crate) fn of_chapter(
        &self,
        chapter: ChapterId,
    ) -> impl Iterator<Item = (SnippetId, &Snippet)> {
        let at = |start| SnippetId { chapter, start };
        self.0.range(at(0)..=at(usize::MAX)).map(|(id, snippet)| (*id, snippet))
    }

    /// The snippet of this id, which has to be one of this listing.
    pub(crate) fn get(&self, id: SnippetId) -> &Snippet {
        &self.0[&id]
    }

    /// The snippet that starts where `span` does.
    pub(crate) fn at(&self, chapter: ChapterId, span: Span) -> Option<(SnippetId, &Snippet)> {
        let id = SnippetId::new(chapter, span);
        self.0.get(&id).map(|snippet| (id, snippet))
    }
}

impl SnippetId {
    fn new(chapter: ChapterId, span: Span) -> Self {
        Self { chapter, start: span.start() }
    }
}

/// The snippets of a document, in order.
pub(crate) fn snippets(document: &Document, reading: Reading) -> Vec<Snippet> {
    document
        .root
        .walk()
        .flat_map(|node| node.children.iter().enumerate().map(move |(at, child)| (node, at, child)))
        .filter_map(|(parent, at, node)| {
            let code = node.code()?;
            let info = rust_info(code, reading)?;
            let output = reading.ours.then(|| written_output(parent.children.get(at + 1)?));
            Some(Snippet::new(document, node, info, code, output.flatten()))
        })
        .collect()
}

/// The opening lines of the blocks that say `rust`, are none to rustdoc, and would be run.
pub(crate) fn disbelieved(document: &Document, reading: Reading) -> Vec<Span> {
    let says_rust = |code: &Code| {
        let (text, span) = code.info.as_ref()?;
        let info = Info::parse(text, *span, reading.ours);
        (info.says_rust && !info.rust).then_some(code.opening)
    };
    document.code_blocks().filter_map(|(code, _)| says_rust(code)).collect()
}

/// The opening lines of the `output` blocks that belong to none of `snippets`.
pub(crate) fn orphans<'a>(
    document: &Document,
    snippets: impl Iterator<Item = &'a Snippet>,
) -> Vec<Span> {
    let owned: BTreeSet<Span> =
        snippets.filter_map(|snippet| Some(snippet.output.as_ref()?.span)).collect();
    let outputs = document.root.walk().filter_map(written_output);
    outputs.filter(|output| !owned.contains(&output.span)).map(|output| output.opening).collect()
}

fn rust_info(code: &Code, reading: Reading) -> Option<Info> {
    match &code.info {
        Some((info, span)) => Some(Info::parse(info, *span, reading.ours)).filter(|info| info.rust),
        None => reading.unlabelled.then(Info::default),
    }
}

fn written_output(node: &Node) -> Option<WrittenOutput> {
    // An open block may hold the rest of the chapter by mistake; that is reported elsewhere.
    let code = node.code().filter(|code| code.language() == Some(OUTPUT) && code.closed)?;
    Some(WrittenOutput {
        span: node.span,
        content: code.content.clone(),
        lines: code.lines.clone(),
        opening: code.opening,
        info: code.info.clone(),
    })
}

impl Snippet {
    fn new(
        document: &Document,
        node: &Node,
        info: Info,
        code: &Code,
        output: Option<WrittenOutput>,
    ) -> Self {
        let mut text = String::with_capacity(code.content.len());
        let mut line_starts = Vec::with_capacity(code.lines.len());
        let mut hidden = Vec::with_capacity(code.lines.len());
        for (line, at) in code.content.lines().zip(&code.lines) {
            let (shown, skipped) = unhidden(line);
            hidden.push(is_hidden(line));
            text.push_str(&shown);
            text.push('\n');
            line_starts.push((at.start() + skipped).min(document.text.len()));
        }
        Self {
            span: node.span,
            fence: code.opening,
            ends: !document.swallows_rest(node),
            info,
            info_span: code.info.as_ref().map(|(_, span)| *span),
            is_labelled: code.language() == Some("rust"),
            code: text,
            line_starts,
            hidden,
            output,
        }
    }

    /// Where a line (from one) and column (from one, in characters) of the code stand in the
    /// text: the rest of the word there. Lines past the end belong to the last one.
    pub(crate) fn place(&self, document: &Document, line: usize, column: usize) -> Span {
        let index = line.saturating_sub(1).min(self.line_starts.len().saturating_sub(1));
        let Some(start) = self.line_starts.get(index) else { return self.fence };
        let rest = document.text[*start..].lines().next().unwrap_or_default();
        let skip = rest
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(rest.len(), |(offset, _)| offset);
        let word = rest[skip..].find(|ch: char| !ch.is_alphanumeric() && ch != '_');
        let length = word.unwrap_or(rest.len() - skip).max(usize::from(skip < rest.len()));
        let border = (skip + length..=rest.len()).find(|end| rest.is_char_boundary(*end));
        Span::new(start + skip, start + border.unwrap_or(rest.len()))
    }

    /// Where a part of one line of the code stands in the text.
    pub(crate) fn span_of(&self, document: &Document, part: Range<usize>) -> Span {
        let before = &self.code[..part.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let Some(start) = self.line_starts.get(before.matches('\n').count()) else {
            return self.fence;
        };
        let end = document.text.len();
        let place = |at: usize| (start + at - line_start).min(end);
        Span::new(place(part.start), place(part.end))
    }

    /// Whether readers do not see a line of the code, counted from zero.
    pub(crate) fn is_hidden(&self, line: usize) -> bool {
        self.hidden.get(line).copied().unwrap_or(false)
    }

    /// The first byte of the line of the text that holds the line of the code with this index, or,
    /// past the end, of the closing fence.
    pub(crate) fn line_start(&self, document: &Document, index: usize) -> usize {
        let before = index.checked_sub(1).and_then(|before| self.line_starts.get(before));
        let before = before.copied().unwrap_or(self.fence.end());
        let rest = &document.text[before..];
        before + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
    }

    /// The snippet's name, if it has one: that of its module, if no other.
    pub(crate) fn name(&self) -> Option<&str> {
        self.names().next().map(|name| name.text.as_str())
    }

    /// The names by which it can be asked for.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Word> {
        self.info.name.iter().chain(&self.info.module)
    }

    /// Whether `selection` asks for it by name, or for no names.
    pub(crate) fn is_named_in(&self, selection: &Selection) -> bool {
        selection.has_name(None)
            || self.names().any(|name| selection.has_name(Some(name.text.as_str())))
    }

    /// The name in code marks, or words that do without.
    pub(crate) fn title(&self) -> String {
        self.name().map_or_else(|| "the snippet".to_owned(), |name| format!("`{name}`"))
    }
}

/// Whether readers do not see a line: `# ` or a lone `#` hides it.
fn is_hidden(line: &str) -> bool {
    let trimmed = line.trim();
    trimmed == "#" || trimmed.starts_with("# ")
}

/// A line as rustdoc compiles it, and how many of its bytes went before it: `# ` hides a line, `##`
/// stands for `#`. The same rule as rustdoc's `map_line`.
fn unhidden(line: &str) -> (Cow<'_, str>, usize) {
    let start = line.trim_start();
    if !start.starts_with('#') {
        return (line.into(), 0);
    }
    let indent = line.len() - start.len();
    let trimmed = start.trim_end();
    if trimmed.starts_with("##") {
        (line.replacen("##", "#", 1).into(), 1)
    } else if let Some(hidden) = trimmed.strip_prefix("# ") {
        (hidden.into(), indent + 2)
    } else if trimmed == "#" {
        ("".into(), indent + 1)
    } else {
        (line.into(), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    const READING: Reading = Reading { ours: true, unlabelled: false };

    #[test]
    fn hidden_lines_are_compiled_and_places_lead_back() {
        let text = "- x\n\n  ```rust\n  # let a = 1;\n  ##[doc]\n  let ä = b;\n  ```\n";
        let document = Document::parse(text, Host::default());
        let snippet = &snippets(&document, READING)[0];
        assert_eq!(snippet.code, "let a = 1;\n#[doc]\nlet ä = b;\n");
        let at = |line, column| document.slice(snippet.place(&document, line, column));
        assert_eq!([at(1, 5), at(3, 5), at(3, 9), at(9, 1)], ["a", "ä", "b", "let"]);
    }

    #[test]
    fn an_output_block_belongs_to_the_snippet_right_before_it() {
        let text = "```rust\n```\n\n```output\nx\n```\n\ntext\n\n```output\n```\n";
        let document = Document::parse(text, Host::default());
        assert_eq!(snippets(&document, READING)[0].output.as_ref().unwrap().content, "x\n");
        assert_eq!(orphans(&document, snippets(&document, READING).iter()).len(), 1);
    }
}
