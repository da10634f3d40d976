//! Copies text of a chapter to another place.
//!
//! What is copied says what the author wrote and nothing about it: comments, with them bindings to
//! values, citations and marks of footnotes stay behind; links are written so that they lead where
//! they led; headings are bold text, since a page has headings of its own.

use crate::markdown::escaped;
use crate::read::{Copied, InnerHeading, Paragraph, Style};
use handbook_book::{Book, ChapterId, HtmlLink, Link, Reader, Span, Target, Written};
use handbook_book::{between, encoded as encoded_path};
use handbook_pass::Gap;
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;
use std::path::{Component, Path};

/// Copies from one chapter.
#[derive(Clone, Copy)]
pub(crate) struct Copier<'a> {
    pub(crate) book: &'a Book,
    /// Whether the book cites, so that citations are more than text.
    pub(crate) cites: bool,
    /// The chapter.
    pub(crate) from: ChapterId,
    pub(crate) to: Destination<'a>,
}

/// Where copied text goes.
#[derive(Clone, Copy)]
pub(crate) enum Destination<'a> {
    /// Into a chapter, for who reads that so.
    Page { chapter: ChapterId, reader: Reader },
    /// Out of the book. Links lead to where it is published; without such a place they are text.
    Outside(&'a str),
}

impl Copier<'_> {
    /// The text of `span`, on one line.
    pub(crate) fn line(&self, span: Span) -> String {
        self.copy(span.range()).trim().to_owned()
    }

    /// The same for a cell of a table.
    pub(crate) fn cell(&self, span: Span) -> String {
        let text = self.line(span).replace("\\|", "|");
        text.replace('|', "\\|")
    }

    /// The same for a block by itself.
    pub(crate) fn text(&self, span: Span) -> String {
        paragraph(&self.line(span).replace("\\|", "|"))
    }

    /// A block as it is, lines and all.
    pub(crate) fn block(&self, block: &Copied) -> String {
        if block.is_paragraph {
            return self.text(block.span);
        }
        let document = &self.book[self.from].document;
        let text = self.edited(block.span.range(), &block.headings);
        unindented(text.trim_end(), before(&document.text, block.span.start()))
    }

    /// Paragraphs as blocks, each line after `prefix`.
    pub(crate) fn blocks(&self, paragraphs: &[Paragraph], prefix: &str) -> String {
        let mut out = String::new();
        let mut before = None;
        let copied = paragraphs.iter().map(|paragraph| (paragraph, self.text(paragraph.span)));
        for (paragraph, text) in copied.filter(|(_, text)| !text.is_empty()) {
            let mark = match paragraph.style {
                Style::Continued if before.is_some() => {
                    out.truncate(out.trim_end().len());
                    out += &format!("<br>{text}\n");
                    continue;
                }
                Style::Plain | Style::Continued => String::new(),
                Style::Item => "- ".to_owned(),
                Style::Numbered(number) => format!("{number}. "),
                Style::Quote => "> ".to_owned(),
            };
            if let Some(before) = before {
                let is_item = |style| matches!(style, Style::Item | Style::Numbered(_));
                let is_tight = is_item(before) && is_item(paragraph.style);
                let gap = if is_tight { String::new() } else { format!("{}\n", prefix.trim_end()) };
                out += &gap;
            }
            out += &format!("{prefix}{mark}{text}\n");
            before = Some(paragraph.style);
        }
        out.trim_end().to_owned()
    }

    /// A link to a place in the chapter.
    pub(crate) fn link(&self, text: &str, anchor: Option<&str>) -> String {
        match self.address(anchor) {
            Some(address) => format!("[{text}]({address})"),
            None => text.to_owned(),
        }
    }

    /// The address of a place in the chapter; `None` if there is none outside of the book.
    pub(crate) fn address(&self, anchor: Option<&str>) -> Option<String> {
        self.way(self.from, anchor)
    }

    fn copy(&self, range: Range<usize>) -> String {
        let document = &self.book[self.from].document;
        joined(&self.edited(range.clone(), &[]), quoted(&document.text, range.start))
    }

    /// The text of `range`, in which stand `headings`, with what has to change for another page.
    fn edited(&self, range: Range<usize>, headings: &[InnerHeading]) -> String {
        let document = &self.book[self.from].document;
        let mut out = String::new();
        let mut at = range.start;
        for (cut, replacement) in self.changes(&range, headings) {
            if cut.start < at {
                continue;
            }
            out += &document.text[at..cut.start];
            // What goes takes the blanks before it along, unless they part two words.
            let parts_words = document.text[cut.end..].starts_with(char::is_alphanumeric);
            if replacement.is_empty() && !parts_words {
                out.truncate(out.trim_end_matches([' ', '\t']).len());
            }
            out += &replacement;
            at = cut.end;
        }
        out + document.text.get(at..range.end).unwrap_or_default()
    }

    /// What is different in the copy, ascending. A change inside another is the other's.
    fn changes(
        &self,
        range: &Range<usize>,
        headings: &[InnerHeading],
    ) -> Vec<(Range<usize>, String)> {
        let document = &self.book[self.from].document;
        let gone = |span: Span| (span.range(), String::new());
        let comments = inside(&document.comments, range, |comment| comment.span);
        let marks = inside(&document.footnote_marks, range, |mark| *mark);
        let citations = if self.cites { document.citations.as_slice() } else { &[] };
        let citations = inside(citations, range, |citation| citation.span);
        let links = inside(&document.links, range, |link| link.span);
        let html_links = inside(&document.html_links, range, |link| link.span);

        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        changes.extend(comments.map(|comment| gone(comment.span)));
        changes.extend(marks.map(|mark| gone(*mark)));
        changes.extend(citations.map(|citation| gone(citation.span)));
        changes.extend(links.filter_map(|link| Some((link.span.range(), self.relinked(link)?))));
        changes.extend(html_links.map(|link| (link.span.range(), self.readdressed(link))));
        changes.extend(headings.iter().map(|one| (one.heading.span.range(), self.unheaded(one))));
        changes.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        changes
    }

    /// A link as it is written in the copy; `None` if that is as it was.
    fn relinked(&self, link: &Link) -> Option<String> {
        if link.written == Written::Auto {
            return None;
        }
        let inner = self.copy(link.text_span.range());
        if link.image && matches!(self.to, Destination::Outside(_)) {
            return Some(inner);
        }
        let mark = if link.image { "!" } else { "" };
        Some(match self.rebased(&link.destination) {
            Some(address) => format!("{mark}[{inner}]({address})"),
            None => inner,
        })
    }

    /// The address of a link in raw HTML as it is written in the copy.
    fn readdressed(&self, link: &HtmlLink) -> String {
        let address = self.rebased(&link.destination).unwrap_or_default();
        address.replace('&', "&amp;").replace('"', "%22").replace('\'', "%27")
    }

    /// A heading as bold text, a paragraph by itself in whatever holds it.
    fn unheaded(&self, inner: &InnerHeading) -> String {
        let document = &self.book[self.from].document;
        let span = inner.heading.span;
        let Gap { prefix, .. } = Gap::after(document, span);
        let text = match inner.heading.text.as_str() {
            // The item of a list would end where its first line says nothing.
            "" => "<span></span>".to_owned(),
            text => format!("**{}**", escaped(text)),
        };
        let above = if inner.follows { format!("\n{prefix}") } else { String::new() };
        let end = if document.slice(span).ends_with('\n') { "\n" } else { "" };
        format!("{above}{text}\n{}{end}", prefix.trim_end())
    }

    /// A destination as it has to be named from where the copy goes.
    fn rebased(&self, destination: &str) -> Option<String> {
        match self.book.target(self.from, destination) {
            Target::Web | Target::Outside => Some(encoded(destination)),
            Target::Chapter { id, fragment } => self.way(id, fragment.as_deref()),
            Target::File { path, .. } => {
                let behind = destination.find(['?', '#']).unwrap_or(destination.len());
                self.file(&path, &encoded(&destination[behind..]))
            }
        }
    }

    /// The address of a chapter, or of a place in it.
    fn way(&self, id: ChapterId, anchor: Option<&str>) -> Option<String> {
        match self.to {
            Destination::Page { chapter, reader } => {
                Some(self.book.way(chapter, id, anchor, reader))
            }
            Destination::Outside(url) => {
                let anchor = anchor.map(|anchor| format!("#{}", encoded_path(anchor)));
                published(url, &self.book.page_path(id), &anchor.unwrap_or_default())
            }
        }
    }

    /// The address of a file below the source folder that is no chapter here, with what stands
    /// `behind` its path.
    fn file(&self, path: &Path, behind: &str) -> Option<String> {
        match self.to {
            Destination::Page { chapter, .. } => {
                Some(encoded_path(&between(&self.book[chapter].path, path)) + behind)
            }
            // Others may make a chapter of it.
            Destination::Outside(url) if path.extension().is_some_and(|it| it == "md") => {
                published(url, &Book::page_of(path), behind)
            }
            Destination::Outside(url) => published(url, path, behind),
        }
    }
}

