//! Stage one: from received texts to a parsed book, and what it takes to find the way back.

use crate::Input;
use crate::rules;
use handbook_book::{Book, Chapter, ChapterId, Document};
use handbook_pass::Findings;
use handbook_text::include::{self, ProblemKind, ReadError, ReadFiles};
use handbook_text::{DiskMap, Expanded, Finding, LineIndex, Place, SourceMap};
use std::path::PathBuf;
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

pub(crate) fn load(input: &Input, files: &dyn ReadFiles) -> Loaded {
    let mut findings = Findings::default();
    let mut broken_includes = Vec::new();
    let mut chapters = Vec::new();
    let mut ways = Vec::new();
    for (id, chapter) in input.chapters.iter().enumerate() {
        let file = input.src.join(&chapter.path);
        let dir = file.parent().unwrap_or(&input.src);
        let expansion = include::expand(&chapter.received, dir, files);
        for problem in expansion.problems {
            broken_includes.push((ChapterId(id), broken_include(&problem), problem.place));
        }
        let disk = chapter
            .disk
            .as_ref()
            .map(|disk| (Arc::clone(disk), DiskMap::new(disk, &chapter.received)));
        let document = Document::parse(expansion.text, input.host);
        chapters.push(Chapter { path: chapter.path.clone(), name: chapter.name.clone(), document });
        ways.push(WayBack {
            file,
            received: Arc::clone(&chapter.received),
            map: expansion.map,
            disk,
        });
    }
    let book = Book { host: input.host, chapters };
    open_blocks(&book, &mut findings);
    Loaded { book, ways, findings, broken_includes }
}

fn broken_include(problem: &include::Problem) -> Finding<Expanded> {
    let message = problem.kind.to_string();
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

/// Reports fences that run to the end of their chapter.
fn open_blocks(book: &Book, findings: &mut Findings) {
    for (id, chapter) in book.iter() {
        let lines = LineIndex::new(&chapter.document.text);
        for (code, span) in chapter.document.code_blocks().filter(|(code, _)| !code.closed) {
            // The fence's own line is where to look, not the rest of the chapter.
            let line = chapter.document.slice(span).lines().next().unwrap_or_default();
            let opening = handbook_book::Span::new(span.start(), span.start() + line.len());
            let message =
                format!("this code fence is never closed; {} lines belong to it", code.lines.len());
            let finding = Finding::new(rules::OPEN_BLOCK.id, rules::OPEN_BLOCK.level, message);
            let last = lines.line(span.end().saturating_sub(1));
            findings.push(
                id,
                finding.at(opening).help(format!(
                    "close it with the same marks on a line of their own, before line {}",
                    last + 1
                )),
            );
        }
    }
}
