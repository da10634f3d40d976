//! Copies text of a chapter to another place.
//!
//! What is copied says what the author wrote and nothing about it: comments, with them bindings to
//! values, and citations stay behind; links are written so that they lead where they led.

use crate::read::{Copied, Paragraph, Style};
use handbook_book::{Book, ChapterId, HtmlLink, Link, Span, Target, between};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;
use std::path::{Component, Path};

/// Copies from one chapter.
#[derive(Clone, Copy)]
pub(crate) struct Copier<'a> {
    pub(crate) book: &'a Book,
    /// The chapter.
    pub(crate) from: ChapterId,
    pub(crate) to: Destination<'a>,
}

/// Where copied text goes.
#[derive(Clone, Copy)]
pub(crate) enum Destination<'a> {
    /// The page of a chapter, whose file this is.
    Page(&'a Path),
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
        let text = self.edited(block.span.range(), &block.code);
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
        let path = &self.book[self.from].path;
        let fragment = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        match self.to {
            Destination::Page(to) if to == path && anchor.is_some() => Some(fragment),
            _ => self.written(path, &fragment),
        }
    }

    fn copy(&self, range: Range<usize>) -> String {
        let document = &self.book[self.from].document;
        joined(&self.edited(range.clone(), &[]), quoted(&document.text, range.start))
    }

    /// The text of `range` with what has to change for another page, but nothing in `code`.
    fn edited(&self, range: Range<usize>, code: &[Span]) -> String {
        let document = &self.book[self.from].document;
        let mut out = String::new();
        let mut at = range.start;
        for (cut, replacement) in self.changes(&range) {
            let until = code.partition_point(|code| code.start() <= cut.start);
            let is_code = code[..until].last().is_some_and(|code| cut.start < code.end());
            if cut.start < at || is_code {
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
    fn changes(&self, range: &Range<usize>) -> Vec<(Range<usize>, String)> {
        let document = &self.book[self.from].document;
        let within = |span: Span| range.start <= span.start() && span.end() <= range.end;
        let comments = &document.comments;
        let first = comments.partition_point(|comment| comment.span.start() < range.start);
        let comments = comments[first..].iter().take_while(|one| one.span.start() < range.end);
        let comments = comments.filter(|comment| within(comment.span));
        let mut changes: Vec<_> =
            comments.map(|comment| (comment.span.range(), String::new())).collect();

        let first = document.links.partition_point(|link| link.span.start() < range.start);
        let links = document.links[first..].iter();
        let links = links.take_while(|link| link.span.start() < range.end);
        let links = links.filter(|link| within(link.span));
        changes.extend(links.filter_map(|link| Some((link.span.range(), self.relinked(link)?))));

        let first = document.html_links.partition_point(|link| link.span.start() < range.start);
        let links = document.html_links[first..].iter();
        let links = links.take_while(|link| link.span.start() < range.end);
        let links = links.filter(|link| within(link.span));
        changes.extend(links.map(|link| (link.span.range(), self.readdressed(link))));

        let text = document.text.get(range.clone()).unwrap_or_default();
        let marks = references(text).into_iter();
        let marks = marks.map(|mark| range.start + mark.start..range.start + mark.end);
        changes.extend(marks.map(|mark| (mark, String::new())));
        changes.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        changes
    }

    /// A link as it is written in the copy; `None` if that is as it was.
    fn relinked(&self, link: &Link) -> Option<String> {
        let document = &self.book[self.from].document;
        let source = document.slice(link.span);
        let bracket = source.find('[').filter(|at| *at <= 1)?;
        let end = closing(source, bracket)?;
        let start = link.span.start() + bracket + 1;
        let inner = self.copy(start..link.span.start() + end);
        if link.image && matches!(self.to, Destination::Outside(_)) {
            return Some(inner);
        }
        Some(match self.rebased(&link.destination) {
            Some(address) => format!("{}[{inner}]({address})", &source[..bracket]),
            None => inner,
        })
    }

    /// The address of a link in raw HTML as it is written in the copy.
    fn readdressed(&self, link: &HtmlLink) -> String {
        let address = self.rebased(&link.destination).unwrap_or_default();
        address.replace('&', "&amp;").replace('"', "%22").replace('\'', "%27")
    }

    /// A destination as it has to be named from where the copy goes.
    fn rebased(&self, destination: &str) -> Option<String> {
        let fragment = |fragment: Option<String>| match fragment {
            Some(fragment) => format!("#{}", encoded(&fragment)),
            None => String::new(),
        };
        let source = &self.book[self.from].path;
        if let Destination::Page(to) = self.to
            && (to == source || to.parent() == source.parent() && !destination.starts_with('#'))
        {
            return Some(encoded(destination));
        }
        match self.book.target(self.from, destination) {
            Target::Web | Target::Outside => Some(encoded(destination)),
            Target::Chapter { id, fragment: at } => {
                self.written(&self.book[id].path, &fragment(at))
            }
            Target::File { path, fragment: at } => self.written(&path, &fragment(at)),
        }
    }

    /// The address of a file below the source folder.
    fn written(&self, path: &Path, fragment: &str) -> Option<String> {
        match self.to {
            Destination::Page(to) => Some(handbook_book::encoded(&between(to, path)) + fragment),
            Destination::Outside("") => None,
            Destination::Outside(url) => {
                let page = page(path);
                Some(format!(
                    "{}/{}{fragment}",
                    url.trim_end_matches('/'),
                    handbook_book::encoded(&page)
                ))
            }
        }
    }
}

/// The page that mdBook makes of a chapter's file, from the book's first folder.
pub(crate) fn page(path: &Path) -> String {
    let is_chapter = path.extension().is_some_and(|extension| extension == "md");
    let is_readme = path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
    let page = match (is_chapter, is_readme) {
        (true, true) => path.with_file_name("index.html"),
        (true, false) => path.with_extension("html"),
        (false, _) => path.to_owned(),
    };
    slashed(&page)
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

/// Citations and marks of footnotes in `text`, outside code.
fn references(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ch) = text[at..].chars().next() {
        at += match ch {
            '\\' => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            '`' => code(&text[at..]),
            '[' if text[at + 1..].starts_with(['@', '^']) => match text[at..].find(']') {
                Some(end) => {
                    found.push(at..at + end + 1);
                    end + 1
                }
                None => text.len() - at,
            },
            ch => ch.len_utf8(),
        };
    }
    found
}

/// The length of the code span that `text` starts with, or of its backticks if it is none.
fn code(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(next) = text[at..].find('`') {
        let start = at + next;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == ticks {
            return start + run;
        }
        at = start + run;
    }
    ticks
}

/// Where the bracket at `open` is closed.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = open;
    while let Some(ch) = text[at..].chars().next() {
        at += match ch {
            '\\' => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            '`' => code(&text[at..]),
            '[' => {
                depth += 1;
                1
            }
            ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
                1
            }
            ch => ch.len_utf8(),
        };
    }
    None
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
    use std::path::PathBuf;

    fn copied(text: &str, to: &str) -> String {
        let host = Host::default();
        let chapter = |path: &str, text: &str| Chapter {
            parent: None,
            path: PathBuf::from(path),
            name: String::new(),
            document: Document::parse(text, host),
        };
        let chapters = vec![chapter("sub/a.md", text), chapter("b c.md", "")];
        let book = Book::new(host, chapters);
        let node = &book.chapters[0].document.root.children[0];
        let copier =
            Copier { book: &book, from: ChapterId(0), to: Destination::Page(Path::new(to)) };
        copier.line(node.span)
    }

    #[test]
    fn bindings_and_citations_stay_behind() {
        let text =
            "9.1 %<!-- =ring.moved --> of them [@karger1997, §4], see[^1] `[@x]`.\n\n[^1]: n\n";
        assert_eq!(copied(text, "b.md"), "9.1 % of them, see `[@x]`.");
    }

    #[test]
    fn links_lead_where_they_led() {
        let text = "[a](#x) [b](../b%20c.md#y) [c][ref] <https://d.e> ![i `]` j](i.png)\n\n\
                    [ref]: c.md 'title'\n";
        assert_eq!(
            copied(text, "other/z.md"),
            "[a](../sub/a.md#x) [b](../b%20c.md#y) [c](../sub/c.md) <https://d.e> \
             ![i `]` j](../sub/i.png)"
        );
        assert_eq!(copied("[a](#x) [b](c.md)", "sub/z.md"), "[a](a.md#x) [b](c.md)");
        assert_eq!(copied("[a](#x) [b](c.md)", "sub/a.md"), "[a](#x) [b](c.md)");
    }

    #[test]
    fn raw_html_leads_where_it_led_too() {
        let text = "x <a href=\"c d.md?a&amp;b\">c</a> <img src='i.png'>\n";
        assert_eq!(
            copied(text, "other/z.md"),
            "x <a href=\"../sub/c%20d.md\">c</a> <img src='../sub/i.png'>"
        );
    }

    #[test]
    fn file_names_are_encoded() {
        let host = Host::default();
        let document = Document::parse("[a](#x)\n", host);
        let path = PathBuf::from("C# 100%?.md");
        let book =
            Book::new(host, vec![Chapter { parent: None, path, name: String::new(), document }]);
        let at = |to| Copier { book: &book, from: ChapterId(0), to }.address(Some("x"));
        let page = at(Destination::Page(Path::new("z.md")));
        assert_eq!(page.as_deref(), Some("C%23%20100%25%3F.md#x"));
        let url = at(Destination::Outside("https://e.org/"));
        assert_eq!(url.as_deref(), Some("https://e.org/C%23%20100%25%3F.html#x"));
    }

    #[test]
    fn lines_become_one() {
        assert_eq!(copied("a\\\n  b  \nc\n", "z.md"), "a<br>b<br>c");
        assert_eq!(joined("a\n> > b", true), "a b");
    }
}
