//! Reads BibTeX: a broken entry is a fault, and all others are read.
//!
//! 1. The whole is read at once. If that fails, [`mended`] blanks out the entries that cannot be
//!    read, so that all offsets stay.
//! 2. [`Strings`] keeps the abbreviations that mean something.
//! 3. Each entry is resolved together with those that it refers to, [`Entries::family`], and its
//!    [`addresses`] are read as they stand.

use super::addresses;
use super::mend::mended;
use super::work::{Remarks, Work, listed};
use super::{Contents, Fault, half};
use crate::rules;
use biblatex::{
    Bibliography, Chunk, ChunksExt, Pair, RawBibliography, RawChunk, RawEntry, Spanned,
};
use handbook_text::{Disk, Span};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// How many others an entry may take fields from. Nobody needs more; it keeps hostile references
/// from taking forever.
const LARGEST_FAMILY: usize = 8;

/// How many bytes an abbreviation may stand for.
const LONGEST_STRING: usize = 4096;

/// The fields that name entries from which others are taken.
const REFERRING: [&str; 2] = ["crossref", "xdata"];

/// Reads a file.
pub(super) fn read(text: &str) -> Contents {
    let mut contents = Contents::default();
    let mended_text;
    let raw = match RawBibliography::parse(text) {
        Ok(raw) => raw,
        Err(_) => {
            mended_text = mended(text, &mut contents);
            let nothing = RawBibliography {
                preamble: String::new(),
                entries: Vec::new(),
                abbreviations: Vec::new(),
            };
            RawBibliography::parse(&mended_text).unwrap_or(nothing)
        }
    };
    let strings = Strings::new(&raw.abbreviations, &mut contents);
    let entries = Entries::new(&raw.entries, &mut contents);
    for entry in &entries.all {
        match entries.resolved(entry, &strings, &mut contents.faults) {
            Some(work) => contents.works.push(work),
            None => contents.broken.push(entry.key.v.to_owned()),
        }
    }
    contents
}

/// The abbreviations, `@string{name = "…"}`, that stand for something: each only for text and for
/// those before it, so that none stands for itself.
struct Strings<'a, 's> {
    known: HashMap<&'s str, &'a Pair<'s>>,
}

impl<'a, 's> Strings<'a, 's> {
    fn new(pairs: &'a [Pair<'s>], contents: &mut Contents) -> Self {
        let mut known = HashMap::new();
        let mut lengths: HashMap<&str, usize> = HashMap::new();
        for pair in pairs {
            let length = pair.value.v.iter().map(|chunk| match chunk.v {
                RawChunk::Normal(text) => Some(text.len()),
                RawChunk::Abbreviation(name) => lengths.get(name).copied(),
            });
            let length = length.sum::<Option<usize>>().filter(|length| *length <= LONGEST_STRING);
            match length {
                Some(length) if !known.contains_key(pair.key.v) => {
                    known.insert(pair.key.v, pair);
                    lengths.insert(pair.key.v, length);
                }
                _ => {
                    let name = pair.key.v;
                    let message = format!("the abbreviation `{name}` cannot be used");
                    let fault =
                        Fault::new(&rules::UNREADABLE_ENTRY, pair.key.span.clone(), message);
                    contents.faults.push(fault.help(
                        "define each abbreviation once, by text and by those that stand before it",
                    ));
                }
            }
        }
        Self { known }
    }

    /// What `entries` need.
    fn used_by(&self, entries: &[Spanned<RawEntry<'s>>]) -> Vec<Pair<'s>> {
        let fields = entries.iter().flat_map(|entry| &entry.v.fields);
        let mut wanted: Vec<&str> = fields.flat_map(names).collect();
        let mut seen = HashSet::new();
        let mut used = Vec::new();
        while let Some(name) = wanted.pop() {
            let Some(pair) = self.known.get(name).filter(|_| seen.insert(name)) else { continue };
            wanted.extend(names(pair));
            used.push((*pair).clone());
        }
        used
    }
}

/// The abbreviations in a field.
fn names<'s>(pair: &Pair<'s>) -> impl Iterator<Item = &'s str> {
    pair.value.v.iter().filter_map(|chunk| match chunk.v {
        RawChunk::Abbreviation(name) => Some(name),
        RawChunk::Normal(_) => None,
    })
}

/// The entries of a file.
struct Entries<'a, 's> {
    all: Vec<&'a RawEntry<'s>>,
    by_key: HashMap<&'s str, usize>,
    /// Those that refer to themselves through others.
    circular: HashSet<&'s str>,
}

