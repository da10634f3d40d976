//! The Rust blocks of a text.

use crate::OUTPUT;
use crate::info::Info;
use handbook_book::{Book, ChapterId, Code, Document, Node, Span};

/// All snippets of a book, in reading order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing(pub(crate) Vec<(ChapterId, Snippet)>);

/// A Rust block.
#[derive(Clone, Debug)]
pub(crate) struct Snippet {
    /// The whole block.
    pub(crate) span: Span,
    pub(crate) info: Info,
    /// The program as rustdoc compiles it: hidden lines without their `#`.
    pub(crate) program: String,
    /// For each line of the program, where its first byte stands in the text.
    line_starts: Vec<usize>,
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
        let snippets = book.iter().flat_map(|(id, chapter)| {
            snippets(&chapter.document, reading).into_iter().map(move |snippet| (id, snippet))
        });
        Self(snippets.collect())
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
            Some(Snippet::new(document, node.span, info, code, output.flatten()))
        })
        .collect()
}

/// The `output` blocks that stand behind no snippet.
pub(crate) fn orphans(document: &Document, reading: Reading) -> Vec<Span> {
    let owned: Vec<Span> = snippets(document, reading)
        .into_iter()
        .filter_map(|snippet| Some(snippet.output?.span))
        .collect();
    let outputs = document.root.walk().filter(|node| written_output(node).is_some());
    outputs.map(|node| node.span).filter(|span| !owned.contains(span)).collect()
}

fn rust_info(code: &Code, reading: Reading) -> Option<Info> {
    match &code.info {
        Some((info, span)) => Some(Info::parse(info, *span, reading.ours)).filter(|info| info.rust),
        None => reading.unlabelled.then(Info::default),
    }
}

fn written_output(node: &Node) -> Option<WrittenOutput> {
    let code = node.code().filter(|code| code.language() == Some(OUTPUT))?;
    Some(WrittenOutput {
        span: node.span,
        content: code.content.clone(),
        lines: code.lines.clone(),
    })
}

impl Snippet {
    fn new(
        document: &Document,
        span: Span,
        info: Info,
        code: &Code,
        output: Option<WrittenOutput>,
    ) -> Self {
        let mut program = String::new();
        let mut line_starts = Vec::new();
        for (line, at) in code.content.lines().zip(&code.lines) {
            let (shown, skipped) = unhidden(line);
            program.push_str(&shown);
            program.push('\n');
            line_starts.push((at.start() + skipped).min(document.text.len()));
        }
        Self { span, info, program, line_starts, output }
    }

    /// Where a line (from one) and column (from one, in characters) of the program stand in the
    /// text: the rest of the word there. Lines past the end belong to the last one.
    pub(crate) fn place(&self, document: &Document, line: usize, column: usize) -> Span {
        let index = line.saturating_sub(1).min(self.line_starts.len().saturating_sub(1));
        let Some(start) = self.line_starts.get(index) else { return self.fence(document) };
        let rest = document.text[*start..].lines().next().unwrap_or_default();
        let skip = rest.char_indices().nth(column - 1).map_or(rest.len(), |(offset, _)| offset);
        let word = rest[skip..].find(|ch: char| !ch.is_alphanumeric() && ch != '_');
        let length = word.unwrap_or(rest.len() - skip).max(usize::from(skip < rest.len()));
        let border = (skip + length..=rest.len()).find(|end| rest.is_char_boundary(*end));
        Span::new(start + skip, start + border.unwrap_or(rest.len()))
    }

    /// The line of the opening fence, where a finding about the whole snippet points.
    pub(crate) fn fence(&self, document: &Document) -> Span {
        let line = document.slice(self.span).lines().next().unwrap_or_default();
        Span::new(self.span.start(), self.span.start() + line.len())
    }

    /// The snippet's name, if it has one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.info.name.as_ref().map(|name| name.text.as_str())
    }

    /// The name in code marks, or words that do without.
    pub(crate) fn title(&self) -> String {
        self.name().map_or_else(|| "the snippet".to_owned(), |name| format!("`{name}`"))
    }
}

/// A line as rustdoc compiles it, and how many of its bytes went before it: `# ` hides a line, `##`
/// stands for `#`. The same rule as rustdoc's `map_line`.
fn unhidden(line: &str) -> (String, usize) {
    let trimmed = line.trim();
    let indent = line.len() - line.trim_start().len();
    if trimmed.starts_with("##") {
        (line.replacen("##", "#", 1), 1)
    } else if let Some(hidden) = trimmed.strip_prefix("# ") {
        (hidden.to_owned(), indent + 2)
    } else if trimmed == "#" {
        (String::new(), indent + 1)
    } else {
        (line.to_owned(), 0)
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
        assert_eq!(snippet.program, "let a = 1;\n#[doc]\nlet ä = b;\n");
        let at = |line, column| document.slice(snippet.place(&document, line, column));
        assert_eq!([at(1, 5), at(3, 5), at(3, 9), at(9, 1)], ["a", "ä", "b", "let"]);
    }

    #[test]
    fn an_output_block_belongs_to_the_snippet_right_before_it() {
        let text = "```rust\n```\n\n```output\nx\n```\n\ntext\n\n```output\n```\n";
        let document = Document::parse(text, Host::default());
        assert_eq!(snippets(&document, READING)[0].output.as_ref().unwrap().content, "x\n");
        assert_eq!(orphans(&document, READING).len(), 1);
    }
}
