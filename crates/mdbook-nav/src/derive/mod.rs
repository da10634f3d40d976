//! The blocks that are built from the graph, a file for each, and how they name documents.

mod map;
mod mermaid;
mod navigation;
mod paths;

use crate::Settings;
use crate::graph::{Graph, Vertex};
use handbook_book::{Book, ChapterId, Reader, StatedTime, escaped};
use handbook_pass::{Block, Context, Derived, Fragment, Provides, Slot, SlotState, Text};
use std::path::Path;

/// The block at a chapter's end that leads on.
pub(crate) const NAVIGATION: &str = "navigation";
/// The list of what stands under a hub.
pub const DEEP_DIVES: &str = "deep-dives";
/// All documents and how they hang together.
pub(crate) const DOCUMENT_MAP: &str = "document-map";
/// In which order to read, and how long that takes.
pub(crate) const READING_PATHS: &str = "reading-paths";
/// How long a chapter takes with all that stands under it.
pub(crate) const STUDY_TIME: &str = "study-time";

/// The slots of this pass.
pub(crate) const SLOTS: &[Provides] = &[
    provides(NAVIGATION),
    provides(DEEP_DIVES),
    provides(DOCUMENT_MAP),
    provides(READING_PATHS),
    provides(STUDY_TIME),
];

const fn provides(slot: &'static str) -> Provides {
    let stale = crate::rules::STALE_BLOCK.id;
    Provides { slot, stale, written_down: false, takes_words: false }
}

/// Who writes Markdown about the documents of a book, where, and for whom.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    pub(crate) book: &'a Book,
    pub(crate) graph: &'a Graph,
    pub(crate) settings: &'a Settings,
    /// The chapter in which it will stand.
    pub(crate) here: ChapterId,
    pub(crate) reader: Reader,
}

/// The block for a slot.
pub(crate) fn derive(
    settings: &Settings,
    slot: &Slot,
    text: Text<'_>,
    about: Context<'_>,
) -> Derived {
    let Some(graph) = about.facts.get::<Graph>() else { return Derived::Unknown };
    let here = text.origin.chapter();
    let book = about.book;
    let write = |reader| Writer { book, graph, settings, here, reader };
    if let SlotState::Directive { block: false, .. } = slot.state
        && let Some(text) = write(Reader::OfPage).within_a_line(&slot.name)
    {
        return Derived::Inline(text);
    }
    let (page, source) = (write(Reader::OfPage), write(Reader::OfSource));
    match (page.block(&slot.name), source.block(&slot.name)) {
        (Some(page), Some(source)) => {
            Derived::Block(Block { page: Fragment::new(&page), source: Fragment::new(&source) })
        }
        // What stands in a region has to go then.
        _ if matches!(slot.state, SlotState::Region { .. }) => Derived::Block(Block::new("")),
        _ => Derived::Nothing,
    }
}

impl Writer<'_> {
    /// The block of this name as Markdown, unless there is nothing to show.
    fn block(&self, name: &str) -> Option<String> {
        match name {
            NAVIGATION => navigation::block(self),
            DEEP_DIVES => {
                let children = self.graph[self.here].children.iter();
                let items = children.map(|id| format!("- {}", self.timed(Vertex::Chapter(*id))));
                some(items.collect::<Vec<_>>().join("\n"))
            }
            DOCUMENT_MAP => Some(map::block(self)),
            READING_PATHS => paths::block(self),
            _ => self.within_a_line(name),
        }
    }

    /// The block of this name as part of a line, where it can be.
    fn within_a_line(&self, name: &str) -> Option<String> {
        match name {
            DEEP_DIVES => {
                let children = self.graph[self.here].children.iter().copied();
                some(self.list(children.map(Vertex::Chapter)))
            }
            STUDY_TIME => {
                let all = self.graph.with_all_under(self.here).into_iter();
                total(all.map(|id| self.graph[id].time))
            }
            _ => None,
        }
    }

    /// Documents with commas between them.
    fn list(&self, vertices: impl IntoIterator<Item = Vertex>) -> String {
        let names: Vec<String> = vertices.into_iter().map(|one| self.link(one)).collect();
        names.join(", ")
    }

    /// A link to a document by its title. What is planned has no page: it is only named.
    fn link(&self, vertex: Vertex) -> String {
        match vertex {
            Vertex::Chapter(id) => {
                let way = self.book.way(self.here, id, None, self.reader);
                format!("[{}]({way})", escaped(&self.book[id].name))
            }
            Vertex::Planned(index) => {
                let title = title_of(&self.graph.planned[index]);
                format!("{} ({})", escaped(&title), escaped(&self.settings.planned_label))
            }
        }
    }

    /// The same, with the time that the document takes.
    fn timed(&self, vertex: Vertex) -> String {
        let time = self.graph.time(vertex).map(|time| format!(" ({time})")).unwrap_or_default();
        self.link(vertex) + &time
    }
}

/// What a document that has no title yet is called, after its file: `CLOCK_SKEW.md` is "Clock Skew".
fn title_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let is_loud = !stem.chars().any(char::is_lowercase);
    let words = stem.split(['_', '-', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + &if is_loud { rest.to_lowercase() } else { rest.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// How long several documents take together: at least as long, if not each of them says. `None` if
/// none of them does.
fn total(times: impl Iterator<Item = Option<StatedTime>>) -> Option<String> {
    let times: Vec<Option<StatedTime>> = times.collect();
    let is_whole = times.iter().all(Option::is_some);
    let stated = || times.iter().flatten().copied();
    stated().next()?;
    let time: StatedTime = stated().sum();
    Some(if is_whole { time.to_string() } else { format!("≥ {time}") })
}

/// A text, unless it is empty.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A row of a table.
fn row(cells: impl IntoIterator<Item = String>) -> String {
    cells.into_iter().fold("|".to_owned(), |row, cell| format!("{row} {cell} |"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planned_documents_are_called_after_their_files() {
        let title = |path: &str| title_of(Path::new(path));
        assert_eq!(title("sub/CLOCK_SKEW.md"), "Clock Skew");
        assert_eq!(title("vector-clocks.md"), "Vector Clocks");
        assert_eq!(title("LSM-trees.md"), "LSM Trees");
        assert_eq!(title("é.md"), "É");
        assert_eq!(title(""), "");
    }
}
