//! Algorithms that are named after what a work calls them.

use super::{Subject, UNCITED_NAMESAKE, finding};
use crate::bibliography::Bibliography;
use handbook_book::{Node, NodeKind, Span};
use handbook_pass::Findings;
use std::collections::HashMap;

/// The names that works gave to something, with all works that may stand for each.
#[derive(Debug, Default)]
pub(crate) struct Namesakes {
    /// By their first words.
    names: HashMap<String, Vec<Name>>,
}

/// A name.
#[derive(Debug)]
struct Name {
    /// As it stands in the bibliography.
    written: String,
    /// Its words, small.
    words: Vec<String>,
    /// The works that may stand for it.
    works: Vec<usize>,
}

impl Namesakes {
    /// The names in a bibliography.
    pub(crate) fn of(bibliography: &Bibliography) -> Self {
        let mut all = Self::default();
        for (index, work) in bibliography.works.iter().enumerate() {
            work.eponyms.iter().for_each(|name| all.add(name, index));
        }
        all
    }

    fn add(&mut self, name: &str, work: usize) {
        let words: Vec<String> = words(name).collect();
        let Some(first) = words.first() else { return };
        let same = self.names.entry(first.clone()).or_default();
        match same.iter_mut().find(|known| known.words == words) {
            Some(known) => known.works.push(work),
            None => same.push(Name { written: name.to_owned(), words, works: vec![work] }),
        }
    }

    /// Every section whose heading has a name cites a work that stands for it.
    pub(crate) fn check(&self, subject: Subject<'_>, findings: &mut Findings) {
        if !self.names.is_empty() {
            self.check_inside(&subject.chapter.document.root, subject, &mut Vec::new(), findings);
        }
    }

    /// Judges the sections inside `node`. What a heading around them names is judged there.
    fn check_inside<'s>(
        &'s self,
        node: &Node,
        subject: Subject<'_>,
        around: &mut Vec<&'s str>,
        findings: &mut Findings,
    ) {
        for section in &node.children {
            let NodeKind::Section(heading) = &section.kind else { continue };
            let named = self.named(&heading.text).into_iter();
            let new: Vec<&Name> =
                named.filter(|name| !around.contains(&name.written.as_str())).collect();
            let missed = new.iter().filter(|name| !cites_one(subject, section.span, &name.works));
            missed.for_each(|name| report(subject, heading.span, name, findings));
            let depth = around.len();
            around.extend(new.iter().map(|name| name.written.as_str()));
            self.check_inside(section, subject, around, findings);
            around.truncate(depth);
        }
    }

    /// The names in a heading.
    fn named(&self, heading: &str) -> Vec<&Name> {
        let words: Vec<String> = words(heading).collect();
        let found = (0..words.len()).flat_map(|at| {
            let rest = &words[at..];
            let firsts = singulars(&words[at]);
            let names = firsts.filter_map(|first| self.names.get(first)).flatten();
            names.filter(move |name| name.opens(rest))
        });
        found.collect()
    }
}

impl Name {
    /// Whether `words` start with this name, the last of which may be its plural.
    fn opens(&self, words: &[String]) -> bool {
        let Some((last, before)) = self.words.split_last() else { return false };
        words.starts_with(before)
            && words.get(before.len()).is_some_and(|word| singulars(word).any(|one| one == last))
    }
}

/// A word, and what it may be the plural of.
fn singulars(word: &str) -> impl Iterator<Item = &str> {
    let endings = ["", "s", "es"].into_iter();
    endings.filter_map(|ending| word.strip_suffix(ending))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|ch: char| !ch.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}

fn cites_one(subject: Subject<'_>, section: Span, works: &[usize]) -> bool {
    let document = &subject.chapter.document;
    let inside = subject
        .cites
        .citations
        .iter()
        .filter(|shown| section.contains(document.citations[shown.index].span));
    inside.flat_map(|shown| &shown.works).any(|(work, _)| works.contains(work))
}

fn report(subject: Subject<'_>, heading: Span, name: &Name, findings: &mut Findings) {
    let Name { written, works, .. } = name;
    let message = format!("this section is about {written}, and does not cite where it comes from");
    let keys = works.iter().map(|work| format!("`[@{}]`", subject.bibliography.works[*work].key));
    let help = format!("cite {}", keys.collect::<Vec<_>>().join(" or "));
    let text = subject.chapter.document.slice(heading);
    let at = Span::new(heading.start(), heading.start() + text.trim_end().len());
    findings.push(subject.id, finding(&UNCITED_NAMESAKE, message).at(at).help(help));
}
