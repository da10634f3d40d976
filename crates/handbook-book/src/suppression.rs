//! Comments by which authors let findings be, `<!-- handbook:allow RULE: REASON -->`.
//!
//! They belong to no part of the text: the tree leaves them out, so that one between a snippet and
//! its output separates nothing, and a section that holds nothing else is empty.

use crate::html::comments;
use crate::markdown::{Block, Parsed};
use crate::marks::behind_name;
use crate::{Node, NodeKind, Span};

/// A comment by which the author lets findings be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The comment.
    pub span: Span,
    /// The findings that it is about start in here; `None` for all of the text.
    pub covers: Option<Span>,
    /// The rules, as typed.
    pub rules: Vec<String>,
    /// From the first rule to the last.
    pub rules_span: Span,
    /// Why the findings may be; empty if the author gives no reason.
    pub reason: String,
}

#[derive(Clone, Copy, Debug)]
enum Scope {
    /// The next block or, for a comment inside text, its line.
    Near,
    /// The section in which the comment stands.
    Section,
    /// All of the text.
    File,
}

/// The words that open a suppression, with what it covers.
const SCOPES: [(&str, Scope); 3] =
    [("allow", Scope::Near), ("allow-section", Scope::Section), ("allow-file", Scope::File)];

/// The words that open a suppression behind `handbook:`.
pub fn suppression_words() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().map(|(word, _)| *word)
}

/// A comment that is a suppression, before anybody has looked at what it covers.
pub(crate) struct Found {
    span: Span,
    /// Whether it stands between blocks rather than inside text.
    is_block: bool,
}

/// Finds the suppressions in `text`, in order, and takes blocks that hold nothing else out of the
/// parsed.
pub(crate) fn take(text: &str, parsed: &mut Parsed) -> Vec<Found> {
    let mut found = Vec::new();
    take_blocks(text, &mut parsed.blocks, &mut found);
    // An alternative text is an attribute, in which readers would see the comment.
    let in_image =
        |span: Span| parsed.links.iter().any(|link| link.image && link.span.contains(span));
    let inline = parsed.comments.iter().map(|comment| comment.span);
    let inline = inline.filter(|span| is_suppression(text, *span) && !in_image(*span));
    found.extend(inline.map(|span| Found { span, is_block: false }));
    found.sort_by_key(|found| found.span);
    found
}

fn take_blocks(text: &str, blocks: &mut Vec<Block>, found: &mut Vec<Found>) {
    blocks.retain_mut(|block| {
        take_blocks(text, &mut block.children, found);
        if block.kind != NodeKind::Html {
            return true;
        }
        let mut ours = comments(text, block.span);
        ours.retain(|span| is_suppression(text, *span));
        let ends = ours.iter().map(|span| span.start()).chain([block.span.end()]);
        let starts = [block.span.start()].into_iter().chain(ours.iter().map(|span| span.end()));
        let holds_more = starts.zip(ends).any(|(start, end)| !text[start..end].trim().is_empty());
        found.extend(ours.into_iter().map(|span| Found { span, is_block: true }));
        holds_more
    });
}

/// Whether a comment is a suppression.
pub(crate) fn is_suppression(text: &str, comment: Span) -> bool {
    read(text, comment).is_some()
}

/// What a comment covers and where the rest of it stands, if it is a suppression.
fn read(text: &str, comment: Span) -> Option<(Scope, Span)> {
    let inner = text[comment.range()].strip_prefix("<!--")?.strip_suffix("-->")?;
    let named = behind_name(inner)?;
    let length = named.find(|ch: char| ch != '-' && !ch.is_alphanumeric()).unwrap_or(named.len());
    let (_, scope) = SCOPES.iter().find(|(word, _)| named[..length].eq_ignore_ascii_case(word))?;
    let end = comment.end() - 3;
    Some((*scope, Span::new(end - (named.len() - length), end)))
}

impl Found {
    /// The suppression, with what it covers in the tree `root`.
    pub(crate) fn placed(&self, text: &str, root: &Node) -> Option<Suppression> {
        let (scope, rest) = read(text, self.span)?;
        let covers = match scope {
            Scope::File => None,
            Scope::Section => section(root, self.span),
            Scope::Near if self.is_block => Some(next_block(root, self.span)),
            Scope::Near => Some(line(text, self.span)),
        };
        let (rules, reason) =
            text[rest.range()].split_once(':').unwrap_or((&text[rest.range()], ""));
        let start = rest.start() + rules.len() - rules.trim_start().len();
        let rules_span = Span::new(start, start + rules.trim().len());
        let rules = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty());
        Some(Suppression {
            span: self.span,
            covers,
            rules: rules.map(str::to_owned).collect(),
            rules_span,
            reason: reason.trim().to_owned(),
        })
    }
}

