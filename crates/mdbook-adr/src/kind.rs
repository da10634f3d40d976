//! Which kind of chapter a chapter is.
//!
//! Its front matter says so, or a pattern of paths in the configuration, or its title: a template
//! `# [Topic] — Deep Dive` is for chapters with such titles.

use crate::layers;
use crate::settings::{KindSettings, Settings};
use globset::{Glob, GlobSet, GlobSetBuilder};
use handbook_book::{Document, Host, Span};
use handbook_pass::{FileFinding, SettingProblem};
use handbook_template::Template;
use handbook_text::include::ReadFiles;
use handbook_text::{Finding, did_you_mean};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The rule of a kind whose template cannot be read: as for mdBook with a theme that is not there,
/// nothing that depends on it can be right.
const UNREADABLE_TEMPLATE: &str = "template/unreadable-template";

/// A kind of chapters.
#[derive(Debug)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// What its chapters have to have.
    pub template: Template,
    /// The folder below the source folder in which its chapters lie, if the book says so.
    pub folder: Option<PathBuf>,
    chapters: GlobSet,
}

/// The kinds of a book, by name.
#[derive(Debug, Default)]
pub struct Kinds(Vec<Kind>);

/// What is wrong with what kinds are made from.
#[derive(Debug, Default)]
pub struct Problems {
    /// What is wrong with the configuration.
    pub settings: Vec<SettingProblem>,
    /// What is wrong with templates.
    pub files: Vec<FileFinding>,
    /// The kinds whose templates cannot be read, by name, each with why.
    pub unread: BTreeMap<String, String>,
}

/// A kind that a chapter claims and nobody knows.
#[derive(Debug)]
pub struct UnknownKind {
    /// The kind as written; empty if what stands there is no kind.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Why the front matter cannot be read, if that is it.
    pub unreadable: Option<String>,
}

/// What the suite reads of a chapter's front matter; the rest is somebody else's.
#[derive(Deserialize)]
struct FrontMatter {
    kind: Option<String>,
}

impl Kinds {
    /// Reads the templates.
    pub fn read(
        settings: &Settings,
        root: &Path,
        host: Host,
        files: &dyn ReadFiles,
    ) -> (Self, Problems) {
        let mut problems = Problems::default();
        let kinds = settings.kinds.iter();
        let kinds = kinds
            .filter_map(|(name, kind)| Kind::read(name, kind, root, host, files, &mut problems));
        (Self(kinds.collect()), problems)
    }

    /// Whether the book names none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kind of this name.
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.0.iter().find(|kind| kind.name == name)
    }

    /// The kind that `name` may have meant.
    pub fn near(&self, name: &str) -> Option<&str> {
        did_you_mean(name, self.names())
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|kind| kind.name.as_str())
    }

    /// The kind of a chapter, if it is of any. `path` is the chapter's, below the source folder.
    ///
    /// # Errors
    ///
    /// If the chapter's front matter names a kind that there is not, or cannot be read.
    pub fn of(&self, path: &Path, document: &Document) -> Result<Option<&Kind>, UnknownKind> {
        if self.is_empty() {
            return Ok(None);
        }
        if let Some((name, span)) = claimed(document)? {
            let unknown = || UnknownKind { name: name.clone(), span, unreadable: None };
            return self.get(&name).ok_or_else(unknown).map(Some);
        }
        let by_path = self.0.iter().find(|kind| kind.chapters.is_match(path));
        Ok(by_path.or_else(|| self.by_title(document)))
    }

    /// The kind whose title says most about the chapter's.
    fn by_title(&self, document: &Document) -> Option<&Kind> {
        let title = &document.title()?.1.text;
        let fitting = self.0.iter().filter_map(|kind| {
            let pattern = kind.template.title().filter(|pattern| pattern.matches(title))?;
            Some((pattern.letters(), kind))
        });
        // Of equals the first by name.
        let fitting = fitting.filter(|(letters, _)| *letters > 0);
        fitting.rev().max_by_key(|(letters, _)| *letters).map(|(_, kind)| kind)
    }
}

impl Kind {
    fn read(
        name: &str,
        settings: &KindSettings,
        root: &Path,
        host: Host,
        files: &dyn ReadFiles,
        problems: &mut Problems,
    ) -> Option<Self> {
        let mut problem = |key: &str, message: String, help: &str| {
            let key = format!("kinds.{name}.{key}");
            problems.settings.push(SettingProblem { key, message, help: Some(help.to_owned()) });
        };
        let mut chapters = GlobSetBuilder::new();
        for pattern in &settings.chapters {
            match Glob::new(pattern) {
                Ok(glob) => _ = chapters.add(glob),
                Err(error) => problem(
                    "chapters",
                    format!("`{pattern}` is no pattern: {}", error.kind()),
                    "write paths below the source folder, as in `\"*_ARCHITECTURE.md\"`",
                ),
            }
        }
        let file = root.join(&settings.template);
        let template = match layers::read(&file, host, files, &mut problems.files) {
            Ok(template) => template,
            Err(error) => {
                let path = settings.template.display();
                let message = format!("cannot read the template `{path}` of `{name}`: {error}");
                let finding = Finding::error(UNREADABLE_TEMPLATE, message.clone()).help(format!(
                    "`kinds.{name}.template` in book.toml names it, from the book's root"
                ));
                problems.files.push(FileFinding { file, text: None, finding });
                problems.unread.insert(name.to_owned(), message);
                return None;
            }
        };
        let chapters = chapters.build().unwrap_or_default();
        let folder = settings.chapters.iter().map(|pattern| fixed_folder(pattern));
        let folder = folder.into_iter().find(|folder| !folder.as_os_str().is_empty());
        Some(Self { name: name.to_owned(), template, folder, chapters })
    }
}

/// The folders of a pattern before anything in it that stands for more than itself.
fn fixed_folder(pattern: &str) -> PathBuf {
    let fixed = pattern.find(['*', '?', '[', '{', '\\']).unwrap_or(pattern.len());
    pattern[..fixed].rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default().into()
}

/// The kind that a chapter's front matter names, and where.
fn claimed(document: &Document) -> Result<Option<(String, Span)>, UnknownKind> {
    let Some(front_matter) = document.front_matter else { return Ok(None) };
    let text = document.slice(front_matter.body);
    let line = |wanted: &dyn Fn(&str) -> bool| {
        let mut at = front_matter.body.start();
        for line in text.split_inclusive('\n') {
            if wanted(line) {
                return Span::new(at, at + line.trim_end().len());
            }
            at += line.len();
        }
        Span::new(front_matter.span.start(), front_matter.body.start())
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    match serde_saphyr::from_str::<FrontMatter>(text) {
        Ok(read) => Ok(read.kind.map(|kind| (kind, line(&|line| line.starts_with("kind"))))),
        Err(error) => Err(UnknownKind {
            name: String::new(),
            span: line(&|_| false),
            unreadable: Some(error.to_string().lines().next().unwrap_or_default().to_owned()),
        }),
    }
}
