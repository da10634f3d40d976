//! What came of a run as JUnit XML, which CI systems show.
//!
//! A chapter is a suite, a snippet a case. A finding that fails the run belongs to the case of the
//! snippet that it stands in, or that it says it is about; what belongs to none gets a case of its
//! own, so that a report without failures is a run without.
//!
//! Cases are told apart by their names, from one run to the next: lines, which any edit moves, stand
//! in attributes.

use anyhow::Context;
use handbook_engine::Located;
use handbook_pass::Facts;
use handbook_text::{Disk, LineIndexes, Span};
use mdbook_snippets::{Listed, Reports, Status, Verdicts};
use quick_junit::{
    FlakyOrRerun, NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite, XmlString,
};
use snippet_runner::Verdict;
use std::path::Path;
use std::time::Duration;

/// The suite of what belongs to no snippet.
const FINDINGS: &str = "findings";

/// So many bytes of each output are kept.
const LONGEST: usize = 16 * 1024;

/// Writes the report to `file`. `failing` are the findings that fail the run; files are named from
/// `root`.
pub(crate) fn write(
    file: &Path,
    facts: &Facts,
    failing: &[&Located],
    root: &Path,
) -> anyhow::Result<()> {
    let reported = match facts.get() {
        Some(Verdicts::Reported { listed, reports, .. }) => Some((&listed[..], reports)),
        _ => None,
    };
    let listed = reported.map_or(&[][..], |(listed, _)| listed);
    let mut lines = LineIndexes::default();
    let failing = failing.iter().map(|located| Failing::of(located, root, listed, &mut lines));
    let text = report(reported, &failing.collect::<Vec<_>>()).to_string();
    let text = text.context("the report is no XML")?;
    std::fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

/// A finding that fails the run.
struct Failing<'a> {
    located: &'a Located,
    /// The file and line, if it has any.
    place: Option<(String, usize)>,
    /// The snippets that it is about: their numbers in the list.
    snippets: Vec<usize>,
}

impl<'a> Failing<'a> {
    fn of(located: &'a Located, root: &Path, listed: &[Listed], lines: &mut LineIndexes) -> Self {
        let shown = |file: &Path| {
            let file = file.strip_prefix(root).unwrap_or(file);
            file.display().to_string().replace('\\', "/")
        };
        let line = |span: Span<Disk>| {
            let text = located.text.as_ref()?;
            Some(lines.of(text).line(span.start()))
        };
        let line = located.finding.span.and_then(line).unwrap_or(1);
        let place = located.file.as_ref().map(|file| (shown(file), line));
        let related: Vec<(String, usize)> =
            located.related.iter().map(|(_, file, line)| (shown(file), *line)).collect();

        let numbers = |is_meant: &dyn Fn(&Listed) -> bool| -> Vec<usize> {
            (0..listed.len()).filter(|&number| is_meant(&listed[number])).collect()
        };
        // The code of a snippet may be included into it.
        let includers = located.included_from.iter().map(|(file, line)| (shown(file), *line));
        let places: Vec<(String, usize)> = place.iter().cloned().chain(includers).collect();
        let is_inside = |one: &Listed| {
            let lines = one.line..=one.last_line;
            places.iter().any(|(file, line)| *file == one.file && lines.contains(line))
        };
        let has_failed = |listed: &Listed| listed.verdict == Status::Failed;
        let is_named = |one: &Listed| {
            related.iter().any(|(file, line)| *file == one.file && *line == one.line)
        };
        let inside = numbers(&is_inside);
        let named = numbers(&|one| has_failed(one) && is_named(one));
        // What goes wrong in a module may be the failure of a snippet that uses it, not its own.
        let is_of_others = !named.is_empty() && !inside.iter().any(|&at| has_failed(&listed[at]));
        Self { located, place, snippets: if is_of_others { named } else { inside } }
    }

    /// The finding in full, as plain text.
    fn text(&self) -> String {
        let finding = &self.located.finding;
        let place = match &self.place {
            Some((file, line)) => format!("{file}:{line}: "),
            None => String::new(),
        };
        let mut lines = vec![format!("{place}{} [{}]", finding.message, finding.rule)];
        lines.extend(finding.label.iter().cloned());
        lines.extend(finding.notes.iter().cloned());
        lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
        lines.join("\n")
    }
}