/// The address of a file of the finished book that is published at `url`; `None` if it is nowhere.
fn published(url: &str, path: &Path, behind: &str) -> Option<String> {
    let url = url.trim_end_matches('/');
    let path = encoded_path(&slashed(path));
    (!url.is_empty()).then(|| format!("{url}/{path}{behind}"))
}

/// The elements within `range` of a list whose spans start in ascending order.
fn inside<'a, T>(
    all: &'a [T],
    range: &Range<usize>,
    span: impl Fn(&T) -> Span,
) -> impl Iterator<Item = &'a T> {
    let first = all.partition_point(|one| span(one).start() < range.start);
    let until = all.partition_point(|one| span(one).start() < range.end);
    let end = range.end;
    all[first..until].iter().filter(move |one| span(one).end() <= end)
}

/// A path with slashes, on every system.
pub(crate) fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What an author wrote as an address, without what would end it in Markdown.
fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for ch in address.chars() {
        match ch {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '|' => out.push_str("%7C"),
            '\\' => out.push_str("%5C"),
            ch if ch.is_control() => {}
            ch => out.push(ch),
        }
    }
    out
}

/// What stands before `offset` on its line.
fn before(text: &str, offset: usize) -> &str {
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    &text[line..offset]
}

/// Whether the line of `offset` stands in a quote.
fn quoted(text: &str, offset: usize) -> bool {
    before(text, offset).contains('>')
}

