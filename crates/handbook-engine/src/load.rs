//! Stage one: from received texts to a parsed book, and what it takes to find the way back.

use crate::Input;
use crate::input::normalised;
use crate::rules;
use handbook_book::{Book, Chapter, ChapterId, Document, Host, Span};
use handbook_pass::Findings;
use handbook_text::include::{self, ProblemKind, ReadError, ReadFiles};
use handbook_text::{DiskMap, Expanded, Finding, Place, SourceMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A book and the way back from its parsed texts.
pub(crate) struct Loaded {
    pub(crate) book: Book,
    /// For each chapter, in the book's order.
    pub(crate) ways: Vec<WayBack>,
    pub(crate) findings: Findings,
    /// What is wrong with includes, each with the place of its directive, which the expanded text
    /// may not hold any more.
    pub(crate) broken_includes: Vec<(ChapterId, Finding<Expanded>, Place)>,
}

/// The way from a chapter's expanded text to the received one and to the disk.
pub(crate) struct WayBack {
    /// The chapter's file, the book's root included.
    pub(crate) file: PathBuf,
    pub(crate) received: Arc<str>,
    pub(crate) map: SourceMap,
    /// The file's text, and how the received text relates to it.
    pub(crate) disk: Option<(Arc<str>, DiskMap)>,
}

pub(crate) fn load(input: &Input, host: Host, files: &dyn ReadFiles) -> Loaded {
    let mut findings = Findings::default();
    let mut broken_includes = Vec::new();
    let mut texts = Vec::new();
    let mut ways = Vec::new();
    for (id, chapter) in input.chapters.iter().enumerate() {
        let file = normalised(&input.src.join(&chapter.path));
        let dir = file.parent().unwrap_or(&input.src);
        let expansion = include::expand(&chapter.received, dir, files);
        for problem in expansion.problems {
            let finding = broken_include(&problem, &input.root);
            broken_includes.push((ChapterId(id), finding, problem.place));
        }
        let disk = chapter
            .disk
            .as_ref()
            .map(|disk| (Arc::clone(disk), DiskMap::new(disk, &chapter.received)));
        texts.push(expansion.text);
        ways.push(WayBack {
            file,
            received: Arc::clone(&chapter.received),
            map: expansion.map,
            disk,
        });
    }
    let documents = Document::parse_all(texts, host).into_iter();
    let chapters = input.chapters.iter().zip(documents).map(|(chapter, document)| Chapter {
        path: chapter.path.clone(),
        name: chapter.name.clone(),
        parent: chapter.parent.map(ChapterId),
        document,
    });
    let book = Book::new(host, chapters.collect());
    open_blocks(&book, &mut findings);
    Loaded { book, ways, findings, broken_includes }
}

fn broken_include(problem: &include::Problem, root: &Path) -> Finding<Expanded> {
    // Files are named from the book's root, as everywhere else.
    let root = format!("{}{}", root.display(), std::path::MAIN_SEPARATOR);
    let message = problem.kind.to_string().replace(&root, "");
    let help = match &problem.kind {
        ProblemKind::Failed { error: ReadError::NotFound, .. } => {
            "paths start from the folder of the file that holds the directive"
        }
        ProblemKind::Failed { .. } => "included files have to be readable UTF-8",
        ProblemKind::TooDeep | ProblemKind::TooMuch => "let no file include itself",
        ProblemKind::NoSuchAnchor { .. } => {
            "mark the lines with `ANCHOR: name` and `ANCHOR_END: name`"
        }
        ProblemKind::PastEnd { .. } | ProblemKind::EmptyRange { .. } => {
            "correct the range, or include by anchor, which moves with the text"
        }
    };
    Finding::new(rules::INCLUDE.id, rules::INCLUDE.level, message).at(problem.span).help(help)
}

/// Reports blocks that run to the end of their chapter because nothing closes them.
fn open_blocks(book: &Book, findings: &mut Findings) {
    for (id, chapter) in book.iter() {
        let document = &chapter.document;
        for node in document.root.walk().filter(|node| document.swallows_rest(node)) {
            let (what, help) = match node.code() {
                Some(_) => {
                    ("this code fence", "close it with the same marks on a line of their own")
                }
                None => ("this HTML", "close it; a comment ends with `-->`"),
            };
            let line = document.slice(node.span).lines().next().unwrap_or_default();
            let opening = Span::new(node.span.start(), node.span.start() + line.len());
            let message = format!("{what} is never closed, and takes in the rest of the chapter");
            let finding = Finding::new(rules::OPEN_BLOCK.id, rules::OPEN_BLOCK.level, message);
            findings.push(id, finding.at(opening).help(help));
        }
    }
}
