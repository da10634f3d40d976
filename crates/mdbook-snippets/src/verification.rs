//! The block that says what was verified: `{{#verification}}`, and `{{#verification chapter}}` for
//! the chapter that it stands in.
//!
//! 1. [`held`] counts what is held to what each snippet prints.
//! 2. [`Summary`] says it of all of them, and under which conditions they were run.
//! 3. [`table`] says it of each snippet of a chapter.
//!
//! Same book, same toolchain, same bytes: there are no times, no paths of the machine, no lines of
//! the source, and nothing about the cache.

mod held;
mod links;
mod table;

use crate::conditions::{Conditions, in_a_row};
use crate::execute::Verdicts;
use crate::listed::{Listed, Status};
use crate::{Snippets, read};
use handbook_book::{ChapterId, Reader, code, slashed};
use handbook_pass::{Block, Context, Derived, Fragment, Slot, Text};
use handbook_text::did_you_mean;
use held::Held;
use links::chapter_link;
use snippet_runner::Edition;
use std::collections::BTreeSet;

/// The name of the slot.
pub(crate) const VERIFICATION: &str = "verification";

/// The word behind it that asks for one chapter.
const CHAPTER: &str = "chapter";

/// The part of the book that the block is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Book,
    Chapter,
}

impl Scope {
    fn parse(args: &str) -> Option<Self> {
        match args {
            "" => Some(Self::Book),
            CHAPTER => Some(Self::Chapter),
            _ => None,
        }
    }
}

/// What is wrong with the words behind the name, if anything is: what to do about it.
pub(crate) fn misread(args: &str) -> Option<String> {
    Scope::parse(args).is_none().then(|| match did_you_mean(args, [CHAPTER]) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("behind it stands nothing, or `{CHAPTER}`"),
    })
}

/// The block; unknown unless all snippets were asked for and run.
pub(crate) fn derive(pass: &Snippets, slot: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
    let here = text.origin.chapter();
    block(pass, Scope::parse(&slot.args), here, about).map_or(Derived::Unknown, Derived::Block)
}

fn block(
    pass: &Snippets,
    scope: Option<Scope>,
    here: ChapterId,
    about: Context<'_>,
) -> Option<Block> {
    let scope = scope?;
    let Verdicts::Reported { listed, under, .. } = about.facts.get()? else { return None };
    let (listing, _) = read(about.facts)?;
    if listed.len() != listing.iter().count() {
        return None;
    }
    let is_meant = |one: &&Listed| scope == Scope::Book || one.id.chapter == here;
    let all: Vec<&Listed> = listed.iter().filter(is_meant).collect();
    let held = held::held(pass, about)?;
    let summary = Summary { pass, about, all: &all, held: &held, under: under.as_ref() }.say();
    let for_reader = |reader| {
        let mut parts = vec![summary.clone()];
        for chapter in all.chunk_by(|one, other| one.id.chapter == other.id.chapter) {
            let Some(first) = chapter.first() else { continue };
            if scope == Scope::Book {
                parts.push(chapter_link(about.book, here, first.id.chapter, reader));
            }
            parts.extend(table::table(chapter, &held, here, about, reader));
        }
        Fragment::new(&parts.join("\n\n"))
    };
    Some(Block { page: for_reader(Reader::OfPage), source: for_reader(Reader::OfSource) })
}

/// What is said of all snippets together.
struct Summary<'a> {
    pass: &'a Snippets,
    about: Context<'a>,
    all: &'a [&'a Listed],
    held: &'a Held,
    under: Option<&'a Conditions>,
}

impl Summary<'_> {
    fn say(&self) -> String {
        let count = |status| self.all.iter().filter(move |one| one.verdict == status).count();
        let (passed, failed) = (count(Status::Passed), count(Status::Failed));
        let ignored = count(Status::Ignored);
        let all = self.all.len();
        if all == 0 {
            return "There is no Rust here that could be verified.".to_owned();
        }
        let mut said = vec![format!("**{passed} of {} passed**", number(all, "snippet"))];
        said.extend((failed > 0).then(|| format!("{failed} failed")));
        said.extend((ignored > 0).then(|| format!("{ignored} ignored, so not verified")));
        let mut sentences = vec![format!("{}.", said.join(", "))];
        sentences.extend(self.compared());
        sentences.extend(self.under.filter(|_| passed + failed > 0).map(|under| {
            let confinement = under.confinement();
            format!("{} {confinement}", self.compiled(under))
        }));
        sentences.join(" ")
    }

    /// What was compared with what the snippets print.
    fn compared(&self) -> Option<String> {
        let total = self.held.total(self.all.iter().map(|one| one.id));
        let parts = total.counts().into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, what)| number(count, what)).collect();
        let verb = if parts.len() == 1 && parts[0].starts_with("1 ") { "is" } else { "are" };
        let parts = in_a_row(&parts);
        (!parts.is_empty()).then(|| format!("{parts} {verb} held to what they print."))
    }

    /// What compiled them, and what they were given.
    fn compiled(&self, under: &Conditions) -> String {
        let editions = in_a_row(&self.editions());
        let compiler = match under.compiler.release() {
            "" => "rustc".to_owned(),
            release => format!("rustc {release}"),
        };
        let word = if editions.contains(' ') { "editions" } else { "edition" };
        let given = self.given();
        let given = if given.is_empty() {
            String::new()
        } else {
            format!("; they may use {}", in_a_row(&given))
        };
        format!("They were compiled by {compiler}, {word} {editions}{given}.")
    }

    /// The editions of those that were compiled.
    fn editions(&self) -> Vec<String> {
        let Some((listing, _)) = read(self.about.facts) else { return Vec::new() };
        let compiled = self.all.iter().filter(|one| one.verdict != Status::Ignored);
        let editions: BTreeSet<Edition> = compiled
            .map(|one| listing.get(one.id).info.edition.unwrap_or(self.pass.edition))
            .collect();
        editions.iter().map(ToString::to_string).collect()
    }

    /// The crates and files that the book gives its snippets.
    fn given(&self) -> Vec<String> {
        let settings = &self.pass.settings;
        let path = |path: &std::path::Path| code(&slashed(path));
        let mut given: Vec<String> = settings.dependencies.keys().map(|name| code(name)).collect();
        if !settings.manifest.as_os_str().is_empty() {
            given.push(format!("the crates of {}", path(&settings.manifest)));
        }
        let folders = settings.library_paths.iter();
        given.extend(folders.map(|folder| format!("the crates in {}", path(folder))));
        given.extend(settings.allow.iter().map(|allowed| format!("the book's {}", path(allowed))));
        given
    }
}

/// A number with what it counts: `1 snippet`, `2 snippets`, `3 claims of growth`.
fn number(count: usize, what: &str) -> String {
    match what.split_once(' ') {
        _ if count == 1 => format!("{count} {what}"),
        Some((first, rest)) => format!("{count} {first}s {rest}"),
        None => format!("{count} {what}s"),
    }
}
