use handbook_book::{Address, Document, Span, Written};
use handbook_pass::Rule;
use handbook_text::{Edit, Expanded, Finding, Safety};

/// A link or image, however it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outgoing<'a> {
    /// The place to point at.
    pub(crate) span: Span,
    /// Where the address is written.
    pub(crate) at: Option<Span>,
    /// Where it points, unescaped.
    pub(crate) destination: &'a str,
    /// Its text without markup; nothing for raw HTML.
    pub(crate) text: &'a str,
    pub(crate) image: bool,
    /// Whether mdBook makes `.html` of `.md` in it.
    adjusted: bool,
}

/// The links and images that the author of a chapter wrote, in order, those of raw HTML last. What
/// stands in a region was derived, for readers of the source; its page shows what is for its own.
pub(crate) fn outgoing(document: &Document) -> impl Iterator<Item = Outgoing<'_>> {
    let markdown = document.links.iter().map(|link| Outgoing {
        span: match link.written {
            Written::Inline(Some(at)) if !at.is_empty() => at,
            _ => link.span,
        },
        at: link.address(),
        destination: &link.destination,
        text: &link.text,
        image: link.image,
        adjusted: true,
    });
    let html = document.html_links.iter().map(|link| Outgoing {
        span: link.span,
        at: Some(link.span),
        destination: &link.destination,
        text: "",
        image: link.image,
        adjusted: link.adjusted,
    });
    let regions = &document.regions;
    let is_derived = |span: Span| {
        let until = regions.partition_point(|region| region.span.start() <= span.start());
        regions[..until].last().is_some_and(|region| region.span.contains(span))
    };
    markdown.chain(html).filter(move |link| !is_derived(link.span))
}

impl<'a> Outgoing<'a> {
    /// Its address as the page has it.
    pub(crate) fn address(&self) -> Address<'a> {
        if self.adjusted {
            Address::of_source(self.destination)
        } else {
            Address::of_page(self.destination)
        }
    }

    pub(crate) fn finding(&self, rule: &Rule, message: String) -> Finding<Expanded> {
        Finding::new(rule.id, rule.level, message).at(self.span)
    }

    /// The finding with the address that may be meant; `only` says whether no other may be.
    pub(crate) fn suggest(
        &self,
        finding: Finding<Expanded>,
        meant: &str,
        only: bool,
    ) -> Finding<Expanded> {
        let finding = finding.help(format!("did you mean `{meant}`?"));
        match self.at.filter(|_| only) {
            Some(at) => finding.fix(Safety::Unsafe, vec![Edit::replace(at, meant)]),
            None => finding,
        }
    }
}
