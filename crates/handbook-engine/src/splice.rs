//! How a fragment is set between an author's blocks, so that parsing the page gives the author's
//! blocks with the fragment's among them, and no two of them run together.

use handbook_book::{Document, Node, NodeKind, Span};
use handbook_pass::Gap;

/// Keeps apart what Markdown would join across a blank line.
const SEPARATOR: &str = "<!-- -->";

/// The text that puts `fragment` at `gap` of `host`, in place of the `replaced` bytes after it.
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
    let end = gap.at + replaced;
    if let Some(open) = open_block(host, gap.at) {
        return Err(open);
    }
    let text = &host.text;
    let (before, after) = (&text[..gap.at], &text[end..]);
    let blank = gap.prefix.trim_end();
    let mut out = String::new();
    let line_start = before.is_empty() || before.ends_with('\n');
    if line_start {
        if !before.is_empty() && !is_blank(before[..before.len() - 1].rsplit('\n').next()) {
            push_line(&mut out, blank);
        }
    } else if replaced == 0 {
        out.push('\n');
        push_line(&mut out, blank);
    } else if !previous_line_is_blank(before) {
        // The directive stands behind its container's prefix, which stays where it is.
        out.push('\n');
        out.push_str(&gap.prefix);
    }
    let mut first_line = line_start;
    let mut push = |line: &str, out: &mut String| {
        if first_line {
            out.push_str(if line.is_empty() { blank } else { &gap.prefix });
        }
        first_line = true;
        out.push_str(line);
        out.push('\n');
    };
    let (previous, next) = neighbours(host, gap.at, end);
    let (first, last) = (blocks(&fragment.root).next(), blocks(&fragment.root).last());
    if previous.zip(first).is_some_and(|(previous, first)| joins(previous, first, fragment)) {
        push(SEPARATOR, &mut out);
        push("", &mut out);
    }
    for line in fragment.text.trim_end_matches('\n').split('\n') {
        push(line, &mut out);
    }
    if last.zip(next).is_some_and(|(last, next)| joins(last, next, host)) {
        push("", &mut out);
        push(SEPARATOR, &mut out);
    }
    if after.is_empty() {
        return Ok(out);
    }
    match after.strip_prefix('\n').or_else(|| after.strip_prefix("\r\n")) {
        // The line that the directive stood on ends here already.
        Some(rest) if replaced > 0 => {
            out.pop();
            if !rest.is_empty() && !is_blank(rest.split('\n').next()) {
                out.push('\n');
                out.push_str(blank);
            }
        }
        _ if is_blank(after.split('\n').next()) => {}
        _ => push_line(&mut out, blank),
    }
    Ok(out)
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// Whether a line holds nothing but quote marks and blanks.
fn is_blank(line: Option<&str>) -> bool {
    line.unwrap_or_default().chars().all(|ch| ch == '>' || ch.is_whitespace())
}

/// Whether the line before the one that `before` breaks off in is blank, or there is none.
fn previous_line_is_blank(before: &str) -> bool {
    let mut lines = before.rsplit('\n');
    lines.next();
    is_blank(lines.next())
}

/// The block that is still open at `at`: it would take whatever is inserted there.
fn open_block(host: &Document, at: usize) -> Option<Span> {
    let swallows = |node: &&Node| match &node.kind {
        NodeKind::Code(code) => !code.closed,
        NodeKind::Html => is_open_html(&host.text[node.span.range()]),
        _ => false,
    };
    let nodes = host.root.walk().filter(|node| node.span.start() < at && at <= node.span.end());
    nodes.filter(swallows).map(|node| node.span).next()
}

/// Whether HTML that runs up to an end mark, over blank lines, lacks the mark.
/// CommonMark 0.31, section 4.6, kinds 1 to 5.
fn is_open_html(html: &str) -> bool {
    let html = html.trim_start().to_ascii_lowercase();
    let element = |name: &str| html.strip_prefix('<').is_some_and(|rest| rest.starts_with(name));
    let kinds = [
        (html.starts_with("<!--"), "-->"),
        (html.starts_with("<?"), "?>"),
        (html.starts_with("<![cdata["), "]]>"),
        (["pre", "script", "style", "textarea"].into_iter().any(element), "</"),
        (html.starts_with("<!"), ">"),
    ];
    kinds.iter().find(|(is_kind, _)| *is_kind).is_some_and(|(_, end)| !html.contains(end))
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
    (previous.reduce(|best, node| if node.span.end() > best.span.end() { node } else { best }), next)
}

fn is_block(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Root | NodeKind::Section(_) | NodeKind::Field(_))
}

/// Whether `second`, a block of `text`, would become part of `first` across a blank line.
fn joins(first: &Node, second: &Node, text: &Document) -> bool {
    let source = text.text[second.span.range()].trim_start();
    match &first.kind {
        NodeKind::List { .. } | NodeKind::Definitions | NodeKind::Footnote { .. } => {
            matches!(second.kind, NodeKind::List { .. } | NodeKind::Definitions)
                || second.code().is_some_and(|code| !code.fenced)
                || source.starts_with(':')
        }
        NodeKind::Paragraph { .. } => source.starts_with(':'),
        NodeKind::Code(code) => !code.fenced && second.code().is_some_and(|code| !code.fenced),
        _ => false,
    }
}
