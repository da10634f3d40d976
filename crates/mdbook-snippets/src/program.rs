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
use crate::snippet::{Listing, Snippet, SnippetId};
use handbook_book::{Book, Span};
use snippet_runner::Wrapper;
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
    pub(crate) fn of(listing: &Listing) -> Self {
        let modules = Modules::of(listing);
        let is_complete = |id| modules.needs(id).is_none_or(|needs| needs.problems.is_empty());
        let built: Vec<(SnippetId, &Snippet)> = listing
            .iter()
            .filter(|(id, snippet)| {
                let info = &snippet.info;
                let builds = info.module.is_some() || !info.uses.is_empty();
                builds && !info.ignored && is_complete(*id)
            })
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

    /// What is compiled for a snippet; `None` if something that it uses cannot be used.
    pub(crate) fn text<'a>(&'a self, id: SnippetId, snippet: &'a Snippet) -> Option<&'a str> {
        match self.get(id) {
            Some(program) => Some(&program.text),
            None if snippet.info.uses.is_empty() => Some(&snippet.code),
            None => None,
        }
    }
}

impl Program {
    fn new(id: SnippetId, listing: &Listing, modules: &Modules, wrapper: Wrapper) -> Self {
        let snippet = listing.get(id);
        let (mut above, mut below) = (Vec::new(), Vec::new());
        let start = |snippet| Source { snippet, at: At::Start };
        let end = |snippet| Source { snippet, at: At::End };
        for needed in modules.needs(id).into_iter().flat_map(|needs| &needs.modules) {
            let module = listing.get(*needed);
            above.push((open_module(module), start(*needed)));
            // rustdoc takes no notice of blanks at the end of a hidden line.
            let lines = module.code.lines().enumerate().map(|(index, line)| {
                let at = At::Line(index + 1);
                (line.trim_end().to_owned(), Source { snippet: *needed, at })
            });
            above.extend(lines);
            above.push(("}".to_owned(), end(*needed)));
        }
        let mut head = 0;
        if snippet.info.module.is_some() {
            above.push((open_module(snippet), start(id)));
            below.extend([("}".to_owned(), end(id)), ("fn main() {}".to_owned(), end(id))]);
        } else {
            head = whole_lines(&snippet.code, wrapper.head);
            if !wrapper.open.is_empty() && !snippet.info.test_harness {
                above.push((wrapper.open.to_owned(), start(id)));
                below.push((wrapper.close.to_owned(), end(id)));
            }
        }
        let own = |(index, line): (usize, &str)| {
            (line.to_owned(), Source { snippet: id, at: At::Line(index + 1) })
        };
        let own: Vec<(String, Source)> = snippet.code.lines().enumerate().map(own).collect();
        let (own_head, own_rest) = own.split_at(head);
        let all = || [own_head, &above, own_rest, &below].into_iter().flatten();
        let added = |before, lines: &[(String, Source)]| Added {
            before,
            lines: lines.iter().map(|(line, _)| line.clone()).collect(),
        };
        Self {
            text: all().flat_map(|(line, _)| [line, "\n"]).collect(),
            lines: all().map(|(_, source)| *source).collect(),
            added: [added(head, &above), added(own.len(), &below)],
        }
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

fn open_module(snippet: &Snippet) -> String {
    let name = snippet.info.module.as_ref().map_or("", |word| &word.text);
    format!("mod {name} {{")
}

/// How many lines of the code lie in its first bytes, `head`. A line that goes on behind them with
/// something else is none: nothing can be put into the middle of a line that readers see.
fn whole_lines(code: &str, head: usize) -> usize {
    let rest = code[head..].lines().next().unwrap_or_default().trim();
    let lines = code[..head].matches('\n').count();
    let ends_line = code[..head].ends_with('\n') || head == 0;
    lines + usize::from(!ends_line && (rest.is_empty() || rest.starts_with("//")))
}

#[cfg(test)]
mod tests {
    use super::whole_lines;

    #[test]
    fn the_head_ends_with_a_line() {
        let lines = |head: &str, rest: &str| whole_lines(&format!("{head}{rest}"), head.len());
        assert_eq!(lines("", "f();\n"), 0);
        assert_eq!(lines("//! x\n", "f();\n"), 1);
        assert_eq!(lines("#![a]\nextern crate core;", " // b\n\nf();\n"), 2);
        assert_eq!(lines("#![a]\n#![b]", " f();\n"), 1);
        assert_eq!(lines("#![a]", ""), 1);
    }
}
