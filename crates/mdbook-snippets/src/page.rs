//! What the page shows differently than the author's text.
//!
//! - Our words are gone from the info strings, and outputs are plain text or tables,
//!   of which a script of a few lines folds the long ones.
//! - The lines that complete a snippet's program stand in its block, hidden as rustdoc and mdBook
//!   hide lines: behind `# `. What a hidden line says may begin with `#` itself; only `##`, without
//!   the blank, would mean something else.
//! - mdBook's button copies what is visible. A script of a few lines makes it copy the whole of
//!   those blocks, which a word in the info string marks.

use crate::output::{self, Longest};
use crate::program::{Added, Program};
use crate::snippet::Snippet;
use handbook_book::Document;
use handbook_pass::Gap;
use handbook_text::{Edit, Expanded};

/// Marks the blocks of which hidden lines are copied; [`COPY_SCRIPT`] knows the word as a class.
const MARK: &str = "complete-copy";

/// Completes what mdBook's button copies.
const COPY_SCRIPT: &str = include_str!("copy.js");

/// The edits of one snippet's blocks, `program` being what it is completed to.
pub(crate) fn edits(
    snippet: &Snippet,
    program: Option<&Program>,
    document: &Document,
    longest: Longest,
) -> Vec<Edit<Expanded>> {
    let mut edits: Vec<_> = snippet.info.ours.iter().map(|span| Edit::delete(*span)).collect();
    edits.extend(output::edits(snippet, document, longest));
    if let Some(program) = program.filter(|_| snippet.ends) {
        edits.extend(hidden(snippet, program, document));
        edits.extend(marked(snippet));
    }
    edits
}

/// The scripts that a page may need.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scripts {
    /// Whether a program was completed.
    pub(crate) copy: bool,
    /// Whether an output is folded.
    pub(crate) fold: bool,
}

/// Puts the scripts at the chapter's end.
pub(crate) fn scripts(wanted: Scripts, document: &Document) -> Option<Edit<Expanded>> {
    let wanted = [(wanted.copy, COPY_SCRIPT), (wanted.fold, output::SCRIPT)];
    let scripts = wanted.iter().filter(|(is_wanted, _)| *is_wanted);
    let scripts: String = scripts
        .map(|(_, script)| format!("\n\n<script>\n{}\n</script>\n", script.trim_end()))
        .collect();
    // What takes in the rest of the chapter would swallow them; that is reported elsewhere.
    let is_swallowed = || document.root.walk().any(|node| document.swallows_rest(node));
    (!scripts.is_empty() && !is_swallowed()).then(|| Edit::insert(document.text.len(), scripts))
}

/// The added lines, behind the prefix of the list items and quotes that hold the block.
fn hidden(snippet: &Snippet, program: &Program, document: &Document) -> Vec<Edit<Expanded>> {
    let prefix = Gap::after(document, snippet.span).prefix;
    let hide = |line: &String| match line.as_str() {
        "" => format!("{prefix}#\n"),
        line => format!("{prefix}# {line}\n"),
    };
    let insert = |added: &Added| {
        let at = snippet.line_start(document, added.before);
        Edit::insert(at, added.lines.iter().map(hide).collect::<String>())
    };
    program.added.iter().filter(|added| !added.lines.is_empty()).map(insert).collect()
}

/// The mark behind all words, where it changes nothing of what rustdoc makes of those before it;
/// and the language in front, without which mdBook would show hidden lines.
fn marked(snippet: &Snippet) -> Vec<Edit<Expanded>> {
    let Some(info) = snippet.info_span else { return Vec::new() };
    let language = (!snippet.is_labelled).then(|| Edit::insert(info.start(), "rust,"));
    let mark = Edit::insert(info.end(), format!(",{MARK}"));
    language.into_iter().chain([mark]).collect()
}
