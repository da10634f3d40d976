//! What mdBook makes a heading's id of, which is not quite what its readers see.

use crate::{AnchorSource, HostVersion, Span};
use mdbook_markdown::pulldown_cmark::{CowStr, Event};

/// The text of a heading or term while its inline content is read.
#[derive(Debug, Default)]
pub(crate) struct HeadingText {
    text: String,
    has_lines: bool,
    /// Whether a reference to a footnote was the last to be read.
    after_note: bool,
}

/// What stands in braces behind a heading.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    id: Option<String>,
    /// Whether 0.4 takes the heading for none of its own, and leaves it without an id.
    is_strange: bool,
}

impl Attributes {
    pub(crate) fn new<'a>(
        id: Option<CowStr<'a>>,
        classes: &[CowStr<'a>],
        others: Vec<(CowStr<'a>, Option<CowStr<'a>>)>,
    ) -> Self {
        const IGNORED: [&str; 2] = ["menu-title", "mdbook-help-title"];
        let is_strange =
            !others.is_empty() || classes.iter().any(|class| IGNORED.contains(&&**class));
        let other = others.into_iter().rev().find(|(name, _)| &**name == "id");
        let other = other.map(|(_, value)| value.map(CowStr::into_string).unwrap_or_default());
        Self { id: id.map(CowStr::into_string).or(other), is_strange }
    }
}

impl HeadingText {
    /// Adds an inline event; `note` is the number of a footnote's reference.
    pub(crate) fn add(&mut self, event: &Event<'_>, note: Option<usize>, version: HostVersion) {
        let after_note = std::mem::replace(&mut self.after_note, note.is_some());
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(text),
            Event::SoftBreak => {
                self.has_lines = true;
                self.text.push('\n');
            }
            Event::HardBreak => self.has_lines = true,
            Event::InlineHtml(html) => self.has_lines |= html.contains('\n'),
            _ => {}
        }
        if let Some(number) = note {
            if after_note && version >= HostVersion::V0_5 {
                self.text.push(' ');
            }
            self.text.push_str(&number.to_string());
        }
    }

    /// What the heading's id comes from; `None` if it gets none. 0.4 looks for headings with an
    /// expression that takes neither several lines nor attributes of other sorts.
    pub(crate) fn source(
        self,
        span: Span,
        attributes: Attributes,
        version: HostVersion,
    ) -> Option<AnchorSource> {
        let is_seen = version >= HostVersion::V0_5 || !self.has_lines && !attributes.is_strange;
        let is_given = attributes.id.is_some();
        let source = AnchorSource { span, explicit: attributes.id, text: self.text };
        (is_seen || is_given).then_some(source)
    }
}

/// The headings in raw HTML to which 0.4 gives ids: `<h2>` with nothing but an id and a class, on one
/// line.
pub(crate) fn raw_headings(html: &str, span: Span) -> Vec<AnchorSource> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find("<h").map(|start| at + start) {
        at = start + 2;
        let Some((explicit, inside)) = opening(&html[at..]) else { continue };
        let line = html[at + inside..].lines().next().unwrap_or_default();
        let is_end = |end: &usize| {
            let rest = &line.as_bytes()[*end + 3..];
            rest.first().is_some_and(u8::is_ascii_digit) && rest.get(1) == Some(&b'>')
        };
        let mut ends = line.match_indices("</h").map(|(end, _)| end);
        let Some(end) = ends.find(is_end) else { continue };
        found.push(AnchorSource { span, explicit, text: without_markup(&line[..end]) });
        at += inside + end + 5;
    }
    found
}

/// Reads what follows `<h`: the id, and where the content starts.
fn opening(rest: &str) -> Option<(Option<String>, usize)> {
    let mut tail = rest.strip_prefix(|ch: char| ch.is_ascii_digit())?;
    let mut id = None;
    if let Some(value) = tail.strip_prefix(" id=\"") {
        let (value, behind) = value.split_once('"')?;
        id = Some(value.to_owned()).filter(|id| !id.is_empty());
        id.as_ref()?;
        tail = behind;
    }
    if let Some(value) = tail.strip_prefix(" class=\"") {
        let (classes, behind) = value.split_once('"')?;
        let is_ignored = |class| matches!(class, "menu-title" | "mdbook-help-title");
        if classes.is_empty() || classes.split(' ').any(is_ignored) {
            return None;
        }
        tail = behind;
    }
    let tail = tail.strip_prefix('>')?;
    Some((id, rest.len() - tail.len()))
}

/// HTML without tags and the entities that 0.4 knows.
fn without_markup(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        out.push_str(&rest[..start]);
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    let entities = ["&lt;", "&gt;", "&amp;", "&#39;", "&quot;"];
    entities.iter().fold(out, |out, entity| out.replace(entity, ""))
}
