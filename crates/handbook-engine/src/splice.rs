//! How a fragment is set between an author's blocks, so that parsing the page gives the author's
//! blocks with the fragment's among them, and no two of them run together.

use handbook_book::{Document, Node, NodeKind, Span};
use handbook_pass::Gap;

/// Keeps apart what Markdown would join across a blank line.
const SEPARATOR: &str = "<!-- -->";

/// The text that puts `fragment` at `gap` of `host`, in place of the `replaced` bytes after it: a
/// directive, which may stand behind the prefix of its container.
///
/// # Errors
///
/// The span of an open fence or HTML block that would swallow the fragment.
pub(crate) fn splice(
    host: &Document,
    gap: &Gap,
    replaced: usize,
    fragment: &Document,
) -> Result<String, Span> {
    if let Some(open) = open_block(host, gap.at) {
        return Err(open);
    }
    let end = gap.at + replaced;
    let (previous, next) = neighbours(host, gap.at, end);
    let (first, last) = (blocks(&fragment.root).next(), blocks(&fragment.root).last());
    let mut lines = Vec::new();
    if previous.is_some() && first.is_some_and(is_sticky) {
        lines.extend([SEPARATOR, ""]);
    }
    lines.extend(fragment.text.trim_end_matches('\n').split('\n'));
    if last.zip(next).is_some_and(|(last, next)| is_sticky(last) || defines(last, next, host)) {
        lines.extend(["", SEPARATOR]);
    }

    // Fences need no blank lines around them, and in a tight list one would make it loose.
    let in_container = replaced == 0 && !gap.prefix.is_empty();
    let mut out = if in_container && first.is_some_and(is_fence) && follows_fence(host, gap.at) {
        if is_line_start(&host.text[..gap.at]) { String::new() } else { "\n".to_owned() }
    } else {
        lead(&host.text[..gap.at], gap, replaced > 0)
    };
    let behind_prefix = replaced > 0 && !is_line_start(&host.text[..gap.at]);
    for (index, line) in lines.into_iter().enumerate() {
        if index > 0 || !behind_prefix {
            out.push_str(if line.is_empty() { gap.prefix.trim_end() } else { &gap.prefix });
        }
        out.push_str(line);
        out.push('\n');
    }
    // The line that a directive stands on ends by itself.
    if replaced > 0 && host.text[end..].starts_with(['\n', '\r']) {
        out.pop();
    }
    if !(in_container && last.is_some_and(is_fence)) {
        out.push_str(&tail(&host.text[end..], gap, replaced > 0));
    }
    Ok(out)
}

/// What goes between `before` and the fragment, so that a blank line stands there.
fn lead(before: &str, gap: &Gap, directive: bool) -> String {
    let blank = gap.prefix.trim_end();
    match (is_line_start(before), directive) {
        (true, _) if before.is_empty() || is_blank(last_line(&before[..before.len() - 1])) => {
            String::new()
        }
        (true, _) => format!("{blank}\n"),
        (false, false) => format!("\n{blank}\n"),
        // The prefix before the directive stays; the line above it counts.
        (false, true) => match before.rsplit_once('\n') {
            Some((above, _)) if !is_blank(last_line(above)) => format!("\n{}", gap.prefix),
            _ => String::new(),
        },
    }
}

/// What goes between the fragment and `after`, so that a blank line stands there.
fn tail(after: &str, gap: &Gap, directive: bool) -> String {
    let blank = gap.prefix.trim_end();
    let first_line = |text: &str| is_blank(text.split('\n').next().unwrap_or_default());
    let ended = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n'));
    match ended.filter(|_| directive) {
        Some(rest) if rest.is_empty() || first_line(rest) => String::new(),
        Some(_) => format!("\n{blank}"),
        None if after.is_empty() || first_line(after) => String::new(),
        None => format!("{blank}\n"),
    }
}

fn is_line_start(before: &str) -> bool {
    before.is_empty() || before.ends_with('\n')
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// Whether a line holds nothing but quote marks and blanks.
fn is_blank(line: &str) -> bool {
    line.chars().all(|ch| ch == '>' || ch.is_whitespace())
}

/// The block that is still open at `at`: it would take whatever is inserted there.
fn open_block(host: &Document, at: usize) -> Option<Span> {
    let mut nodes = host.root.walk().filter(|node| node.span.start() < at && at <= node.span.end());
    nodes.find(|node| host.is_open(node)).map(|node| node.span)
}

/// The blocks of a tree that are not merely groupings of ours, outermost first.
fn blocks(root: &Node) -> impl DoubleEndedIterator<Item = &Node> {
    let mut found = Vec::new();
    collect(root, &mut found);
    found.into_iter()
}

fn collect<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    for child in &node.children {
        if !matches!(child.kind, NodeKind::Section(_) | NodeKind::Field(_)) {
            found.push(child);
        } else {
            collect(child, found);
        }
    }
}

/// The last block that ends before `start` and the first that starts at or after `end`.
fn neighbours(host: &Document, start: usize, end: usize) -> (Option<&Node>, Option<&Node>) {
    let previous = host.root.walk().filter(|node| is_block(node) && node.span.end() <= start);
    let next = host.root.walk().find(|node| is_block(node) && node.span.start() >= end);
    // Of blocks that end at one place the outermost comes first in the walk.
    (
        previous.reduce(|best, node| if node.span.end() > best.span.end() { node } else { best }),
        next,
    )
}

fn is_block(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Root | NodeKind::Section(_) | NodeKind::Field(_))
}

fn is_fence(block: &Node) -> bool {
    block.code().is_some_and(|code| code.fenced)
}

/// Whether the line before `at` closes a fence.
fn follows_fence(host: &Document, at: usize) -> bool {
    host.root.walk().filter(|node| is_fence(node) && node.span.end() <= at).any(|node| {
        let between = &host.text[node.span.end()..at];
        between.trim().is_empty() && between.matches('\n').count() <= 1
    })
}

/// Whether a block goes on across blank lines if what follows looks like more of it. It is kept
/// apart from any neighbour: what a directive beside it will become is not known here.
fn is_sticky(block: &Node) -> bool {
    matches!(block.kind, NodeKind::List { .. } | NodeKind::Definitions)
}

/// Whether `second`, a block of `text`, would make the term of a definition out of `first`.
fn defines(first: &Node, second: &Node, text: &Document) -> bool {
    matches!(first.kind, NodeKind::Paragraph { .. })
        && text.text[second.span.range()].trim_start().starts_with(':')
}
