//! Numbers that snippets print, and the places in the text that hold on to them.
//!
//! 1. [`printed`] reads values (`moved = 9.07 %`) and series from what a named snippet printed, and
//!    [`cell`] the cells of its tables.
//! 2. [`binding`] finds the places that name one: `9.1 %<!-- =ring.moved -->` and
//!    `{{#value ring.moved}}`.
//! 3. [`written`] reads the number before a comment as authors write numbers.
//! 4. [`claim`] says what that claims, whether it is true, and how to write it anew; [`unit`] and
//!    [`number`] are what it reckons with.
//!
//! A value is addressed as `SNIPPET.KEY` from any chapter, a cell as `SNIPPET.COLUMN[ROW]`. Neither
//! names of snippets nor keys have brackets in them, and keys have no dot, so the last dot before the
//! first bracket is the border, whatever the snippet's name and however the row begins.

pub(crate) mod binding;
mod cell;
pub(crate) mod claim;
mod number;
pub(crate) mod printed;
mod unit;
mod written;

pub(crate) use binding::{Address, Binding, BindingKind, Bindings};
pub(crate) use cell::NoCell;
pub(crate) use printed::{Known, Printed, Series};

use crate::execute::Verdicts;
use crate::output::Varying;
use crate::snippet::{Listing, Snippet, SnippetId};
use cell::Cells;
use handbook_text::did_you_mean;
use std::borrow::Cow;
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
    Printed {
        known: BTreeMap<String, Known>,
        cells: Cells,
    },
}

/// What an address leads to.
#[derive(Clone, Debug)]
pub(crate) enum Lookup<'a> {
    /// Nobody knows in this run.
    Unknown,
    NoSnippet,
    /// The snippet says that it is never run.
    Never(&'static str),
    /// The snippet prints nothing of that name.
    NoKey,
    /// No cell of a table that the snippet prints, or none that is a number.
    NoCell(NoCell),
    Known(SnippetId, Cow<'a, Known>),
}

impl Lookup<'_> {
    pub(crate) fn known(&self) -> Option<&Known> {
        match self {
            Lookup::Known(_, known) => Some(known),
            _ => None,
        }
    }
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

    pub(crate) fn get(&self, address: &Address) -> Lookup<'_> {
        let Some(source) = self.by_name.get(&address.snippet) else { return Lookup::NoSnippet };
        match (&source.output, &address.row) {
            (Output::Unknown, _) => Lookup::Unknown,
            (Output::Never(word), _) => Lookup::Never(word),
            (Output::Printed { known, .. }, None) => match known.get(&address.key) {
                Some(known) => Lookup::Known(source.id, Cow::Borrowed(known)),
                None => Lookup::NoKey,
            },
            (Output::Printed { cells, .. }, Some(row)) => match cells.get(&address.key, row) {
                Ok(printed) => Lookup::Known(source.id, Cow::Owned(Known::Value(printed))),
                Err(no_cell) => Lookup::NoCell(no_cell),
            },
        }
    }

    /// The address that somebody may have meant who wrote this one.
    pub(crate) fn near(&self, address: &Address) -> Option<Address> {
        let Address { snippet, key, row } = address;
        let Some(source) = self.by_name.get(snippet) else {
            let near = did_you_mean(snippet, self.by_name.keys().map(String::as_str))?;
            return Some(Address { snippet: near.to_owned(), ..address.clone() });
        };
        let Output::Printed { known, cells } = &source.output else { return None };
        let near = match row {
            None => did_you_mean(key, known.keys().map(String::as_str)),
            Some(_) => did_you_mean(key, cells.columns()),
        };
        Some(Address { key: near?.to_owned(), ..address.clone() })
    }

    /// What a snippet printed, by name.
    pub(crate) fn known(&self, snippet: &str) -> impl Iterator<Item = (&str, &Known)> {
        let known = match self.by_name.get(snippet).map(|source| &source.output) {
            Some(Output::Printed { known, .. }) => Some(known),
            _ => None,
        };
        known.into_iter().flatten().map(|(name, known)| (name.as_str(), known))
    }

    /// The names of the columns of a snippet's tables.
    pub(crate) fn columns(&self, snippet: &str) -> impl Iterator<Item = &str> {
        self.cells(snippet).into_iter().flat_map(Cells::columns)
    }

    /// A cell of the column, as an example.
    pub(crate) fn example(&self, snippet: &str, column: &str) -> Option<Address> {
        let row = self.cells(snippet)?.first_row(column)?.to_owned();
        Some(Address { snippet: snippet.to_owned(), key: column.to_owned(), row: Some(row) })
    }

    fn cells(&self, snippet: &str) -> Option<&Cells> {
        match &self.by_name.get(snippet)?.output {
            Output::Printed { cells, .. } => Some(cells),
            _ => None,
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
        Some(printed) => {
            let tables = printed::tables(printed);
            let known = printed::read(printed, &tables);
            Output::Printed { known, cells: Cells::of(&tables) }
        }
        None => Output::Unknown,
    }
}
