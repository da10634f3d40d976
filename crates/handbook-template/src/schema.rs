//! The tree of a template: what a chapter must have, in which order.

use crate::card::Role;
use crate::constraint::{Constraint, Counts};
use crate::part::{Group, Part};
use crate::pattern::{Pattern, closing};
use crate::place;
use handbook_book::{Document, Heading, NodeKind, Span, folded};

/// One thing that a chapter must have, and what it must have inside.
#[derive(Clone, Debug)]
pub struct TemplateNode {
    /// What it is and which chapters' parts it matches.
    pub kind: TemplateKind,
    /// What is demanded of it beyond standing there.
    pub constraints: Vec<Constraint>,
    /// Where it stands in [`Template::document`](crate::Template::document).
    pub span: Span,
    /// Its place among all nodes of the template, parents first, from zero.
    pub order: usize,
    /// What it must have inside, in order.
    pub children: Vec<TemplateNode>,
    /// The node as the template has it: once, or as often as the template repeats it.
    pub(crate) examples: Vec<Example>,
}

/// What a [`TemplateNode`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// The chapter itself.
    Root,
    /// A heading and all that stands under it.
    Section {
        /// The heading's level, from 1 to 6.
        level: u8,
        /// What its text must be.
        pattern: Pattern,
    },
    /// A bold label and what follows it.
    Field {
        /// What the label must be.
        pattern: Pattern,
    },
    /// A table with these columns, perhaps among others.
    Table {
        /// The header's cells.
        header: Vec<Pattern>,
    },
    /// A list.
    List,
    /// A code block.
    Code {
        /// Its language; none allows any.
        language: Option<String>,
    },
    /// A block quote.
    Quote,
    /// Whatever an author has to say.
    Prose,
}

/// A node's bytes in the scaffold.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// From the end of what stands before it to the end of its own content.
    pub(crate) text: Span,
    /// Its part.
    pub(crate) own: Span,
    /// The part before it, if it is not its parent's first.
    pub(crate) before: Option<Span>,
    /// Its heading as typed, made comparable.
    pub(crate) head: String,
    /// The number that its heading or label counts.
    pub(crate) ordinal: Option<u32>,
    /// Its body, if that is one placeholder ("the same structure as above").
    pub(crate) stub: Option<String>,
}

impl TemplateNode {
    /// What to call the node in a message.
    pub fn name(&self) -> String {
        match &self.kind {
            TemplateKind::Root => "chapter".to_owned(),
            TemplateKind::Section { level, pattern } => {
                format!("section `{} {}`", "#".repeat((*level).into()), pattern.text())
            }
            TemplateKind::Field { pattern } => format!("field `{}:`", pattern.text()),
            TemplateKind::Table { header } => {
                let cells: Vec<_> = header.iter().map(Pattern::text).collect();
                format!("table `{}`", cells.join(" | "))
            }
            TemplateKind::List => "list".to_owned(),
            TemplateKind::Code { language: None } => "code block".to_owned(),
            TemplateKind::Code { language: Some(language) } => format!("`{language}` code block"),
            TemplateKind::Quote => "quote".to_owned(),
            TemplateKind::Prose => "text".to_owned(),
        }
    }

