//! What chapters are to each other.
//!
//! 1. [`fields`] finds the fields in which a chapter speaks of others, at its head and in its
//!    navigation block, and [`names`] reads what they name.
//! 2. [`Graph`] joins that with the nesting of SUMMARY and the links in the text.
//! 3. [`order`] finds circles, and the order in which to read.
//!
//! Facts come from what authors wrote: what stands in a marked region was derived from them, and
//! counts for nothing.

pub(crate) mod fields;
mod names;
pub(crate) mod order;

pub(crate) use fields::{Field, Part, Relation};
pub(crate) use names::Named;

use crate::Settings;
use crate::derive::{DEEP_DIVES, NAVIGATION};
use handbook_book::{Book, ChapterId, Span, StatedTime, Target};
use handbook_pass::{OpenSlots, Slot, SlotState, Under};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A document: a chapter, or one that is planned. Chapters come first, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Vertex {
    Chapter(ChapterId),
    /// Its place in [`Settings::planned`].
    Planned(usize),
}

impl Vertex {
    /// The chapter, if it is written.
    pub(crate) fn chapter(self) -> Option<ChapterId> {
        match self {
            Self::Chapter(id) => Some(id),
            Self::Planned(_) => None,
        }
    }
}

/// What all chapters of a book are to each other.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    /// In reading order.
    pub(crate) chapters: Vec<Node>,
    /// The documents that nobody has written yet.
    pub(crate) planned: Vec<PathBuf>,
}

/// One chapter among the others.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What it says of others, in the order of the text.
    pub(crate) fields: Vec<Field>,
    /// How long it says that it takes.
    pub(crate) time: Option<StatedTime>,
    /// What it stands under: as SUMMARY nests it or, where that does not, as it says itself.
    pub(crate) parent: Option<Vertex>,
    /// The chapters that stand under it, in reading order.
    pub(crate) children: Vec<ChapterId>,
    /// The chapters that name it as related, in reading order.
    pub(crate) related_from: Vec<ChapterId>,
    /// The other chapters that its text links to.
    pub(crate) mentions: BTreeSet<ChapterId>,
    /// Whether its navigation block is built, and the list of what stands under it.
    pub(crate) builds: Builds,
}

/// What of a chapter is built rather than written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Builds {
    pub(crate) navigation: bool,
    pub(crate) deep_dives: bool,
}

impl Graph {
    /// Reads the graph off a book.
    pub(crate) fn of(book: &Book, slots: &OpenSlots, settings: &Settings) -> Self {
        let reader = names::Reader::new(book, settings);
        let none = Vec::new();
        let slots = |id: ChapterId| slots.0.get(id.0).unwrap_or(&none);
        let nodes = book.iter().map(|(id, _)| Node::of(id, slots(id), &reader, settings));
        let mut chapters: Vec<Node> = nodes.collect();
        for (id, _) in book.iter() {
            if let Some(parent) = chapters[id.0].parent.and_then(Vertex::chapter) {
                chapters[parent.0].children.push(id);
            }
        }
        let mut graph = Self { chapters, planned: settings.planned.clone() };
        for (id, _) in book.iter() {
            for (to, _) in graph.chapters_named(id, Relation::Related).filter(|(to, _)| *to != id) {
                graph.chapters[to.0].related_from.push(id);
            }
        }
        graph
    }

    /// What a chapter names as its `relation`, each document once, in the order of the text.
    pub(crate) fn named(&self, id: ChapterId, relation: Relation) -> Vec<Named> {
        let mut seen = BTreeSet::new();
        let fields = self[id].fields.iter().filter(|field| field.relation == relation);
        let names = fields.flat_map(|field| &field.names).copied();
        names.filter(|name| seen.insert(name.vertex)).collect()
    }

    /// The chapters among those, and where they are named.
    pub(crate) fn chapters_named(
        &self,
        id: ChapterId,
        relation: Relation,
    ) -> impl Iterator<Item = (ChapterId, Span)> + use<> {
        let names = self.named(id, relation).into_iter();
        names.filter_map(|name| Some((name.vertex.chapter()?, name.span)))
    }

