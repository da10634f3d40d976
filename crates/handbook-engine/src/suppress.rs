//! Findings that authors let be: by comments in the text, and by path in the configuration.
//!
//! 1. Comments are read once, with the chapters; what is wrong with them is found ([`Suppressions::of`]).
//! 2. Whenever passes have judged, what is let be goes ([`Suppressions::apply`]), so that late
//!    passes, pages and `fix` never hear of it.
//! 3. What let nothing be is found ([`Suppressions::report_unused`]), as far as that is known.
//!
//! Findings of the suite about itself, `book/…`, stay: they say that something could not be read.

use crate::report::shown;
use crate::{Engine, Located, rules};
use globset::{Glob, GlobSet, GlobSetBuilder};
use handbook_book::{Book, ChapterId, Document, Span, Suppression};
use handbook_pass::{Context, Findings, Found, Places};
use handbook_text::{Disk, Edit, Expanded, Finding, Safety, did_you_mean};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The rules by which the suite speaks of itself.
const FIXED: &str = "book/";

/// Findings of rules that files are allowed to break.
#[derive(Clone, Debug)]
pub struct PathSuppression {
    /// The rules; `adr/*` stands for all of a pass.
    pub rules: Vec<String>,
    /// The files, named from the book's root.
    pub paths: GlobSet,
    /// Where it is said: the file, and its text if there is one.
    pub said_in: (PathBuf, Option<Arc<str>>),
    /// The place in that file.
    pub span: Option<handbook_text::Span<Disk>>,
}

/// Reads patterns of paths.
///
/// # Errors
///
/// The first pattern that is none, with what is wrong with it.
pub fn path_patterns(patterns: &[String]) -> Result<GlobSet, (String, String)> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = Glob::new(pattern);
        globs.add(glob.map_err(|error| (pattern.clone(), error.kind().to_string()))?);
    }
    globs.build().map_err(|error| (patterns.join(", "), error.kind().to_string()))
}

/// Whether `named`, a rule or all of a pass, means the rule `id`.
fn means(named: &str, id: &str) -> bool {
    match named.strip_suffix('*') {
        Some(pass) => pass.ends_with('/') && id.starts_with(pass),
        None => named == id,
    }
}

/// Whether the findings of a rule can be let be, and held by a baseline.
pub(crate) fn is_negotiable(rule: &str) -> bool {
    !rule.starts_with(FIXED)
}

impl Engine {
    /// What is wrong with a rule that somebody named to let its findings be, and what to do; `None`
    /// if it is one, or may be one of a pass that is not here.
    pub fn rule_problem(&self, named: &str) -> Option<(String, String)> {
        if !is_negotiable(named) {
            let help = "these rules say that something could not be read: correct what they find";
            return Some((format!("`{named}` cannot be allowed"), help.to_owned()));
        }
        let pass = named.split('/').next().unwrap_or_default();
        let is_here = self.all_passes || self.passes.iter().any(|known| known.name() == pass);
        let ids = || self.rules().map(|rule| rule.id).filter(|id| is_negotiable(id));
        if !is_here || ids().any(|id| means(named, id)) {
            return None;
        }
        let help = match did_you_mean(named, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a rule as findings do, or all of a pass, as in `adr/*`".to_owned(),
        };
        Some((format!("there is no rule `{named}`"), help))
    }

    /// Whether the passes knew all in a chapter that the rules depend on which `named` means.
    pub(crate) fn has_judged(&self, named: &str, chapter: ChapterId, about: Context<'_>) -> bool {
        self.passes.iter().all(|pass| {
            let mut rules = pass.rules().iter().filter(|rule| means(named, rule.id));
            rules.all(|rule| pass.has_judged(rule, chapter, about))
        })
    }

    fn knows(&self, named: &str) -> bool {
        is_negotiable(named) && self.rules().any(|rule| means(named, rule.id))
    }
}

/// The suppressions of a book, and which of their rules have let something be.
pub(crate) struct Suppressions<'a> {
    engine: &'a Engine,
    root: &'a Path,
    comments: Vec<(ChapterId, &'a Suppression)>,
    /// By comment or entry, comments first, and by rule.
    used: BTreeSet<(usize, usize)>,
}

