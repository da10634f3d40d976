use super::Named;
use crate::Settings;
use handbook_book::{Document, Label, Node, NodeKind, Span, StatedTime};
use handbook_text::did_you_mean;

/// What a field says of the documents that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    Prerequisites,
    Parent,
    Related,
    Next,
    DeepDives,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Under the chapter's title, before the next heading.
    Head,
    /// In the last section that has a field for the parent or for what is next.
    Navigation,
}

/// A field in which a chapter speaks of others.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) relation: Relation,
    pub(crate) part: Part,
    /// The label.
    pub(crate) label: Span,
    /// What stands behind the label: to the end of the paragraph, and of a list right behind it.
    pub(crate) body: Span,
    /// The documents that it names.
    pub(crate) names: Vec<Named>,
    /// File names in it that are no document's.
    pub(crate) unknown: Vec<Span>,
}

impl Relation {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Prerequisites, Self::Parent, Self::Related, Self::Next, Self::DeepDives];

    /// The label of its fields.
    pub(crate) fn label(self, settings: &Settings) -> &str {
        match self {
            Self::Prerequisites => &settings.prerequisites,
            Self::Parent => &settings.parent,
            Self::Related => &settings.related,
            Self::Next => &settings.next,
            Self::DeepDives => &settings.deep_dives,
        }
    }

    fn of(label: &Label, settings: &Settings) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| is_called(label, relation.label(settings)))
    }
}

/// The fields of a chapter, names not yet read, and the time that it states.
pub(crate) fn read(
    document: &Document,
    settings: &Settings,
    is_derived: &dyn Fn(Span) -> bool,
) -> (Vec<Field>, Option<StatedTime>) {
    let root = &document.root;
    let is_written = |(label, _): &(&Label, &Node)| !is_derived(label.span);
    let written = |node| labelled(node).filter(is_written);
    let head = || head(document).filter(is_written);
    let title = document.title().map(|(node, _)| node);
    let fields_of = |labelled: &mut dyn Iterator<Item = (&Label, &Node)>, part| -> Vec<Field> {
        labelled.filter_map(|(label, node)| field(label, node, part, settings)).collect()
    };
    let mut found = fields_of(&mut head(), Part::Head);
    let sections = root.walk().filter(|node| node.section().is_some());
    let sections = sections.filter(|node| title.is_none_or(|title| !std::ptr::eq(*node, title)));
    let navigation = sections.map(|section| fields_of(&mut written(section), Part::Navigation));
    let is_navigation = |fields: &Vec<Field>| {
        fields.iter().any(|field| matches!(field.relation, Relation::Parent | Relation::Next))
    };
    found.extend(navigation.filter(is_navigation).last().unwrap_or_default());
    let time = head().find(|(label, _)| is_called(label, &settings.study_time));
    let time = time.and_then(|(label, node)| StatedTime::read(document.slice(body(label, node))));
    (found, time)
}

/// The labels at a chapter's head that are none of ours, but nearly, with the one they may mean.
pub(crate) fn nearly<'a>(
    document: &'a Document,
    settings: &'a Settings,
) -> impl Iterator<Item = (&'a Label, &'a str)> {
    let relations = Relation::ALL.map(|relation| relation.label(settings));
    let ours: Vec<&str> = relations.into_iter().chain([settings.study_time.as_str()]).collect();
    let known: Vec<String> = ours.iter().map(|label| label.to_lowercase()).collect();
    let has: Vec<String> = head(document).map(|(label, _)| label.text.to_lowercase()).collect();
    head(document).filter_map(move |(label, _)| {
        let text = label.text.to_lowercase();
        let near = did_you_mean(&text, known.iter().map(String::as_str))?;
        let place = known.iter().position(|label| label == near)?;
        (!known.contains(&text) && !has.contains(&known[place])).then_some((label, ours[place]))
    })
}

/// The fields under a chapter's title, before the next heading.
fn head(document: &Document) -> impl Iterator<Item = (&Label, &Node)> {
    let title = document.title().map(|(node, _)| node);
    labelled(&document.root).chain(title.into_iter().flat_map(labelled))
}

/// The fields that stand directly in a node, with their labels.
fn labelled(node: &Node) -> impl Iterator<Item = (&Label, &Node)> {
    node.children.iter().filter_map(|node| match &node.kind {
        NodeKind::Field(label) => Some((label, node)),
        _ => None,
    })
}

fn field(label: &Label, node: &Node, part: Part, settings: &Settings) -> Option<Field> {
    let relation = Relation::of(label, settings)?;
    let (label, body) = (label.span, body(label, node));
    Some(Field { relation, part, label, body, names: Vec::new(), unknown: Vec::new() })
}

/// What a field says: what follows it up to the next heading is more than that.
fn body(label: &Label, node: &Node) -> Span {
    let end = label.span.end();
    let is_text = |node: &&Node| matches!(node.kind, NodeKind::Paragraph { .. });
    let mut blocks = node.children.iter().peekable();
    let text = blocks.next_if(is_text);
    let list = blocks.next_if(|node| handbook_book::is_list(node));
    let last = list.or(text).map_or(end, |node| node.span.end());
    Span::new(end, last.max(end))
}

fn is_called(label: &Label, name: &str) -> bool {
    label.text.to_lowercase() == name.to_lowercase()
}
