//! Reads off a chapter what its template says a card is made of.

use handbook_book::{Book, Cell, ChapterId, Document, Node, NodeKind, Span, anchors};
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
    Text(Vec<Paragraph>),
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

    /// Its paragraphs; none if it has rows.
    pub(crate) fn paragraphs(&self) -> &[Paragraph] {
        match &self.content {
            Content::Text(paragraphs) => paragraphs,
            Content::Rows(_) => &[],
        }
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
    row.first().map(|cell| folded(&cell.text))
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
        Some(Part { role: said.role, label, anchor, member: said.member.clone(), content })
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
        let rows = if is_text { None } else { rows_node(node) };
        match rows {
            Some(node) => self.rows(node, &said.columns).map(Content::Rows),
            None if is_text || said.role == Role::Numbers => {
                let paragraphs = self.paragraphs(node);
                (!paragraphs.is_empty()).then_some(Content::Text(paragraphs))
            }
            None => None,
        }
    }

    fn rows(&self, node: &Node, columns: &[String]) -> Option<Rows> {
        let (header, rows) = match &node.kind {
            NodeKind::Table(table) => (table.header.clone(), table.rows.clone()),
            _ => (
                Vec::new(),
                node.children.iter().filter_map(|one| item(self.document, one)).collect(),
            ),
        };
        let is_said = |row: &Vec<Cell>| {
            row.iter().any(|cell| !cell.text.trim().is_empty())
                && row.iter().all(|cell| self.is_written(cell.span))
        };
        let rows: Vec<Vec<Cell>> = rows.into_iter().filter(is_said).collect();
        let width = header.len().max(rows.iter().map(Vec::len).max().unwrap_or(0));
        let named = columns.iter().filter_map(|name| {
            let is_it = |cell: &Cell| folded(&cell.text) == folded(name);
            header.iter().position(is_it).filter(|column| *column > 0)
        });
        let shown: Vec<usize> = if columns.is_empty() || header.is_empty() {
            (0..width).collect()
        } else {
            std::iter::once(0).chain(named).collect()
        };
        (!rows.is_empty()).then_some(Rows { header, rows, shown })
    }

    /// The paragraphs of a part that is text: its own, not those of sections and fields inside.
    fn paragraphs(&self, node: &Node) -> Vec<Paragraph> {
        let mut found = Vec::new();
        let mut stack = vec![(node, Style::Plain)];
        while let Some((node, style)) = stack.pop() {
            if let NodeKind::Paragraph { .. } = node.kind {
                if self.is_written(node.span) && !self.is_directive(node.span) {
                    found.push(Paragraph { span: node.span, style });
                }
                continue;
            }
            let inner = node.children.iter().rev().filter_map(|child| {
                let style = match child.kind {
                    NodeKind::Paragraph { .. } | NodeKind::List { .. } => style,
                    NodeKind::Item => Style::Item,
                    NodeKind::Quote => Style::Quote,
                    _ => return None,
                };
                Some((child, style))
            });
            stack.extend(inner);
        }
        found
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

/// The table or list that a part is, or the first that it holds.
fn rows_node(node: &Node) -> Option<&Node> {
    node.walk().find(|node| matches!(node.kind, NodeKind::Table(_) | NodeKind::List { .. }))
}

/// The item of a list as a row: its label, if it starts with one, and its first text.
fn item(document: &Document, node: &Node) -> Option<Vec<Cell>> {
    let text = |node: &Node| match &node.kind {
        NodeKind::Paragraph { text } => Some(Cell { text: text.clone(), span: node.span }),
        _ => None,
    };
    let first = node.children.first()?;
    let NodeKind::Field(label) = &first.kind else { return Some(vec![text(first)?]) };
    // Without its stars and colon, unless there are marks inside.
    let bare = document.slice(label.span).find(&label.text);
    let bare =
        bare.map(|at| label.span.start() + at).map(|at| Span::new(at, at + label.text.len()));
    let label = Cell { text: label.text.clone(), span: bare.unwrap_or(label.span) };
    Some(vec![label, first.children.first().and_then(text)?])
}

/// Text as it is compared: lower case, letters and digits only, what is between them one blank.
pub(crate) fn folded(text: &str) -> String {
    let words = text.split(|ch: char| !ch.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
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