impl<'a> Suppressions<'a> {
    /// Reads those in the chapters, and reports what is wrong with them.
    pub(crate) fn of(
        engine: &'a Engine,
        root: &'a Path,
        book: &'a Book,
        findings: &mut Findings,
    ) -> Self {
        let mut comments = Vec::new();
        for (id, chapter) in book.iter() {
            for suppression in &chapter.document.suppressions {
                let broken = problems(engine, suppression);
                if broken.is_empty() || !suppression.reason.is_empty() {
                    comments.push((id, suppression));
                }
                broken.into_iter().for_each(|finding| findings.push(id, finding));
            }
        }
        Self { engine, root, comments, used: BTreeSet::new() }
    }

    /// Takes out of `findings` what is let be.
    pub(crate) fn apply(&mut self, findings: &mut Findings, places: &dyn Places) {
        findings.retain(|found| {
            let Finding { rule, span, .. } = found.finding;
            if !is_negotiable(rule) {
                return true;
            }
            let in_text = self.in_text(found);
            let file = || places.line(found.chapter, span.unwrap_or(Span::at(0))).0;
            let by_path = self.by_path(rule, file);
            !in_text && !by_path
        });
    }

    /// Takes out of findings about other files what is let be.
    pub(crate) fn apply_to_files(&mut self, findings: &mut Vec<Located>) {
        findings.retain(|located| match (&located.file, located.finding.rule) {
            (Some(file), rule) if is_negotiable(rule) => !self.by_path(rule, || file.clone()),
            _ => true,
        });
    }

    /// Whether comments let a finding be. Notes all that do.
    fn in_text(&mut self, found: &Found) -> bool {
        let mut is_let_be = false;
        for (index, (chapter, suppression)) in self.comments.iter().enumerate() {
            if *chapter == found.chapter && covers(suppression, found.finding.span) {
                for rule in meant(&suppression.rules, found.finding.rule) {
                    is_let_be = true;
                    self.used.insert((index, rule));
                }
            }
        }
        is_let_be
    }

    /// Whether the configuration lets a finding be. Notes all entries that do.
    fn by_path(&mut self, rule: &str, file: impl FnOnce() -> PathBuf) -> bool {
        let paths = self.engine.exceptions.paths.iter().enumerate();
        let mut naming = paths.filter(|(_, entry)| meant(&entry.rules, rule).next().is_some());
        let Some(first) = naming.next() else { return false };
        let name = shown(self.root, &file());
        let mut is_let_be = false;
        for (index, entry) in std::iter::once(first).chain(naming) {
            if entry.paths.is_match(&name) {
                for rule in meant(&entry.rules, rule) {
                    is_let_be = true;
                    self.used.insert((self.comments.len() + index, rule));
                }
            }
        }
        is_let_be
    }

    /// Reports what let nothing be: comments among `findings`, entries of the configuration as what
    /// comes back. What passes do not know is no reason to.
    pub(crate) fn report_unused(
        &self,
        about: Context<'_>,
        findings: &mut Findings,
    ) -> Vec<Located> {
        self.unused_comments(about, findings);
        let entries = self.engine.exceptions.paths.iter().enumerate();
        entries.filter_map(|(index, entry)| self.unused_entry(index, entry, about)).collect()
    }

    fn unused_comments(&self, about: Context<'_>, findings: &mut Findings) {
        // A comment in an included file stands in several chapters: one that needs it is enough.
        let key = |chapter, suppression: &Suppression, rule| {
            let own = || (PathBuf::from(format!("{chapter:?}")), suppression.span.start());
            (about.places.on_disk(chapter, suppression.span).unwrap_or_else(own), rule)
        };
        let mut needed = BTreeSet::new();
        for (index, (chapter, suppression)) in self.comments.iter().enumerate() {
            for (rule, named) in suppression.rules.iter().enumerate() {
                let is_needed = self.used.contains(&(index, rule))
                    || !self.engine.knows(named)
                    || !self.engine.has_judged(named, *chapter, about);
                needed.extend(is_needed.then(|| key(*chapter, suppression, rule)));
            }
        }
        for (chapter, suppression) in &self.comments {
            let rules = 0..suppression.rules.len();
            let (kept, unused): (Vec<usize>, Vec<usize>) =
                rules.partition(|rule| needed.contains(&key(*chapter, suppression, *rule)));
            if !unused.is_empty() {
                let document = &about.book[*chapter].document;
                findings.push(*chapter, unused_comment(document, suppression, &kept, &unused));
            }
        }
    }

