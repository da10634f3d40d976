//! Citations, `[@key]`, in text that is neither code nor HTML nor part of a link.
//!
//! `[@a, §5.4; @b]` cites two works, the first with a locator; `[@@a]` is said in the sentence. A
//! reference that the text defines, or a link of that spelling, is a link.

use crate::{Link, Span};

/// The citation of one work or several, between one pair of brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// From bracket to bracket.
    pub span: Span,
    /// Whether it is said in the sentence: `[@@key]`.
    pub narrative: bool,
    /// The works in the order written; none if what stands there cannot be read.
    pub works: Vec<CitedWork>,
}

/// One work of a citation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedWork {
    /// The key that the bibliography gives it.
    pub key: String,
    /// Where the key stands.
    pub span: Span,
    /// The place in the work, as written: `§5.4`.
    pub locator: Option<String>,
}

/// Whether a citation can name a work of this key.
pub fn is_citation_key(key: &str) -> bool {
    key.starts_with(|ch: char| ch.is_alphanumeric() || ch == '_') && key.chars().all(is_key)
}

/// The citations that start at one of the `brackets`, which ascend, and end before `end`.
pub(crate) fn read_all(text: &str, brackets: &[usize], end: usize) -> Vec<Citation> {
    let mut citations: Vec<Citation> = Vec::new();
    for at in brackets {
        let inner = text.get(at + 1..end).filter(|inner| inner.starts_with('@'));
        // Inside a citation that cannot be read none starts.
        let is_inside = citations.last().is_some_and(|last| *at < last.span.end());
        let Some(inner) = inner.filter(|_| !is_inside) else { continue };
        // Where none closes this one, none closes those behind it.
        let Some(closing) = inner.find(']') else { break };
        citations.push(read(&inner[..closing], *at));
    }
    citations
}

/// Takes out what is part of a link or an image.
pub(crate) fn drop_linked(citations: &mut Vec<Citation>, links: &[Link]) {
    let mut links = links.iter().peekable();
    let mut reach = 0;
    citations.retain(|citation| {
        while let Some(link) = links.next_if(|link| link.span.start() < citation.span.start()) {
            reach = reach.max(link.span.end());
        }
        reach < citation.span.end()
    });
}

/// The citation in the brackets around `inner`, the first of which is at `start`.
fn read(inner: &str, start: usize) -> Citation {
    let span = Span::new(start, start + 1 + inner.len() + 1);
    // Code, HTML and other brackets are no part of a citation.
    if inner.contains(['[', '`', '<']) {
        return Citation { span, narrative: false, works: Vec::new() };
    }
    let narrative = inner.starts_with("@@");
    let skipped = usize::from(narrative);
    let mut works = Vec::new();
    let mut at = start + 1 + skipped;
    for part in inner[skipped..].split(';') {
        match work(part, at) {
            Some(work) => works.push(work),
            None => {
                works.clear();
                break;
            }
        }
        at += part.len() + 1;
    }
    Citation { span, narrative, works }
}

/// `@key, locator`, which starts at `offset`.
fn work(part: &str, offset: usize) -> Option<CitedWork> {
    let blank = |ch: char| ch.is_whitespace() || ch == '>';
    let written = part.trim_start_matches(blank);
    let start = offset + part.len() - written.len() + 1;
    let written = written.strip_prefix('@')?;
    let end = written.find(|ch| !is_key(ch)).unwrap_or(written.len());
    let (key, rest) = written.split_at(end);
    let rest = rest.trim_matches(blank);
    let locator = match rest.strip_prefix(',') {
        Some(locator) => {
            // In a quote, a line break brings the quote's mark along.
            let words = locator.split_whitespace().filter(|word| *word != ">");
            words.collect::<Vec<_>>().join(" ")
        }
        None if rest.is_empty() => String::new(),
        None => return None,
    };
    is_citation_key(key).then(|| CitedWork {
        key: key.to_owned(),
        span: Span::new(start, start + key.len()),
        locator: (!locator.is_empty()).then_some(locator),
    })
}

/// Whether a key may have this character.
fn is_key(ch: char) -> bool {
    ch.is_alphanumeric() || "_-:./+".contains(ch)
}

#[cfg(test)]
mod tests {
    use crate::{Document, Host};

    /// Each citation as its works with their locators.
    fn read(text: &str) -> Vec<String> {
        let document = Document::parse(text, Host::default());
        let show = |citation: &super::Citation| {
            let works = citation.works.iter().map(|work| {
                assert_eq!(document.slice(work.span), work.key);
                let locator = work.locator.as_deref().map(|at| format!(" {at}"));
                format!("{}{}", work.key, locator.unwrap_or_default())
            });
            let works = works.collect::<Vec<_>>().join("+");
            format!("{}{works}", if citation.narrative { "!" } else { "" })
        };
        document.citations.iter().map(show).collect()
    }

    #[test]
    fn works_and_their_locators_are_read() {
        assert_eq!(read("As in [@a2014]."), ["a2014"]);
        assert_eq!(read("[@a, §5.4, §6; @b:c/d.e]"), ["a §5.4, §6+b:c/d.e"]);
        assert_eq!(read("> - [@a,\n>   p.  3;\n>   @b] *[@c]*"), ["a p. 3+b", "c"]);
        assert_eq!(read("[@@a, §2] says"), ["!a §2"]);
        assert_eq!(read("# T [@a]\n\n| x |\n|---|\n| [@b] |\n\n[^1]: [@c]\n"), ["a", "b", "c"]);
    }

    #[test]
    fn what_cannot_be_read_has_no_works() {
        assert_eq!(read("[@] [@ a] [@a b] [@a; b] [@-a]"), ["", "", "", "", ""]);
        assert_eq!(read("[@a, `x`] [@a [1]] [@a, <i>x</i>] [@b]"), ["", "", "", "b"]);
        assert_eq!(read("[@a `]` b] [@a, \\[3\\]] [@a [@b] c]"), ["", "", ""]);
    }

    #[test]
    fn code_links_and_escapes_are_none() {
        assert_eq!(read("`[@a]` \\[@a] <b title='[@a]'> [@a](x) [@b]\n\n[@b]: y\n"), [""; 0]);
        assert_eq!(read("[see [@a]](x) ![[@a]](y.png)\n\n```\n[@a]\n```\n"), [""; 0]);
        assert_eq!(read("[@a\n\nb] [@a"), [""; 0]);
        assert_eq!(read("[x](y) [@a] [x](y)"), ["a"]);
    }
}
