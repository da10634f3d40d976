use crate::Slot;
use handbook_book::ChapterId;
use handbook_text::Level;
use std::any::{Any, TypeId};
use std::collections::BTreeMap;

/// What passes tell each other, one value of each type.
///
/// A type that nobody published is unknown: its producer is off, or could not find out.
#[derive(Default)]
pub struct Facts {
    known: BTreeMap<TypeId, Box<dyn Any + Send + Sync>>,
}

/// The slots of each chapter that some pass fills, in the order of the text. Known to all passes
/// before they gather.
#[derive(Clone, Debug, Default)]
pub struct OpenSlots(pub Vec<Vec<Slot>>);

/// That the book cites works, so that `[@key]` is a citation: a fact of whoever reads bibliographies.
/// Where it is unknown, such brackets are nothing but text.
#[derive(Clone, Copy, Debug)]
pub struct Cites;

/// For each chapter what stands under it, in reading order: a fact of whoever knows how the book hangs
/// together.
#[derive(Clone, Debug, Default)]
pub struct Under(pub Vec<Vec<ChapterId>>);

/// What the other passes found, for late passes.
#[derive(Clone, Debug, Default)]
pub struct Judged(pub Vec<Judgement>);

/// A finding as a late pass sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The chapter it is about.
    pub chapter: ChapterId,
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
}

impl Facts {
    /// Publishes a fact, replacing one of the same type.
    pub fn publish<T: Any + Send + Sync>(&mut self, fact: T) {
        self.known.insert(TypeId::of::<T>(), Box::new(fact));
    }

    /// The slots named `name` in a chapter; none if they are not known.
    pub fn slots<'a>(
        &'a self,
        chapter: ChapterId,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Slot> + 'a {
        let slots = self.get::<OpenSlots>().and_then(|open| open.0.get(chapter.0));
        slots.into_iter().flatten().filter(move |slot| slot.name == name)
    }

    /// The fact of type `T`, or `None` if it is unknown.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.known.get(&TypeId::of::<T>())?.downcast_ref()
    }
}