    fn unused_entry(
        &self,
        index: usize,
        entry: &PathSuppression,
        about: Context<'_>,
    ) -> Option<Located> {
        let is_unused = |(rule, named): &(usize, &str)| {
            let is_used = self.used.contains(&(self.comments.len() + index, *rule));
            let seen = || about.book.iter().all(|(id, _)| self.engine.has_judged(named, id, about));
            !is_used && self.engine.knows(named) && seen()
        };
        let rules = entry.rules.iter().map(String::as_str).enumerate();
        let unused: Vec<&str> = rules.filter(is_unused).map(|(_, named)| named).collect();
        if unused.is_empty() {
            return None;
        }
        let message = format!("{} found in none of these files", are(&unused));
        let mut finding = unused_finding(message)
            .help("remove it; paths start from the book's folder, as in `src/old/*.md`");
        finding.span = entry.span;
        let (file, text) = entry.said_in.clone();
        Some(Located::of_file(finding, Some(file), text))
    }
}

/// The places in `rules` of those that mean `id`.
fn meant<'r>(rules: &'r [String], id: &'r str) -> impl Iterator<Item = usize> + 'r {
    let rules = rules.iter().enumerate();
    rules.filter(move |(_, named)| is_negotiable(named) && means(named, id)).map(|(at, _)| at)
}

/// Whether a suppression is about a finding at `span`.
fn covers(suppression: &Suppression, span: Option<Span>) -> bool {
    match (suppression.covers, span) {
        (None, _) => true,
        (Some(covers), Some(span)) => covers.range().contains(&span.start()),
        (Some(_), None) => false,
    }
}

/// What is wrong with a comment as such.
fn problems(engine: &Engine, suppression: &Suppression) -> Vec<Finding<Expanded>> {
    let broken = |message: String, help: String| {
        let rule = rules::BROKEN_SUPPRESSION;
        Finding::new(rule.id, rule.level, message).at(suppression.span).help(help)
    };
    if suppression.rules.is_empty() || suppression.reason.is_empty() {
        let lack = if suppression.rules.is_empty() { "names no rule" } else { "gives no reason" };
        let message = format!("this {lack}, and allows nothing");
        let help = "write `RULE: REASON` behind the first word, several rules with commas";
        return vec![broken(message, help.to_owned())];
    }
    let named = suppression.rules.iter().filter_map(|named| engine.rule_problem(named));
    named.map(|(message, help)| broken(message, help)).collect()
}

fn unused_finding<T>(message: String) -> Finding<T> {
    let rule = rules::UNUSED_SUPPRESSION;
    Finding::new(rule.id, rule.level, message)
}

fn unused_comment(
    document: &Document,
    suppression: &Suppression,
    kept: &[usize],
    unused: &[usize],
) -> Finding<Expanded> {
    let names = |rules: &[usize]| -> Vec<&str> {
        rules.iter().map(|rule| suppression.rules[*rule].as_str()).collect()
    };
    let edit = if kept.is_empty() {
        Edit::replace(removed(&document.text, suppression.span), "")
    } else {
        Edit::replace(suppression.rules_span, names(kept).join(", "))
    };
    unused_finding(format!("{} not found here", are(&names(unused))))
        .at(suppression.span)
        .help("remove it, or let `handbook fix --unsafe` do so")
        .fix(Safety::Unsafe, vec![edit])
}

/// "`a/b` is", "`a/b` and `c/d` are".
fn are(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("{} {}", quoted.join(" and "), if names.len() == 1 { "is" } else { "are" })
}

/// What goes with a comment: its line if it has one of its own, unless the line keeps the blocks
/// around it apart; otherwise the blanks before it.
fn removed(text: &str, comment: Span) -> Span {
    let line_start = text[..comment.start()].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[comment.end()..].find('\n').map_or(text.len(), |at| comment.end() + at + 1);
    let before = &text[line_start..comment.start()];
    let after = &text[comment.end()..line_end];
    if !before.trim().is_empty() || !after.trim().is_empty() {
        return Span::new(line_start + before.trim_end().len(), comment.end());
    }
    let is_blank = |line: Option<&str>| line.is_none_or(|line| line.trim().is_empty());
    let is_free = is_blank(text[..line_start].lines().next_back())
        || is_blank(text[line_end..].lines().next());
    if is_free { Span::new(line_start, line_end) } else { comment }
}
