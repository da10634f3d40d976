//! Reads off a chapter what its template says a card is made of.

use crate::phrase::phrase;
use handbook_book::{
    Book, Cell, ChapterId, Document, Heading, Label, Node, NodeKind, Span, anchors,
};
use handbook_pass::{Member, StatedPart, Statements};
use handbook_template::Role;
use std::collections::{BTreeMap, BTreeSet};

/// What a chapter has for cards.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The chapter.
    pub(crate) chapter: ChapterId,
    /// What it is about.
    pub(crate) topic: String,
    /// Its parts, in the order of the template.
    pub(crate) parts: Vec<Part>,
    /// For each role what most of its parts have a row about, of several the first.
    main_keys: BTreeMap<Role, String>,
}

/// A part of a chapter that has a role, and says something.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What it is for the card.
    pub(crate) role: Role,
    /// What the chapter calls it: the label or heading above it, without its number.
    pub(crate) label: String,
    /// The anchor of the section that it stands in.
    pub(crate) anchor: Option<String>,
    /// The repeated part that it belongs to, such as an option.
    pub(crate) member: Option<Member>,
    /// What it says.
    pub(crate) content: Content,
}

/// What a part says.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Rows, each of them about one thing.
    Rows(Rows),
    /// Text.
    Text(Written),
}

/// What an author wrote as text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    /// Its paragraphs, for where there is room for no more.
    pub(crate) paragraphs: Vec<Paragraph>,
    /// Whether it has more than those: code, a table.
    pub(crate) has_more: bool,
    /// All its blocks that can stand on another page.
    pub(crate) blocks: Vec<Copied>,
    /// Whether it has more than those: raw HTML, code that is not closed.
    pub(crate) has_uncopied: bool,
}

/// A block that is copied as it is.
#[derive(Clone, Debug)]
pub(crate) struct Copied {
    /// The block.
    pub(crate) span: Span,
    /// Whether it is a paragraph.
    pub(crate) is_paragraph: bool,
    /// The headings in it.
    pub(crate) headings: Vec<InnerHeading>,
}

/// A heading in a list or quote.
#[derive(Clone, Debug)]
pub(crate) struct InnerHeading {
    /// The heading.
    pub(crate) heading: Heading,
    /// Whether something stands above it in what holds it.
    pub(crate) follows: bool,
}

/// The rows of a table, or the items of a list.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// The table's header; empty for a list.
    pub(crate) header: Vec<Cell>,
    /// The rows. An item that starts with a label has that as its first cell.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The columns that a card shows, the first among them.
    pub(crate) shown: Vec<usize>,
}

/// A paragraph, as it stands in its container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paragraph {
    /// The paragraph's text.
    pub(crate) span: Span,
    /// What holds it.
    pub(crate) style: Style,
}

/// What holds a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Nothing.
    Plain,
    /// A list.
    Item,
    /// An ordered list, in which it has this number.
    Numbered(u64),
    /// An item, in which it is not the first.
    Continued,
    /// A quote.
    Quote,
}

impl Source {
    /// What a chapter has for cards; `None` if that is nothing.
    pub(crate) fn read(book: &Book, chapter: ChapterId, said: &Statements) -> Option<Self> {
        let document = &book[chapter].document;
        let of_card = said.parts.iter().filter(|part| part.role != Role::Spokes);
        let mut of_card = of_card.peekable();
        of_card.peek()?;
        let map = Map::of(book, document, &said.placeholders);
        let parts: Vec<Part> = of_card.filter_map(|part| map.part(part)).collect();
        let topic = said.topic.clone();
        let main_keys = main_keys(&parts);
        (!parts.is_empty()).then_some(Self { chapter, topic, parts, main_keys })
    }

    /// The row that stands for a part of one of several members: the one about what most of them
    /// have a row about, or else its first. `None` if the part has no rows.
    pub(crate) fn main_row<'a>(&self, part: &'a Part) -> Option<&'a [Cell]> {
        let rows = &part.rows()?.rows;
        let main = self.main_keys.get(&part.role);
        let is_main = |row: &&Vec<Cell>| main.is_some() && main == key(row).as_ref();
        rows.iter().find(is_main).or(rows.first()).map(Vec::as_slice)
    }

    /// The parts with a role.
    pub(crate) fn with(&self, role: Role) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.role == role)
    }
}

