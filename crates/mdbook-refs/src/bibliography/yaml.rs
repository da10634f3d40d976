//! Reads Hayagriva's YAML: a broken entry is a fault, and all others are read.

use super::work::{Remarks, Work, listed};
use super::{Contents, Fault};
use crate::{doi, rules};
use handbook_text::{Disk, Span, did_you_mean};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What an entry says in fields that only the suite reads.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Own {
    annotation: Option<String>,
    entry_subtype: Option<String>,
    eponyms: Words,
    keywords: Words,
    version: Option<serde::de::IgnoredAny>,
}

/// Words as a list, or as text with commas.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    List(Vec<String>),
    Text(String),
}

impl Default for Words {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Words {
    fn listed(self) -> Vec<String> {
        match self {
            Self::List(words) => words,
            Self::Text(text) => listed(&text),
        }
    }
}

/// Reads a file, entry by entry: one starts at each line that is not indented.
pub(super) fn read(text: &str) -> Contents {
    let mut contents = Contents::default();
    // What marks a file as Unicode is no part of its first key.
    let body = text.trim_start_matches('\u{feff}');
    let offset = text.len() - body.len();
    let mut starts: Vec<usize> = starts(body).collect();
    starts.push(body.len());
    for pair in starts.windows(2) {
        entry(&body[pair[0]..pair[1]], offset + pair[0], &mut contents);
    }
    contents
}

fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    });
    let is_key = |line: &str| {
        let mark = ["---", "...", "#", "%"].iter().any(|mark| line.starts_with(mark));
        !mark && line.starts_with(|ch: char| !ch.is_whitespace() && !matches!(ch, '}' | ']'))
    };
    lines.filter(move |(_, line)| is_key(line)).map(|(at, _)| at)
}

/// Reads the entry that starts at `offset`.
fn entry(text: &str, offset: usize, contents: &mut Contents) {
    let head = text.lines().next().unwrap_or_default();
    let key = head.split(':').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let at = Span::<Disk>::new(offset, offset + head.trim_end().len());
    let library = match hayagriva::io::from_yaml_str(text) {
        Ok(library) => library,
        Err(error) => {
            let place = error.location().map_or(0, |location| location.index().min(text.len()));
            let error = error.to_string();
            let (why, help) = explained(&error);
            let message = format!("cannot read the entry `{key}`: {why}");
            let span = offset + place..offset + place;
            contents.faults.push(Fault::new(&rules::UNREADABLE_ENTRY, span, message).help(&help));
            return contents.broken.push(key.to_owned());
        }
    };
    let own: BTreeMap<String, Own> = serde_saphyr::from_str(text).unwrap_or_default();
    let mut own: Vec<Own> = own.into_values().collect();
    for mut entry in library {
        let own = own.pop().unwrap_or_default();
        let remarks = Remarks {
            covers: own.annotation,
            half: own.entry_subtype,
            eponyms: own.eponyms.listed(),
            keywords: own.keywords.listed(),
            doi: entry.doi().map(|doi| (doi.to_owned(), at)),
            version: own.version.is_some(),
        };
        if let Some(doi) = entry.doi().and_then(doi::bare).map(str::to_owned) {
            entry.set_doi(doi);
        }
        contents.works.push(Work::new(entry, remarks, at));
    }
}

/// What is wrong in an entry, without the line, which is counted from its head, and without all
/// that would be right; and what to do.
fn explained(error: &str) -> (&str, String) {
    let help = "write it as Hayagriva's documentation says";
    let why = error.split(" at line ").next().unwrap_or(error);
    let Some((why, expected)) = why.split_once(", expected one of ") else {
        return (why, help.to_owned());
    };
    let word = why.split('`').nth(1).unwrap_or_default();
    let near = did_you_mean(word, expected.split('`').skip(1).step_by(2));
    (why, near.map_or_else(|| help.to_owned(), |near| format!("did you mean `{near}`?")))
}
