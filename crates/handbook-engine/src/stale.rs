//! Compares what stands in a region with what belongs there.

use crate::open::Opened;
use crate::report::diff;
use handbook_book::{Document, Span};
use handbook_pass::{Block, Context, Gap, Pass, Text};
use handbook_text::include::neutralise;
use handbook_text::{Edit, Expanded, Finding, Level, Safety};

/// A finding with a diff and a fix, if the region `body` of `text` does not say what `block` does.
pub(crate) fn stale(
    pass: &dyn Pass,
    opened: &Opened,
    of: Text<'_>,
    about: Context<'_>,
    body: Span,
    block: &Block,
) -> Option<Finding<Expanded>> {
    let text = of.document;
    let (inner, prefix) = inside(text, body);
    let written = without_prefix(text.slice(inner), &prefix);
    let stale = pass.compare(&opened.slot, of, about, &written, block)?;

    let derived = block.source.markdown();
    let message = stale
        .message
        .unwrap_or_else(|| format!("`{}` is not what the book gives now", opened.slot.name));
    let span = stale.span.unwrap_or_else(|| first_difference(text, inner, body, &written, derived));
    let finding = Finding::new(opened.provides.stale, Level::Error, message)
        .at(span)
        .note(diff(written.trim(), derived));
    if let Some(doubt) = stale.doubt {
        return Some(finding.help(doubt));
    }
    let Ok(neutral) = neutralise(derived) else { return Some(finding) };
    let mut replacement = with_prefix(&neutral, &prefix);
    if inner != body {
        replacement = format!("{prefix}{replacement}");
    }
    if inner != body && (inner.is_empty() || text.slice(inner).ends_with('\n')) {
        replacement.push('\n');
    }
    let edit = Edit::replace(inner, replacement);
    Some(finding.fix(Safety::Safe, vec![edit]))
}

/// The lines of a region that say something, and what its list item or quote puts before each.
pub(crate) fn inside(text: &Document, body: Span) -> (Span, String) {
    let inner = inner_lines(text, body);
    let prefix = Gap::after(text, Span::new(body.start(), body.start())).prefix;
    let prefix = if inner == body { prefix } else { line_prefix(text, body.end()) };
    (inner, prefix)
}

/// The whole lines between the marks of a region, blank ones at either end left out; a body that is
/// itself a block, such as a fence, is taken as it is.
fn inner_lines(text: &Document, body: Span) -> Span {
    let slice = text.slice(body);
    let Some(first_end) = slice.find('\n').filter(|end| slice[..*end].trim().is_empty()) else {
        return if slice.trim().is_empty() { Span::at(body.end()) } else { body };
    };
    let last_start = slice.rfind('\n').map_or(slice.len(), |newline| newline + 1);
    let (mut start, mut end) = (first_end + 1, last_start.max(first_end + 1));
    let is_blank = |line: &str| line.chars().all(|ch| ch == '>' || ch.is_whitespace());
    while let Some(line) =
        slice[start..end].split_inclusive('\n').next().filter(|line| is_blank(line))
    {
        start += line.len();
    }
    while let Some(line) =
        slice[start..end].split_inclusive('\n').next_back().filter(|line| is_blank(line))
    {
        end -= line.len();
    }
    Span::new(body.start() + start, body.start() + end)
}

/// What stands on its line before `offset`.
fn line_prefix(text: &Document, offset: usize) -> String {
    text.text[..offset].rsplit('\n').next().unwrap_or_default().to_owned()
}

/// The lines without what their list item or quote puts before each but, in a block that is taken
/// as it is, the first. They end as derived ones do, however the file's lines end.
fn without_prefix(text: &str, prefix: &str) -> String {
    let strip = |line: &str| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let stripped = line.strip_prefix(prefix).or_else(|| line.strip_prefix(prefix.trim_end()));
        stripped.unwrap_or(line).to_owned()
    };
    text.split('\n').map(strip).collect::<Vec<_>>().join("\n")
}

/// The lines with `prefix` before each but the first; blank lines get none of its trailing blanks.
fn with_prefix(text: &str, prefix: &str) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

/// The first line of `inner` that differs; the region's `body` if the difference is at its end.
fn first_difference(
    text: &Document,
    inner: Span,
    body: Span,
    written: &str,
    derived: &str,
) -> Span {
    let same = written.lines().zip(derived.lines()).take_while(|(old, new)| old == new).count();
    let mut offset = inner.start();
    for (index, line) in text.slice(inner).split_inclusive('\n').enumerate() {
        if index == same && !line.trim().is_empty() {
            return Span::new(offset, offset + line.trim_end().len());
        }
        offset += line.len();
    }
    body
}