impl Part {
    /// Its rows; none if it is text.
    pub(crate) fn rows(&self) -> Option<&Rows> {
        match &self.content {
            Content::Rows(rows) => Some(rows),
            Content::Text(_) => None,
        }
    }

    /// What it says as text; `None` if it has rows.
    pub(crate) fn written(&self) -> Option<&Written> {
        match &self.content {
            Content::Text(written) => Some(written),
            Content::Rows(_) => None,
        }
    }

    /// Its paragraphs; none if it has rows.
    pub(crate) fn paragraphs(&self) -> &[Paragraph] {
        self.written().map_or(&[], |written| written.paragraphs.as_slice())
    }
}

/// What most parts of each role have a row about.
fn main_keys(parts: &[Part]) -> BTreeMap<Role, String> {
    // In the order in which they come, so that of equals the first counts.
    let mut counted: Vec<(Role, String, usize)> = Vec::new();
    let mut known: BTreeMap<(Role, String), usize> = BTreeMap::new();
    for part in parts {
        let rows = part.rows().into_iter().flat_map(|rows| &rows.rows);
        let mut seen = BTreeSet::new();
        for key in rows.filter_map(|row| key(row)).filter(|key| seen.insert(key.clone())) {
            let at = *known.entry((part.role, key.clone())).or_insert(counted.len());
            match counted.get_mut(at) {
                Some((_, _, count)) => *count += 1,
                None => counted.push((part.role, key, 1)),
            }
        }
    }
    // Of equals the last that is put in stays: the first.
    counted.reverse();
    counted.sort_by_key(|(.., count)| *count);
    counted.into_iter().map(|(role, key, _)| (role, key)).collect()
}

/// What a row is about.
fn key(row: &[Cell]) -> Option<String> {
    row.first().map(|cell| phrase(&cell.text))
}

/// Where everything in a chapter stands.
struct Map<'a> {
    document: &'a Document,
    places: BTreeMap<(usize, usize), Place<'a>>,
    /// Where text is still the template's, ascending.
    placeholders: Vec<Span>,
    /// The anchors of headings by where those start.
    anchors: BTreeMap<usize, String>,
}

/// A node and what it stands in.
#[derive(Clone, Copy)]
struct Place<'a> {
    node: &'a Node,
    /// The innermost section, or field, around it or that it is.
    title: Option<&'a Node>,
    /// The innermost section.
    section: Option<&'a Node>,
}

impl<'a> Map<'a> {
    fn of(book: &Book, document: &'a Document, placeholders: &[Span]) -> Self {
        let sources = &document.anchor_sources;
        let ids = sources.iter().map(|source| (source.explicit.as_deref(), source.text.as_str()));
        let ids = anchors(ids, book.host.version);
        let anchors = sources.iter().map(|source| source.span.start()).zip(ids).collect();
        let mut placeholders = placeholders.to_vec();
        placeholders.sort_by_key(|span| span.start());
        Self { document, places: places(&document.root), placeholders, anchors }
    }

    fn part(&self, said: &StatedPart) -> Option<Part> {
        let place = self.places.get(&(said.span.start(), said.span.end()))?;
        let (label, anchor) = self.title(*place);
        let content = self.content(place.node, said)?;
        let member = said.member.clone().map(|member| {
            let name = unnumbered(&member.name).to_owned();
            Member { name, ..member }
        });
        Some(Part { role: said.role, label, anchor, member, content })
    }

    fn title(&self, place: Place<'a>) -> (String, Option<String>) {
        let label = place.title.and_then(title_of).map(unnumbered).unwrap_or_default();
        let section = place.section.and_then(|node| match &node.kind {
            NodeKind::Section(heading) => Some(heading.span.start()),
            _ => None,
        });
        (label.to_owned(), section.and_then(|start| self.anchors.get(&start).cloned()))
    }

