//! Links as authors write them, with the places of their texts and addresses.

use crate::Span;
use mdbook_markdown::pulldown_cmark::LinkType;
use std::collections::BTreeMap;
use std::ops::Range;

/// A link or image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The whole link.
    pub span: Span,
    /// Where it points, unescaped.
    pub destination: String,
    /// Its text without markup; the alternative text of an image.
    pub text: String,
    /// Whether it shows an image.
    pub image: bool,
    /// How its address is written.
    pub written: Written,
    /// Its text with markup.
    pub text_span: Span,
}

/// How a link's address is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// In the link: `[text](address)`. The place, without angle brackets.
    Inline(Option<Span>),
    /// In a definition, `[label]: address`.
    Reference {
        /// The label, folded.
        label: String,
        /// The place in the definition.
        address: Option<Span>,
    },
    /// As the link's text: `<https://…>`.
    Auto,
}

/// The definition of a reference, `[label]: address`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The whole definition.
    pub span: Span,
    /// The label, folded.
    pub label: String,
    /// The address, without angle brackets.
    pub address: Option<Span>,
}

impl Link {
    /// Where its address is written, without angle brackets.
    pub fn address(&self) -> Option<Span> {
        match &self.written {
            Written::Inline(address) | Written::Reference { address, .. } => *address,
            Written::Auto => None,
        }
    }

    /// Notes where text and address stand; the last part of the text ends at `end`.
    pub(crate) fn place(&mut self, source: &str, end: usize) {
        if self.written == Written::Auto {
            return;
        }
        let start = self.span.start() + if self.image { 2 } else { 1 };
        let end = end.max(start).min(self.span.end());
        let Some(close) = source[end..self.span.end()].find(']').map(|at| end + at) else { return };
        self.text_span = Span::new(start.min(close), close);
        if let Written::Inline(address) = &mut self.written {
            let opens = source[close + 1..self.span.end()].starts_with('(');
            *address = opens.then(|| found(source, close + 2..self.span.end())).flatten();
        }
    }
}

impl Definition {
    pub(crate) fn read(source: &str, label: &str, range: Range<usize>) -> Self {
        let label_end = source[range.clone()].find("]:").map(|at| range.start + at + 2);
        let address = label_end.and_then(|start| found(source, start..range.end));
        Self { span: range.into(), label: folded(label), address }
    }
}

pub(crate) fn written(link_type: LinkType, label: &str) -> Written {
    match link_type {
        LinkType::Inline => Written::Inline(None),
        LinkType::Autolink | LinkType::Email => Written::Auto,
        _ => Written::Reference { label: folded(label), address: None },
    }
}

/// Tells reference links where their addresses stand.
pub(crate) fn resolve(links: &mut [Link], definitions: &[Definition]) {
    let places: BTreeMap<&str, Option<Span>> =
        definitions.iter().map(|one| (one.label.as_str(), one.address)).collect();
    for link in links {
        if let Written::Reference { label, address } = &mut link.written {
            *address = places.get(label.as_str()).copied().flatten();
        }
    }
}

/// A text as labels of references are compared: in lower case, each run of blanks one blank, none at
/// the ends.
pub fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The address at the start of a range.
fn found(source: &str, range: Range<usize>) -> Option<Span> {
    let start = source[range.clone()].trim_start();
    let at = range.end - start.len();
    if let Some(inner) = start.strip_prefix('<') {
        return Some(Span::new(at + 1, at + 1 + unescaped(inner, |ch, _| ch == '>')?));
    }
    let ends = |ch: char, depth| {
        ch.is_ascii_whitespace() || ch.is_ascii_control() || ch == ')' && depth == 0
    };
    Some(Span::new(at, at + unescaped(start, ends).unwrap_or(start.len())))
}

/// Where the first character stands that `ends` the text and that no backslash escapes. It is told
/// how many round brackets are open.
fn unescaped(text: &str, ends: impl Fn(char, usize) -> bool) -> Option<usize> {
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, ch) in text.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        if ends(ch, depth) {
            return Some(at);
        }
        match ch {
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::{Document, Host};

    #[test]
    fn definitions_stand_in_the_order_of_the_text() {
        let labels: Vec<String> = (0..20).map(|number| format!("l{}", (number * 7) % 20)).collect();
        let lines: String = labels.iter().map(|label| format!("[{label}]: {label}.md\n")).collect();
        let document = Document::parse(lines, Host::default());
        let found: Vec<&str> = document.definitions.iter().map(|one| one.label.as_str()).collect();
        assert_eq!(found, labels);
    }

    #[test]
    fn texts_and_addresses_are_found_where_they_stand() {
        let parts = |text: &str| {
            let document = Document::parse(text, Host::default());
            let link = &document.links[0];
            let address = link.address().map(|span| document.slice(span).to_owned());
            (document.slice(link.text_span).to_owned(), address)
        };
        for (text, label, address) in [
            ("[a](b.md)", "a", Some("b.md")),
            ("[*a* `]` b]( <b c.md> 'title')", "*a* `]` b", Some("b c.md")),
            ("[a\\]](b(c).md \"t\")", "a\\]", Some("b(c).md")),
            ("![a](b\\).png)", "a", Some("b\\).png")),
            ("[](b.md)", "", Some("b.md")),
            ("[a]()", "a", Some("")),
            ("[a][B  c]\n\n[b C]:\n  x.md 'y'\n", "a", Some("x.md")),
            ("[a]\n\n[A]: <x y.md>\n", "a", Some("x y.md")),
            ("[[a](b.md)](c.md)", "a", Some("b.md")),
            ("<https://a.b>", "", None),
        ] {
            assert_eq!(parts(text), (label.to_owned(), address.map(str::to_owned)), "{text}");
        }
    }
}
