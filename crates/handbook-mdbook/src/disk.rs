//! Reads a book from disk, creating nothing.

use crate::{BookConfig, rules};
use handbook_book::HostVersion;
use handbook_engine::{ChapterInput, Input, Located};
use handbook_text::Finding;
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_summary::SummaryItem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// Files as they lie on disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskFiles;

impl ReadFiles for DiskFiles {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Io(error.to_string()),
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|error| ReadError::NotUtf8 { offset: error.utf8_error().valid_up_to() })?;
        Ok(text.into())
    }

    fn list(&self, folder: &Path) -> Result<Arc<str>, ReadError> {
        let entries = std::fs::read_dir(folder).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::NotFound,
            _ => ReadError::Io(error.to_string()),
        })?;
        // What a symbolic link leads to is what mdBook copies.
        let name = |entry: std::fs::DirEntry| {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{}{slash}\n", entry.file_name().to_string_lossy())
        };
        let mut names: Vec<String> = entries.flatten().map(name).collect();
        names.sort();
        Ok(names.concat().into())
    }
}

/// Why there is no book to look at.
#[derive(Debug, Error)]
pub enum LoadError {
    /// `book.toml` is no TOML.
    #[error("`{}` cannot be read as TOML", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: Box<toml::de::Error>,
    },
    /// A file that makes a book is missing or unreadable.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// The file with the list of chapters makes no sense.
    #[error("cannot understand `{}`: {message}", path.display())]
    Summary {
        /// The file.
        path: PathBuf,
        /// What mdBook's parser said.
        message: String,
    },
}

/// The configuration of the book at `root`, and the text of its `book.toml`, which may be missing.
///
/// # Errors
///
/// If `book.toml` is there and unreadable.
pub fn read_config(
    root: &Path,
    files: &dyn ReadFiles,
) -> Result<(BookConfig, Option<Arc<str>>), LoadError> {
    let path = root.join("book.toml");
    match files.read(&path) {
        Ok(text) => match BookConfig::parse(&text) {
            Ok(config) => Ok((config, Some(text))),
            Err(source) => Err(LoadError::Config { path, source: Box::new(source) }),
        },
        Err(ReadError::NotFound) => Ok((BookConfig::default(), None)),
        Err(source) => Err(LoadError::Unreadable { path, source }),
    }
}

/// The book at `root` as the engine wants it. Chapters that cannot be read are findings.
///
/// # Errors
///
/// If there is no SUMMARY.md that can be understood.
pub fn load(root: &Path, config: &BookConfig, files: &dyn ReadFiles) -> Result<Input, LoadError> {
    let src = root.join(config.src());
    let path = src.join("SUMMARY.md");
    let summary = match files.read(&path) {
        Ok(text) => text,
        Err(source) => return Err(LoadError::Unreadable { path, source }),
    };
    let summary = mdbook_summary::parse_summary(&summary).map_err(|error| {
        let message = format!("{error:#}");
        LoadError::Summary { path: path.clone(), message }
    })?;
    let mut input = Input {
        root: root.to_owned(),
        src,
        host: config.host(HostVersion::V0_5),
        chapters: Vec::new(),
        findings: Vec::new(),
    };
    let items = summary.prefix_chapters.iter();
    let items = items.chain(&summary.numbered_chapters).chain(&summary.suffix_chapters);
    items.for_each(|item| add(item, None, files, &mut input));
    Ok(input)
}

/// Adds a chapter that is nested under the chapter `parent`, and those nested under it.
fn add(item: &SummaryItem, parent: Option<usize>, files: &dyn ReadFiles, input: &mut Input) {
    let SummaryItem::Link(link) = item else { return };
    let mut own = parent;
    if let Some(path) = &link.location {
        let file = input.src.join(path);
        match files.read(&file) {
            Ok(disk) => {
                own = Some(input.chapters.len());
                input.chapters.push(ChapterInput {
                    path: path.clone(),
                    name: link.name.clone(),
                    parent,
                    received: disk.strip_prefix('\u{feff}').map_or_else(|| disk.clone(), Arc::from),
                    disk: Some(disk),
                });
            }
            Err(error) => input.findings.push(unreadable(file, &error)),
        }
    }
    link.nested_items.iter().for_each(|item| add(item, own, files, input));
}

fn unreadable(file: PathBuf, error: &ReadError) -> Located {
    let rule = rules::UNREADABLE;
    let help = match error {
        ReadError::NotFound => "write the chapter, or take it out of SUMMARY.md",
        ReadError::NotUtf8 { .. } => "save it as UTF-8",
        ReadError::Io(_) => "make it a readable file",
    };
    let finding = Finding::new(rule.id, rule.level, error.to_string()).help(help);
    Located::of_file(finding, Some(file), None)
}
