//! Reads Hayagriva's YAML: a broken entry is a fault, and all others are read.

use super::work::{Remarks, Work, listed};
use super::{Contents, Fault, half};
use crate::{doi, rules};
use handbook_text::{Disk, Span, did_you_mean};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The fields of an entry by their names.
type Fields = Map<String, Value>;

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
    let fields: HashMap<String, Fields> = serde_saphyr::from_str(text).unwrap_or_default();
    let none = Fields::new();
    for mut entry in library {
        let fields = fields.get(entry.key()).unwrap_or(&none);
        let doi = entry.doi().map(|doi| (doi.to_owned(), at));
        let remarks = Remarks { doi, ..remarks(fields, entry.key(), at, &mut contents.faults) };
        if let Some(doi) = entry.doi().and_then(doi::bare).map(str::to_owned) {
            entry.set_doi(doi);
        }
        contents.works.push(Work::new(entry, remarks, at));
    }
}

/// What the entry `key` says in fields that only the suite reads.
fn remarks(fields: &Fields, key: &str, at: Span<Disk>, faults: &mut Vec<Fault>) -> Remarks {
    let place = at.start()..at.end();
    let mut wrong = |name: &str, what: &str| {
        let message = format!("`{name}` of `{key}` is not {what}");
        let fault = Fault::new(&rules::UNREADABLE_ENTRY, place.clone(), message);
        faults.push(fault.help("the entry is used without this field"));
    };
    let mut text = |name: &str| {
        let value = fields.get(name).filter(|value| !value.is_null())?;
        let text = scalar(value);
        if text.is_none() {
            wrong(name, "text");
        }
        text
    };
    let (covers, subtype) = (text("annotation"), text("entry-subtype"));
    let mut words = |name: &str| match fields.get(name) {
        Some(Value::Array(words)) if words.iter().all(|word| scalar(word).is_some()) => {
            words.iter().filter_map(scalar).collect()
        }
        None | Some(Value::Null) => Vec::new(),
        Some(value) => scalar(value).map(|text| listed(&text)).unwrap_or_else(|| {
            wrong(name, "a list of words, or text with commas");
            Vec::new()
        }),
    };
    let (eponyms, keywords) = (words("eponyms"), words("keywords"));
    let half = half(subtype.as_deref(), key, at.start()..at.end(), faults);
    let version = fields.get("version").is_some_and(|version| !version.is_null());
    Remarks { covers, half, eponyms, keywords, doi: None, version }
}

/// A value that is one text, a number say.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
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