    fn content(&self, node: &Node, said: &StatedPart) -> Option<Content> {
        let is_text = matches!(said.role, Role::Answer | Role::Question);
        let rows = if is_text { None } else { rows_node(node, said.role) };
        match rows {
            Some(node) => self.rows(node, said).map(Content::Rows),
            None if is_text || said.role == Role::Numbers => {
                let written = self.written(node);
                let says_nothing = written.paragraphs.is_empty() && written.blocks.is_empty();
                (!says_nothing).then_some(Content::Text(written))
            }
            None => None,
        }
    }

    fn rows(&self, node: &Node, said: &StatedPart) -> Option<Rows> {
        let columns = &said.columns;
        let (header, rows) = match &node.kind {
            NodeKind::Table(table) => (table.header.clone(), table.rows.clone()),
            _ if said.role == Role::Questions => (Vec::new(), asked(self.document, node)),
            _ => (Vec::new(), items(self.document, node)),
        };
        let is_said = |row: &Vec<Cell>| {
            row.iter().any(|cell| !cell.text.trim().is_empty())
                && row.iter().all(|cell| self.is_written(cell.span))
        };
        let rows: Vec<Vec<Cell>> = rows.into_iter().filter(is_said).collect();
        let width = header.len().max(rows.iter().map(Vec::len).max().unwrap_or(0));
        let named = columns.iter().filter_map(|name| {
            let is_it = |cell: &Cell| phrase(&cell.text) == phrase(name);
            header.iter().position(is_it).filter(|column| *column > 0)
        });
        let shown: Vec<usize> = if columns.is_empty() || header.is_empty() {
            (0..width).collect()
        } else {
            std::iter::once(0).chain(named).collect()
        };
        (!rows.is_empty()).then_some(Rows { header, rows, shown })
    }

    /// What a part says that is text: its own, not what sections and fields inside say.
    fn written(&self, node: &Node) -> Written {
        let is_titled = matches!(node.kind, NodeKind::Section(_) | NodeKind::Field(_));
        let blocks = if is_titled { node.children.as_slice() } else { std::slice::from_ref(node) };
        let mut written = Written::default();
        for block in blocks {
            let is_own = !matches!(
                block.kind,
                NodeKind::Section(_) | NodeKind::Field(_) | NodeKind::Footnote { .. }
            );
            if !is_own || !self.is_written(block.span) && block.children.is_empty() {
                continue;
            }
            written.has_more |= self.paragraphs(block, &mut written.paragraphs);
            if self.is_written(block.span) && !self.is_directive(block.span) {
                match self.copied(block) {
                    Some(copied) => written.blocks.push(copied),
                    None => written.has_uncopied |= !self.is_comment(block),
                }
            }
        }
        written
    }

    /// Adds the paragraphs of a block to `found`; whether there is more in it.
    fn paragraphs(&self, block: &Node, found: &mut Vec<Paragraph>) -> bool {
        let mut has_more = false;
        let mut stack = vec![(block, Style::Plain)];
        while let Some((node, style)) = stack.pop() {
            match &node.kind {
                NodeKind::Paragraph { .. } if self.is_directive(node.span) => {}
                NodeKind::Paragraph { .. } => {
                    let is_written = self.is_written(node.span);
                    found.extend(is_written.then_some(Paragraph { span: node.span, style }));
                }
                // A label in a list or quote, and behind it what else stands there.
                NodeKind::Field(label) => {
                    let (first, rest) = match node.children.split_first() {
                        Some((first, rest)) if said(first).is_some() => (first.span, rest),
                        _ => (label.span, node.children.as_slice()),
                    };
                    let span = Span::new(label.span.start(), first.end());
                    found.extend(self.is_written(span).then_some(Paragraph { span, style }));
                    stack.extend(rest.iter().rev().map(|child| (child, Style::Continued)));
                }
                NodeKind::Rule => {}
                NodeKind::List { .. } | NodeKind::Item | NodeKind::Quote => {
                    let children = node.children.iter().enumerate().rev();
                    stack.extend(children.map(|(at, child)| (child, within(node, style, at))));
                }
                _ => has_more |= !self.is_comment(node),
            }
        }
        has_more
    }

