//! What readers see of an output: plain text or a table, folded if it is long.
//!
//! A long output stands in `<details open>`, and a script of a few lines closes it on the screen.
//! So nothing is ever out of reach: not on paper, where browsers leave out what is closed, not
//! without scripts, and not in a book that is no web page.

use super::{fence, table};
use crate::OUTPUT;
use crate::snippet::{Snippet, WrittenOutput};
use handbook_book::Document;
use handbook_pass::{Fragment, Gap};
use handbook_text::{Edit, Expanded};

/// Folds long outputs; knows the class that marks them.
pub(crate) const SCRIPT: &str = include_str!("fold.js");

/// How long an output is shown as it is; `None` is without end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Longest(pub(crate) Option<usize>);

impl Longest {
    /// How many lines `text` has, if they are to be folded.
    fn exceeded(self, text: &str) -> Option<usize> {
        let lines = text.trim_end().lines().count();
        self.0.filter(|longest| lines > *longest).map(|_| lines)
    }

    /// Whether `text` is to be folded.
    pub(crate) fn folds(self, text: &str) -> bool {
        self.exceeded(text).is_some()
    }
}

/// What the page shows where no output is written.
pub(super) fn fragment(snippet: &Snippet, text: &str, longest: Longest) -> Fragment {
    let inner = as_table(snippet, text).map(|table| Fragment::new(&table));
    let inner = inner.unwrap_or_else(|| fence::page(text));
    match longest.exceeded(text) {
        None => inner,
        Some(lines) => {
            let [above, below] = [above(lines), below()].map(|lines| lines.join("\n"));
            Fragment::new(&format!("{above}\n{}\n{below}", inner.markdown()))
        }
    }
}

/// The edits that show the output that is written behind a snippet of `document`.
pub(crate) fn edits(
    snippet: &Snippet,
    document: &Document,
    longest: Longest,
) -> Vec<Edit<Expanded>> {
    let Some(written) = &snippet.output else { return Vec::new() };
    let place = Place::of(written, document);
    let lines = longest.exceeded(&written.content);
    let (above, below) = lines.map(|lines| (above(lines), below())).unwrap_or_default();
    if let Some(table) = as_table(snippet, &written.content) {
        let table = table.lines().map(str::to_owned).collect();
        return vec![Edit::replace(written.span, place.block(&[above, table, below].concat()))];
    }
    let plain = written.info.as_ref().map(|(info, span)| {
        Edit::replace(*span, info.replacen(OUTPUT, &format!("text,{OUTPUT}"), 1))
    });
    let folded = lines.map(|_| {
        [
            Edit::insert(written.span.start(), place.above(&above)),
            Edit::insert(written.span.end(), place.below(&below)),
        ]
    });
    plain.into_iter().chain(folded.into_iter().flatten()).collect()
}

fn as_table(snippet: &Snippet, text: &str) -> Option<String> {
    if snippet.info.table { table::table(text).ok().flatten() } else { None }
}

/// The lines above a folded output of so many lines. The blank one makes Markdown of what follows.
fn above(lines: usize) -> Vec<String> {
    let summary = format!("<summary>{lines} lines of output</summary>");
    vec!["<details class=\"long-output\" open>".to_owned(), summary, String::new()]
}

/// The lines below it.
fn below() -> Vec<String> {
    vec![String::new(), "</details>".to_owned()]
}

/// Where a written output stands.
struct Place {
    /// What its list item or quote puts before each line but the first.
    prefix: String,
    /// Whether its last line end belongs to it.
    ends_line: bool,
    /// Whether a line with something on it follows.
    is_followed: bool,
}

impl Place {
    fn of(written: &WrittenOutput, document: &Document) -> Self {
        let rest = &document.text[written.span.end()..];
        let ends_line = document.slice(written.span).ends_with('\n');
        let next = rest.split('\n').nth(usize::from(!ends_line)).unwrap_or_default();
        Self {
            prefix: Gap::after(document, written.span).prefix,
            ends_line,
            is_followed: !next.chars().all(|ch| ch == '>' || ch.is_whitespace()),
        }
    }

    /// A line break and a line.
    fn next(&self, line: &str) -> String {
        let prefix = if line.is_empty() { self.prefix.trim_end() } else { &self.prefix };
        format!("\n{prefix}{line}")
    }

    /// Lines of which the first stands behind what is there already.
    fn lines(&self, lines: &[String]) -> String {
        let (first, others) = lines.split_first().map_or(("", lines), |(it, all)| (it, all));
        first.to_owned() + &others.iter().map(|line| self.next(line)).collect::<String>()
    }

    /// What takes the place of all of it.
    fn block(&self, lines: &[String]) -> String {
        self.ended(self.lines(lines))
    }

    /// What is inserted in front of it.
    fn above(&self, lines: &[String]) -> String {
        format!("{}\n{}", self.lines(lines), self.prefix)
    }

    /// What is inserted behind it.
    fn below(&self, lines: &[String]) -> String {
        let text = self.ended(lines.iter().map(|line| self.next(line)).collect());
        if self.ends_line { text.replacen('\n', "", 1) } else { text }
    }

    /// The text with the blank line that ends a table or a block of HTML.
    fn ended(&self, mut text: String) -> String {
        if self.is_followed {
            text.push_str(&self.next(""));
        }
        if self.ends_line {
            text.push('\n');
        }
        text
    }
}
