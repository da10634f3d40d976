//! Which process runs which snippets.
//!
//! Snippets go, the longest first, to the part that has least to do so far: the rule LPT, which is
//! never worse than 4/3 of the best division (Graham, *Bounds on multiprocessing timing anomalies*,
//! 1969). Equal ones go by their ids, so every process comes to the same plan.

use super::file::PartOf;
use super::identity::{Identities, Identity, hash};
use crate::snippet::SnippetId;
use handbook_pass::Part;
use std::collections::BTreeMap;

/// What it takes to compile a snippet, in milliseconds: most of them run for less.
const COMPILING: u64 = 50;

/// A division of snippets into parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    number: usize,
    of: usize,
    /// The part of each snippet, from one.
    parts: BTreeMap<SnippetId, usize>,
    hash: String,
}

impl Plan {
    /// The plan in which all snippets are in one part.
    pub(crate) fn whole(identities: &Identities) -> Self {
        Self::of(identities, &Part { number: 1, of: 1, past: BTreeMap::new() })
    }

    /// The plan of the process that does `part`.
    pub(crate) fn of(identities: &Identities, part: &Part) -> Self {
        let known: Vec<u64> =
            identities.iter().filter_map(|(_, one)| part.past.get(&one.id).copied()).collect();
        // Of what is new, nothing better is known than what the others take.
        let all = known.iter().fold(0, |sum: u64, time| sum.saturating_add(*time));
        let usual = all / (known.len() as u64).max(1);
        let time = |one: &Identity| part.past.get(&one.id).copied().unwrap_or(usual);
        let mut snippets: Vec<(u64, &Identity, SnippetId)> =
            identities.iter().map(|(id, one)| (time(one), one, id)).collect();
        snippets.sort_by(|(one, first, _), (other, then, _)| {
            other.cmp(one).then_with(|| first.id.cmp(&then.id))
        });
        let mut loads = vec![0_u64; part.of.max(1)];
        let mut parts = BTreeMap::new();
        let mut hashed = Vec::new();
        for (time, identity, id) in snippets {
            let least = (0..loads.len()).min_by_key(|index| loads[*index]).unwrap_or_default();
            loads[least] = loads[least].saturating_add(time).saturating_add(COMPILING);
            parts.insert(id, least + 1);
            hashed.push((&identity.id, &identity.asked, least + 1));
        }
        Self { number: part.number, of: part.of, parts, hash: hash(&(part.of, hashed)) }
    }

    /// Whether a snippet is in the process's own part.
    pub(crate) fn is_mine(&self, id: SnippetId) -> bool {
        self.parts.get(&id) == Some(&self.number)
    }

    /// What the file of the process's own part says of itself.
    pub(crate) fn part(&self) -> PartOf {
        PartOf { number: self.number, of: self.of, plan: self.hash.clone() }
    }
}
