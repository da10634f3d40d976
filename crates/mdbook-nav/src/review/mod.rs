//! Chapters whose foundations have moved since somebody last looked.
//!
//! A small file of the book, which `handbook review` writes, says when a chapter was reviewed and
//! what the chapters that it builds on said then, as a hash of their text. What is derived in them
//! counts for nothing, nor do the addresses of links: building, fixing and moving make no suspects.

mod file;

pub use file::{Date, Review, ReviewError, Reviews};

use crate::graph::{Graph, Relation, derived};
use handbook_book::{Book, ChapterId, Link, Span, slashed};
use handbook_pass::{OpenSlots, Slot};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the chapters of a book build on now.
#[derive(Clone, Debug, Default)]
pub struct BuiltOn {
    /// The file of the reviews, from the book's root.
    pub file: PathBuf,
    /// The chapters in reading order.
    pub chapters: Vec<Foundations>,
}

/// What one chapter builds on.
#[derive(Clone, Debug, Default)]
pub struct Foundations {
    /// The chapter, as the file of reviews names it.
    pub chapter: String,
    /// Its prerequisites by path, with the hash of their text.
    pub prerequisites: BTreeMap<String, String>,
}

impl BuiltOn {
    pub(crate) fn of(book: &Book, slots: &OpenSlots, graph: &Graph, file: &Path) -> Self {
        let none = Vec::new();
        let mut hashes: BTreeMap<ChapterId, String> = BTreeMap::new();
        let chapters = graph.iter().map(|(id, _)| {
            let mut hashed = |(to, _): (ChapterId, Span)| {
                let slots = slots.0.get(to.0).unwrap_or(&none);
                let hash = hashes.entry(to).or_insert_with(|| hash(book, to, slots));
                (path_of(book, to), hash.clone())
            };
            Foundations {
                chapter: path_of(book, id),
                prerequisites: graph
                    .chapters_named(id, Relation::Prerequisites)
                    .map(&mut hashed)
                    .collect(),
            }
        });
        Self { file: file.to_owned(), chapters: chapters.collect() }
    }
}

/// A chapter as the file names it, the same on all systems.
pub(crate) fn path_of(book: &Book, id: ChapterId) -> String {
    slashed(&book[id].path)
}

/// The hash of what a chapter's author wrote.
fn hash(book: &Book, id: ChapterId, slots: &[Slot]) -> String {
    let document = &book[id].document;
    let text = &document.text;
    let addresses = document.links.iter().filter_map(Link::address);
    let html = document.html_links.iter().map(|link| link.span);
    let mut others: Vec<Span> =
        slots.iter().filter_map(derived).chain(addresses).chain(html).collect();
    others.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    let mut at = 0;
    for span in others {
        if span.start() >= at {
            update(&mut hasher, &text[at..span.start()]);
            at = span.end();
        }
    }
    update(&mut hasher, &text[at..]);
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The lines of a text, whatever ends them.
fn update(hasher: &mut blake3::Hasher, text: &str) {
    for line in text.lines() {
        hasher.update(line.trim_end().as_bytes());
        hasher.update(b"\n");
    }
}
