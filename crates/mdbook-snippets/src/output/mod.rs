//! The block that a snippet with `run` gets, and the comparison of written ones.
//!
//! 1. [`varying`]: what may differ from one run to the next, because the author says so.
//! 2. [`elision`]: what `...` stands for in a written output.
//! 3. [`align`]: which written line has become of which printed one.
//! 4. [`refresh`]: what is written, brought up to date.
//! 5. [`fence`]: the block around it, in the source and on the page.
//! 6. [`table`]: the table that the page shows instead.
//! 7. [`shown`]: what readers see, folded if it is long.

mod align;
mod elision;
mod fence;
mod refresh;
mod shown;
mod table;
mod varying;

pub(crate) use shown::{Longest, SCRIPT, edits};
pub(crate) use table::Uneven;
pub(crate) use varying::Varying;

use crate::snippet::{Snippet, WrittenOutput};
use handbook_book::{Document, Span};
use handbook_pass::{Block, Derived, Stale};
use refresh::{Doubt, Refreshed, refreshed};
use std::borrow::Cow;

/// What stands behind a snippet of `document` that printed this.
pub(crate) fn derive(
    snippet: &Snippet,
    printed: &str,
    document: &Document,
    longest: Longest,
) -> Derived {
    let printed = fence::visible(printed);
    let varying = &snippet.info.varying;
    let block = |text: &str, opening| Block {
        page: shown::fragment(snippet, text, longest),
        source: fence::source(text, opening),
    };
    let Some(written) = &snippet.output else {
        return match varying {
            // Nothing was printed, and nothing claims otherwise.
            _ if printed.trim().is_empty() => Derived::Nothing,
            Varying::Nothing => Derived::Block(block(&printed, None)),
            _ => Derived::Once(fence::source(&printed, None)),
        };
    };
    if *varying == Varying::Everything {
        return Derived::Nothing;
    }
    let refreshed = refreshed(&written.content, &printed, varying);
    let text = refreshed.map_or_else(|| written.content.trim_end().to_owned(), |it| it.text);
    Derived::Block(block(&text, Some(document.slice(written.opening))))
}

/// The row that keeps an output from being a table: the output that is written, otherwise the one
/// that is printed.
pub(crate) fn uneven(snippet: &Snippet, printed: Option<&str>) -> Option<Uneven> {
    let text = match &snippet.output {
        Some(written) => Cow::Borrowed(written.content.as_str()),
        None => Cow::Owned(fence::visible(printed?)),
    };
    table::table(&text).err()
}

/// How a written output differs from what was printed.
pub(crate) fn compare(
    written: &WrittenOutput,
    printed: &str,
    varying: &Varying,
    title: &str,
) -> Option<Stale> {
    let refreshed = refreshed(&written.content, &fence::visible(printed), varying)?;
    let Refreshed { text, line, prints, doubt } = refreshed;
    let is_written = line < written.content.trim_end().lines().count();
    let message = match prints {
        _ if !is_written => format!("{title} prints more than is written here"),
        Some(prints) => format!("{title} prints `{prints}` here"),
        None => format!("{title} prints nothing more here"),
    };
    let holds_fence = |text: &str| text.lines().any(is_fence);
    let doubt = if holds_fence(&written.content) && !holds_fence(&text) {
        Some("a fence stands inside this block: was its end forgotten? `fix` leaves it alone")
    } else {
        doubt.map(|doubt| match doubt {
            Doubt::Lost => {
                "what stands between two `...` is not printed any more, so `fix` cannot tell where \
                 they belong: write the block anew, or remove it and let `fix` do so"
            }
            Doubt::Tied => {
                "a line beside `...` may have become one of several, so `fix` cannot tell which: \
                 write the block anew, or remove it and let `fix` do so"
            }
        })
    };
    let span = written.lines.get(line).copied().filter(|span| is_written && !span.is_empty());
    let span = span.or_else(|| last_line(written));
    Some(Stale { message: Some(message), span, doubt: doubt.map(str::to_owned) })
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

fn last_line(written: &WrittenOutput) -> Option<Span> {
    written.lines.last().copied().filter(|span| !span.is_empty())
}