    /// What belongs under *related*: what the chapter names there, but not what stands beside it as
    /// parent or next; where it has no such field, the chapters that name it.
    pub(crate) fn related(&self, id: ChapterId) -> Vec<Vertex> {
        let named: Vec<Vertex> = match self[id].has(Relation::Related) {
            true => vertices(self.named(id, Relation::Related)).collect(),
            false => self[id].related_from.iter().copied().map(Vertex::Chapter).collect(),
        };
        let apart: Vec<Vertex> =
            self[id].parent.into_iter().chain(vertices(self.named(id, Relation::Next))).collect();
        named.into_iter().filter(|vertex| !apart.contains(vertex)).collect()
    }

    /// What to read next: what the chapter names or, where it names nothing, the chapter behind it.
    pub(crate) fn next(&self, id: ChapterId) -> Vec<Vertex> {
        if self[id].has(Relation::Next) {
            return vertices(self.named(id, Relation::Next)).collect();
        }
        let behind = ChapterId(id.0 + 1);
        (behind.0 < self.chapters.len()).then_some(Vertex::Chapter(behind)).into_iter().collect()
    }

    /// Whether a chapter lists what stands under it.
    pub(crate) fn is_hub(&self, id: ChapterId) -> bool {
        self[id].builds.deep_dives || self[id].has(Relation::DeepDives)
    }

    /// What stands under each chapter, for other passes.
    pub(crate) fn under(&self) -> Under {
        Under(self.chapters.iter().map(|node| node.children.clone()).collect())
    }

    /// A chapter and all that stands under it, deeper down too, in reading order.
    pub(crate) fn with_all_under(&self, id: ChapterId) -> BTreeSet<ChapterId> {
        let mut seen = BTreeSet::from([id]);
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            open.extend(self[next].children.iter().copied().filter(|child| seen.insert(*child)));
        }
        seen
    }

    /// How long a document says that it takes.
    pub(crate) fn time(&self, vertex: Vertex) -> Option<StatedTime> {
        self[vertex.chapter()?].time
    }

    /// The chapters with their ids, in reading order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ChapterId, &Node)> {
        self.chapters.iter().enumerate().map(|(index, node)| (ChapterId(index), node))
    }
}

impl std::ops::Index<ChapterId> for Graph {
    type Output = Node;

    fn index(&self, id: ChapterId) -> &Node {
        &self.chapters[id.0]
    }
}

impl Node {
    fn of(id: ChapterId, slots: &[Slot], reader: &names::Reader<'_>, settings: &Settings) -> Self {
        let book = reader.book;
        let document = &book[id].document;
        let derived: Vec<Span> = slots.iter().filter_map(derived).collect();
        let is_derived = |span: Span| derived.iter().any(|derived| derived.contains(span));
        let (mut fields, time) = fields::read(document, settings, &is_derived);
        fields.iter_mut().for_each(|field| reader.read(id, field, &is_derived));
        let said = fields.iter().filter(|field| field.relation == Relation::Parent);
        let said = said.flat_map(|field| &field.names).map(|name| name.vertex).next();
        let links = document.links.iter().filter(|link| !link.image && !is_derived(link.span));
        let mentions = links.filter_map(|link| match book.target(id, &link.destination) {
            Target::Chapter { id: to, .. } => (to != id).then_some(to),
            _ => None,
        });
        let is_built = |name: &str| {
            let is_open = |slot: &&Slot| !matches!(slot.state, SlotState::Written { .. });
            slots.iter().filter(is_open).any(|slot| slot.name == name)
        };
        Self {
            parent: book[id].parent.map(Vertex::Chapter).or(said),
            children: Vec::new(),
            related_from: Vec::new(),
            mentions: mentions.collect(),
            builds: Builds { navigation: is_built(NAVIGATION), deep_dives: is_built(DEEP_DIVES) },
            fields,
            time,
        }
    }

    /// Whether it has a field for `relation`, whatever that says.
    pub(crate) fn has(&self, relation: Relation) -> bool {
        self.fields.iter().any(|field| field.relation == relation)
    }
}

/// The documents of names.
pub(crate) fn vertices(names: Vec<Named>) -> impl Iterator<Item = Vertex> {
    names.into_iter().map(|name| name.vertex)
}

/// What stands in a slot and was derived.
pub(crate) fn derived(slot: &Slot) -> Option<Span> {
    match slot.state {
        SlotState::Region { body } => Some(body),
        _ => None,
    }
}
