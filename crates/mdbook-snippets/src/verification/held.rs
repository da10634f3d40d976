//! What is held to what snippets print.

use crate::execute::Verdicts;
use crate::growth::claim as growth_claim;
use crate::growth::fit;
use crate::output::{self, Varying};
use crate::snippet::{Snippet, SnippetId};
use crate::values::{BindingKind, Bindings, Known, Lookup, Values, claim};
use crate::{Snippets, printed_by, read};
use handbook_book::Document;
use handbook_pass::Context;
use std::collections::BTreeMap;

/// What is held to the prints of each snippet. Of a snippet that failed nothing is known.
#[derive(Debug, Default)]
pub(super) struct Held(BTreeMap<SnippetId, Prints>);

/// What is held to the prints of a snippet, or of several.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prints {
    pub(super) outputs: Count,
    pub(super) values: Count,
    pub(super) claims: Count,
}

/// How many there are, and how many of them say something else.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) all: usize,
    pub(super) stale: usize,
}

impl Count {
    fn add(&mut self, holds: bool) {
        self.all += 1;
        self.stale += usize::from(!holds);
    }
}

impl Prints {
    /// How many there are of each sort.
    pub(super) fn counts(&self) -> [(usize, &'static str); 3] {
        [
            (self.outputs.all, "output"),
            (self.values.all, "number in the text"),
            (self.claims.all, "claim of growth"),
        ]
    }
}

impl Held {
    pub(super) fn of(&self, id: SnippetId) -> Prints {
        self.0.get(&id).copied().unwrap_or_default()
    }

    pub(super) fn total(&self, ids: impl Iterator<Item = SnippetId>) -> Prints {
        ids.map(|id| self.of(id)).fold(Prints::default(), |sum, one| {
            let add = |sum: Count, one: Count| Count {
                all: sum.all + one.all,
                stale: sum.stale + one.stale,
            };
            Prints {
                outputs: add(sum.outputs, one.outputs),
                values: add(sum.values, one.values),
                claims: add(sum.claims, one.claims),
            }
        })
    }
}

/// Counts them; `None` if nothing was run.
pub(super) fn held(pass: &Snippets, about: Context<'_>) -> Option<Held> {
    let (listing, _) = read(about.facts)?;
    about.facts.get::<Verdicts>()?;
    let mut held = Held::default();
    if pass.settings.outputs {
        for (id, snippet) in listing.iter() {
            if let Some(holds) = output_holds(id, snippet, about) {
                held.0.entry(id).or_default().outputs.add(holds);
            }
        }
    }
    let (values, bindings) = (about.facts.get::<Values>()?, about.facts.get::<Bindings>()?);
    for (chapter, binding) in bindings.iter() {
        let Some(address) = binding.address() else { continue };
        let Lookup::Known(id, known) = values.get(address) else { continue };
        let prints = held.0.entry(id).or_default();
        let holds = holds(&about.book[chapter].document, &binding.kind, &known);
        match *known {
            Known::Value(_) => prints.values.add(holds),
            Known::Series(_) => prints.claims.add(holds),
            // Nothing can be held to what is printed differently each time.
            Known::Several => {}
        }
    }
    Some(held)
}

/// Whether the output in the page is what was printed; `None` if there is none that has to be.
fn output_holds(id: SnippetId, snippet: &Snippet, about: Context<'_>) -> Option<bool> {
    let varying = &snippet.info.varying;
    let printed = printed_by(id, snippet, about)?;
    match &snippet.output {
        Some(_) if *varying == Varying::Everything => None,
        Some(written) => Some(output::compare(written, printed, varying, "").is_none()),
        // It is built into the page.
        None if snippet.info.run && *varying == Varying::Nothing => {
            (!printed.trim().is_empty()).then_some(true)
        }
        None => None,
    }
}

/// Whether what stands in the text is borne out by what was printed.
fn holds(document: &Document, kind: &BindingKind, known: &Known) -> bool {
    // What a directive shows is what was printed.
    let BindingKind::Comment { before, .. } = kind else { return true };
    let text = document.slice(*before);
    match known {
        Known::Value(printed) => claim::judge(text, printed)
            .is_some_and(|(_, judgement)| matches!(judgement, claim::Judgement::Holds)),
        Known::Series(series) if series.odd_row.is_some() => false,
        Known::Series(series) => match growth_claim::read(text) {
            Some(Ok(claim)) => fit::judge(claim, &series.points) == fit::Judgement::Consistent,
            Some(Err(_)) | None => false,
        },
        Known::Several => false,
    }
}