    /// The node and all its descendants, parents first.
    pub fn walk(&self) -> impl Iterator<Item = &TemplateNode> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            stack.extend(node.children.iter().rev());
            Some(node)
        })
    }

    /// Whether it may be missing.
    pub fn is_optional(&self) -> bool {
        self.constraints.contains(&Constraint::Optional)
    }

    /// How many times it may stand, if more than once.
    pub fn repeat(&self) -> Option<Counts> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Repeat(counts) => Some(*counts),
            _ => None,
        })
    }

    /// The block that a pass can derive here.
    pub fn derives(&self) -> Option<&str> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Derive(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether it may hold nothing that the template does not name.
    pub fn is_closed(&self) -> bool {
        self.constraints.contains(&Constraint::Closed)
    }

    /// The set that each instance is a member of.
    pub fn defines(&self) -> Option<&str> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Define(set) => Some(set.as_str()),
            _ => None,
        })
    }

    /// What it is for the chapter's card, and the columns that go there beside the first.
    pub fn card(&self) -> Option<(Role, &[String])> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Card(role, columns) => Some((*role, columns.as_slice())),
            _ => None,
        })
    }

    /// How much it matters, from 0 to 3, if the template says so of it.
    pub fn priority(&self) -> Option<u8> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Priority(number) => Some(*number),
            _ => None,
        })
    }

    /// The text that a heading or label must match.
    pub fn pattern(&self) -> Option<&Pattern> {
        match &self.kind {
            TemplateKind::Section { pattern, .. } | TemplateKind::Field { pattern } => {
                Some(pattern)
            }
            _ => None,
        }
    }

    pub(crate) fn group(&self) -> Group {
        match self.kind {
            TemplateKind::Section { .. } => Group::Sections,
            TemplateKind::Field { .. } => Group::Fields,
            _ => Group::Blocks,
        }
    }

    /// Adds a demand.
    pub(crate) fn constrain(&mut self, constraint: Constraint) {
        if let (Constraint::Any, TemplateKind::Code { language }) = (&constraint, &mut self.kind) {
            *language = None;
        }
        if let (
            Constraint::Repeat(_),
            TemplateKind::Section { pattern, .. } | TemplateKind::Field { pattern },
        ) = (&constraint, &mut self.kind)
        {
            *pattern = Pattern::counting(pattern.text());
        }
        self.constraints.push(constraint);
    }

    /// Whether the sibling `other`, which comes later, is this node once more.
    fn shows_again(&self, other: &TemplateNode) -> bool {
        use TemplateKind::{Code, Field, List, Prose, Quote, Section, Table};
        if !other.constraints.is_empty() {
            return false;
        }
        match (&self.kind, &other.kind) {
            (Section { level, pattern }, Section { level: same, pattern: instance }) => {
                level == same && self.repeat().is_some() && pattern.has_instance(instance.text())
            }
            (Field { pattern }, Field { pattern: instance }) => {
                self.repeat().is_some() && pattern.has_instance(instance.text())
            }
            (List, List) => self.children.is_empty() && other.children.is_empty(),
            (Table { .. } | Code { .. } | Quote | Prose, kind) => self.kind == *kind,
            _ => false,
        }
    }
}

