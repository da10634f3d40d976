//! Raw HTML: its comments, and its tags with their attributes as far as links lead through them.

use crate::{HostVersion, Span, unescaped_info};
use std::ops::Range;

/// A link or image in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlLink {
    /// What is typed as the address, without quotes.
    pub span: Span,
    /// Where it points, unescaped.
    pub destination: String,
    /// Whether it shows an image.
    pub image: bool,
    /// Whether mdBook makes `.html` of `.md` in it. 0.4 only does so between double quotes.
    pub adjusted: bool,
}

/// The comments in raw HTML, which stands at `html` of `text`, in order. One that does not end is none.
pub fn comments(text: &str, html: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut searched = html.start();
    while let Some(at) = text[searched..html.end()].find("<!--") {
        let start = searched + at;
        let Some(length) = text[start..html.end()].find("-->") else { break };
        searched = start + length + 3;
        found.push(Span::new(start, searched));
    }
    found
}

/// Raw HTML as the parser hands it over, without the marks of quotes and lists around it.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    text: String,
    /// Where pieces of it start, here and in the source.
    pieces: Vec<(usize, usize)>,
}

impl Raw {
    /// Adds a piece that stands at `range` of the source.
    pub(crate) fn push(&mut self, piece: &str, range: &Range<usize>) {
        self.pieces.push((self.text.len(), range.start));
        self.text.push_str(piece);
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The links in it, and the ids that other links can lead to.
    pub(crate) fn read(
        &self,
        version: HostVersion,
        links: &mut Vec<HtmlLink>,
        ids: &mut Vec<String>,
    ) {
        for tag in tags(&self.text) {
            let id = tag.attribute("id");
            let name = tag.attribute("name").filter(|_| tag.name == "a");
            ids.extend(id.into_iter().chain(name).map(Attribute::value));
            let (address, image) = match &*tag.name {
                "a" => (tag.attribute("href"), false),
                "img" => (tag.attribute("src"), true),
                _ => continue,
            };
            links.extend(address.map(|address| HtmlLink {
                span: self.span(&address.at),
                destination: address.value(),
                image,
                adjusted: !image && (version >= HostVersion::V0_5 || address.quote == Some('"')),
            }));
        }
    }

    /// The place of a range in the source.
    fn span(&self, range: &Range<usize>) -> Span {
        let piece = self.pieces.partition_point(|(start, _)| *start <= range.start);
        let (start, source) = self.pieces.get(piece.wrapping_sub(1)).copied().unwrap_or_default();
        let at = source + (range.start - start);
        Span::new(at, at + range.len())
    }
}

/// An opening tag.
struct Tag<'a> {
    /// In lower case.
    name: String,
    attributes: Vec<Attribute<'a>>,
}

struct Attribute<'a> {
    name: &'a str,
    raw: &'a str,
    at: Range<usize>,
    quote: Option<char>,
}

impl<'a> Tag<'a> {
    fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

impl Attribute<'_> {
    fn value(&self) -> String {
        // What `&amp;` and its like stand for is the same in HTML and in Markdown.
        match self.raw.contains('&') && !self.raw.contains(['\\', '\n']) {
            true => unescaped_info(self.raw).into_owned(),
            false => self.raw.to_owned(),
        }
    }
}

/// The opening tags in `html`, comments and the insides of scripts and styles left out.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|start| at + start) {
        let rest = &html[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let Some(end) = comment.find("-->") else { break };
            at = start + 4 + end + 3;
            continue;
        }
        let length = rest
            .find(|ch: char| ch.is_ascii_whitespace() || matches!(ch, '/' | '>'))
            .unwrap_or(rest.len());
        let name = rest[..length].to_ascii_lowercase();
        at = start + 1;
        if !name.starts_with(|ch: char| ch.is_ascii_alphabetic()) {
            continue;
        }
        let Some((attributes, end)) = attributes(html, start + 1 + length) else { break };
        at = end;
        if matches!(&*name, "script" | "style") {
            let close = format!("</{name}");
            let Some(end) = find_ignoring_case(&html[at..], &close) else {
                found.push(Tag { name, attributes });
                break;
            };
            at += end;
        }
        found.push(Tag { name, attributes });
    }
    found
}

fn find_ignoring_case(text: &str, part: &str) -> Option<usize> {
    text.as_bytes()
        .windows(part.len())
        .position(|found| found.eq_ignore_ascii_case(part.as_bytes()))
}

/// The attributes of a tag from `at` on, and where the tag ends.
fn attributes(html: &str, mut at: usize) -> Option<(Vec<Attribute<'_>>, usize)> {
    let mut found = Vec::new();
    loop {
        let rest = &html[at..];
        at += rest.len()
            - rest.trim_start_matches(|ch: char| ch.is_ascii_whitespace() || ch == '/').len();
        let rest = &html[at..];
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with('>') {
            return Some((found, at + 1));
        }
        // An equals sign in front is part of the name, so that each round takes something.
        let is_end = |ch: char| ch.is_ascii_whitespace() || matches!(ch, '/' | '>' | '=');
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest[first..].find(is_end).map_or(rest.len(), |end| first + end);
        let name = &rest[..length];
        at += length;
        let gap = html[at..].len() - html[at..].trim_ascii_start().len();
        if !html[at + gap..].starts_with('=') {
            found.push(Attribute { name, raw: "", at: at..at, quote: None });
            continue;
        }
        at += gap + 1;
        at += html[at..].len() - html[at..].trim_ascii_start().len();
        let quote = html[at..].chars().next().filter(|ch| matches!(ch, '"' | '\''));
        at += quote.map_or(0, char::len_utf8);
        let rest = &html[at..];
        let length = match quote {
            Some(quote) => rest.find(quote)?,
            None => {
                rest.find(|ch: char| ch.is_ascii_whitespace() || ch == '>').unwrap_or(rest.len())
            }
        };
        found.push(Attribute { name, raw: &rest[..length], at: at..at + length, quote });
        at += length + quote.map_or(0, char::len_utf8);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Host, HostVersion};

    fn read(text: &str, version: HostVersion) -> (Vec<(String, String)>, Vec<String>) {
        let document = Document::parse(text, Host::new(version));
        let links = document.html_links.iter();
        let links =
            links.map(|link| (document.slice(link.span).to_owned(), link.destination.clone()));
        (links.collect(), document.ids)
    }

    #[test]
    fn links_and_ids_are_found_where_they_stand() {
        let text = "> <p ID=a>\n> <a\n> href='x.md?a&amp;b' name=\"n\">t</a>\n\n\
                    b <img src=\"i.png\" id=c/> <!-- <a id=no> --> `<a id=no>`\n\n\
                    <script>\"<a id=no>\"</script><b/id=d>\n";
        let (links, ids) = read(text, HostVersion::V0_5);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(links, [pair("x.md?a&amp;b", "x.md?a&b"), pair("i.png", "i.png")]);
        assert_eq!(ids, ["a", "n", "c/", "d"]);
    }

    #[test]
    fn broken_tags_end_the_search() {
        for text in
            ["<a", "<a href", "<a href=", "<a href=\"x", "<a =x><b id==>", "<script>x", "<!-- "]
        {
            read(&format!("{text}\n"), HostVersion::V0_4);
            read(&format!("a {text}\n"), HostVersion::V0_5);
        }
    }
}
