//! The places in a book that name a value.

use super::{VALUE, written};
use handbook_book::{Book, ChapterId, Document, NodeKind, Span, comments};
use std::collections::BTreeSet;

/// All bindings of a book, in reading order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bindings(Vec<(ChapterId, Binding)>);

/// A comment or directive that names a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The comment or directive.
    pub(crate) span: Span,
    pub(crate) kind: BindingKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BindingKind {
    /// A comment behind what it holds to a value. `before` is the text before it on its line.
    Comment { address: Address, before: Span },
    /// A directive that becomes a value, in the notation of a sample if one is given.
    Directive { address: Address, sample: String },
    /// It looks like one of ours, and names no value.
    Malformed,
    /// It stands in a heading whose anchor would change with the number.
    InHeading,
    /// A comment in raw HTML, in an image, or at the start of a line: not in text that is shown.
    Nowhere,
}

/// A snippet and a key of its output, or a column and a row of a table in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) snippet: String,
    pub(crate) key: String,
    /// How the row begins, if `key` is a column.
    pub(crate) row: Option<String>,
}

impl Address {
    fn parse(text: &str) -> Option<Self> {
        let (name, row) = match text.split_once('[') {
            Some((name, rest)) => (name, Some(rest.strip_suffix(']')?)),
            None => (text, None),
        };
        let (snippet, key) = name.rsplit_once('.')?;
        let is_key = |ch: char| ch.is_alphanumeric() || "_-".contains(ch);
        let is_name = |ch: char| is_key(ch) || ch == '.';
        let is_readable = !snippet.is_empty()
            && !key.is_empty()
            && row.is_none_or(|row| !row.trim().is_empty())
            && snippet.chars().all(is_name)
            && key.chars().all(is_key);
        let row = row.map(str::to_owned);
        is_readable.then(|| Self { snippet: snippet.to_owned(), key: key.to_owned(), row })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { snippet, key, row } = self;
        match row {
            Some(row) => write!(f, "{snippet}.{key}[{row}]"),
            None => write!(f, "{snippet}.{key}"),
        }
    }
}

impl Bindings {
    pub(crate) fn of(book: &Book) -> Self {
        let of_chapter = |(id, chapter): (ChapterId, &handbook_book::Chapter)| {
            bindings(&chapter.document).into_iter().map(move |binding| (id, binding))
        };
        Self(book.iter().flat_map(of_chapter).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ChapterId, &Binding)> {
        self.0.iter().map(|(id, binding)| (*id, binding))
    }

    /// All that is named somewhere.
    pub(crate) fn named(&self) -> BTreeSet<&Address> {
        let address = |(_, binding): &'_ (ChapterId, Binding)| match &binding.kind {
            BindingKind::Comment { .. } | BindingKind::Directive { .. } => true,
            BindingKind::Malformed | BindingKind::InHeading | BindingKind::Nowhere => false,
        };
        let named = self.0.iter().filter(|it| address(it));
        named.filter_map(|(_, binding)| binding.address()).collect()
    }
}

impl Binding {
    pub(crate) fn address(&self) -> Option<&Address> {
        match &self.kind {
            BindingKind::Comment { address, .. } | BindingKind::Directive { address, .. } => {
                Some(address)
            }
            BindingKind::Malformed | BindingKind::InHeading | BindingKind::Nowhere => None,
        }
    }
}

/// The bindings of a document, in order.
pub(crate) fn bindings(document: &Document) -> Vec<Binding> {
    let in_heading = |span: Span| {
        let mut anchors = document.anchor_sources.iter();
        anchors.any(|source| source.explicit.is_none() && source.span.contains(span))
    };
    // The alternative text of an image is an attribute, in which readers would see the comment.
    let in_image =
        |span: Span| document.links.iter().any(|link| link.image && link.span.contains(span));
    let mut found = Vec::new();
    for comment in &document.comments {
        let kind = match address_in(document.slice(comment.span)) {
            None => continue,
            Some(None) => BindingKind::Malformed,
            Some(Some(_)) if in_heading(comment.span) => BindingKind::InHeading,
            Some(Some(_)) if in_image(comment.span) => BindingKind::Nowhere,
            Some(Some(address)) => BindingKind::Comment { address, before: comment.before },
        };
        found.push(Binding { span: comment.span, kind });
    }
    let html = document.root.walk().filter(|node| node.kind == NodeKind::Html);
    found.extend(html.flat_map(|node| in_html(document, node.span)));
    for directive in document.directives.iter().filter(|directive| directive.name == VALUE) {
        let kind = match directive_parts(&directive.args) {
            None => BindingKind::Malformed,
            Some(_) if in_heading(directive.span) => BindingKind::InHeading,
            Some((address, sample)) => {
                BindingKind::Directive { address, sample: sample.to_owned() }
            }
        };
        found.push(Binding { span: directive.span, kind });
    }
    // A value stands inside a line. What marks hold is a block.
    let regions = document.regions.iter().filter(|region| region.name == VALUE);
    found.extend(regions.map(|it| Binding { span: it.span, kind: BindingKind::Malformed }));
    found.sort_by_key(|binding| binding.span);
    found
}