/// The node of `part`, the `index`th of its parent's `siblings`, before any demand is known.
pub(crate) fn node(
    document: &Document,
    parent: Part<'_>,
    siblings: &[Part<'_>],
    index: usize,
) -> Option<TemplateNode> {
    let part = siblings[index];
    let kind = kind(document, part)?;
    let gap = if kind == TemplateKind::Prose && follows_label(parent, part) {
        parent.head().end()
    } else {
        place::after(document, parent, siblings, index)
    };
    let mut end = place::content_end(document, part).max(part.span.start());
    if kind == TemplateKind::Prose && matches!(parent.node.kind, NodeKind::Field(_)) {
        end = part.span.start() + document.slice(part.span).trim_end().len();
    }
    let before = siblings[..index].iter().rev().find(|part| !part.is_trivia(document));
    let example = Example {
        text: Span::new(gap.min(part.span.start()), end),
        own: part.span,
        before: before.map(|part| part.span),
        head: folded(document.slice(part.head())),
        ordinal: None,
        stub: stub(document, part),
    };
    Some(TemplateNode {
        kind,
        constraints: Vec::new(),
        span: part.span,
        order: 0,
        children: nodes(document, part),
        examples: vec![example],
    })
}

/// The nodes inside `part`.
pub(crate) fn nodes(document: &Document, part: Part<'_>) -> Vec<TemplateNode> {
    let parts = part.parts();
    (0..parts.len()).filter_map(|index| node(document, part, &parts, index)).collect()
}

/// Folds what repeats into one node each, drops prose that stands beside what says more, and numbers
/// the nodes.
pub(crate) fn settle(node: &mut TemplateNode, order: &mut usize) {
    node.order = *order;
    *order += 1;
    if let (Some(pattern), [first, ..]) = (node.pattern().cloned(), node.examples.as_mut_slice()) {
        first.ordinal = pattern.find(pattern.text()).flatten();
    }
    let mut kept: Vec<TemplateNode> = Vec::new();
    for child in std::mem::take(&mut node.children) {
        // Sections and fields repeat one right after the other, blocks wherever they stand.
        let from = if child.group() == Group::Blocks { 0 } else { kept.len().saturating_sub(1) };
        let Some(first) = kept[from..].iter_mut().find(|node| node.shows_again(&child)) else {
            kept.push(child);
            continue;
        };
        let ordinal = match (first.pattern(), child.pattern()) {
            (Some(pattern), Some(instance)) => pattern.find(instance.text()).flatten(),
            _ => None,
        };
        let examples = child.examples.into_iter().map(|example| Example { ordinal, ..example });
        first.examples.extend(examples);
    }
    let alone = kept.len() == 1;
    kept.retain(|node| alone || node.kind != TemplateKind::Prose || !node.constraints.is_empty());
    kept.iter_mut().for_each(|child| settle(child, order));
    node.children = kept;
}

fn kind(document: &Document, part: Part<'_>) -> Option<TemplateKind> {
    Some(match &part.node.kind {
        NodeKind::Root => TemplateKind::Root,
        NodeKind::Section(heading) => TemplateKind::Section {
            level: heading.level,
            pattern: Pattern::new(&heading_text(document, heading)),
        },
        NodeKind::Field(label) => TemplateKind::Field { pattern: Pattern::new(&label.text) },
        NodeKind::Table(table) => TemplateKind::Table {
            header: table.header.iter().map(|cell| Pattern::new(&cell.text)).collect(),
        },
        NodeKind::List { .. } => TemplateKind::List,
        NodeKind::Code(code) => TemplateKind::Code { language: code.language().map(str::to_owned) },
        NodeKind::Quote => TemplateKind::Quote,
        NodeKind::Paragraph { .. } => TemplateKind::Prose,
        _ => return None,
    })
}

/// The text of a heading, with the `{placeholder}` at its end that Markdown takes for attributes.
fn heading_text(document: &Document, heading: &Heading) -> String {
    let source = document.slice(heading.span).lines().next().unwrap_or_default();
    let source = source.trim_end().trim_end_matches('#').trim_end();
    let braces = source.match_indices('{').map(|(at, _)| at);
    let lost = braces
        .filter(|at| closing(source, *at) == Some(source.len()))
        .map(|at| &source[at..])
        .next()
        .filter(|braces| !heading.text.contains(*braces));
    let is_attribute = |word: &str| word.starts_with(['#', '.']) || word.contains('=');
    match lost.and_then(|braces| braces.get(1..braces.len() - 1)) {
        Some(inner) if !inner.split_whitespace().any(is_attribute) => {
            format!("{} {{{inner}}}", heading.text).trim_start().to_owned()
        }
        _ => heading.text.clone(),
    }
}

/// Whether `part` is the text that stands right behind the label of `parent`.
pub(crate) fn follows_label(parent: Part<'_>, part: Part<'_>) -> bool {
    matches!(parent.node.kind, NodeKind::Field(_)) && parent.head().end() == part.span.start()
}

/// The body of a part if it is one placeholder and nothing else.
pub(crate) fn stub(document: &Document, part: Part<'_>) -> Option<String> {
    let parts = part.parts();
    let mut bodies = parts.iter().filter(|part| !part.is_trivia(document));
    let only = bodies.next().filter(|part| matches!(part.node.kind, NodeKind::Paragraph { .. }))?;
    let text = document.slice(only.span).trim();
    (bodies.next().is_none() && closing(text, 0) == Some(text.len())).then(|| folded(text))
}
