//! The whole program of a snippet that is a module or uses some.
//!
//! The modules go to the crate's root, so that paths such as `crate::ring::Ring` hold wherever they
//! stand, and a missing `fn main` has to be written out: otherwise rustdoc would put the modules
//! into it, too. The lines that are added are compiled here and [hidden in the page](crate::page),
//! so that the button that runs a snippet, `mdbook test` and we have one and the same program:
//!
//! ```text
//! #![allow(dead_code)]      the snippet's head
//! mod ring {                hidden, for each module that it needs
//! …
//! }
//! fn main() {               hidden, unless the snippet has its own
//! use ring::Ring;           the snippet
//! …
//! }                         hidden
//! ```
//!
//! A snippet that is a module itself stands between `mod ring {` and `}`, before an empty `main`.

use crate::modules::Modules;
use crate::mutation::Change;
use crate::snippet::{Listing, Snippet, SnippetId};
use handbook_book::{Book, Span};
use snippet_runner::{Edition, Wrapper};
use std::collections::BTreeMap;

/// The modules of a book, and the programs of all snippets that are modules or use some.
#[derive(Clone, Debug, Default)]
pub(crate) struct Programs {
    pub(crate) modules: Modules,
    programs: BTreeMap<SnippetId, Program>,
}

/// A snippet's own lines and those around them.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// What is compiled.
    pub(crate) text: String,
    /// What was added: above most of the snippet, and below it.
    pub(crate) added: [Added; 2],
    /// For each line of the text, where it comes from.
    lines: Vec<Source>,
}

/// Lines that are not the snippet's own.
#[derive(Clone, Debug)]
pub(crate) struct Added {
    /// The index of the snippet's line before which they stand.
    pub(crate) before: usize,
    pub(crate) lines: Vec<String>,
}

/// A line of a program.
#[derive(Clone, Debug)]
struct Line {
    text: String,
    source: Source,
}

/// What goes around a snippet's own lines, apart from the modules that it needs.
#[derive(Default)]
struct Around {
    /// How many of its first lines stay in front of everything.
    head: usize,
    open: Vec<Line>,
    close: Vec<Line>,
}

/// Where a line of a program comes from.
#[derive(Clone, Copy, Debug)]
struct Source {
    snippet: SnippetId,
    at: At,
}

#[derive(Clone, Copy, Debug)]
enum At {
    /// A line of the snippet's code, from one.
    Line(usize),
    /// Nowhere: it opens a module or `main`.
    Start,
    /// Nowhere: it closes it.
    End,
}

impl Programs {
    pub(crate) fn of(listing: &Listing, edition: Edition) -> Self {
        let modules = Modules::of(listing, edition);
        let is_complete = |id| modules.needs(id).is_none_or(|needs| needs.problems.is_empty());
        let built: Vec<(SnippetId, &Snippet)> = listing
            .iter()
            .filter(|(id, snippet)| builds(snippet) && !snippet.info.ignored && is_complete(*id))
            .collect();
        let codes: Vec<&str> = built.iter().map(|(_, snippet)| snippet.code.as_str()).collect();
        // Without a thread to read them on, nothing will be run either.
        let wrappers = if codes.is_empty() { Ok(Vec::new()) } else { Wrapper::of_each(&codes) };
        let built = built.iter().zip(wrappers.unwrap_or_default());
        let programs =
            built.map(|((id, _), wrapper)| (*id, Program::new(*id, listing, &modules, wrapper)));
        Self { programs: programs.collect(), modules }
    }

    /// The program of a snippet that is a module or uses some; `None` for others, and for those
    /// that cannot be put together.
    pub(crate) fn get(&self, id: SnippetId) -> Option<&Program> {
        self.programs.get(&id)
    }

    /// What is compiled for a snippet; `None` if it has no program, though it is a module or uses
    /// some.
    pub(crate) fn text<'a>(&'a self, id: SnippetId, snippet: &'a Snippet) -> Option<&'a str> {
        match self.get(id) {
            Some(program) => Some(&program.text),
            None => (!builds(snippet)).then_some(&snippet.code),
        }
    }
}

impl Program {
    fn new(id: SnippetId, listing: &Listing, modules: &Modules, wrapper: Option<Wrapper>) -> Self {
        let snippet = listing.get(id);
        let around = match wrapper {
            Some(_) if snippet.info.module.is_some() => Around::module(id, snippet),
            Some(wrapper) => Around::user(id, snippet, wrapper),
            // What cannot be read might close what is opened for it. On its own, rustc says why.
            None => Around::default(),
        };
        let needed = modules.needs(id).into_iter().flat_map(|needs| &needs.modules);
        let mut above: Vec<Line> = needed.flat_map(|id| module(*id, listing.get(*id))).collect();
        above.extend(around.open);
        Self::assembled(around.head, &above, &own_lines(id, snippet), &around.close)
    }