    /// A block as it can be copied; `None` if it would change what stands after it.
    fn copied(&self, block: &Node) -> Option<Copied> {
        if self.document.slice(block.span).lines().any(defines) {
            return None;
        }
        for node in block.walk() {
            match &node.kind {
                NodeKind::Code(one) if one.fenced && one.closed => {}
                NodeKind::Code(_) | NodeKind::Html | NodeKind::Footnote { .. } => return None,
                _ => {}
            }
        }
        let is_paragraph = matches!(block.kind, NodeKind::Paragraph { .. });
        Some(Copied { span: block.span, is_paragraph, headings: headings(block) })
    }

    /// Whether a block says nothing to readers.
    fn is_comment(&self, node: &Node) -> bool {
        let text = self.document.slice(node.span).trim();
        matches!(node.kind, NodeKind::Html) && text.starts_with("<!--") && text.ends_with("-->")
    }

    /// Whether none of the template's placeholders is left in `span`.
    fn is_written(&self, span: Span) -> bool {
        let from = self.placeholders.partition_point(|one| one.start() < span.start());
        self.placeholders.get(from).is_none_or(|one| !span.contains(*one))
    }

    /// Whether a paragraph is a directive, which stands for something else.
    fn is_directive(&self, span: Span) -> bool {
        let directives = &self.document.directives;
        let from = directives.partition_point(|one| one.span.start() < span.start());
        directives.get(from).is_some_and(|one| one.block && span.contains(one.span))
    }
}

/// All nodes by their spans, of several with one span the outermost, but never the document.
fn places(root: &Node) -> BTreeMap<(usize, usize), Place<'_>> {
    let mut places = BTreeMap::new();
    let mut titles: Vec<&Node> = Vec::new();
    for node in root.walk().skip(1) {
        while titles.last().is_some_and(|title| !title.span.contains(node.span)) {
            titles.pop();
        }
        if matches!(node.kind, NodeKind::Section(_) | NodeKind::Field(_)) {
            titles.push(node);
        }
        let section = titles.iter().rev().find(|node| matches!(node.kind, NodeKind::Section(_)));
        let place = Place { node, title: titles.last().copied(), section: section.copied() };
        places.entry((node.span.start(), node.span.end())).or_insert(place);
    }
    places
}

fn title_of(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Section(heading) => Some(&heading.text),
        NodeKind::Field(label) => Some(&label.text),
        _ => None,
    }
}

/// A heading without the number that it starts with.
fn unnumbered(title: &str) -> &str {
    let rest = title.trim_start_matches(|ch: char| ch.is_ascii_digit() || ch == '.');
    let numbered = title.len() > rest.len() && title[..title.len() - rest.len()].contains('.');
    if numbered { rest.trim_start() } else { title }
}

/// How the child at `at` of a block stands that itself stands so.
fn within(node: &Node, style: Style, at: usize) -> Style {
    match node.kind {
        NodeKind::List { start: Some(first) } => {
            Style::Numbered(first.saturating_add(u64::try_from(at).unwrap_or(u64::MAX)))
        }
        NodeKind::List { start: None } => Style::Item,
        NodeKind::Item if at > 0 => Style::Continued,
        NodeKind::Quote => Style::Quote,
        _ => style,
    }
}

/// The rows that a part is or holds: its first table, or else its first list; where numbers stand,
/// whichever comes first.
fn rows_node(node: &Node, role: Role) -> Option<&Node> {
    let is_table = |node: &&Node| matches!(node.kind, NodeKind::Table(_));
    let is_either = |node: &&Node| is_table(node) || matches!(node.kind, NodeKind::List { .. });
    let table = if role == Role::Numbers { None } else { node.walk().find(is_table) };
    table.or_else(|| node.walk().find(is_either))
}

