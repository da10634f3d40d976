//! Nests the flat events of pulldown-cmark into blocks.

use crate::citation::{self, Citation};
use crate::fence::Fence;
use crate::headings::{Attributes, HeadingText, raw_headings};
use crate::html::Raw;
use crate::link::{self, Definition};
use crate::notes::{self, Notes};
use crate::{AnchorSource, Cell, Code, Comment, Heading, Host, HostVersion, HtmlLink};
use crate::{Label, Link, NodeKind, Span, Table};
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};
use std::iter::Peekable;
use std::ops::Range;

/// What [`parse`] finds.
pub(crate) struct Parsed {
    /// The top-level blocks, headings among them, fields still inside their paragraphs.
    pub(crate) blocks: Vec<Block>,
    pub(crate) links: Vec<Link>,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) html_links: Vec<HtmlLink>,
    /// The ids that are neither headings' nor terms'.
    pub(crate) ids: Vec<String>,
    /// What the page leaves out, ascending.
    pub(crate) unshown: Vec<Span>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) footnote_marks: Vec<Span>,
    pub(crate) anchor_sources: Vec<AnchorSource>,
    /// Where a directive is none: code and raw HTML, ascending.
    pub(crate) opaque: Vec<Range<usize>>,
    /// Where a `[` is nothing but text.
    pub(crate) brackets: Vec<usize>,
    pub(crate) comments: Vec<Comment>,
}

/// A node before [`crate::outline`] has looked for sections and fields.
pub(crate) struct Block {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
    pub(crate) children: Vec<Block>,
    /// For a paragraph: its labels, each standing first on its line.
    pub(crate) labels: Vec<PlacedLabel>,
}

/// A label of a paragraph.
pub(crate) struct PlacedLabel {
    pub(crate) label: Label,
    /// Where it stands in the paragraph's text, which markup does not count in, colon included.
    pub(crate) at: Range<usize>,
}

/// Parses `text` with the options of `host`.
pub(crate) fn parse(text: &str, host: Host) -> Parsed {
    let parser = mdbook_markdown::new_cmark_parser(text, &host.options());
    let definitions = parser.reference_definitions().iter();
    let mut definitions: Vec<_> = definitions
        .map(|(label, found)| Definition::read(text, label, found.span.clone()))
        .collect();
    // The parser keeps them by label.
    definitions.sort_unstable_by_key(|definition| definition.span);
    let events = parser.into_offset_iter();
    let mut builder = Builder {
        text,
        version: host.version,
        events: events.peekable(),
        links: Vec::new(),
        html_links: Vec::new(),
        ids: Vec::new(),
        heading: None,
        notes: Notes::default(),
        citations: Vec::new(),
        footnote_marks: Vec::new(),
        anchor_sources: Vec::new(),
        opaque: Vec::new(),
        brackets: Vec::new(),
        comments: Vec::new(),
        line: None,
        depth: 0,
    };
    let blocks = builder.blocks();
    let unshown = builder.leave_out();
    builder.ids.extend(builder.notes.ids());
    link::resolve(&mut builder.links, &definitions);
    Parsed {
        blocks,
        links: builder.links,
        definitions,
        html_links: builder.html_links,
        ids: builder.ids,
        unshown,
        citations: builder.citations,
        footnote_marks: builder.footnote_marks,
        anchor_sources: builder.anchor_sources,
        opaque: builder.opaque,
        brackets: builder.brackets,
        comments: builder.comments,
    }
}

/// How deep blocks and inline markup nest before their inside is no longer looked at. Nobody writes
/// that; it keeps hostile nesting from exhausting the stack.
const DEEPEST: usize = 64;

/// What ends a label: the colon, and the full-width one of East Asian scripts.
const COLONS: [char; 2] = [':', '：'];

struct Builder<'a, I: Iterator<Item = (Event<'a>, Range<usize>)>> {
    text: &'a str,
    version: HostVersion,
    events: Peekable<I>,
    links: Vec<Link>,
    html_links: Vec<HtmlLink>,
    ids: Vec<String>,
    /// What mdBook makes an id of, while a heading or term is read.
    heading: Option<HeadingText>,
    notes: Notes,
    citations: Vec<Citation>,
    footnote_marks: Vec<Span>,
    anchor_sources: Vec<AnchorSource>,
    opaque: Vec<Range<usize>>,
    brackets: Vec<usize>,
    comments: Vec<Comment>,
    /// Where the line of inline text starts that is being read, once something of it has been.
    line: Option<usize>,
    depth: usize,
}

/// Text without markup, and the labels that open its lines.
#[derive(Default)]
struct Inline {
    text: String,
    labels: Vec<PlacedLabel>,
    range: Option<Range<usize>>,
}

