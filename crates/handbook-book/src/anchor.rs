//! The anchors that mdBook writes, for each generation of it.

use crate::{HostVersion, Span};
use std::collections::{HashMap, HashSet};

/// Something that mdBook gives an anchor: a Markdown heading or the term of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorSource {
    /// The heading or term.
    pub span: Span,
    /// The id written as `{#id}`.
    pub explicit: Option<String>,
    /// The text that an id is made from: markup gone, code and inline text kept.
    pub text: String,
}

/// The ids that mdBook gives `sources` on one page, in the same order.
///
/// Explicit ids are taken as written and not reserved: a later heading can get the same id. Up to
/// 0.4 a repeated text gets `-1`, `-2` even if that id is taken; since 0.5 the next free number.
pub fn anchors<'a>(
    sources: impl IntoIterator<Item = (Option<&'a str>, &'a str)>,
    version: HostVersion,
) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut used: HashSet<String> = HashSet::new();
    let mut id = |explicit: Option<&str>, text: &str| {
        if let Some(id) = explicit {
            return id.to_owned();
        }
        let id = id_from_text(text, version);
        match version {
            HostVersion::V0_4 => {
                let count = counts.entry(id.clone()).or_default();
                *count += 1;
                if *count == 1 { id } else { format!("{id}-{}", *count - 1) }
            }
            HostVersion::V0_5 => {
                if used.insert(id.clone()) {
                    return id;
                }
                // Numbers below the one given last are taken for good.
                let number = counts.entry(id.clone()).or_insert(1);
                while !used.insert(format!("{id}-{number}")) {
                    *number += 1;
                }
                format!("{id}-{number}")
            }
        }
    };
    sources.into_iter().map(|(explicit, text)| id(explicit, text)).collect()
}

/// mdBook's id of a heading text: letters, digits, `_` and `-` stay, blanks become `-`, the rest
/// goes. 0.4 lowers ASCII letters only and drops leading hashes.
fn id_from_text(text: &str, version: HostVersion) -> String {
    let keep = |ch: char| match ch {
        _ if ch.is_alphanumeric() || ch == '_' || ch == '-' => Some(ch),
        _ if ch.is_whitespace() => Some('-'),
        _ => None,
    };
    match version {
        HostVersion::V0_4 => {
            // What the page writes as `&amp;` and its like is gone before blanks are trimmed.
            let text = text.replace(['&', '<', '>'], "");
            let text = text.trim().trim_start_matches('#').trim();
            text.chars().filter_map(keep).map(|ch| ch.to_ascii_lowercase()).collect()
        }
        HostVersion::V0_5 => text.trim().to_lowercase().chars().filter_map(keep).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(version: HostVersion, texts: &[&str]) -> Vec<String> {
        anchors(texts.iter().map(|text| (None, *text)), version)
    }

    #[test]
    fn repeated_headings_are_numbered_as_each_generation_does() {
        let texts = ["A", "A-1", "A"];
        assert_eq!(ids(HostVersion::V0_4, &texts), ["a", "a-1", "a-1"]);
        assert_eq!(ids(HostVersion::V0_5, &texts), ["a", "a-1", "a-2"]);
    }

    #[test]
    fn blanks_become_hyphens_and_are_not_folded() {
        assert_eq!(ids(HostVersion::V0_5, &["A -- B", "Über `x`"]), ["a----b", "über-x"]);
        assert_eq!(ids(HostVersion::V0_4, &["Über"]), ["Über"]);
    }

    #[test]
    fn explicit_ids_are_not_reserved() {
        let sources = [(Some("x"), "A"), (None, "x")];
        assert_eq!(anchors(sources, HostVersion::V0_5), ["x", "x"]);
    }
}
