//! A book from mdBook's hands and back.

use crate::disk::DiskFiles;
use crate::suite::Problem;
use crate::{BookConfig, Site, Suite, panel, rules, wire};
use handbook_book::{ChapterId, HostVersion};
use handbook_engine::{Analysis, ChapterInput, Input, Located};
use handbook_pass::Environment;
use handbook_text::Level;
use handbook_text::include::ReadFiles;
use semver::Version;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// A book on its way back to mdBook.
pub struct Preprocessed {
    /// The book, to be written to standard output.
    pub book: Value,
    /// What came out.
    pub analysis: Analysis,
    /// The book's root folder.
    pub root: PathBuf,
    /// Whether nothing may stop the build, because the author looks at the pages as they are.
    pub served: bool,
}

/// Why what was read is no book.
#[derive(Debug, Error)]
pub enum WireError {
    /// It is not the pair of context and book that mdBook writes.
    #[error("expected the context and the book that mdBook writes to its preprocessors: {0}")]
    NoBook(&'static str),
    /// It is not JSON.
    #[error("expected the JSON that mdBook writes to its preprocessors: {0}")]
    NoJson(#[from] serde_json::Error),
}

/// A book in mdBook's JSON, with who hands it over.
#[derive(Clone, Debug)]
pub struct Handed {
    /// mdBook's context: root, configuration, renderer, version.
    pub context: Value,
    /// The book.
    pub book: Value,
    /// Who asks.
    pub by: Caller,
}

/// Who asks for a book to be preprocessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// mdBook, because the book's configuration says so.
    MdBook,
    /// Our own command, on a book that may have never heard of the suite.
    Command,
}

impl Handed {
    /// Reads what mdBook writes to a preprocessor: `[context, book]`.
    ///
    /// # Errors
    ///
    /// If it is nothing of the kind.
    pub fn parse(input: &str) -> Result<Self, WireError> {
        let Value::Array(pair) = serde_json::from_str(input)? else {
            return Err(WireError::NoBook("this is no array"));
        };
        let Ok([context, book]) = <[Value; 2]>::try_from(pair) else {
            return Err(WireError::NoBook("this array is no pair"));
        };
        Ok(Self { context, book, by: Caller::MdBook })
    }
}

/// Takes a book through the passes of `suite`.
///
/// For the `test` renderer nothing is executed: rustdoc is about to do that.
///
/// # Errors
///
/// If the input is no book.
pub fn preprocess(
    suite: &Suite,
    environment: &Environment,
    handed: Handed,
) -> Result<Preprocessed, WireError> {
    let Handed { context, mut book, by } = handed;
    if !wire::is_book(&book) {
        return Err(WireError::NoBook("the second value has no chapters"));
    }
    let root = context.get("root").and_then(Value::as_str).ok_or(WireError::NoBook("no root"))?;
    let root = PathBuf::from(root);
    let config = BookConfig { value: context.get("config").cloned().unwrap_or_default() };
    let renderer = context.get("renderer").and_then(Value::as_str).unwrap_or_default();

    let mut environment = environment.clone();
    environment.execute &= renderer != "test";
    let files = DiskFiles;
    let book_toml = files.read(&root.join("book.toml")).ok();
    let by_mdbook = by == Caller::MdBook;
    let version = generation(&context);
    let (engine, mut problems) = suite.engine(&Site {
        config: &config,
        configured: by_mdbook,
        root: &root,
        host: config.host(version),
        files: &files,
        environment: &environment,
        book_toml: book_toml.as_ref(),
    });
    if by_mdbook {
        problems.extend(order_problem(suite, &config, &root, book_toml.as_ref()));
    }
    let input = read_input(&root, &config, version, problems, &files, &mut book);
    let analysis = engine.analyse(&input, &files);

    let served = config.is_served();
    let mut index = 0;
    wire::visit_chapters(&mut book, &mut |chapter, _| {
        let page = analysis.pages[index].clone();
        let page = if served { with_panel(&input, index, &analysis, page) } else { page };
        if let Some(page) = page {
            chapter.insert("content".to_owned(), Value::String(page));
        }
        index += 1;
    });
    Ok(Preprocessed { book, analysis, root, served })
}

/// The generation of mdBook that wrote the context. Versions that nobody has seen yet count as the
/// newest.
fn generation(context: &Value) -> HostVersion {
    let version = context.get("mdbook_version").and_then(Value::as_str);
    match version.and_then(|version| Version::parse(version).ok()) {
        Some(version) if version < Version::new(0, 5, 0) && version.pre.is_empty() => {
            HostVersion::V0_4
        }
        _ => HostVersion::V0_5,
    }
}

fn read_input(
    root: &Path,
    config: &BookConfig,
    version: HostVersion,
    findings: Vec<Located>,
    files: &dyn ReadFiles,
    book: &mut Value,
) -> Input {
    let src = root.join(config.src());
    let mut chapters = Vec::new();
    wire::visit_chapters(book, &mut |chapter, parent| {
        let text = |key: &str| chapter.get(key).and_then(Value::as_str).unwrap_or_default();
        // `index` may have renamed README.md by now; the file is named by `source_path`.
        let source = source_path(chapter);
        chapters.push(ChapterInput {
            path: source.clone().unwrap_or_else(|| text("path").into()),
            name: text("name").to_owned(),
            parent,
            received: text("content").into(),
            disk: source.and_then(|path| files.read(&src.join(path)).ok()),
        });
    });
    Input { root: root.to_owned(), src, host: config.host(version), chapters, findings }
}

fn source_path(chapter: &Map<String, Value>) -> Option<PathBuf> {
    chapter.get("source_path").and_then(Value::as_str).map(PathBuf::from)
}

/// The problem that mdBook may run the preprocessor after `links`, if nothing says otherwise.
fn order_problem(
    suite: &Suite,
    config: &BookConfig,
    root: &Path,
    book_toml: Option<&Arc<str>>,
) -> Option<Located> {
    let name = if suite.complete { "handbook" } else { suite.recipes.first()?.name };
    let table = config.get(&["preprocessor", name])?;
    let before = table.get("before").and_then(Value::as_array);
    let is_links = |value: &Value| value.as_str() == Some("links");
    if before.is_some_and(|before| before.iter().any(is_links)) {
        return None;
    }
    let problem = Problem {
        rule: &rules::LATE_PREPROCESSOR,
        path: vec!["preprocessor".to_owned(), name.to_owned()],
        message: format!("nothing says that `{name}` runs before `links`"),
        help: Some("add `before = [\"links\"]` to its table".to_owned()),
    };
    Some(problem.located(&root.join("book.toml"), book_toml))
}

/// The page with a panel of its chapter's problems at the top, if there are any.
fn with_panel(
    input: &Input,
    index: usize,
    analysis: &Analysis,
    page: Option<String>,
) -> Option<String> {
    let chapter = &input.chapters[index];
    let here = |located: &&Located| {
        located.chapters.contains(&ChapterId(index)) && located.finding.level > Level::Info
    };
    let problems: Vec<&Located> = analysis.findings.iter().filter(here).collect();
    if problems.is_empty() {
        return page;
    }
    Some(panel::panel(&problems) + page.as_deref().unwrap_or(&chapter.received))
}
