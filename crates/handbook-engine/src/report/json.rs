use super::shown;
use crate::Located;
use handbook_text::{Disk, LineIndexes, Position, Priority, Safety, Span};
use serde::Serialize;
use serde_json::{Map, Value};
use std::path::Path;

#[derive(Serialize)]
struct Report {
    findings: Vec<Entry>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

#[derive(Serialize)]
struct Entry {
    rule: &'static str,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<&'static str>,
    message: String,
    file: Option<String>,
    start: Option<Place>,
    end: Option<Place>,
    label: Option<String>,
    notes: Vec<String>,
    help: Option<String>,
    included_from: Vec<Includer>,
    related: Vec<RelatedEntry>,
    fix: Option<FixEntry>,
}

#[derive(Serialize)]
struct Place {
    /// From one.
    line: usize,
    /// From one, in characters.
    column: usize,
    /// In bytes, from zero.
    offset: usize,
}

#[derive(Serialize)]
struct Includer {
    file: String,
    line: usize,
}

#[derive(Serialize)]
struct RelatedEntry {
    what: String,
    file: String,
    line: usize,
}

#[derive(Serialize)]
struct FixEntry {
    safe: bool,
    edits: Vec<EditEntry>,
}

#[derive(Serialize)]
struct EditEntry {
    start: usize,
    end: usize,
    replacement: String,
}

/// The findings as one JSON object, `{"findings": […]}`; files are named from `root`.
pub fn json<'a>(findings: impl IntoIterator<Item = &'a Located>, root: &Path) -> String {
    json_with(findings, root, Map::new())
}

/// The same object with `more` behind the findings.
pub fn json_with<'a>(
    findings: impl IntoIterator<Item = &'a Located>,
    root: &Path,
    more: Map<String, Value>,
) -> String {
    let mut lines = LineIndexes::default();
    let findings = findings.into_iter().map(|located| entry(located, root, &mut lines)).collect();
    serde_json::to_string_pretty(&Report { findings, more }).unwrap_or_default()
}

fn entry(located: &Located, root: &Path, lines: &mut LineIndexes) -> Entry {
    let finding = &located.finding;
    let lines = located.text.as_ref().map(|text| (text, lines.of(text)));
    let place = |offset: usize| {
        let (text, lines) = lines?;
        let Position { line, column } = lines.position(text, offset);
        Some(Place { line, column, offset })
    };
    let of = |span: fn(Span<Disk>) -> usize| finding.span.map(span).and_then(place);
    Entry {
        rule: finding.rule,
        level: finding.level.name(),
        priority: finding.priority.map(Priority::name),
        message: finding.message.clone(),
        file: located.file.as_ref().map(|file| shown(root, file)),
        start: of(Span::start),
        end: of(Span::end),
        label: finding.label.clone(),
        notes: finding.notes.clone(),
        help: finding.help.clone(),
        included_from: located
            .included_from
            .iter()
            .map(|(file, line)| Includer { file: shown(root, file), line: *line })
            .collect(),
        related: located
            .related
            .iter()
            .map(|(what, file, line)| RelatedEntry {
                what: what.clone(),
                file: shown(root, file),
                line: *line,
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| FixEntry {
            safe: fix.safety == Safety::Safe,
            edits: fix
                .edits
                .iter()
                .map(|edit| EditEntry {
                    start: edit.span.start(),
                    end: edit.span.end(),
                    replacement: edit.replacement.clone(),
                })
                .collect(),
        }),
    }
}