/// The address and the sample of a directive.
pub(crate) fn directive_parts(args: &str) -> Option<(Address, &str)> {
    let word = args.find(char::is_whitespace).unwrap_or(args.len());
    // How a row begins may hold blanks and brackets; a sample holds no brackets.
    let has_row = args[..word].contains('[');
    let end = args.rfind(']').filter(|_| has_row).map_or(word, |bracket| bracket + 1);
    let (address, sample) = (&args[..end], args[end..].trim());
    let is_readable = sample.is_empty() || !written::read(sample).is_empty();
    Some((Address::parse(address).filter(|_| is_readable)?, sample))
}

/// What a comment names: nothing that is ours, nothing that can be read, or an address.
fn address_in(comment: &str) -> Option<Option<Address>> {
    let inner = comment.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let named = inner.strip_prefix('=')?;
    // Rows of `=` are ornaments, and `= text` is somebody's remark.
    named.starts_with(|ch: char| ch.is_alphanumeric() || ch == '_').then(|| Address::parse(named))
}

/// The comments of an HTML block that name a value.
fn in_html(document: &Document, html: Span) -> Vec<Binding> {
    let comments = comments(&document.text, html).into_iter();
    let named = comments.filter(|span| matches!(address_in(document.slice(*span)), Some(Some(_))));
    named.map(|span| Binding { span, kind: BindingKind::Nowhere }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    fn found(text: &str) -> Vec<String> {
        let document = Document::parse(text, Host::default());
        let show = |binding: Binding| match binding.kind {
            BindingKind::Comment { address, before } => {
                format!("{address} holds {:?}", document.slice(before))
            }
            BindingKind::Directive { address, sample } => format!("{address} as {sample:?}"),
            other => format!("{other:?}"),
        };
        bindings(&document).into_iter().map(show).collect()
    }

    #[test]
    fn a_comment_holds_what_stands_before_it_on_its_line() {
        assert_eq!(found("Moved\n9.1 %<!-- =a.b -->."), ["a.b holds \"9.1 %\""]);
        assert_eq!(
            found("> 5<!-- =a.b -->\n> **6 s**<!--=x.y.z-->"),
            ["a.b holds \"5\"", "x.y.z holds \"**6 s**\""]
        );
        assert_eq!(found("| a | b |\n|---|---|\n| 1 | `2`<!-- =a.b --> |"), ["a.b holds \"`2`\""]);
        assert_eq!(found("- [ ] x\n- **A:** 3<!-- =a.b -->"), ["a.b holds \"**A:** 3\""]);
    }

    #[test]
    fn code_is_no_place_for_one() {
        assert_eq!(
            found(
                "`5<!-- =a.b -->` `{{#value a.b}}`\n\n```\n5<!-- =a.b -->\n{{#value a.b}}\n```\n"
            ),
            [""; 0]
        );
    }

    #[test]
    fn a_heading_has_to_say_its_anchor() {
        assert_eq!(found("# 5<!-- =a.b -->\n\n## {{#value a.b}}"), ["InHeading", "InHeading"]);
        assert_eq!(found("# 5<!-- =a.b --> {#five}"), ["a.b holds \"5\""]);
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        assert_eq!(
            found("a <!-- ===== --> b <!-- = note --> c <!-- x=a.b --> d <!-- = -->"),
            [""; 0]
        );
        assert_eq!(
            found("a 5<!-- =b -->, 5<!-- =a.b c --> {{#value}} {{#value a.b word}}"),
            ["Malformed"; 4]
        );
        assert_eq!(found("5\n<!-- =a.b -->\n"), ["Nowhere"]);
        assert_eq!(found("![5<!-- =a.b -->](x.png)"), ["Nowhere"]);
        assert_eq!(
            found("{{#value a.b}} {{#value a.b  0.0 %}}"),
            ["a.b as \"\"", "a.b as \"0.0 %\""]
        );
    }

    #[test]
    fn a_cell_is_named_by_a_column_and_a_row() {
        assert_eq!(
            found("5<!-- =a.b.c-d[x y, 1.5] --> 5<!-- =a.1[[9, 10]] --> | 5<!--=a.b[ä]-->"),
            [
                "a.b.c-d[x y, 1.5] holds \"5\"",
                "a.1[[9, 10]] holds \"5<!-- =a.b.c-d[x y, 1.5] --> 5\"",
                "a.b[ä] holds \"5<!-- =a.b.c-d[x y, 1.5] --> 5<!-- =a.1[[9, 10]] --> | 5\""
            ]
        );
        assert_eq!(
            found("{{#value a.b[x y]}} {{#value a.b[x, [y]] 0.0 %}} {{#value a.b 0 %}}"),
            ["a.b[x y] as \"\"", "a.b[x, [y]] as \"0.0 %\"", "a.b as \"0 %\""]
        );
        assert_eq!(
            found("5<!-- =a.b[x --> 5<!-- =a.b[] --> 5<!-- =a[x] --> {{#value a.b[x 5}}"),
            ["Malformed"; 4]
        );
    }
}
