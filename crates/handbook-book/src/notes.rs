//! Footnotes, as far as mdBook numbers them and gives them ids.

use crate::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The footnotes of a page.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// By label: the number that readers see, and how often it is referred to.
    references: BTreeMap<String, (usize, usize)>,
    defined: Vec<Definition>,
}

/// A footnote where it is written.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) label: String,
    pub(crate) span: Span,
    /// Which of the text's ids stand in it.
    pub(crate) ids: Range<usize>,
}

impl Notes {
    pub(crate) fn define(&mut self, definition: Definition) {
        self.defined.push(definition);
    }

    /// The definitions that mdBook leaves out: those to which nobody refers, and of several with
    /// one label all but the first.
    pub(crate) fn dropped(&self) -> impl Iterator<Item = &Definition> {
        let mut seen = BTreeSet::new();
        self.defined.iter().filter(move |definition| {
            let label = &definition.label;
            !self.references.contains_key(label) || !seen.insert(label)
        })
    }

    /// The number that a reference shows.
    pub(crate) fn refer(&mut self, label: &str) -> usize {
        let next = self.references.len() + 1;
        let (number, count) = self.references.entry(label.to_owned()).or_insert((next, 0));
        *count += 1;
        *number
    }

    /// The ids of references and of the definitions that somebody refers to.
    pub(crate) fn ids(&self) -> Vec<String> {
        let labels = self.defined.iter().map(|definition| &definition.label);
        let definitions = labels.filter(|label| self.references.contains_key(*label));
        let definitions = definitions.map(|label| format!("footnote-{label}"));
        let references = self.references.iter().flat_map(|(label, (_, count))| {
            (1..=*count).map(move |number| format!("fr-{label}-{number}"))
        });
        definitions.chain(references).collect()
    }
}