impl<'a, I: Iterator<Item = (Event<'a>, Range<usize>)>> Builder<'a, I> {
    /// The blocks up to the end of the container that is open, which is consumed.
    fn blocks(&mut self) -> Vec<Block> {
        if self.depth >= DEEPEST {
            self.skip();
            return Vec::new();
        }
        self.depth += 1;
        let mut blocks = Vec::new();
        while let Some((event, _)) = self.events.peek() {
            if is_inline(event) {
                blocks.push(self.tight_paragraph());
                continue;
            }
            let (event, range) = self.events.next().expect("peeked");
            match event {
                Event::End(_) => break,
                Event::Rule => blocks.push(block(NodeKind::Rule, range, Vec::new())),
                Event::Html(_) => {
                    self.opaque.push(range.clone());
                    blocks.push(block(NodeKind::Html, range, Vec::new()));
                }
                Event::Start(tag) => blocks.push(self.block(tag, range)),
                _ => {}
            }
        }
        self.depth -= 1;
        settle(&mut blocks);
        blocks
    }

    /// Consumes everything up to the end of what is open, the end included.
    fn skip(&mut self) {
        let mut open = 1;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
    }

    fn block(&mut self, tag: Tag<'a>, range: Range<usize>) -> Block {
        match tag {
            Tag::Heading { level, id, classes, attrs } => {
                let (inline, text) = self.heading();
                let attributes = Attributes::new(id, &classes, attrs);
                let source = text.source(range.clone().into(), attributes, self.version);
                self.anchor_sources.extend(source);
                let heading = Heading {
                    level: level as u8,
                    text: inline.text.trim().to_owned(),
                    span: range.clone().into(),
                };
                block(NodeKind::Heading(heading), range, Vec::new())
            }
            Tag::DefinitionListTitle => {
                let (inline, text) = self.heading();
                let source = text.source(range.clone().into(), Attributes::default(), self.version);
                self.anchor_sources.extend(source);
                block(NodeKind::Term { text: inline.text }, range, Vec::new())
            }
            Tag::Paragraph => {
                let inline = self.inline();
                let mut paragraph =
                    block(NodeKind::Paragraph { text: inline.text }, range, Vec::new());
                paragraph.labels = inline.labels;
                paragraph
            }
            Tag::CodeBlock(kind) => self.code(&kind, range),
            Tag::HtmlBlock => {
                self.opaque.push(range.clone());
                let mut raw = Raw::default();
                while let Some((Event::Html(piece) | Event::Text(piece), at)) = self.events.next() {
                    raw.push(&piece, &at);
                }
                raw.read(self.version, &mut self.html_links, &mut self.ids);
                if self.version == HostVersion::V0_4 {
                    self.anchor_sources.extend(raw_headings(raw.text(), range.clone().into()));
                }
                block(NodeKind::Html, range, Vec::new())
            }
            Tag::Table(_) => self.table(range),
            Tag::List(start) => block(NodeKind::List { start }, range, self.blocks()),
            Tag::Item => block(NodeKind::Item, range, self.blocks()),
            Tag::BlockQuote(_) => block(NodeKind::Quote, range, self.blocks()),
            Tag::FootnoteDefinition(label) => {
                let label = label.into_string();
                let first = self.ids.len();
                let blocks = self.blocks();
                let (ids, span) = (first..self.ids.len(), Span::from(range.clone()));
                self.notes.define(notes::Definition { label: label.clone(), span, ids });
                block(NodeKind::Footnote { label }, range, blocks)
            }
            Tag::DefinitionList => block(NodeKind::Definitions, range, self.blocks()),
            // Only definitions are left: the other tags are inline, or their option is off.
            _ => block(NodeKind::Definition, range, self.blocks()),
        }
    }

    /// Takes out the ids of what the page leaves out, of which the places come back, ascending and
    /// apart.
    fn leave_out(&mut self) -> Vec<Span> {
        let mut is_shown = vec![true; self.ids.len()];
        let mut places = Vec::new();
        for definition in self.notes.dropped() {
            is_shown[definition.ids.clone()].fill(false);
            places.push(definition.span);
        }
        let mut shown = is_shown.into_iter();
        self.ids.retain(|_| shown.next().unwrap_or(true));
        places.sort_unstable_by_key(|span| (span.start(), std::cmp::Reverse(span.end())));
        places.dedup_by(|inner, outer| outer.contains(*inner));
        places
    }

    /// The text of a tight list item, which has no paragraph of its own in the event stream.
    fn tight_paragraph(&mut self) -> Block {
        self.line = None;
        let brackets = self.brackets.len();
        let mut inline = Inline::default();
        while self.events.peek().is_some_and(|(event, _)| is_inline(event)) {
            self.inline_event(&mut inline);
        }
        self.cite(brackets, &inline);
        let range = inline.range.clone().unwrap_or_default();
        let mut paragraph = block(NodeKind::Paragraph { text: inline.text }, range, Vec::new());
        paragraph.labels = inline.labels;
        paragraph
    }

    /// The inline content up to the end of the block that is open, which is consumed.
    fn inline(&mut self) -> Inline {
        self.line = None;
        let brackets = self.brackets.len();
        let mut inline = Inline::default();
        while let Some((event, _)) = self.events.peek() {
            if is_inline(event) {
                self.inline_event(&mut inline);
            } else {
                self.events.next();
                break;
            }
        }
        self.cite(brackets, &inline);
        inline
    }

    /// The same for a heading, with what mdBook makes its id of.
    fn heading(&mut self) -> (Inline, HeadingText) {
        self.heading = Some(HeadingText::default());
        let inline = self.inline();
        (inline, self.heading.take().unwrap_or_default())
    }

    /// Reads the citations in the inline content whose first bracket is the one at `brackets`.
    fn cite(&mut self, brackets: usize, inline: &Inline) {
        let end = inline.range.as_ref().map_or(0, |range| range.end);
        let found = citation::read_all(self.text, &self.brackets[brackets..], end);
        self.citations.extend(found);
    }

    /// Consumes one inline event, with all that it contains.
    fn inline_event(&mut self, inline: &mut Inline) {
        let Some((event, range)) = self.events.next() else { return };
        let first_on_line = inline.text.is_empty() || inline.text.ends_with('\n');
        let line = *self.line.get_or_insert(range.start);
        inline.range = Some(match inline.range.take() {
            Some(before) => before.start..range.end.max(before.end),
            None => range.clone(),
        });
        let note = match &event {
            Event::FootnoteReference(label) => Some(self.notes.refer(label)),
            _ => None,
        };
        if let Some(heading) = &mut self.heading {
            heading.add(&event, note, self.version);
        }
        match event {
            Event::Text(text) => {
                self.brackets.extend(brackets(self.text, &text, &range));
                inline.text.push_str(&text);
            }
            Event::Code(text) => {
                self.opaque.push(range);
                inline.text.push_str(&text);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => inline.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => {
                self.line = None;
                inline.text.push('\n');
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                let mut raw = Raw::default();
                raw.push(&html, &range);
                raw.read(self.version, &mut self.html_links, &mut self.ids);
                if self.text[range.clone()].starts_with("<!--") {
                    let before = Span::new(line.min(range.start), range.start);
                    self.comments.push(Comment { span: range.clone().into(), before });
                }
                self.opaque.push(range);
            }
            Event::Start(tag) => {
                let mut inner = Inline::default();
                let link = self.links.len();
                match tag {
                    Tag::Link { link_type, dest_url, id, .. } => {
                        self.push_link(link_type, &dest_url, &id, &range, false);
                    }
                    Tag::Image { link_type, dest_url, id, .. } => {
                        self.push_link(link_type, &dest_url, &id, &range, true);
                    }
                    _ => {
                        self.styled(&mut inner);
                        if matches!(tag, Tag::Strong) && first_on_line {
                            let at = inline.text.len();
                            inline.labels.extend(self.label(&inner.text, &range, at));
                        }
                        inline.text.push_str(&inner.text);
                        return;
                    }
                }
                let image = self.links[link].image;
                let outer = if image { self.heading.take() } else { None };
                self.styled(&mut inner);
                if image {
                    self.heading = outer;
                }
                self.links[link].text.clone_from(&inner.text);
                let end = inner.range.map_or(range.start, |inner| inner.end);
                self.links[link].place(self.text, end);
                // An image is no text of the page: its alternative text stands in an attribute.
                if !image {
                    inline.text.push_str(&inner.text);
                }
            }
            Event::FootnoteReference(_) => self.footnote_marks.push(range.into()),
            _ => {}
        }
    }

    /// The content of an inline tag that was just opened.
    fn styled(&mut self, inline: &mut Inline) {
        if self.depth >= DEEPEST {
            self.skip();
            return;
        }
        self.depth += 1;
        while let Some((event, _)) = self.events.peek() {
            if matches!(event, Event::End(_)) {
                self.events.next();
                break;
            }
            self.inline_event(inline);
        }
        self.depth -= 1;
    }

    fn push_link(
        &mut self,
        link_type: LinkType,
        destination: &str,
        label: &str,
        range: &Range<usize>,
        image: bool,
    ) {
        self.links.push(Link {
            span: range.clone().into(),
            destination: match link_type {
                LinkType::Email => format!("mailto:{destination}"),
                _ => destination.to_owned(),
            },
            text: String::new(),
            image,
            written: link::written(link_type, label),
            text_span: Span::at(range.start),
        });
    }

    /// The label that bold `text` at `range` is, if it ends with a colon or one follows it. `at` is
    /// where the text goes in the text of the paragraph.
    fn label(&self, text: &str, range: &Range<usize>, at: usize) -> Option<PlacedLabel> {
        let (name, colon) = match text.trim_end().strip_suffix(COLONS) {
            Some(name) => (name, 0),
            None => {
                let colon =
                    self.text[range.end..].chars().next().filter(|ch| COLONS.contains(ch))?;
                (text, colon.len_utf8())
            }
        };
        let name = name.trim();
        (!name.is_empty()).then(|| PlacedLabel {
            label: Label { text: name.to_owned(), span: Span::new(range.start, range.end + colon) },
            at: at..at + text.len() + colon,
        })
    }

    fn table(&mut self, range: Range<usize>) -> Block {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        while let Some((event, cell_range)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    let text = self.inline().text;
                    if let Some(row) = rows.last_mut() {
                        row.push(Cell { text: text.trim().to_owned(), span: cell_range.into() });
                    }
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        block(NodeKind::Table(Table { header, rows }), range, Vec::new())
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, range: Range<usize>) -> Block {
        self.opaque.push(range.clone());
        let mut code = Code {
            info: None,
            opening: first_line(self.text, &range),
            fenced: matches!(kind, CodeBlockKind::Fenced(_)),
            closed: true,
            content: String::new(),
            lines: Vec::new(),
        };
        let mut open_line = false;
        for (event, piece) in self.events.by_ref() {
            let Event::Text(text) = event else { break };
            code.content.push_str(&text);
            push_lines(&mut code.lines, &mut open_line, self.text, &text, &piece);
        }
        if code.fenced {
            let fence = Fence::read(self.text, &range);
            (code.info, code.closed, code.opening) = (fence.info, fence.closed, fence.opening);
        }
        block(NodeKind::Code(code), range, Vec::new())
    }
}

fn first_line(source: &str, range: &Range<usize>) -> Span {
    let line = source[range.clone()].lines().next().unwrap_or_default();
    Span::new(range.start, range.start + line.len())
}

/// Where a piece of text holds a `[` that no backslash keeps from becoming a reference.
fn brackets<'a>(
    source: &'a str,
    text: &str,
    range: &Range<usize>,
) -> impl Iterator<Item = usize> + use<'a> {
    let start = range.start;
    let copied = source.get(range.clone()).filter(|slice| *slice == text).unwrap_or_default();
    let found = copied.match_indices('[').map(move |(at, _)| start + at);
    found.filter(move |at| !source[..*at].ends_with('\\'))
}

