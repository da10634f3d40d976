//! The works that a book may cite, from its bibliography's files.
//!
//! [`bibtex`] and [`yaml`] read one format each into [`Work`]s; what they cannot read is a fault of
//! its own, and the rest is used. [`Bibliography`] puts the files together.

mod addresses;
mod bibtex;
mod mend;
mod work;
mod yaml;

pub(crate) use work::{Half, Work};

use crate::rules;
use handbook_book::is_citation_key;
use handbook_pass::{FileFinding, Rule};
use handbook_text::include::ReadFiles;
use handbook_text::{Budget, Disk, Finding, Span};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// All works, in the order of the files.
#[derive(Debug, Default)]
pub(crate) struct Bibliography {
    /// The works; their keys differ.
    pub(crate) works: Vec<Work>,
    /// The files with their texts.
    pub(crate) files: Vec<(PathBuf, Arc<str>)>,
    by_key: HashMap<String, usize>,
    /// The keys of entries that cannot be read.
    broken: HashSet<String>,
    /// Whether a whole file cannot be read, so that any key may be in it.
    lacks_files: bool,
}

/// What one file holds.
#[derive(Debug, Default)]
struct Contents {
    works: Vec<Work>,
    faults: Vec<Fault>,
    broken: Vec<String>,
}

/// What is wrong at one place of a file.
#[derive(Debug)]
struct Fault {
    rule: &'static Rule,
    at: Range<usize>,
    message: String,
    help: String,
}

impl Fault {
    fn new(rule: &'static Rule, at: Range<usize>, message: String) -> Self {
        Self { rule, at, message, help: String::new() }
    }

    fn help(mut self, help: &str) -> Self {
        self.help = help.to_owned();
        self
    }
}

/// The half that the entry `key` names, where that can be read.
fn half(named: Option<&str>, key: &str, at: Range<usize>, faults: &mut Vec<Fault>) -> Option<Half> {
    let named = named?;
    Half::named(named).unwrap_or_else(|near| {
        let message = format!("`{key}` stands in no half `{named}`");
        let help = format!("did you mean `{near}`?");
        faults.push(Fault::new(&rules::UNREADABLE_ENTRY, at, message).help(&help));
        None
    })
}

impl Bibliography {
    /// Reads the files, which are named from `root`.
    pub(crate) fn read(
        paths: &[PathBuf],
        root: &Path,
        files: &dyn ReadFiles,
    ) -> (Self, Vec<FileFinding>) {
        let (mut all, mut findings) = (Self::default(), Vec::new());
        for path in paths {
            let shown = path.display();
            let file = root.join(path);
            let text = match files.read(&file) {
                Ok(text) => text,
                Err(error) => {
                    let message = format!("cannot read the bibliography `{shown}`: {error}");
                    all.lack(file, message, &mut findings);
                    continue;
                }
            };
            let extension = path.extension().and_then(|extension| extension.to_str());
            let contents = match extension {
                Some("bib") => bibtex::read(&text),
                Some("yaml" | "yml") => yaml::read(&text),
                _ => {
                    let message = format!("`{shown}` is neither BibTeX nor YAML");
                    all.lack(file, message, &mut findings);
                    continue;
                }
            };
            all.files.push((file, text));
            all.add(contents, &mut findings);
        }
        (all, findings)
    }

    /// The place of the work with this key.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// Whether a key that names no work may belong to one that could not be read.
    pub(crate) fn may_have(&self, key: &str) -> bool {
        self.lacks_files || self.broken.contains(key)
    }

    /// Whether everything could be read.
    pub(crate) fn is_complete(&self) -> bool {
        !self.lacks_files && self.broken.is_empty()
    }

    /// The key that `key` may have meant.
    pub(crate) fn near(&self, key: &str, budget: &Budget) -> Option<&str> {
        budget.nearest(key, self.works.iter().map(|work| work.key.as_str())).map(|(near, _)| near)
    }

    /// A finding of `rule` about a place in a work's file.
    pub(crate) fn finding(
        &self,
        rule: &Rule,
        work: &Work,
        at: Span<Disk>,
        message: String,
        help: String,
    ) -> FileFinding {
        let (file, text) = &self.files[work.file];
        let finding = Finding::new(rule.id, rule.level, message).at(at).help(help);
        FileFinding { file: file.clone(), text: Some(Arc::clone(text)), finding }
    }

    /// Notes that a file cannot be used.
    fn lack(&mut self, file: PathBuf, message: String, findings: &mut Vec<FileFinding>) {
        self.lacks_files = true;
        let rule = &rules::UNREADABLE_BIBLIOGRAPHY;
        let help = "`bibliography` names `.bib` files and Hayagriva's `.yaml` files, from the \
                    book's root; until they can be read, no citation is checked";
        let finding = Finding::new(rule.id, rule.level, message).help(help);
        findings.push(FileFinding { file, text: None, finding });
    }

    /// Takes in what the last file holds.
    fn add(&mut self, contents: Contents, findings: &mut Vec<FileFinding>) {
        let file = self.files.len() - 1;
        for fault in contents.faults {
            let (path, text) = &self.files[file];
            let end = fault.at.end.min(text.len()).max(fault.at.start.min(text.len()));
            let at = Span::new(fault.at.start.min(end), end);
            let finding = Finding::new(fault.rule.id, fault.rule.level, fault.message).at(at);
            let finding = finding.help(fault.help);
            findings.push(FileFinding {
                file: path.clone(),
                text: Some(Arc::clone(text)),
                finding,
            });
        }
        self.broken.extend(contents.broken);
        for work in contents.works {
            let work = Work { file, ..work };
            if self.by_key.contains_key(&work.key) {
                let message = format!("there is another entry `{}` before this one", work.key);
                let help = "give it a key of its own; this entry is not used".to_owned();
                let finding = self.finding(&rules::DUPLICATE_KEY, &work, work.at, message, help);
                findings.push(finding);
                continue;
            }
            if !is_citation_key(&work.key) {
                let message = format!("`{}` cannot be cited", work.key);
                let help = "a key has letters, digits and `_-:./+`, and starts with a letter, a \
                            digit or `_`"
                    .to_owned();
                findings.push(self.finding(&rules::UNCITABLE_KEY, &work, work.at, message, help));
            }
            self.by_key.insert(work.key.clone(), self.works.len());
            self.works.push(work);
        }
    }
}
