//! The sets that a template defines, such as a deep-dive's options, and what a chapter puts in them.

use handbook_book::NodeKind;
use handbook_pass::Member;
use handbook_template::{Matched, Matching};
use std::collections::BTreeMap;

/// The members of each set, by its name.
#[derive(Debug, Default)]
pub(crate) struct Sets(BTreeMap<String, Vec<Member>>);

impl Sets {
    pub(crate) fn of(matching: &Matching<'_>) -> Self {
        let mut sets: BTreeMap<String, Vec<Member>> = BTreeMap::new();
        for matched in &matching.matched {
            let Some(set) = matched.node.defines() else { continue };
            let members = sets.entry(set.to_owned()).or_default();
            members.extend(member(matched));
        }
        // Of a set that lacks members nobody knows who is a stranger.
        let lacking = matching.missing.iter().filter_map(|missing| missing.node.defines());
        lacking.for_each(|set| _ = sets.remove(set));
        Self(sets)
    }

    /// The members of a set; `None` if the chapter has none, or too few.
    pub(crate) fn get(&self, set: &str) -> Option<&[Member]> {
        self.0.get(set).map(Vec::as_slice)
    }
}

/// The member of a set that a section or field is.
pub(crate) fn member(matched: &Matched<'_>) -> Option<Member> {
    let title = match &matched.found.kind {
        NodeKind::Section(heading) => &heading.text,
        NodeKind::Field(label) => &label.text,
        _ => return None,
    };
    let name = matched.node.pattern().and_then(|pattern| pattern.wildcards(title));
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| title.clone());
    let mut called = vec![title.to_lowercase(), name.to_lowercase()];
    // `Option B` of `3.2 Option B: Jump hash`.
    let label = title.find(&name).map(|at| &title[..at]);
    called.extend(label.map(|label| trimmed(label).to_lowercase()));
    // `Rendezvous hashing (HRW)` is called by either.
    if let Some((long, short)) = name.split_once('(') {
        called.push(long.trim().to_lowercase());
        called.push(short.split(')').next().unwrap_or_default().trim().to_lowercase());
    }
    called.retain(|called| !called.is_empty());
    Some(Member { name, called })
}

/// A label without a number before it and marks behind it.
fn trimmed(label: &str) -> &str {
    let label = label.trim_start_matches(|ch: char| ch.is_ascii_digit() || ch == '.' || ch == ' ');
    label.trim_end_matches(|ch: char| !ch.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lose_numbers_and_marks() {
        assert_eq!(trimmed("3.2 Option B: "), "Option B");
    }
}
