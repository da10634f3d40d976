use crate::Span;

/// One part of a document and the parts inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// From its first byte to the end of its last descendant. Blocks include their final newline,
    /// except closed fences and the text of tight list items.
    pub span: Span,
    /// What it holds, in order.
    pub children: Vec<Node>,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The document itself.
    Root,
    /// A top-level heading with all that stands under it, deeper sections included.
    Section(Heading),
    /// A bold label with a colon, and what follows it up to the next label or heading.
    Field(Label),
    /// A heading inside a list or quote, where it opens no section.
    Heading(Heading),
    /// A paragraph, or the text of a tight list item.
    Paragraph {
        /// Its text without markup.
        text: String,
    },
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
    },
    /// An item of a list.
    Item,
    /// A block quote or admonition.
    Quote,
    /// A table.
    Table(Table),
    /// A fenced or indented code block.
    Code(Code),
    /// A block of raw HTML, comments included.
    Html,
    /// A thematic break.
    Rule,
    /// The definition of a footnote.
    Footnote {
        /// The label between `[^` and `]`.
        label: String,
    },
    /// A definition list.
    Definitions,
    /// The term of a definition, which gets an anchor as headings do.
    Term {
        /// Its text without markup.
        text: String,
    },
    /// What a term means.
    Definition,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// From 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// The whole heading, attributes and underline included.
    pub span: Span,
}

/// A bold label such as `**Trade-offs:**`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The text without the colon.
    pub text: String,
    /// The label with its stars and colon.
    pub span: Span,
}

/// A table: its header cells and its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The header's cells.
    pub header: Vec<Cell>,
    /// The body's rows, top to bottom.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its text without markup.
    pub text: String,
    /// The cell between its bars.
    pub span: Span,
}

/// A code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The info string as typed, and where it stands; `None` for indented code and bare fences.
    pub info: Option<(String, Span)>,
    /// The line of the opening fence without what stands before it; the first line of indented code.
    pub opening: Span,
    /// Whether it stands between fences rather than being indented.
    pub fenced: bool,
    /// Whether its closing fence is there. Indented code counts as closed.
    pub closed: bool,
    /// The code, container prefixes removed.
    pub content: String,
    /// For each line of `content`, where its text stands, without the line ending.
    pub lines: Vec<Span>,
}

impl Node {
    /// The node and all its descendants, parents first, in document order.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            stack.extend(node.children.iter().rev());
            Some(node)
        })
    }

    /// The heading, if this is a section.
    pub fn section(&self) -> Option<&Heading> {
        match &self.kind {
            NodeKind::Section(heading) => Some(heading),
            _ => None,
        }
    }

    /// The code block, if this is one.
    pub fn code(&self) -> Option<&Code> {
        match &self.kind {
            NodeKind::Code(code) => Some(code),
            _ => None,
        }
    }
}

impl Code {
    /// The first word of the info string, up to a comma or blank, which names the language.
    pub fn language(&self) -> Option<&str> {
        let (info, _) = self.info.as_ref()?;
        info.split([',', ' ', '\t']).find(|word| !word.is_empty())
    }
}