/// The items of a list as rows: the label, if one starts with it, and the first text. One that holds
/// only a list is as many rows as that has, each with its label.
fn items(document: &Document, list: &Node) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut stack: Vec<(&Node, Option<Cell>)> =
        list.children.iter().rev().map(|item| (item, None)).collect();
    while let Some((item, outer)) = stack.pop() {
        let Some(first) = item.children.first() else { continue };
        let (own, body) = match &first.kind {
            NodeKind::Field(label) => (Some(labelled(document, label)), first.children.first()),
            _ => (None, Some(first)),
        };
        let label = own.or(outer);
        match body {
            Some(list) if matches!(list.kind, NodeKind::List { .. }) => {
                stack.extend(list.children.iter().rev().map(|item| (item, label.clone())));
            }
            Some(body) => {
                rows.extend(said(body).map(|said| label.into_iter().chain([said]).collect()));
            }
            None => {}
        }
    }
    rows
}

/// The items of a list of questions as rows: the label, the strong words or the paragraph that one
/// starts with, and each paragraph after that.
fn asked(document: &Document, list: &Node) -> Vec<Vec<Cell>> {
    let row = |item: &Node| {
        let first = item.children.first()?;
        let (question, rest) = match &first.kind {
            NodeKind::Field(label) => (labelled(document, label), label.span.end()),
            NodeKind::Paragraph { text } => match strong(document.slice(first.span)) {
                Some(end) => {
                    let end = first.span.start() + end;
                    let span = Span::new(first.span.start() + 2, end - 2);
                    (Cell { text: document.slice(span).to_owned(), span }, end)
                }
                None => (Cell { text: text.clone(), span: first.span }, first.span.end()),
            },
            _ => return None,
        };
        // The rest of that paragraph, and all others.
        let paragraphs = item.walk().filter_map(said);
        let paragraphs = paragraphs.filter(|one| one.span.end() > rest).map(|one| {
            let span = Span::new(one.span.start().max(rest), one.span.end());
            Cell { text: document.slice(span).trim().to_owned(), span }
        });
        let answers = paragraphs.filter(|cell| !cell.text.is_empty());
        Some(std::iter::once(question).chain(answers).collect())
    };
    list.children.iter().filter_map(row).collect()
}

/// The headings that are a block or stand in it.
fn headings(block: &Node) -> Vec<InnerHeading> {
    let heading = |node: &Node, follows| match &node.kind {
        NodeKind::Heading(heading) => Some(InnerHeading { heading: heading.clone(), follows }),
        _ => None,
    };
    let inner = block.walk().flat_map(|node| {
        let is_labelled = matches!(node.kind, NodeKind::Field(_));
        let children = node.children.iter().enumerate();
        children.filter_map(move |(at, child)| heading(child, is_labelled || at > 0))
    });
    heading(block, false).into_iter().chain(inner).collect()
}

/// Whether a line may define where a link leads, which is no block of the page.
fn defines(line: &str) -> bool {
    let mark = |ch: char| ch.is_whitespace() || ch.is_ascii_digit() || "->*+.)".contains(ch);
    let line = line.trim_start_matches(mark);
    line.starts_with('[') && line.contains("]:")
}

/// The length of the strong words that a text starts with, stars included.
fn strong(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("**")?;
    let end = inner.find("**").filter(|end| *end > 0)?;
    Some(end + 4)
}

/// The text of a paragraph.
fn said(node: &Node) -> Option<Cell> {
    match &node.kind {
        NodeKind::Paragraph { text } => Some(Cell { text: text.clone(), span: node.span }),
        _ => None,
    }
}

/// A label without its stars and colon, unless there are marks inside.
fn labelled(document: &Document, label: &Label) -> Cell {
    let bare = document.slice(label.span).find(&label.text);
    let bare =
        bare.map(|at| label.span.start() + at).map(|at| Span::new(at, at + label.text.len()));
    Cell { text: label.text.clone(), span: bare.unwrap_or(label.span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_before_headings_go() {
        let pairs = [("3. A", "A"), ("2.1 A", "A"), ("30-Second", "30-Second"), ("4 A", "4 A")];
        pairs.iter().for_each(|(title, bare)| assert_eq!(unnumbered(title), *bare));
    }
}