/// Lines without what their list or quote puts before each: as much as stands before the first.
fn unindented(text: &str, before: &str) -> String {
    let width = before.chars().count();
    let is_quoted = before.contains('>');
    let bare = |line: &str| {
        let blank = |ch: &char| matches!(ch, ' ' | '\t') || is_quoted && *ch == '>';
        let cut = line.chars().take(width).take_while(blank).count();
        line[cut..].to_owned()
    };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let lines = std::iter::once(first.to_owned()).chain(rest.lines().map(bare));
    lines.collect::<Vec<_>>().join("\n")
}

/// A line, such as that of a cell, as a block of its own: what would open another block there, as `#`
/// or `1.` do, stays text, and HTML stays within its line.
pub(crate) fn paragraph(line: &str) -> String {
    if line.is_empty() || stays_text(line) {
        return line.to_owned();
    }
    let digits = line.len() - line.trim_start_matches(|ch: char| ch.is_ascii_digit()).len();
    match line.starts_with('<') {
        true => format!("<span></span>{line}"),
        false => format!("{}\\{}", &line[..digits], &line[digits..]),
    }
}

/// Whether a line is a paragraph both after another and as the item of a list.
fn stays_text(line: &str) -> bool {
    let text = format!("a\n\n{line}\n\n- {line}\n");
    let mut blocks = String::new();
    for event in new_cmark_parser(&text, &MarkdownOptions::default()) {
        blocks.push(match event {
            Event::Start(Tag::Paragraph) => 'p',
            Event::Start(Tag::List(None)) => 'l',
            Event::Start(Tag::Item) => 'i',
            Event::Start(
                Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. },
            ) => continue,
            Event::Start(_) | Event::Rule | Event::TaskListMarker(_) => 'x',
            Event::End(TagEnd::Item) => ')',
            _ => continue,
        });
    }
    blocks == "ppli)"
}

