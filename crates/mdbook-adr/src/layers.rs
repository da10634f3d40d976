//! Reads a template with those that it refines.

use crate::decoding;
use handbook_book::{Document, Host};
use handbook_pass::FileFinding;
use handbook_template::{Source, Template, untaken};
use handbook_text::Finding;
use handbook_text::include::{ReadError, ReadFiles};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The rule of a template that refines one which is not there, or itself.
const UNKNOWN_BASE: &str = "template/unknown-base";

/// The rule of a template that says something where nobody takes it.
const UNTAKEN_TEXT: &str = "template/untaken-text";

/// The files that a template is made from: the one that a book names first, then the one that it
/// refines, and so on.
struct Layers<'a> {
    host: Host,
    files: &'a dyn ReadFiles,
    read: Vec<(PathBuf, Arc<str>)>,
    findings: Vec<FileFinding>,
}

/// Reads the template in `file`. What is wrong with the files that it is made from goes to
/// `findings`.
///
/// # Errors
///
/// If `file` itself cannot be read.
pub(crate) fn read(
    file: &Path,
    host: Host,
    files: &dyn ReadFiles,
    findings: &mut Vec<FileFinding>,
) -> Result<Template, ReadError> {
    let mut layers = Layers { host, files, read: Vec::new(), findings: Vec::new() };
    let source = layers.source(file)?;
    let (template, found) = Template::parse(source.text(), host);
    for finding in found {
        let (layer, span) = match finding.span.map(|span| source.origin(span)) {
            Some((layer, span)) => (layer, Some(span)),
            None => (0, None),
        };
        layers.found(layer, Finding { span, ..finding });
    }
    // Two kinds can refine one template.
    let new = layers.findings.into_iter().filter(|one| !findings.contains(one));
    let new: Vec<FileFinding> = new.collect();
    findings.extend(new);
    Ok(template)
}

impl Layers<'_> {
    fn source(&mut self, file: &Path) -> Result<Source, ReadError> {
        let text = self.files.read(file)?;
        // A template's byte order mark is no text, as a chapter's is none.
        let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), Into::into);
        let layer = self.read.len();
        self.read.push((file.to_owned(), text.clone()));
        let damaged = decoding::check(&Document::parse(text.clone(), self.host));
        damaged.into_iter().for_each(|finding| self.found(layer, finding));
        let (template, _) = Template::parse(&text, self.host);
        let Some(extends) = template.extends else { return Ok(Source::new(layer, &text)) };
        self.untaken(layer, &text, extends.span);
        let base = file.parent().unwrap_or(Path::new("")).join(&extends.file);
        let is_read = |(read, _): &(PathBuf, _)| plain(read) == plain(&base);
        let refused = if self.read.iter().any(is_read) {
            "it refines itself".to_owned()
        } else {
            match self.source(&base) {
                Ok(base) => return Ok(base.refined(layer, &text, self.host)),
                Err(error) => error.to_string(),
            }
        };
        let message = format!("cannot extend `{}`: {refused}", extends.file);
        let finding = Finding::error(UNKNOWN_BASE, message)
            .at(extends.span)
            .help("name another template, from the folder of this one");
        self.found(layer, finding);
        Ok(Source::new(layer, &text))
    }

    /// Reports what a refining template says outside of its title and sections.
    fn untaken(&mut self, layer: usize, text: &str, extends: handbook_book::Span) {
        let document = Document::parse(text, self.host);
        for span in untaken(&document, extends) {
            let message = "this stands outside of the title and its sections, and is not taken";
            let finding = Finding::warning(UNTAKEN_TEXT, message)
                .at(document.first_line(span))
                .help("put it under the title or into a section, or into the template that this one refines");
            self.found(layer, finding);
        }
    }

    fn found(&mut self, layer: usize, finding: Finding<handbook_text::Expanded>) {
        let Some((file, text)) = self.read.get(layer) else { return };
        // Nothing is included in a template, so a place in it is one on disk.
        let span = finding.span.map(|span| handbook_text::Span::from(span.range()));
        let finding = Finding { span, ..finding.without_place() };
        self.findings.push(FileFinding { file: file.clone(), text: Some(text.clone()), finding });
    }
}

/// The path without `.` and `..`, so that one file has one name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if plain.file_name().is_some() => _ = plain.pop(),
            Component::CurDir => {}
            _ => plain.push(part),
        }
    }
    plain
}
