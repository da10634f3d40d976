//! Numbers that snippets print, and the places in the text that hold on to them.
//!
//! 1. [`printed`] reads values (`moved = 9.07 %`) and series from what a named snippet printed.
//! 2. [`binding`] finds the places that name one: `9.1 %<!-- =ring.moved -->` and
//!    `{{#value ring.moved}}`.
//! 3. [`written`] reads the number before a comment as authors write numbers.
//! 4. [`claim`] says what that claims, whether it is true, and how to write it anew; [`unit`] and
//!    [`number`] are what it reckons with.
//!
//! A value is addressed as `SNIPPET.KEY` from any chapter. Keys have no dot in them, so the last dot
//! is the border, whatever the snippet's name.

pub(crate) mod binding;
pub(crate) mod claim;
mod number;
mod printed;
mod unit;
mod written;

pub(crate) use binding::{Address, Binding, BindingKind, Bindings};
pub(crate) use printed::{Known, Printed, Series};

use crate::execute::Verdicts;
use crate::output::Varying;
use crate::snippet::{Listing, Snippet, SnippetId};
use handbook_text::did_you_mean;
use std::collections::BTreeMap;

/// The name of the directive.
pub(crate) const VALUE: &str = "value";

/// What every named snippet printed, as far as that is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    by_name: BTreeMap<String, Source>,
}

/// A snippet with a name.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) id: SnippetId,
    output: Output,
}

#[derive(Clone, Debug)]
enum Output {
    /// It was not run, or it failed.
    Unknown,
    /// It is never run, because it says this.
    Never(&'static str),
    Printed(BTreeMap<String, Known>),
}

/// What an address leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lookup<'a> {
    /// Nobody knows in this run.
    Unknown,
    NoSnippet,
    /// The snippet says that it is never run.
    Never(&'static str),
    /// The snippet prints nothing of that name.
    NoKey,
    Known(SnippetId, &'a Known),
}

impl Values {
    pub(crate) fn of(listing: &Listing, verdicts: Option<&Verdicts>) -> Self {
        let mut by_name = BTreeMap::new();
        for (id, snippet) in listing.iter() {
            for name in snippet.names() {
                // Of two with one name the first counts; the other has a finding.
                by_name.entry(name.text.clone()).or_insert_with(|| Source {
                    id,
                    output: output(snippet, printed_by(id, verdicts)),
                });
            }
        }
        Self { by_name }
    }

    /// The values of one snippet that printed this.
    pub(crate) fn of_one(id: SnippetId, snippet: &Snippet, printed: &str) -> Self {
        let source = Source { id, output: output(snippet, Some(printed)) };
        let names = snippet.names().map(|name| name.text.clone());
        Self { by_name: names.map(|name| (name, source.clone())).collect() }
    }

    /// The snippet of a name.
    pub(crate) fn snippet(&self, name: &str) -> Option<SnippetId> {
        self.by_name.get(name).map(|source| source.id)
    }

    pub(crate) fn get(&self, snippet: &str, key: &str) -> Lookup<'_> {
        let Some(source) = self.by_name.get(snippet) else { return Lookup::NoSnippet };
        match &source.output {
            Output::Unknown => Lookup::Unknown,
            Output::Never(word) => Lookup::Never(word),
            Output::Printed(known) => match known.get(key) {
                Some(known) => Lookup::Known(source.id, known),
                None => Lookup::NoKey,
            },
        }
    }

    /// The address that somebody may have meant who wrote this one.
    pub(crate) fn near(&self, snippet: &str, key: &str) -> Option<String> {
        let names = || self.by_name.keys().map(String::as_str);
        if let Some(source) = self.by_name.get(snippet) {
            let Output::Printed(known) = &source.output else { return None };
            let keys = known.keys().map(String::as_str);
            return did_you_mean(key, keys).map(|key| format!("{snippet}.{key}"));
        }
        did_you_mean(snippet, names()).map(|name| format!("{name}.{key}"))
    }

    /// The keys of what a snippet printed.
    pub(crate) fn keys(&self, snippet: &str) -> Vec<&str> {
        match self.by_name.get(snippet).map(|source| &source.output) {
            Some(Output::Printed(known)) => known.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// What a snippet printed that passed.
fn printed_by(id: SnippetId, verdicts: Option<&Verdicts>) -> Option<&str> {
    let Some(Verdicts::Reported { reports, .. }) = verdicts else { return None };
    let report = reports.get(&id).filter(|report| report.verdict.passed())?;
    Some(&report.stdout)
}

fn output(snippet: &Snippet, printed: Option<&str>) -> Output {
    let info = &snippet.info;
    let never = [
        ("ignore", info.ignored),
        ("no_run", info.no_run),
        ("compile_fail", info.compile_fail),
        ("mod", info.module.is_some()),
        // A page holds nothing that is another each time.
        ("nondeterministic", info.varying != Varying::Nothing),
    ];
    if let Some((word, _)) = never.into_iter().find(|(_, says_so)| *says_so) {
        return Output::Never(word);
    }
    match printed {
        Some(printed) => Output::Printed(printed::read(printed)),
        None => Output::Unknown,
    }
}
