//! What the page shows differently than the author's text.
//!
//! - Our words are gone from the info strings, and outputs are plain text.
//! - The lines that complete a snippet's program stand in its block, hidden as rustdoc and mdBook
//!   hide lines: behind `# `. What a hidden line says may begin with `#` itself; only `##`, without
//!   the blank, would mean something else.
//! - mdBook's button copies what is visible. A script of a few lines makes it copy the whole of
//!   those blocks, which a word in the info string marks.

use crate::OUTPUT;
use crate::program::{Added, Program};
use crate::snippet::Snippet;
use handbook_book::Document;
use handbook_pass::Gap;
use handbook_text::{Edit, Expanded};

/// Marks the blocks of which hidden lines are copied; [`SCRIPT`] knows the word as a class.
const MARK: &str = "complete-copy";

/// Completes what mdBook's button copies.
const SCRIPT: &str = include_str!("copy.js");

/// The edits of one snippet's blocks, `program` being what it is completed to.
pub(crate) fn edits(
    snippet: &Snippet,
    program: Option<&Program>,
    document: &Document,
) -> Vec<Edit<Expanded>> {
    let mut edits: Vec<_> = snippet.info.ours.iter().map(|span| Edit::delete(*span)).collect();
    if let Some((info, span)) = snippet.output.as_ref().and_then(|output| output.info.as_ref()) {
        edits.push(Edit::replace(*span, info.replacen(OUTPUT, &format!("text,{OUTPUT}"), 1)));
    }
    if let Some(program) = program.filter(|_| snippet.ends) {
        edits.extend(hidden(snippet, program, document));
        edits.extend(marked(snippet));
    }
    edits
}

/// Puts the script at the chapter's end.
pub(crate) fn script(document: &Document) -> Option<Edit<Expanded>> {
    // What takes in the rest of the chapter would swallow it; that is reported elsewhere.
    let is_swallowed = document.root.walk().any(|node| document.swallows_rest(node));
    let script = format!("\n\n<script>\n{}\n</script>\n", SCRIPT.trim_end());
    (!is_swallowed).then(|| Edit::insert(document.text.len(), script))
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
