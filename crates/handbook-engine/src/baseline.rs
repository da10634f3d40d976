//! Findings that a book has had for a while: counted by file, rule and section, and let be as long
//! as they do not become more.
//!
//! Lines are left out on purpose: whoever writes a paragraph moves all that stand behind it.

use crate::report::shown;
use crate::{Located, suppress};
use handbook_text::{Disk, Level, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use thiserror::Error;
use toml::Value;

/// What the file starts with.
const HEAD: &str = "\
# Findings that this book had before: they are not reported as long as they become no more.
# `handbook baseline` takes out what is found no more; only with `--grow` it adds.
";

/// How many findings there may be, by file, section and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Key, usize>);

/// What findings are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The file, named from the book's root.
    pub(crate) file: String,
    /// The headings above the place, outermost first.
    pub(crate) section: Vec<String>,
    /// The rule's id.
    pub(crate) rule: String,
}

/// Why a text is no baseline.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct BaselineError {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The place.
    pub span: Option<Span<Disk>>,
}

/// The file as TOML has it.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    finding: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    section: Vec<String>,
    rule: String,
    count: NonZeroUsize,
}

/// What a book has of what its baseline lets be.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The findings that are not reported.
    pub held: Vec<Located>,
    /// All that a baseline could hold.
    pub found: Baseline,
    /// What the baseline would be without what is found no more. What is unknown stays.
    pub needed: Baseline,
    /// How many findings that leaves out.
    pub spare: usize,
}

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    ///
    /// If it is none; the error knows the place.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let written: Written = toml::from_str(text).map_err(|error| BaselineError {
            message: error.message().lines().collect::<Vec<_>>().join(" "),
            span: error.span().map(Span::from),
        })?;
        let mut counts = BTreeMap::new();
        for Entry { file, section, rule, count } in written.finding {
            *counts.entry(Key { file, section, rule }).or_default() += count.get();
        }
        Ok(Self(counts))
    }

    /// The text that [`Baseline::parse`] reads: sorted, the same bytes for the same findings.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (Key { file, section, rule }, count) in &self.0 {
            let (file, rule) = (Value::from(file.as_str()), Value::from(rule.as_str()));
            let section = Value::from(section.clone());
            let entry = format!("file = {file}\nsection = {section}\nrule = {rule}\n");
            text += &format!("\n[[finding]]\n{entry}count = {count}\n");
        }
        text
    }

    /// How many findings it lets be.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether it lets none be.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The baseline that lets be what either does.
    #[must_use]
    pub fn grown(&self, found: &Self) -> Self {
        let mut counts = self.0.clone();
        for (key, count) in &found.0 {
            let known = counts.entry(key.clone()).or_default();
            *known = (*known).max(*count);
        }
        Self(counts)
    }

    /// The baseline without what is found no more, unless nobody knows.
    fn shrunk(&self, found: &Self, is_known: &dyn Fn(&Key) -> bool) -> Self {
        let needed = self.0.iter().map(|(key, count)| {
            let now = found.0.get(key).copied().unwrap_or(0);
            (key.clone(), if is_known(key) { now.min(*count) } else { *count })
        });
        Self(needed.filter(|(_, count)| *count > 0).collect())
    }
}

/// Keeps back the findings that `baseline` lets be. Where there are more than it says, nobody knows
/// which is the new one: all are reported.
pub(crate) fn hold(
    baseline: &Baseline,
    findings: Vec<Located>,
    root: &Path,
    is_known: &dyn Fn(&Key) -> bool,
) -> (Vec<Located>, Standing) {
    let mut found = Baseline::default();
    for key in findings.iter().filter_map(|located| key(located, root)) {
        *found.0.entry(key).or_default() += 1;
    }
    let needed = baseline.shrunk(&found, is_known);
    let (mut reported, mut held) = (Vec::new(), Vec::new());
    for mut located in findings {
        let counts = key(&located, root)
            .and_then(|key| Some((*baseline.0.get(&key)?, found.0.get(&key).copied()?)));
        match counts {
            Some((allowed, now)) if now <= allowed => held.push(located),
            Some((allowed, now)) => {
                let notes = &mut located.finding.notes;
                notes.push(format!("the baseline knows {allowed} of the {now} in this section"));
                reported.push(located);
            }
            None => reported.push(located),
        }
    }
    let spare = baseline.len() - needed.len();
    (reported, Standing { held, found, needed, spare })
}

/// What a finding is counted by; `None` for what a baseline never holds: what cannot fail, and what
/// the suite says about itself.
fn key(located: &Located, root: &Path) -> Option<Key> {
    let finding = &located.finding;
    let can_fail = finding.level > Level::Info || finding.priority.is_some();
    let file = located.file.as_ref().filter(|_| can_fail)?;
    suppress::is_negotiable(finding.rule).then(|| Key {
        file: shown(root, file),
        section: located.section.clone(),
        rule: finding.rule.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_text::LineIndex;

    fn baseline(entries: &[(&str, &[&str], usize)]) -> Baseline {
        let key = |file: &str, section: &[&str]| Key {
            file: file.to_owned(),
            section: section.iter().map(|&heading| heading.to_owned()).collect(),
            rule: "a/b".to_owned(),
        };
        Baseline(
            entries.iter().map(|(file, section, count)| (key(file, section), *count)).collect(),
        )
    }

    #[test]
    fn any_heading_survives() {
        let odd = "\"quoted\" \\ 'and' äöü\n# [[x]] = ";
        let written = baseline(&[("a b.md", &[odd, ""], 2), ("z.md", &[], 1)]);
        assert_eq!(Baseline::parse(&written.text()), Ok(written));
    }

    #[test]
    fn what_is_no_baseline_says_where() {
        let text = "[[finding]]\nfile = \"a.md\"\nsection = []\nrule = \"a/b\"\ncount = 0\n";
        let error = Baseline::parse(text).unwrap_err();
        let line = error.span.map(|span| LineIndex::new(text).line(span.start()));
        assert!(matches!(line, Some(1 | 5)), "{error:?}");
        for text in ["[finding]", "x", "[[finding]]\nfile = 1", "[[findings]]"] {
            assert!(Baseline::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn it_shrinks_where_that_is_known_and_never_grows_by_itself() {
        let old = baseline(&[("a.md", &[], 3), ("b.md", &[], 2)]);
        let now = baseline(&[("a.md", &[], 1), ("c.md", &[], 4)]);
        let shrunk = |known: bool| old.shrunk(&now, &|_| known);
        assert_eq!(shrunk(true), baseline(&[("a.md", &[], 1)]));
        assert_eq!(shrunk(false), old);
        let grown = baseline(&[("a.md", &[], 1), ("c.md", &[], 4)]);
        assert_eq!(shrunk(true).grown(&now), grown);
    }
}
