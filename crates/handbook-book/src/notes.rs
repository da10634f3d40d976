//! Footnotes, as far as mdBook numbers them and gives them ids.

use std::collections::BTreeMap;

/// The footnotes of a page.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// By label: the number that readers see, and how often it is referred to.
    references: BTreeMap<String, (usize, usize)>,
    defined: Vec<String>,
}

impl Notes {
    pub(crate) fn define(&mut self, label: &str) {
        self.defined.push(label.to_owned());
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
        let definitions = self.defined.iter().filter(|label| self.references.contains_key(*label));
        let definitions = definitions.map(|label| format!("footnote-{label}"));
        let references = self.references.iter().flat_map(|(label, (_, count))| {
            (1..=*count).map(move |number| format!("fr-{label}-{number}"))
        });
        definitions.chain(references).collect()
    }
}