/// Several lines as one, without what their quote puts before each.
fn joined(text: &str, quoted: bool) -> String {
    let mut out = String::new();
    let mut breaks = false;
    for (index, line) in text.lines().enumerate() {
        let after_line = if breaks { "<br>" } else { " " };
        breaks = line.ends_with("  ") || line.ends_with('\\');
        let line = line.trim_end();
        let line = line.strip_suffix('\\').unwrap_or(line).trim_end();
        if index == 0 {
            out += line;
            continue;
        }
        let line = line.trim_start();
        let line = if quoted { line.trim_start_matches(['>', ' ', '\t']) } else { line };
        out += after_line;
        out += line;
    }
    // What a trailing line break leaves.
    if text.ends_with('\n') && out.ends_with(' ') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::{Chapter, Document, Host};

    /// A book of empty chapters but for the first, which has this text.
    fn book(text: &str, paths: &[&str]) -> Book {
        let host = Host::default();
        let chapters = paths.iter().enumerate().map(|(at, path)| Chapter {
            parent: None,
            path: path.into(),
            name: String::new(),
            document: Document::parse(if at == 0 { text } else { "" }, host),
        });
        Book::new(host, chapters.collect())
    }

    /// The first block of `sub/a.md`, copied into another chapter of a book that cites or not.
    fn copied_citing(text: &str, to: &str, cites: bool, reader: Reader) -> String {
        let book = book(text, &["sub/a.md", "b c.md", "z.md", "other/z.md", "sub/README.md"]);
        let node = &book.chapters[0].document.root.children[0];
        let chapter = book.iter().find(|(_, chapter)| chapter.path == Path::new(to));
        let (chapter, _) = chapter.expect("a chapter");
        let to = Destination::Page { chapter, reader };
        Copier { book: &book, cites, from: ChapterId(0), to }.line(node.span)
    }

    fn copied(text: &str, to: &str) -> String {
        copied_citing(text, to, true, Reader::OfPage)
    }

    #[test]
    fn bindings_and_citations_stay_behind() {
        let text =
            "9.1 %<!-- =ring.moved --> of them [@karger1997, §4], see[^1] `[@x]`.\n\n[^1]: n\n";
        assert_eq!(copied(text, "z.md"), "9.1 % of them, see `[@x]`.");
        let text = "<b title=\"see [@x] y\">b</b> \\[@x] [^none]\n";
        assert_eq!(copied(text, "z.md"), text.trim_end());
    }

    #[test]
    fn brackets_are_text_in_a_book_that_does_not_cite() {
        let text = "use [@Override] here[^1]\n\n[^1]: n\n";
        let copied = copied_citing(text, "z.md", false, Reader::OfPage);
        assert_eq!(copied, "use [@Override] here");
    }

    #[test]
    fn links_lead_where_they_led() {
        let text = "[a](#x) [b](../b%20c.md#y) [c][ref] <https://d.e> ![i `]` j](i.png?v=1)\n\n\
                    [ref]: c.md 'title'\n";
        assert_eq!(
            copied(text, "other/z.md"),
            "[a](../sub/a.md#x) [b](../b%20c.md#y) [c](../sub/c.md) <https://d.e> \
             ![i `]` j](../sub/i.png?v=1)"
        );
        assert_eq!(copied("[a](#x) [b](c.md)", "sub/README.md"), "[a](a.md#x) [b](c.md)");
        assert_eq!(copied("[a](#x) [b](c.md)", "sub/a.md"), "[a](#x) [b](c.md)");
    }

    #[test]
    fn texts_of_links_are_copied_as_they_are_nested() {
        let text = "[![i [j]](i.png) <!-- ] --> *k*](#x) [see [a](b.md)](c.md) ![a ![b](c)](d)\n";
        assert_eq!(
            copied(text, "z.md"),
            "[![i [j]](sub/i.png) *k*](sub/a.md#x) [see [a](sub/b.md)](c.md) \
             ![a ![b](sub/c)](sub/d)"
        );
        assert_eq!(copied("[see [@x]](#x)\n", "sub/a.md"), "[see [@x]](#x)");
    }

    #[test]
    fn a_readme_is_called_what_its_reader_finds() {
        let copied =
            |to, reader| copied_citing("[r](README.md#x) [i](index.html)\n", to, true, reader);
        let page = "[r](../sub/index.md#x) [i](../sub/index.md)";
        assert_eq!(copied("other/z.md", Reader::OfPage), page);
        assert_eq!(copied("other/z.md", Reader::OfSource), page.replace("index.md", "README.md"));
        assert_eq!(copied("sub/README.md", Reader::OfPage), "[r](#x) [i](index.md)");
    }

    #[test]
    fn raw_html_leads_where_it_led_too() {
        let text = "x <a href=\"c d.md?a&amp;b\">c</a> <img src='i.png'>\n";
        assert_eq!(
            copied(text, "other/z.md"),
            "x <a href=\"../sub/c%20d.md?a&amp;b\">c</a> <img src='../sub/i.png'>"
        );
    }

    #[test]
    fn file_names_are_encoded() {
        let book = book("[a](#x)\n", &["C# 100%?.md", "z.md", "sub/README.md"]);
        let at = |from, to| {
            Copier { book: &book, cites: false, from: ChapterId(from), to }.address(Some("x"))
        };
        let page = at(0, Destination::Page { chapter: ChapterId(1), reader: Reader::OfPage });
        assert_eq!(page.as_deref(), Some("C%23%20100%25%3F.md#x"));
        let url = at(0, Destination::Outside("https://e.org/"));
        assert_eq!(url.as_deref(), Some("https://e.org/C%23%20100%25%3F.html#x"));
        let url = at(2, Destination::Outside("https://e.org"));
        assert_eq!(url.as_deref(), Some("https://e.org/sub/index.html#x"));
        assert_eq!(at(0, Destination::Outside("")), None);
    }

    #[test]
    fn lines_become_one() {
        assert_eq!(copied("a\\\n  b  \nc\n", "z.md"), "a<br>b<br>c");
        assert_eq!(joined("a\n> > b", true), "a b");
    }
}