fn report(reported: Option<(&[Listed], &Reports)>, failing: &[Failing<'_>]) -> Report {
    let mut report = Report::new("handbook run");
    if let Some((listed, reports)) = reported {
        let mut before = 0;
        for chapter in listed.chunk_by(|one, other| one.chapter == other.chapter) {
            let mut suite = TestSuite::new(clean(&chapter[0].chapter));
            for (index, listed) in chapter.iter().enumerate() {
                let is_about = |one: &&Failing<'_>| one.snippets.contains(&(before + index));
                let about = failing.iter().filter(is_about).collect();
                let run_fails = !failing.is_empty();
                let number = index + 1;
                suite.add_test_case(Case { listed, reports, number, about, run_fails }.case());
            }
            before += chapter.len();
            report.add_test_suite(suite);
        }
    }
    let is_nobodys = |one: &&Failing<'_>| one.snippets.is_empty();
    let cases: Vec<TestCase> = failing.iter().filter(is_nobodys).map(own_case).collect();
    if !cases.is_empty() {
        let mut suite = TestSuite::new(FINDINGS);
        suite.add_test_cases(cases);
        report.add_test_suite(suite);
    }
    report
}

/// The case of a finding that is about no snippet.
fn own_case(failing: &Failing<'_>) -> TestCase {
    let rule = failing.located.finding.rule;
    let name = match &failing.place {
        Some((file, line)) => format!("{rule} {file}:{line}"),
        None => rule.to_owned(),
    };
    let mut case = TestCase::new(clean(&name), failure(&[failing]));
    case.set_classname(FINDINGS);
    case
}

/// A failure with these findings, of which there is one at least.
fn failure(findings: &[&Failing<'_>]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    if let Some(first) = findings.first() {
        let finding = &first.located.finding;
        status.set_message(clean(&finding.message)).set_type(clean(finding.rule));
    }
    let texts: Vec<String> = findings.iter().map(|one| one.text()).collect();
    status.set_description(clean(&texts.join("\n\n")));
    status
}

/// A snippet, to become a case.
struct Case<'a> {
    listed: &'a Listed,
    reports: &'a Reports,
    /// Its place among the snippets of its chapter, from one.
    number: usize,
    /// What fails the run and is about it.
    about: Vec<&'a Failing<'a>>,
    /// Whether anything fails the run.
    run_fails: bool,
}

impl Case<'_> {
    fn case(&self) -> TestCase {
        let Listed { chapter, file, line, name, milliseconds, .. } = self.listed;
        let name = name.clone().unwrap_or_else(|| format!("snippet {}", self.number));
        let mut case = TestCase::new(clean(&name), self.status());
        case.set_classname(clean(chapter));
        case.extra.insert("file".into(), clean(file));
        case.extra.insert("line".into(), line.to_string().into());
        if let Some(milliseconds) = milliseconds {
            case.set_time(Duration::from_millis(*milliseconds));
        }
        if let Some(report) = self.reports.report(self.listed) {
            if !report.stdout.is_empty() {
                case.set_system_out(capped(&report.stdout));
            }
            if !report.stderr.is_empty() {
                case.set_system_err(capped(&report.stderr));
            }
        }
        case
    }

    /// The failure of a snippet of which no finding tells: it is told where it is to be mended.
    fn failure(&self) -> TestCaseStatus {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(match self.reports.report(self.listed).map(|report| &report.verdict) {
            Some(Verdict::Failed(failure)) => clean(&failure.to_string()),
            _ => "there is no verdict without what it builds on".into(),
        });
        status
    }

    fn status(&self) -> TestCaseStatus {
        let failures = self.reports.failures(self.listed);
        let mut status = match self.listed.verdict {
            _ if !self.about.is_empty() => failure(&self.about),
            Status::Passed => TestCaseStatus::success(),
            Status::Ignored => TestCaseStatus::skipped(),
            Status::Failed if self.run_fails => self.failure(),
            Status::Failed => allowed(),
        };
        // Where no run passed, the first failure is the snippet's own.
        let is_flaky = self.listed.flaky.is_some();
        let again = if is_flaky { failures } else { failures.get(1..).unwrap_or_default() };
        status.add_reruns(again.iter().map(rerun));
        status.set_rerun_kind(if is_flaky { FlakyOrRerun::Flaky } else { FlakyOrRerun::Rerun });
        status
    }
}

/// A snippet that failed, and somebody said that it may.
fn allowed() -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message("it fails, which the book allows");
    status
}

/// A run that failed, beside the one that counts.
fn rerun(report: &snippet_runner::Report) -> TestRerun {
    let mut rerun = TestRerun::new(NonSuccessKind::Failure);
    rerun.set_time(report.duration);
    if let Verdict::Failed(failure) = &report.verdict {
        rerun.set_message(clean(&failure.to_string()));
    }
    if !report.stderr.is_empty() {
        rerun.set_system_err(capped(&report.stderr));
    }
    rerun
}

/// The start of a text, and how much more there was.
fn capped(text: &str) -> XmlString {
    let end = text.floor_char_boundary(LONGEST);
    match text.len() - end {
        0 => clean(text),
        more => clean(&format!("{}\n… and {more} bytes more\n", &text[..end])),
    }
}

/// A text that XML can hold. What is no text is shown as a sign for it, a tab as a blank: nothing
/// disappears, and nobody's terminal is told anything.
fn clean(text: &str) -> XmlString {
    let sign = |ch: char| match ch {
        '\n' => '\n',
        '\t' => ' ',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(ch)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ => ch,
    };
    XmlString::new(text.chars().map(sign).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_disappears_that_was_printed() {
        let shown = |text: &str| clean(text).into_string();
        assert_eq!(shown("a\0\x1b[31m\t]]>\r\n\u{ffff}ä\u{9b}"), "a␀␛[31m ]]>␍\n\u{fffd}ä\u{fffd}");
        assert_eq!(shown("\x1b]8;;x"), "␛]8;;x");
    }

    #[test]
    fn outputs_end_between_characters() {
        let text = format!("{}ä", "x".repeat(LONGEST - 1));
        let shown = capped(&text).into_string();
        assert!(shown.ends_with("x\n… and 2 bytes more\n"), "{}", &shown[LONGEST - 2..]);
        assert_eq!(capped("ä").into_string(), "ä");
    }
}