    /// Puts a snippet's `own` lines together with those that are added, behind the first `head` of
    /// them and `below` all.
    fn assembled(head: usize, above: &[Line], own: &[Line], below: &[Line]) -> Self {
        let (own_head, own_rest) = own.split_at(head);
        let all = || [own_head, above, own_rest, below].into_iter().flatten();
        let added = |before, lines: &[Line]| Added {
            before,
            lines: lines.iter().map(|line| line.text.clone()).collect(),
        };
        Self {
            text: all().flat_map(|line| [&line.text, "\n"]).collect(),
            lines: all().map(|line| line.source).collect(),
            added: [added(head, above), added(own.len(), below)],
        }
    }

    /// The text with a change of the `code` of one of its snippets.
    pub(crate) fn with_change(&self, snippet: SnippetId, code: &str, change: &Change) -> String {
        let place = |at: usize| {
            let before = &code[..at];
            let line = before.matches('\n').count() + 1;
            let column = at - before.rfind('\n').map_or(0, |newline| newline + 1);
            let is_before = |source: &&Source| {
                source.snippet != snippet || !matches!(source.at, At::Line(own) if own == line)
            };
            let above = self.lines.iter().take_while(is_before).count();
            let above = self.text.split_inclusive('\n').take(above).map(str::len);
            above.sum::<usize>() + column
        };
        let (start, end) = (place(change.range.start), place(change.range.end));
        let (before, after) = (self.text.get(..start), self.text.get(end..));
        [before.unwrap_or_default(), &change.instead, after.unwrap_or_default()].concat()
    }

    /// Whether a line (from one) was added to the `snippet` that this is the program of.
    pub(crate) fn is_added_to(&self, snippet: SnippetId, line: usize) -> bool {
        let source = line.checked_sub(1).and_then(|index| self.lines.get(index));
        source.is_some_and(|source| source.snippet == snippet && !matches!(source.at, At::Line(_)))
    }

    /// Where a line (from one) and column (from one, in characters) of the program stand, and in
    /// which snippet's text. What stands nowhere is nearest to where it belongs.
    pub(crate) fn place(
        &self,
        listing: &Listing,
        book: &Book,
        line: usize,
        column: usize,
    ) -> Option<(SnippetId, Span)> {
        let index = line.saturating_sub(1).min(self.lines.len().checked_sub(1)?);
        let Source { snippet: id, at } = self.lines[index];
        let snippet = listing.get(id);
        let document = &book[id.chapter].document;
        let span = match at {
            At::Line(line) => snippet.place(document, line, column),
            At::Start => snippet.info.module.as_ref().map_or(snippet.fence, |word| word.span),
            At::End => snippet.place(document, usize::MAX, 1),
        };
        Some((id, span))
    }
}

/// Whether the snippet builds on others, or others may build on it.
fn builds(snippet: &Snippet) -> bool {
    snippet.info.module.is_some() || !snippet.info.uses.is_empty()
}

impl Line {
    fn start(text: &str, snippet: SnippetId) -> Self {
        Self { text: text.to_owned(), source: Source { snippet, at: At::Start } }
    }

    fn end(text: &str, snippet: SnippetId) -> Self {
        Self { text: text.to_owned(), source: Source { snippet, at: At::End } }
    }
}

impl Around {
    /// What makes a module of a snippet, and a program of the module.
    fn module(id: SnippetId, snippet: &Snippet) -> Self {
        let close = ["}", "fn main() {}"].map(|text| Line::end(text, id)).to_vec();
        Self { head: 0, open: vec![Line::start(&opening(snippet), id)], close }
    }

    /// What makes a program of any other snippet.
    fn user(id: SnippetId, snippet: &Snippet, wrapper: Wrapper) -> Self {
        let mut around = Self { head: wrapper.head, ..Self::default() };
        if !wrapper.open.is_empty() && !snippet.info.test_harness {
            around.open.push(Line::start(wrapper.open, id));
            around.close.push(Line::end(wrapper.close, id));
        }
        around
    }
}

/// The lines of a module that another snippet needs. rustdoc takes no notice of blanks at the end
/// of a hidden line.
fn module(id: SnippetId, snippet: &Snippet) -> Vec<Line> {
    let own = own_lines(id, snippet).into_iter();
    let own = own.map(|line| Line { text: line.text.trim_end().to_owned(), ..line });
    let open = Line::start(&opening(snippet), id);
    [open].into_iter().chain(own).chain([Line::end("}", id)]).collect()
}

fn own_lines(id: SnippetId, snippet: &Snippet) -> Vec<Line> {
    let own = |(index, line): (usize, &str)| Line {
        text: line.to_owned(),
        source: Source { snippet: id, at: At::Line(index + 1) },
    };
    snippet.code.lines().enumerate().map(own).collect()
}

/// The line that opens a module.
fn opening(snippet: &Snippet) -> String {
    let name = snippet.info.module.as_ref().map_or("", |word| &word.text);
    format!("mod {name} {{")
}