/// Adds to `lines` where the lines of a piece of code stand. `open_line` says whether the last line
/// still lacks its ending.
fn push_lines(
    lines: &mut Vec<Span>,
    open_line: &mut bool,
    source: &str,
    text: &str,
    piece: &Range<usize>,
) {
    let copied = source.get(piece.clone()) == Some(text);
    let mut offset = piece.start;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        // What the parser made up (the rest of a tab, a normalised line ending) has no text of its
        // own: it keeps the place where the line goes on.
        let end = if copied { offset + body.len() } else { offset.max(piece.end.min(offset)) };
        match lines.last_mut() {
            Some(last) if *open_line => *last = Span::new(last.start(), end.max(last.end())),
            _ => lines.push(Span::new(offset, end)),
        }
        *open_line = !line.ends_with('\n');
        if copied {
            offset += line.len();
        }
    }
}

/// Ends each of some siblings before the next one starts: pulldown-cmark lets a definition reach
/// over what follows when it ends with an empty item or an HTML block.
fn settle(blocks: &mut [Block]) {
    for index in 1..blocks.len() {
        let (before, after) = blocks.split_at_mut(index);
        trim(&mut before[index - 1], after[0].span.start());
    }
}

fn trim(block: &mut Block, end: usize) {
    if block.span.end() > end {
        block.span = Span::new(block.span.start().min(end), end);
        block.children.iter_mut().for_each(|child| trim(child, end));
    }
}

fn block(kind: NodeKind, range: Range<usize>, children: Vec<Block>) -> Block {
    Block { kind, span: range.into(), children, labels: Vec::new() }
}

/// Whether an event belongs to the text of a paragraph.
fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        ),
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
        Event::End(_) | Event::Html(_) | Event::Rule => false,
    }
}
