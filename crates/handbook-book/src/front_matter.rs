//! The YAML that may stand at the very start of a text, between lines of dashes.
//!
//! mdBook knows nothing of it and would print it, so it counts only where somebody takes it out of
//! the page: [`Host::front_matter`](crate::Host::front_matter).

use crate::Span;

/// What stands at a text's start for programs to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontMatter {
    /// All of it, both lines of dashes included.
    pub span: Span,
    /// What stands between them.
    pub body: Span,
}

/// The front matter of `text`. A line of dashes that is not closed, or is followed by a blank line,
/// is a rule as anywhere else.
pub(crate) fn find(text: &str) -> Option<FrontMatter> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = text[start..].split_inclusive('\n');
    let opening = lines.next().filter(|line| is_mark(line, &["---"]))?;
    let body = start + opening.len();
    let mut at = body;
    for line in lines {
        if is_mark(line, &["---", "..."]) {
            let span = Span::new(start, at + line.len());
            return Some(FrontMatter { span, body: Span::new(body, at) });
        }
        if at == body && line.trim().is_empty() {
            return None;
        }
        at += line.len();
    }
    None
}

/// The text with blanks where its front matter is: every byte behind it stays where it was.
pub(crate) fn masked(text: &str, front_matter: FrontMatter) -> String {
    let FrontMatter { span, .. } = front_matter;
    let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
    let mut masked = String::with_capacity(text.len());
    masked.push_str(&text[..span.start()]);
    masked.extend(text[span.range()].bytes().map(blank));
    masked.push_str(&text[span.end()..]);
    masked
}

fn is_mark(line: &str, marks: &[&str]) -> bool {
    marks.contains(&line.trim_end())
}

#[cfg(test)]
mod tests {
    use crate::{Document, Host};

    fn read(text: &str) -> Option<String> {
        let host = Host { front_matter: true, ..Host::default() };
        let document = Document::parse(text, host);
        document.front_matter.map(|found| document.slice(found.body).to_owned())
    }

    #[test]
    fn it_stands_at_the_start_and_is_closed() {
        assert_eq!(read("---\nkind: hub\n---\n# Title\n").as_deref(), Some("kind: hub\n"));
        assert_eq!(read("\u{feff}---\r\na: ü\r\n...\r\n").as_deref(), Some("a: ü\r\n"));
        assert_eq!(read("---\n---\n").as_deref(), Some(""));
        assert_eq!(read("---\n\nkind: hub\n---\n"), None);
        assert_eq!(read("---\nkind: hub\n"), None);
        assert_eq!(read("\n---\nkind: hub\n---\n"), None);
    }

    #[test]
    fn it_is_no_text_where_it_is_taken_out_and_a_heading_elsewhere() {
        let text = "---\nkind: hüb\n---\n# Title\n";
        let host = Host { front_matter: true, ..Host::default() };
        let document = Document::parse(text, host);
        let anchors: Vec<_> =
            document.anchor_sources.iter().map(|source| source.text.as_str()).collect();
        assert_eq!(anchors, ["Title"]);
        assert_eq!(document.slice(document.anchor_sources[0].span), "# Title\n");
        assert_eq!(Document::parse(text, Host::default()).anchor_sources.len(), 2);
    }
}
