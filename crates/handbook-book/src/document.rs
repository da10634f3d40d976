use crate::citation::{self, Citation};
use crate::front_matter::{self, FrontMatter};
use crate::marks::{self, Directive, Region};
use crate::suppression::{self, Suppression};
use crate::{
    AnchorSource, Code, Definition, Heading, Host, HostVersion, HtmlLink, Link, Node, Span, anchor,
    markdown, outline, parallel,
};
use std::borrow::Cow;
use std::sync::Arc;

/// A text and everything that was found in it. Spans are bytes of [`Document::text`].
#[derive(Clone, Debug)]
pub struct Document {
    /// The parsed text.
    pub text: Arc<str>,
    /// What stands before it for programs to read, if the host takes that out of the page.
    pub front_matter: Option<FrontMatter>,
    /// The tree of sections, fields and blocks.
    pub root: Node,
    /// Links and images, in order, wherever they stand.
    pub links: Vec<Link>,
    /// Where reference links lead, in order.
    pub definitions: Vec<Definition>,
    /// Links and images of raw HTML, in order.
    pub html_links: Vec<HtmlLink>,
    /// The ids that raw HTML and footnotes have on the page.
    pub ids: Vec<String>,
    /// What mdBook leaves out of the page, in order: footnotes to which nobody refers.
    pub unshown: Vec<Span>,
    /// Citations, in order.
    pub citations: Vec<Citation>,
    /// References to footnotes, `[^label]`, in order.
    pub footnote_marks: Vec<Span>,
    /// `{{#name …}}` outside code and HTML, in order; mdBook's own included.
    pub directives: Vec<Directive>,
    /// Marked regions, in order.
    pub regions: Vec<Region>,
    /// Marks that open no region or close none.
    pub broken_regions: Vec<BrokenRegion>,
    /// Everything that mdBook gives an anchor, in order.
    pub anchor_sources: Vec<AnchorSource>,
    /// Where a `[` is nothing but text here, but would open a reference on a page that defines its
    /// label.
    pub brackets: Vec<usize>,
    /// Comments inside the text of paragraphs, headings and cells, in order.
    pub comments: Vec<Comment>,
    /// Where authors let findings be, in order.
    pub suppressions: Vec<Suppression>,
}

/// A comment, `<!-- … -->`, inside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment.
    pub span: Span,
    /// What stands before it on its line, as far as that belongs to the same text.
    pub before: Span,
}

/// A region's mark without its partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRegion {
    /// The comment.
    pub span: Span,
    /// The name in it.
    pub name: String,
    /// Whether it is a closing mark.
    pub closing: bool,
}

impl Document {
    /// Parses `text` as `host` would.
    pub fn parse(text: impl Into<Arc<str>>, host: Host) -> Self {
        let text = text.into();
        let front_matter = host.front_matter.then(|| front_matter::find(&text)).flatten();
        let visible = match front_matter {
            Some(front_matter) => Cow::Owned(front_matter::masked(&text, front_matter)),
            None => Cow::Borrowed(&*text),
        };
        let mut parsed = markdown::parse(&visible, host);
        citation::drop_linked(&mut parsed.citations, &parsed.links);
        let found = suppression::take(&visible, &mut parsed);
        let root = outline::outline(parsed.blocks, text.len());
        let found = found.iter().filter_map(|found| found.placed(&visible, &root));
        let suppressions = found.collect();
        let marks = marks::find(&visible, &root, &parsed.opaque);
        drop(visible);
        Self {
            front_matter,
            root,
            links: parsed.links,
            definitions: parsed.definitions,
            html_links: parsed.html_links,
            ids: parsed.ids,
            unshown: parsed.unshown,
            citations: parsed.citations,
            footnote_marks: parsed.footnote_marks,
            directives: marks.directives,
            regions: marks.regions,
            broken_regions: marks.broken,
            anchor_sources: parsed.anchor_sources,
            brackets: parsed.brackets,
            comments: parsed.comments,
            suppressions,
            text,
        }
    }

    /// Parses many texts, several at once.
    pub fn parse_all(texts: Vec<String>, host: Host) -> Vec<Self> {
        parallel::map(texts, |text| Self::parse(text, host))
    }

    /// Whether what stands at `span` is part of the page.
    pub fn shows(&self, span: Span) -> bool {
        let behind = self.unshown.partition_point(|place| place.start() <= span.start());
        let place = behind.checked_sub(1).map(|index| self.unshown[index]);
        !place.is_some_and(|place| place.contains(span))
    }

    /// The text of `span`.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The first line of `span`, without the blanks at its end.
    pub fn first_line(&self, span: Span) -> Span {
        let line = self.slice(span).lines().next().unwrap_or_default().trim_end();
        Span::new(span.start(), span.start() + line.len())
    }

    /// The section that the title opens, and the title: the first heading of the first level or,
    /// where there is none, the first heading.
    pub fn title(&self) -> Option<(&Node, &Heading)> {
        let sections =
            || self.root.children.iter().filter_map(|node| Some((node, node.section()?)));
        sections().find(|(_, heading)| heading.level == 1).or_else(|| sections().next())
    }

    /// The title's first line, without the blanks at its end; the text's where there is no title.
    /// Findings about a chapter as a whole point there.
    pub fn title_line(&self) -> Span {
        let title = self.title().map(|(_, heading)| heading.span);
        self.first_line(title.unwrap_or(self.root.span))
    }

    /// The anchors that a page of a host of this version would have if there were nothing else on
    /// it than this text, one for each of [`Document::anchor_sources`].
    pub fn anchors(&self, version: HostVersion) -> Vec<String> {
        let sources = self.anchor_sources.iter();
        anchor::anchors(sources.map(|it| (it.explicit.as_deref(), it.text.as_str())), version)
    }

    /// All code blocks with their spans, in order.
    pub fn code_blocks(&self) -> impl Iterator<Item = (&Code, Span)> {
        self.root.walk().filter_map(|node| Some((node.code()?, node.span)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> (Option<String>, String) {
        let document = Document::parse(text, Host::default());
        let title = document.title().map(|(_, heading)| heading.text.clone());
        (title, document.slice(document.title_line()).to_owned())
    }

    #[test]
    fn the_title_is_the_first_heading_of_the_first_level_or_the_first_at_all() {
        let found = |title: &str, line: &str| (Some(title.to_owned()), line.to_owned());
        assert_eq!(title("## Before\n\n# A *b*  \n\n# C\n"), found("A b", "# A *b*"));
        assert_eq!(title("### Deep\n\n## Less\n"), found("Deep", "### Deep"));
        assert_eq!(title("Ä\nb\n=\n"), found("Ä\nb", "Ä"));
        assert_eq!(title("> # Quoted\n\n## A\n"), found("A", "## A"));
        assert_eq!(title("Words \nand more.\n"), (None, "Words".to_owned()));
        assert_eq!(title(""), (None, String::new()));
    }
}
