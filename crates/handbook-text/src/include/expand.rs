use super::directive::{Form, Meaning, directives};
use super::take::take;
use super::{Expansion, Problem, ProblemKind, ReadError, ReadFiles};
use crate::Span;
use crate::source_map::{MapBuilder, PiecedText, Root, Title};
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep `links` follows directives; it drops what stands deeper.
pub(super) const MAX_DEPTH: usize = 10;

/// Where we stop and `links` would not: a file that includes itself twice is read a thousand times,
/// one that does so eight times a billion times.
const MAX_INCLUSIONS: usize = 20_000;
const MAX_BYTES: usize = 64 << 20;

/// Expands the directives of `text`, a chapter in the folder `dir`, as `links` does.
///
/// A directive whose file cannot be read stays as it is; directives that `links` does not know pass
/// through. The one difference is [`ProblemKind::TooMuch`].
pub fn expand(text: &str, dir: &Path, files: &dyn ReadFiles) -> Expansion {
    let mut expander = Expander {
        files,
        read: HashMap::new(),
        map: MapBuilder::new(),
        title: None,
        title_here: None,
        problems: Vec::new(),
    };
    expander.text(&PiecedText::received(text), 0, dir, 0);
    let Expander { map, title, problems, .. } = expander;
    let (text, map) = map.finish();
    Expansion { text, map, title, problems }
}

struct Expander<'f> {
    files: &'f dyn ReadFiles,
    /// What was read so far: includes repeat, in cycles above all.
    read: HashMap<PathBuf, Result<Arc<str>, ReadError>>,
    map: MapBuilder,
    /// The last title set, and the same since the current directive of the received text began.
    title: Option<String>,
    title_here: Option<Title>,
    problems: Vec<Problem>,
}

/// A text that is being expanded, and the directive in it that is in hand.
struct Site<'t> {
    text: &'t PiecedText,
    inclusion: usize,
    directive: Range<usize>,
}

impl Expander<'_> {
    /// Appends the expansion of `text`, which comes from `inclusion` alone.
    fn text(&mut self, text: &PiecedText, inclusion: usize, dir: &Path, depth: usize) {
        let mut done = 0;
        for directive in directives(&text.text) {
            if matches!(directive.meaning, Meaning::Inert) {
                continue;
            }
            self.map.out.push_slice(text, done..directive.range.start);
            let start = self.map.out.text.len();
            let site = Site { text, inclusion, directive: directive.range.clone() };
            let replaced = self.directive(&site, &directive.meaning, dir, depth);
            done = if replaced { directive.range.end } else { directive.range.start };
            if depth == 0 {
                let raw = if replaced { 0 } else { directive.range.len() };
                let expanded = start..self.map.out.text.len() + raw;
                let title = self.title_here.take();
                self.map.roots.push(Root { received: directive.range, expanded, title });
            }
        }
        self.map.out.push_slice(text, done..text.text.len());
    }

    /// Appends what takes a directive's place; `false` if it failed and stays as it is.
    fn directive(
        &mut self,
        site: &Site<'_>,
        meaning: &Meaning<'_>,
        dir: &Path,
        depth: usize,
    ) -> bool {
        match meaning {
            Meaning::Inert => false,
            Meaning::Title(title) => {
                self.title = Some((*title).to_owned());
                self.title_here = Some(Title {
                    expanded: self.map.out.text.len(),
                    directive: site.text.text[site.directive.clone()].to_owned(),
                });
                true
            }
            Meaning::Escape => {
                if depth < MAX_DEPTH {
                    self.map
                        .out
                        .push_slice(site.text, site.directive.start + 1..site.directive.end);
                } else {
                    self.too_deep(site);
                }
                true
            }
            Meaning::File { path, form, .. } => self.file(site, &dir.join(path), form, depth),
        }
    }

    fn file(&mut self, site: &Site<'_>, target: &Path, form: &Form<'_>, depth: usize) -> bool {
        let raw = site.directive.len();
        if self.map.inclusion_count() >= MAX_INCLUSIONS || self.map.out.text.len() >= MAX_BYTES {
            let told = |problem: &Problem| problem.kind == ProblemKind::TooMuch;
            if !self.problems.iter().any(told) {
                self.problem(site, raw, ProblemKind::TooMuch);
            }
            return false;
        }
        let path: Arc<Path> = target.into();
        let source = match self.read(target) {
            Ok(source) => source,
            Err(error) => {
                self.problem(site, raw, ProblemKind::Failed { path, error });
                return false;
            }
        };
        if depth >= MAX_DEPTH {
            self.too_deep(site);
            return true;
        }
        let inclusion =
            self.map.include(site.inclusion, site.text, site.directive.clone(), Arc::clone(&path));
        let (taken, problem) = take(&source, form, inclusion, &path);
        let start = self.map.out.text.len();
        self.text(&taken, inclusion, target.parent().unwrap_or(target), depth + 1);
        if let Some(kind) = problem {
            let span = Span::new(start, self.map.out.text.len());
            let place = self.map.place(site.inclusion, site.text, site.directive.clone());
            self.problems.push(Problem { span, place, kind });
        }
        true
    }

    fn read(&mut self, path: &Path) -> Result<Arc<str>, ReadError> {
        if let Some(read) = self.read.get(path) {
            return read.clone();
        }
        let read = self.files.read(path);
        self.read.insert(path.to_owned(), read.clone());
        read
    }

    /// Tells of a cycle once at each directive, however many ways lead to it.
    fn too_deep(&mut self, site: &Site<'_>) {
        let place = self.map.place(site.inclusion, site.text, site.directive.clone());
        let told = |problem: &Problem| {
            problem.kind == ProblemKind::TooDeep && problem.place.at == place.at
        };
        if !self.problems.iter().any(told) {
            self.problem(site, 0, ProblemKind::TooDeep);
        }
    }

    /// Adds a problem whose span are the next `len` bytes.
    fn problem(&mut self, site: &Site<'_>, len: usize, kind: ProblemKind) {
        let start = self.map.out.text.len();
        let place = self.map.place(site.inclusion, site.text, site.directive.clone());
        self.problems.push(Problem { span: Span::new(start, start + len), place, kind });
    }
}
