//! Where blocks end that only a mark of their own ends: fences, and HTML up to its end mark.

use crate::{Document, Node, NodeKind, Span};
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use std::borrow::Cow;
use std::ops::Range;

/// What the lines of a fence say.
pub(crate) struct Fence {
    /// The opening line without what stands before it.
    pub(crate) opening: Span,
    /// The info string and its place.
    pub(crate) info: Option<(String, Span)>,
    /// Whether the closing line is there.
    pub(crate) closed: bool,
}

impl Fence {
    /// Reads the fences of the code block at `range`. CommonMark 0.31, section 4.5.
    pub(crate) fn read(source: &str, range: &Range<usize>) -> Self {
        let block = &source[range.clone()];
        let first = block.lines().next().unwrap_or_default().trim_end_matches(is_blank);
        let start = range.start + first.len() - first.trim_start_matches(is_blank).len();
        let first = first.trim_start_matches(is_blank);
        let mark = first.chars().next().unwrap_or('`');
        let length = first.len() - first.trim_start_matches(mark).len();
        let info = first[length..].trim_start_matches(is_blank);
        let at = start + first.len() - info.len();
        let indent = inner_indent(&source[..start]);
        let last = block.trim_end_matches(['\n', '\r']).lines().skip(1).last();
        let closed = last.is_some_and(|line| closes(line, mark, length, indent));
        Self {
            opening: Span::new(start, start + first.len()),
            info: (!info.is_empty()).then(|| (info.to_owned(), Span::new(at, at + info.len()))),
            closed,
        }
    }
}

/// What does not count at the ends of a fence's line: pulldown-cmark's blanks, not Unicode's.
fn is_blank(ch: char) -> bool {
    matches!(ch, '\t'..='\r' | ' ')
}

/// An info string without its entities and backslashes, as a Markdown parser hands it on; borrowed
/// if it has none.
pub fn unescaped_info(info: &str) -> Cow<'_, str> {
    if !info.contains(['&', '\\']) {
        return Cow::Borrowed(info);
    }
    // Behind tildes, an info string may hold anything.
    let fence = format!("~~~ {info}");
    match Parser::new(&fence).next() {
        Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(text)))) => {
            Cow::Owned(text.into_string())
        }
        _ => Cow::Borrowed(info),
    }
}

/// Whether `line` closes a fence of `length` marks whose opening is indented by `indent`. A fence
/// indented by four more is code.
fn closes(line: &str, mark: char, length: usize, indent: usize) -> bool {
    let marks = line.trim_end().trim_start_matches(['>', ' ', '\t']);
    let before = &line[..line.trim_end().len() - marks.len()];
    marks.len() >= length && marks.chars().all(|ch| ch == mark) && inner_indent(before) < indent + 4
}

/// How wide the blanks and list markers are at the end of `text`, back to its last line or quote
/// mark.
fn inner_indent(text: &str) -> usize {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.rsplit('>')
        .next()
        .unwrap_or_default()
        .chars()
        .map(|ch| if ch == '\t' { 4 } else { 1 })
        .sum()
}

impl Document {
    /// Whether a block goes on to the end of what holds it, because nothing closes it: a fence, or
    /// HTML of the kinds that blank lines do not end (CommonMark 0.31, section 4.6, kinds 1 to 5).
    /// Nothing can be added behind such a block.
    pub fn is_open(&self, node: &Node) -> bool {
        match &node.kind {
            NodeKind::Code(code) => !code.closed,
            NodeKind::Html => is_open_html(self.slice(node.span)),
            _ => false,
        }
    }

    /// Whether an open block takes in all that follows in the document. One that its quote or list
    /// item ends does not.
    pub fn swallows_rest(&self, node: &Node) -> bool {
        node.span.end() >= self.text.trim_end().len() && self.is_open(node)
    }
}

fn is_open_html(html: &str) -> bool {
    let html = html.trim_start().to_ascii_lowercase();
    let element = |name: &str| {
        let rest = html.strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r', '>']))
    };
    let kinds: [(bool, &[&str]); 5] = [
        (html.starts_with("<!--"), &["-->"]),
        (html.starts_with("<?"), &["?>"]),
        (html.starts_with("<![cdata["), &["]]>"]),
        (
            ["pre", "script", "style", "textarea"].into_iter().any(element),
            &["</pre>", "</script>", "</style>", "</textarea>"],
        ),
        (html.starts_with("<!"), &[">"]),
    ];
    let kind = kinds.iter().find(|(is_kind, _)| *is_kind);
    kind.is_some_and(|(_, ends)| !ends.iter().any(|end| html.contains(end)))
}

#[cfg(test)]
mod tests {
    use super::unescaped_info;
    use crate::{Document, Host};

    fn open(text: &str) -> Vec<bool> {
        let document = Document::parse(text, Host::default());
        let is_block = |node: &&crate::Node| node.children.is_empty();
        document.root.walk().filter(is_block).map(|node| document.is_open(node)).collect()
    }

    #[test]
    fn a_fence_closes_with_enough_marks_that_are_not_indented_like_code() {
        assert_eq!(open("```\nx\n```\n"), [false]);
        assert_eq!(open("```\nx\n   `````\n"), [false]);
        assert_eq!(open("```\nx\n    ```\n"), [true]);
        assert_eq!(open("````\nx\n```\n"), [true]);
        assert_eq!(open("- > ```\n  > x\n  > ```\n"), [false]);
        assert_eq!(open("1. ~~~\n   x\n   ~~~"), [false]);
        assert_eq!(open("> ```\n> x\n\ny\n"), [true, false]);
        assert_eq!(open("```"), [true]);
    }

    #[test]
    fn an_open_block_swallows_the_rest_unless_something_ends_it() {
        let swallows = |text: &str| {
            let document = Document::parse(text, Host::default());
            document.root.walk().any(|node| document.swallows_rest(node))
        };
        assert!(swallows("```\nx\n\ny\n") && swallows("- ```\n  x\n\n") && swallows("<!-- x"));
        assert!(!swallows("> ```\n> x\n\ny\n") && !swallows("- ```\n  x\n- y\n"));
    }

    #[test]
    fn info_strings_lose_their_escapes() {
        let cases = [("a,b", "a,b"), ("a&amp;&#98;&x;", "a&b&x;"), (r"\~ \` \a", r"~ ` \a")];
        for (info, expected) in cases {
            assert_eq!(unescaped_info(info), expected);
        }
    }

    #[test]
    fn html_is_open_without_its_end_mark() {
        assert_eq!(open("<!-- x\n\ny\n"), [true]);
        assert_eq!(open("<!-- x -->\n"), [false]);
        assert_eq!(open("<div>\n\ny\n"), [false, false]);
        assert_eq!(open("<script>\n\nx\n"), [true]);
    }
}
