//! A heading that gets another text, and with it another anchor.

use anyhow::bail;
use handbook_book::{Document, Host, Span, anchors};
use handbook_text::{Edit, EditSet, did_you_mean};
use std::collections::BTreeMap;

/// A chapter with one heading renamed.
#[derive(Debug)]
pub(crate) struct Headed {
    pub(crate) text: String,
    /// The anchors that have other names, by their old ones: a number behind a name can change for
    /// headings further down.
    pub(crate) anchors: BTreeMap<String, String>,
}

/// Gives the heading with the id `anchor` the text `title`, which is Markdown.
pub(crate) fn rename(
    document: &Document,
    host: Host,
    anchor: &str,
    title: &str,
) -> anyhow::Result<Headed> {
    let old = ids(document, host);
    let Some(index) = old.iter().position(|id| id == anchor) else {
        match did_you_mean(anchor, old.iter().map(String::as_str)) {
            Some(near) => bail!("no heading has the anchor `{anchor}`; did you mean `{near}`?"),
            None => bail!("no heading in this file has the anchor `{anchor}`"),
        }
    };
    let source = &document.anchor_sources[index];
    let edit = Edit::replace(words(document, source.span), title);
    let text = EditSet::first_come([edit]).0.apply(&document.text);
    let after = Document::parse(text.as_str(), host);
    let new = ids(&after, host);
    let other = |at: usize| {
        let explicit = |document: &Document| document.anchor_sources[at].explicit.clone();
        at != index && document.anchor_sources[at].text != after.anchor_sources[at].text
            || explicit(document) != explicit(&after)
    };
    let is_line = !title.trim().is_empty() && !title.contains(['\n', '\r']);
    if !is_line || new.len() != old.len() || (0..new.len()).any(other) {
        bail!("`{title}` would not be read as the text of one heading");
    }
    let pairs = old.into_iter().zip(new).filter(|(old, new)| old != new);
    // Of two headings with one anchor, links lead to the first.
    let anchors = pairs.rev().collect();
    Ok(Headed { text, anchors })
}

fn ids(document: &Document, host: Host) -> Vec<String> {
    let sources = document.anchor_sources.iter();
    let sources = sources.map(|source| (source.explicit.as_deref(), source.text.as_str()));
    anchors(sources, host.version)
}

/// Where the words of a heading stand, without its marks and attributes.
fn words(document: &Document, heading: Span) -> Span {
    let text = document.slice(heading).trim_end();
    let hashes = text.len() - text.trim_start_matches('#').len();
    let is_plain = (1..=6).contains(&hashes);
    let start = if is_plain { hashes } else { 0 };
    let start = start + text[start..].len() - text[start..].trim_start().len();
    // The last line of the other sort of headings underlines them.
    let is_underlined = |line: &str| {
        let marks = line.trim_start_matches(['>', ' ', '\t']);
        !marks.is_empty()
            && (marks.chars().all(|ch| ch == '=') || marks.chars().all(|ch| ch == '-'))
    };
    let end = match text.rsplit_once('\n') {
        Some((above, line)) if !is_plain && is_underlined(line) => above.trim_end().len(),
        _ => text.len(),
    };
    let mut inner = text[..end].trim_end();
    if let Some(open) = inner.strip_suffix('}').and_then(|inner| inner.rfind('{')) {
        inner = inner[..open].trim_end();
    }
    let without = inner.trim_end_matches('#');
    if is_plain && without.ends_with([' ', '\t']) {
        inner = without.trim_end();
    }
    Span::new(heading.start() + start, heading.start() + inner.len().max(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(text: &str, anchor: &str, title: &str) -> (String, Vec<(String, String)>) {
        let host = Host::default();
        let headed = rename(&Document::parse(text, host), host, anchor, title).unwrap();
        (headed.text, headed.anchors.into_iter().collect())
    }

    #[test]
    fn only_the_words_of_a_heading_change() {
        for (text, after) in [
            ("# A\n", "# New *x*\n"),
            ("#   A  ##  \nb", "#   New *x*  ##  \nb"),
            ("> - ## A\n", "> - ## New *x*\n"),
            ("A\n===\n", "New *x*\n===\n"),
            ("# A {.c}\n", "# New *x* {.c}\n"),
        ] {
            let pair = ("a".to_owned(), "new-x".to_owned());
            assert_eq!(renamed(text, "a", "New *x*"), (after.to_owned(), vec![pair]), "{text}");
        }
        let text = "# A {#own}\n";
        assert_eq!(renamed(text, "own", "B"), ("# B {#own}\n".to_owned(), vec![]));
    }

    #[test]
    fn headings_below_are_numbered_anew() {
        let (_, anchors) = renamed("# A\n# B\n# B\n", "b", "A");
        let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        assert_eq!(anchors, [pair("b", "a-1"), pair("b-1", "b")]);
    }

    #[test]
    fn what_is_no_heading_is_refused() {
        let host = Host::default();
        let document = Document::parse("# Ring\n\n## B\n", host);
        for title in ["x\n\ny", "x\n# y", "x {#id}"] {
            assert!(rename(&document, host, "ring", title).is_err(), "{title}");
        }
        let error = rename(&document, host, "rinq", "x").unwrap_err().to_string();
        assert!(error.contains("did you mean `ring`"), "{error}");
    }
}
