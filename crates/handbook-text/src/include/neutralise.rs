use super::directive::{Meaning, next_directive};
use std::borrow::Cow;
use std::ops::Range;
use thiserror::Error;

/// A directive that no escape can disarm: `links` escapes only what starts with `{{#` and has its
/// braces closed on the same line.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("mdBook would obey the directive at bytes {range:?}, and it cannot be escaped")]
pub struct Unescapable {
    /// The directive, in the text that was to be neutralised.
    pub range: Range<usize>,
}

/// The text to write so that `links` gives `text`: directives that it would obey, and escapes that
/// it would take away, get a backslash. Directives that it does not know pass through unchanged.
///
/// This is for a text that stands alone: what is written before or after it on its first and last
/// line is not considered. Edits of a page need none of it, [`SourceMap::page_edits`] neutralises.
///
/// [`SourceMap::page_edits`]: crate::SourceMap::page_edits
///
/// # Errors
///
/// [`Unescapable`] if `text` holds a directive like `{{ #include x }}` or one that spans lines.
pub fn neutralise(text: &str) -> Result<Cow<'_, str>, Unescapable> {
    match plan(text, &[]) {
        Ok(escapes) if escapes.is_empty() => Ok(Cow::Borrowed(text)),
        Ok(escapes) => Ok(Cow::Owned(escaped(text, 0, &escapes))),
        Err(Clash::Unescapable(range)) => Err(Unescapable { range }),
        Err(Clash::Live(_)) => unreachable!("nothing in a plain text is live"),
    }
}

/// `text` with a backslash at each of `escapes`, which count from `origin`.
pub(super) fn escaped(text: &str, origin: usize, escapes: &[usize]) -> String {
    let mut out = String::with_capacity(text.len() + escapes.len());
    let mut done = 0;
    for escape in escapes {
        out.push_str(&text[done..escape - origin]);
        out.push('\\');
        done = escape - origin;
    }
    out.push_str(&text[done..]);
    out
}

/// Why a text cannot be escaped as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Clash {
    /// These live directives, by index, would be swallowed by something before them.
    Live(Range<usize>),
    /// This directive must not work and cannot be escaped.
    Unescapable(Range<usize>),
}

/// Where `text` needs backslashes so that `links` obeys exactly the directives at `live` (ascending,
/// disjoint) and gives everything else as it stands.
pub(super) fn plan(text: &str, live: &[Range<usize>]) -> Result<Vec<usize>, Clash> {
    let mut escapes = Vec::new();
    let mut from = 0;
    while let Some(directive) = next_directive(text, from) {
        let found = directive.range;
        let first = live.partition_point(|live| live.end <= found.start);
        if live.get(first) == Some(&found) {
            from = found.end;
            continue;
        }
        let inert = matches!(directive.meaning, Meaning::Inert);
        let escape_end = match directive.meaning {
            Meaning::Inert | Meaning::Escape => Some(found.end),
            Meaning::Title(_) | Meaning::File { .. } => escape_end(text, found.start),
        };
        let end = found.end.max(escape_end.unwrap_or(found.end));
        let last = live.partition_point(|live| live.start < end);
        if first < last {
            return Err(Clash::Live(first..last));
        }
        match escape_end {
            None => return Err(Clash::Unescapable(found)),
            Some(end) => from = end,
        }
        if !inert {
            escapes.push(found.start);
        }
    }
    Ok(escapes)
}

/// Where an escape set before the directive at `start` would end: at the last braces of the line.
fn escape_end(text: &str, start: usize) -> Option<usize> {
    let line = text[start..].split('\n').next().unwrap_or_default();
    let inside = line.strip_prefix("{{#")?;
    inside.rfind("}}").map(|braces| start + "{{#".len() + braces + "}}".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neutral(text: &str) -> String {
        neutralise(text).unwrap().into_owned()
    }

    #[test]
    fn what_links_would_obey_gets_a_backslash() {
        assert_eq!(neutral("a {{#include x}}\n{{#title y}}"), "a \\{{#include x}}\n\\{{#title y}}");
        assert_eq!(neutral(r"\{{#x}}"), r"\\{{#x}}");
        assert_eq!(neutral("{{#value a}} {{#references}}"), "{{#value a}} {{#references}}");
    }

    #[test]
    fn one_backslash_serves_up_to_the_last_braces_of_the_line() {
        assert_eq!(
            neutral("{{#include x}} {{ #include y}} z"),
            r"\{{#include x}} {{ #include y}} z"
        );
    }

    #[test]
    fn what_cannot_be_escaped_is_named() {
        for (text, range) in [("a {{ #include x}}", 2..17), ("{{#include\nx}}", 0..14)] {
            assert_eq!(neutralise(text), Err(Unescapable { range }));
        }
    }
}
