//! Snippets that build on snippets: which of them is which module, and what each one needs.
//!
//! 1. [`Modules::of`] gives each `mod=NAME` its snippet, the first one in the book.
//! 2. Each `use=NAME` finds its module, or a [`UseProblem`].
//! 3. From there on, all that the module itself uses is found, or the circle that it is part of.

use crate::info::Word;
use crate::snippet::{Listing, Snippet, SnippetId};
use snippet_runner::Edition;
use std::collections::{BTreeMap, BTreeSet};

/// The modules of a book and who needs them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    by_name: BTreeMap<String, SnippetId>,
    needs: BTreeMap<SnippetId, Needs>,
}

/// What a snippet asks for with `use=`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// All modules that it needs, each once, what others build on first.
    pub(crate) modules: Vec<SnippetId>,
    /// The words that do not lead to a program.
    pub(crate) problems: Vec<UseProblem>,
}

/// A module that cannot be used.
#[derive(Clone, Debug)]
pub(crate) struct UseProblem {
    /// Its name in the info string of the snippet that asks for it.
    pub(crate) word: Word,
    pub(crate) kind: UseProblemKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UseProblemKind {
    /// No snippet is the module.
    Unknown,
    /// Nobody knows whether the module compiles, because of an attribute behind its fence.
    Unchecked { module: SnippetId, says: &'static str },
    /// The module is written for another edition than the snippet.
    OtherEdition { module: SnippetId, theirs: Edition, ours: Edition },
    /// The snippet, the module that it uses, what that uses, and so on back to the snippet. Of a
    /// file that several chapters include, its first snippets are meant.
    Circle(Vec<SnippetId>),
    /// The module itself lacks something.
    Unusable { module: SnippetId },
}

/// The module that a `use=` names, or what is wrong.
type FoundUse = Result<SnippetId, UseProblemKind>;

/// What each `use=` of a snippet names, in their order.
type Uses = BTreeMap<SnippetId, Vec<FoundUse>>;

impl Modules {
    /// The modules of a book in which snippets have `edition` unless they say another.
    pub(crate) fn of(listing: &Listing, edition: Edition) -> Self {
        let mut by_name = BTreeMap::new();
        for (id, snippet) in listing.iter() {
            if let Some(module) = &snippet.info.module {
                by_name.entry(module.text.clone()).or_insert(id);
            }
        }
        let edition = |snippet: &Snippet| snippet.info.edition.unwrap_or(edition);
        let find = |user: &Snippet, word: &Word| {
            let module = *by_name.get(&word.text).ok_or(UseProblemKind::Unknown)?;
            let (theirs, ours) = (edition(listing.get(module)), edition(user));
            match unchecked(listing.get(module)) {
                Some(says) => Err(UseProblemKind::Unchecked { module, says }),
                None if theirs != ours => {
                    Err(UseProblemKind::OtherEdition { module, theirs, ours })
                }
                None => Ok(module),
            }
        };
        let users = listing.iter().filter(|(_, snippet)| !snippet.info.uses.is_empty());
        let found = |user: &Snippet| user.info.uses.iter().map(|word| find(user, word)).collect();
        let uses: Uses = users.map(|(id, user)| (id, found(user))).collect();
        let needs = uses.iter().map(|(id, found)| {
            let snippet = listing.get(*id);
            // What two chapters include is one module.
            let module = snippet.info.module.as_ref().and_then(|word| by_name.get(&word.text));
            (*id, needs(*module.unwrap_or(id), snippet, found, &uses))
        });
        Self { needs: needs.collect(), by_name }
    }

    /// The snippet that is a module.
    pub(crate) fn get(&self, name: &str) -> Option<SnippetId> {
        self.by_name.get(name).copied()
    }

    /// The names of all modules.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The modules that some snippets need and that are not among these.
    pub(crate) fn needed_beside(
        &self,
        snippets: impl Iterator<Item = SnippetId>,
    ) -> BTreeSet<SnippetId> {
        let snippets: BTreeSet<SnippetId> = snippets.collect();
        let needs = snippets.iter().filter_map(|id| self.needs(*id));
        let needed: BTreeSet<SnippetId> =
            needs.flat_map(|needs| needs.modules.iter().copied()).collect();
        &needed - &snippets
    }

    /// What a snippet needs; `None` if it asks for nothing.
    pub(crate) fn needs(&self, id: SnippetId) -> Option<&Needs> {
        self.needs.get(&id)
    }
}

/// The attribute because of which nobody knows whether the snippet compiles.
fn unchecked(snippet: &Snippet) -> Option<&'static str> {
    let info = &snippet.info;
    let says = [("ignore", info.ignored), ("compile_fail", info.compile_fail)];
    says.into_iter().find_map(|(word, is_said)| is_said.then_some(word))
}

/// What `snippet`, which may be the module `id`, needs with words of which it is `found` where each
/// one leads.
fn needs(id: SnippetId, snippet: &Snippet, found: &[FoundUse], uses: &Uses) -> Needs {
    let mut needs = Needs::default();
    let mut done = BTreeSet::new();
    for (word, found) in snippet.info.uses.iter().zip(found) {
        let added = match found {
            Ok(module) => add(*module, id, uses, &mut done, &mut needs.modules),
            Err(kind) => Err(kind.clone()),
        };
        if let Err(kind) = added {
            needs.problems.push(UseProblem { word: word.clone(), kind });
        }
    }
    needs
}

/// Adds a module that `user` uses, behind all that it needs itself and that is not `done`. It does
/// so without recursion: books may be long.
fn add(
    module: SnippetId,
    user: SnippetId,
    uses: &Uses,
    done: &mut BTreeSet<SnippetId>,
    order: &mut Vec<SnippetId>,
) -> Result<(), UseProblemKind> {
    if module == user {
        return Err(UseProblemKind::Circle(vec![user]));
    }
    if done.contains(&module) {
        return Ok(());
    }
    // From the module down to where we are: a snippet, and how many of its words were followed.
    let mut path = vec![(module, 0)];
    let mut on_path = BTreeSet::from([module]);
    while let Some((at, followed)) = path.last_mut() {
        let at = *at;
        let Some(found) = uses.get(&at).and_then(|words| words.get(*followed)) else {
            path.pop();
            on_path.remove(&at);
            done.insert(at);
            order.push(at);
            continue;
        };
        *followed += 1;
        match found {
            Ok(next) if *next == user => {
                let circle = [user].into_iter().chain(path.iter().map(|(id, _)| *id));
                return Err(UseProblemKind::Circle(circle.collect()));
            }
            Ok(next) if done.contains(next) => {}
            Ok(next) if on_path.insert(*next) => path.push((*next, 0)),
            _ => return Err(UseProblemKind::Unusable { module }),
        }
    }
    Ok(())
}
