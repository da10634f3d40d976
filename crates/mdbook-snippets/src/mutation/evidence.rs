//! What a book says of what its snippets do, and whether it is still so.

use super::plan::is_run;
use crate::output::{self, Varying};
use crate::rules::{Judged, STALE_OUTPUT};
use crate::snippet::{Listing, Snippet, SnippetId};
use crate::values::{Binding, Bindings, Values};
use handbook_book::ChapterId;
use handbook_text::Level;
use snippet_runner::Report;
use std::collections::BTreeMap;

/// What is found wrong with something that the book says: a rule and how bad that is; `None` if
/// nothing is.
type Complaint = Option<(&'static str, Level)>;

/// Everything that is held to what snippets print.
pub(super) struct Evidence<'a> {
    judged: Judged<'a>,
    /// Whether written outputs are compared.
    outputs: bool,
    /// The bindings to each snippet's values.
    bindings: BTreeMap<SnippetId, Vec<(ChapterId, &'a Binding)>>,
    /// What is found wrong with what the book says of each snippet as it is.
    originals: BTreeMap<SnippetId, Vec<Complaint>>,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(judged: Judged<'a>, outputs: bool) -> Self {
        let facts = judged.about.facts;
        let mut bindings: BTreeMap<SnippetId, Vec<_>> = BTreeMap::new();
        if let (Some(values), Some(all)) = (facts.get::<Values>(), facts.get::<Bindings>()) {
            for (chapter, binding) in all.iter() {
                let named = binding.address().and_then(|it| values.snippet(&it.snippet));
                if let Some(id) = named {
                    bindings.entry(id).or_default().push((chapter, binding));
                }
            }
        }
        Self { judged, outputs, bindings, originals: BTreeMap::new() }
    }

    /// Takes the report of a snippet as it is; returns whether all that the book says of it holds.
    pub(super) fn admit(&mut self, id: SnippetId, report: &Report) -> bool {
        let complaints = self.complaints(id, report);
        let is_error = |complaint: &Complaint| complaint.is_some_and(|(_, it)| it == Level::Error);
        let holds = report.verdict.passed() && !complaints.iter().any(is_error);
        self.originals.insert(id, complaints);
        holds
    }

    /// Whether the report of a snippet whose code was changed is noticed.
    pub(super) fn notices(&self, id: SnippetId, report: &Report) -> bool {
        !report.verdict.passed() || self.originals.get(&id) != Some(&self.complaints(id, report))
    }

    fn complaints(&self, id: SnippetId, report: &Report) -> Vec<Complaint> {
        let snippet = self.listing().get(id);
        let bound = self.bindings.get(&id).map_or(&[][..], Vec::as_slice);
        let values = Values::of_one(id, snippet, &report.stdout);
        let judge = |(chapter, binding): &(ChapterId, &Binding)| {
            self.judged.binding(&values, *chapter, binding)
        };
        let bound = bound.iter().map(judge);
        std::iter::once(self.output(snippet, &report.stdout)).chain(bound).collect()
    }

    /// A written output is compared as it is in a check.
    fn output(&self, snippet: &Snippet, printed: &str) -> Complaint {
        let written = snippet.output.as_ref().filter(|_| self.outputs && is_run(snippet))?;
        let varying = &snippet.info.varying;
        if *varying == Varying::Everything {
            return None;
        }
        let stale = output::compare(written, printed, varying, "");
        stale.map(|_| (STALE_OUTPUT.id, STALE_OUTPUT.level))
    }

    fn listing(&self) -> &'a Listing {
        self.judged.listing
    }
}