impl<'a, 's> Entries<'a, 's> {
    fn new(entries: &'a [Spanned<RawEntry<'s>>], contents: &mut Contents) -> Self {
        let all = entries.iter().map(|entry| &entry.v).filter(|entry| !entry.key.v.is_empty());
        let all: Vec<_> = all.collect();
        let mut by_key = HashMap::new();
        for (index, entry) in all.iter().enumerate() {
            by_key.entry(entry.key.v).or_insert(index);
        }
        let mut entries = Self { all, by_key, circular: HashSet::new() };
        let circular = entries.all.iter().filter(|entry| {
            let family = entries.family(entry);
            let referred = family.iter().flat_map(|member| parents(member));
            referred.into_iter().any(|key| key == entry.key.v)
        });
        let circular: Vec<&RawEntry<'_>> = circular.copied().collect();
        for entry in circular {
            let key = entry.key.v;
            let message = format!("`{key}` refers to itself through `crossref` or `xdata`");
            let fault = Fault::new(&rules::CIRCULAR_REFERENCE, entry.key.span.clone(), message);
            contents.faults.push(fault.help("let it take its fields from an entry above it"));
            entries.circular.insert(key);
        }
        entries
    }

    /// An entry and those that it takes fields from, directly or not.
    fn family(&self, entry: &'a RawEntry<'s>) -> Vec<&'a RawEntry<'s>> {
        let mut family = vec![entry];
        let mut next = 0;
        while let Some(member) = family.get(next).copied() {
            next += 1;
            if self.circular.contains(member.key.v) {
                continue;
            }
            for key in parents(member) {
                let parent = self.by_key.get(key).map(|index| self.all[*index]);
                let new =
                    parent.filter(|parent| family.iter().all(|one| one.key.v != parent.key.v));
                family.extend(new.filter(|_| family.len() < LARGEST_FAMILY));
            }
        }
        family
    }

    /// The work that an entry describes, without the fields that make no sense.
    fn resolved(
        &self,
        entry: &'a RawEntry<'s>,
        strings: &Strings<'_, 's>,
        faults: &mut Vec<Fault>,
    ) -> Option<Work> {
        let members = self.family(entry).into_iter().map(|member| {
            let mut member = member.clone();
            if self.circular.contains(member.key.v) {
                member.fields.retain(|field| !is_referring(field));
            }
            Spanned::detached(member)
        });
        let mut family: Vec<_> = members.collect();
        let bibliography = loop {
            let raw = RawBibliography {
                preamble: String::new(),
                abbreviations: strings.used_by(&family),
                entries: family.clone(),
            };
            match Bibliography::from_raw(raw) {
                Ok(found) => break found,
                Err(error) => {
                    faults.push(unreadable(entry, &error.span, &error.kind.to_string()));
                    remove(&mut family, &error.span)?;
                }
            }
        };
        let mut resolved = bibliography.get(entry.key.v)?.clone();
        let remarks = remarks(&resolved, entry, faults);
        addresses::read(&mut resolved, &family);
        loop {
            let error = match hayagriva::Entry::try_from(&resolved) {
                Ok(printed) => {
                    return Some(Work::new(printed, remarks, Span::from(entry.key.span.clone())));
                }
                Err(error) => error,
            };
            faults.push(unreadable(entry, &error.span, &error.kind.to_string()));
            let holds = |chunks: &[Spanned<Chunk>]| {
                chunks.iter().any(|chunk| {
                    chunk.span.start <= error.span.start && error.span.start <= chunk.span.end
                })
            };
            let name = resolved.fields.iter().find(|(_, chunks)| holds(chunks));
            let name = name.map(|(name, _)| name.clone())?;
            resolved.fields.remove(&name);
        }
    }
}

/// The keys of the entries that an entry takes fields from.
fn parents<'s>(entry: &RawEntry<'s>) -> impl Iterator<Item = &'s str> {
    let values = entry.fields.iter().filter(|field| is_referring(field));
    let texts = values.flat_map(|field| field.value.v.iter()).filter_map(|chunk| match chunk.v {
        RawChunk::Normal(text) => Some(text),
        RawChunk::Abbreviation(_) => None,
    });
    texts.flat_map(|text| text.split(',').map(str::trim)).collect::<Vec<_>>().into_iter()
}

fn is_referring(field: &Pair<'_>) -> bool {
    REFERRING.iter().any(|name| field.key.v.eq_ignore_ascii_case(name))
}

/// Removes the field that holds `span`; `None` if there is none.
fn remove(family: &mut [Spanned<RawEntry<'_>>], span: &Range<usize>) -> Option<()> {
    for member in family {
        let holds = |field: &Pair<'_>| {
            field.value.span.start <= span.start && span.start <= field.value.span.end
        };
        if let Some(index) = member.v.fields.iter().position(holds) {
            member.v.fields.remove(index);
            return Some(());
        }
    }
    None
}

fn unreadable(entry: &RawEntry<'_>, span: &Range<usize>, why: &str) -> Fault {
    let message = format!("a field of `{}` cannot be read: {why}", entry.key.v);
    Fault::new(&rules::UNREADABLE_ENTRY, span.clone(), message)
        .help("the entry is used without this field")
}

/// What the entry says in fields that only the suite reads.
fn remarks(resolved: &biblatex::Entry, entry: &RawEntry<'_>, faults: &mut Vec<Fault>) -> Remarks {
    let text = |name: &str| resolved.get(name).map(ChunksExt::format_verbatim);
    let place = |name: &str| {
        let chunks = resolved.get(name)?;
        let (first, last) = (chunks.first()?, chunks.last()?);
        Some(Span::<Disk>::new(first.span.start, last.span.end.max(first.span.start)))
    };
    Remarks {
        covers: text("annotation").or_else(|| text("annote")),
        half: half(text("entrysubtype").as_deref(), entry.key.v, entry.key.span.clone(), faults),
        eponyms: text("eponyms").map(|names| listed(&names)).unwrap_or_default(),
        keywords: text("keywords").map(|words| listed(&words)).unwrap_or_default(),
        doi: text("doi").zip(place("doi")),
        version: text("version").is_some() || text("urldate").is_some(),
    }
}