/// The innermost section around a comment; `None` before the first heading. A comment behind the
/// last block of a section stands in it, although the section's span ends before.
fn section(root: &Node, comment: Span) -> Option<Span> {
    let sections = root.walk().filter(|node| matches!(node.kind, NodeKind::Section(_)));
    let section = sections.take_while(|node| node.span.start() <= comment.start()).last()?;
    Some(section.span)
}

/// From a comment to the end of the block behind it: of a section its heading, of a field its first
/// block.
fn next_block(root: &Node, comment: Span) -> Span {
    let next = root.walk().find(|node| node.span.start() >= comment.end());
    let end = next.map_or(comment.end(), |node| match &node.kind {
        NodeKind::Section(heading) => heading.span.end(),
        NodeKind::Field(label) => {
            node.children.first().map_or(label.span.end(), |child| child.span.end())
        }
        _ => node.span.end(),
    });
    Span::new(comment.end(), end)
}

/// The line on which a comment stands.
fn line(text: &str, comment: Span) -> Span {
    let start = text[..comment.start()].rfind('\n').map_or(0, |at| at + 1);
    let end = text[comment.end()..].find('\n').map_or(text.len(), |at| comment.end() + at);
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use crate::{Document, Host};

    /// What the suppressions of a text cover, each with its rules and reason.
    fn covered(text: &str) -> Vec<String> {
        let document = Document::parse(text, Host::default());
        let list = document.suppressions.iter();
        list.map(|one| {
            let covers = one.covers.map_or("all", |span| document.slice(span).trim());
            format!("{covers} [{}] {}", one.rules.join(" "), one.reason)
        })
        .collect()
    }

    #[test]
    fn comments_between_blocks_cover_the_next() {
        let text = "a\n\n<!-- handbook:allow a/b, c/d: so: be it -->\nb\n\nc\n";
        assert_eq!(covered(text), ["b [a/b c/d] so: be it"]);
        let heading = "<!-- handbook:allow a/b: x -->\n# T\n\ntext\n";
        assert_eq!(covered(heading), ["# T [a/b] x"]);
        let two = "<!-- handbook:allow a/b: x -->\n<!-- handbook:allow c/d: y -->\n- l\n- m\n";
        let second = "<!-- handbook:allow c/d: y -->\n- l\n- m [a/b] x";
        assert_eq!(covered(two), [second, "- l\n- m [c/d] y"]);
    }

    #[test]
    fn comments_in_text_cover_their_line() {
        let text = "one\ntwo <!-- handbook:allow a/b: x --> three\nfour\n";
        assert_eq!(covered(text), ["two <!-- handbook:allow a/b: x --> three [a/b] x"]);
    }

    #[test]
    fn sections_and_files_are_covered_from_anywhere_inside() {
        let text = "# A\n\n## B\n\nb\n\n<!-- handbook:allow-section a/b: x -->\n\n## C\n";
        assert_eq!(covered(text), ["## B\n\nb [a/b] x"]);
        assert_eq!(covered("# A\n\nb <!-- handbook:allow-file a/b: x -->\n"), ["all [a/b] x"]);
        assert_eq!(covered("<!-- handbook:allow-section a/b: x -->\n# A\n"), ["all [a/b] x"]);
    }

    #[test]
    fn code_and_alternative_texts_hold_none() {
        let comment = "<!-- handbook:allow a/b: x -->";
        for text in [
            format!("```text\n{comment}\n```\n"),
            format!("`{comment}`\n"),
            format!("![{comment}](a.png)\n"),
            format!("    {comment}\n"),
        ] {
            assert!(covered(&text).is_empty(), "{text}");
        }
    }

    #[test]
    fn they_are_no_part_of_the_text() {
        let text = "# A\n\n<!-- handbook:allow a/b: x -->\n";
        let document = Document::parse(text, Host::default());
        assert!(document.root.children[0].children.is_empty());
        assert!(document.broken_regions.is_empty() && document.regions.is_empty());
    }
}
