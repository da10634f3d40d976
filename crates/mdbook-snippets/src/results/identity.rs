//! By what a snippet's result is found again.
//!
//! An id holds no line: text that is added above a snippet changes nothing. It is chapter and name,
//! `ring.md#ring`, or, without a name, chapter and program, `ring.md@3f2a99d0c1b2`. What is there
//! more than once in a chapter gets a number.

use crate::Snippets;
use crate::execute::program;
use crate::listed::with_slashes;
use crate::program::Programs;
use crate::snippet::{Listing, SnippetId};
use handbook_book::Book;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many digits of a hash tell programs of one chapter apart.
const SHORT: usize = 12;

/// How many digits of a hash tell all that may be asked apart.
const LONG: usize = 32;

/// By what the result of a snippet is found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The snippet's id.
    pub(crate) id: String,
    /// The hash of what is asked.
    pub(crate) asked: String,
}

/// The identities of all snippets that have a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identities(BTreeMap<SnippetId, Identity>);

impl Identities {
    /// Those of a whole book: the number of one that is there twice depends on all.
    pub(crate) fn of(pass: &Snippets, book: &Book, listing: &Listing, programs: &Programs) -> Self {
        let declared = declared(pass);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let runnable = listing.iter().filter(|(_, snippet)| !snippet.info.ignored);
        let identities = runnable.filter_map(|(id, snippet)| {
            let code = programs.text(id, snippet)?;
            let asked = asked(&program(pass, snippet, String::new(), code), &declared);
            let chapter = with_slashes(&book[id.chapter].path);
            let name = match snippet.name() {
                Some(name) => format!("{chapter}#{name}"),
                None => format!("{chapter}@{}", &hash(&code)[..SHORT]),
            };
            let number = seen.entry(name.clone()).or_default();
            *number += 1;
            let name = if *number > 1 { format!("{name}~{number}") } else { name };
            Some((id, Identity { id: name, asked }))
        });
        Self(identities.collect())
    }

    pub(crate) fn get(&self, id: SnippetId) -> Option<&Identity> {
        self.0.get(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (SnippetId, &Identity)> {
        self.0.iter().map(|(id, identity)| (*id, identity))
    }
}

/// The hash of values, which JSON has to be able to hold, in hexadecimal digits.
pub(super) fn hash(values: &impl Serialize) -> String {
    let text = serde_json::to_vec(values).expect("strings, numbers and lists can be written");
    blake3::hash(&text).to_hex()[..LONG].to_owned()
}

/// The hash of all that a result depends on and the book decides.
///
/// Not the compiler, which another machine may lack, nor how long the program may run.
fn asked(snippet: &snippet_runner::Snippet, declared: &str) -> String {
    let snippet_runner::Snippet {
        name: _,
        code,
        edition,
        expect,
        timeout: _,
        release,
        standalone,
        test_harness,
    } = snippet;
    hash(&(code, edition, expect, release, standalone, test_harness, declared))
}

/// The hash of what the configuration gives to all snippets: crates by the words that name them,
/// files by what they hold.
fn declared(pass: &Snippets) -> String {
    let settings = &pass.settings;
    let allowed = settings.allow.iter().map(|name| {
        let contents = snippet_runner::contents_of(&pass.root, name).unwrap_or_default();
        (with_slashes(name), contents)
    });
    let allowed: Vec<(String, String)> = allowed.collect();
    let libraries: Vec<String> =
        settings.library_paths.iter().map(|path| with_slashes(path)).collect();
    hash(&(allowed, libraries, with_slashes(&settings.manifest), &settings.dependencies))
}
