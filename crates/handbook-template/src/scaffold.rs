//! Takes the constraint comments out of a template, which leaves what an author starts from.

use handbook_book::{Document, NodeKind, Span};

/// A template's text without its constraint comments, and what they were.
pub(crate) struct Scaffold {
    /// The template's bytes, the comments cut out.
    pub(crate) text: String,
    pub(crate) comments: Vec<Comment>,
    /// What was cut, as spans of the template, ascending.
    cuts: Vec<Span>,
}

/// A comment of the form `<!-- ? demands -->`.
pub(crate) struct Comment {
    /// The comment in the template.
    pub(crate) span: Span,
    /// What follows its question mark.
    pub(crate) text: String,
    /// Where the scaffold lacks it.
    pub(crate) at: usize,
    /// Whether it had a line of its own, and so speaks of what comes after it.
    pub(crate) above: bool,
}

/// Strips the comments of `template`. A line that holds nothing else goes with them; a comment that
/// ends a line takes the blanks before it along.
pub(crate) fn strip(template: &Document) -> Scaffold {
    let text: &str = &template.text;
    let found = comments(template);
    let mut scaffold = Scaffold { text: String::new(), comments: Vec::new(), cuts: Vec::new() };
    let mut copied = 0;
    for (span, demands) in &found {
        let line = text[..span.start()].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[span.end()..].find('\n').map_or(text.len(), |at| span.end() + at + 1);
        let above = holds_only(text, Span::new(line, line_end), &found);
        let cut = if above {
            Span::new(line.max(copied), line_end)
        } else {
            let before = text[..span.start()].trim_end_matches([' ', '\t']).len();
            Span::new(before.max(copied).max(line), span.end())
        };
        if cut.end() > copied {
            scaffold.text.push_str(&text[copied..cut.start()]);
            scaffold.cuts.push(cut);
            copied = cut.end();
        }
        let at = scaffold.text.len();
        scaffold.comments.push(Comment { span: *span, text: demands.clone(), at, above });
    }
    scaffold.text.push_str(&text[copied..]);
    scaffold
}

/// Whether a line holds nothing but comments.
fn holds_only(text: &str, line: Span, comments: &[(Span, String)]) -> bool {
    let mut at = line.start();
    for (span, _) in comments.iter().filter(|(span, _)| line.contains(*span)) {
        if !text[at..span.start()].trim().is_empty() {
            return false;
        }
        at = span.end();
    }
    text[at..line.end()].trim().is_empty()
}

impl Scaffold {
    /// Where a span of the scaffold stands in the template.
    pub(crate) fn in_template(&self, span: Span) -> Span {
        let map = |offset: usize, end: bool| {
            let mut offset = offset;
            for cut in &self.cuts {
                if cut.start() < offset || cut.start() == offset && !end {
                    offset += cut.len();
                }
            }
            offset
        };
        let start = map(span.start(), false);
        Span::new(start, map(span.end(), true).max(start))
    }
}

/// The constraint comments outside code, with what follows their question marks.
fn comments(template: &Document) -> Vec<(Span, String)> {
    let text: &str = &template.text;
    let is_code = |offset: usize| {
        let code = |span: Span| span.start() <= offset && offset < span.end();
        template.code_blocks().any(|(_, span)| code(span)) || text[..offset].ends_with('`')
    };
    let in_html = |offset: usize| {
        template.root.walk().any(|node| {
            // Inside a longer comment it is part of that comment's text.
            node.kind == NodeKind::Html
                && node.span.start() < offset
                && offset < node.span.end()
                && text[node.span.start()..offset].rfind("<!--")
                    > text[node.span.start()..offset].rfind("-->")
        })
    };
    let mut found = Vec::new();
    let mut searched = 0;
    while let Some(start) = text[searched..].find("<!--").map(|at| at + searched) {
        searched = start + 4;
        let Some(demands) = text[searched..].trim_start().strip_prefix('?') else { continue };
        let Some(length) = demands.find("-->") else { continue };
        if is_code(start) || in_html(start) {
            continue;
        }
        let inner = text.len() - demands.len();
        searched = inner + length + 3;
        found.push((Span::new(start, searched), demands[..length].to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    fn stripped(text: &str) -> String {
        strip(&Document::parse(text, Host::default())).text
    }

    #[test]
    fn comments_go_and_everything_else_stays() {
        assert_eq!(stripped("## A <!-- ? optional -->\n\nx  \ny\n"), "## A\n\nx  \ny\n");
        assert_eq!(stripped("<!-- ? rows 1.. -->\n| A |\n|---|\n"), "| A |\n|---|\n");
        assert_eq!(stripped("  <!-- ? a --> <!-- ? b -->\r\nx\r\n"), "x\r\n");
        assert_eq!(stripped("**A:** x <!-- ? optional -->  \n**B:** y"), "**A:** x  \n**B:** y");
        assert_eq!(stripped("## A <!-- ? optional --> {#id}\n"), "## A {#id}\n");
        assert_eq!(stripped("## A <!-- ? a --> <!-- ? b -->\n"), "## A\n");
        assert_eq!(stripped("<!-- ? a -->"), "");
    }

    #[test]
    fn other_comments_and_code_stay() {
        for text in [
            "<!-- a -->\n",
            "```text\n<!-- ? optional -->\n```\n",
            "`<!-- ? a -->`\n",
            "<!-- ? open\n",
        ] {
            assert_eq!(stripped(text), text);
        }
    }

    #[test]
    fn spans_lead_back_to_the_template() {
        let text = "<!-- ? a -->\n## A <!-- ? b -->\n\ntext\n";
        let scaffold = strip(&Document::parse(text, Host::default()));
        assert_eq!(scaffold.text, "## A\n\ntext\n");
        assert_eq!(&text[scaffold.in_template(Span::new(0, 4)).range()], "## A");
        assert_eq!(&text[scaffold.in_template(Span::new(6, 10)).range()], "text");
    }
}
