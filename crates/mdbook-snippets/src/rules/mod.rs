//! A file for each rule. A new one is a file, a `mod` line and a line in [`ALL`].

mod compiler_failed;
mod compiles;
mod does_not_compile;
mod does_not_panic;
mod duplicate_name;
mod exits;
mod interference;
mod killed;
mod leaves_processes;
mod misplaced_attribute;
mod nondeterminism;
mod not_confined;
mod not_run;
mod orphan_output;
mod out_of_memory;
mod output_too_long;
mod panics;
mod refused;
mod silently_skipped;
mod stale_output;
mod times_out;
mod too_many_processes;
mod unknown_attribute;
mod unusable_dependencies;
mod wrong_error;

use crate::execute::{Lack, Verdicts};
use crate::snippet::{Listing, Reading, Snippet, SnippetId};
use handbook_book::{ChapterId, Document};
use handbook_pass::{Context, Findings, Rule};
use handbook_text::{Expanded, Finding};
use snippet_runner::{Doubt, DoubtSort, Failure, Position, Report, Verdict};

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[
    compiler_failed::RULE,
    compiles::RULE,
    does_not_compile::RULE,
    does_not_panic::RULE,
    duplicate_name::RULE,
    exits::RULE,
    interference::RULE,
    killed::RULE,
    leaves_processes::RULE,
    misplaced_attribute::RULE,
    nondeterminism::RULE,
    not_confined::RULE,
    not_run::RULE,
    orphan_output::RULE,
    out_of_memory::RULE,
    output_too_long::RULE,
    panics::RULE,
    refused::RULE,
    silently_skipped::RULE,
    stale_output::RULE,
    times_out::RULE,
    too_many_processes::RULE,
    unknown_attribute::RULE,
    unusable_dependencies::RULE,
    wrong_error::RULE,
];

/// The rule that an `output` block breaks which says something else than is printed.
pub(crate) const STALE_OUTPUT: Rule = stale_output::RULE;

/// A snippet that failed.
struct Failed<'a> {
    snippet: &'a Snippet,
    document: &'a Document,
    report: &'a Report,
}

impl Failed<'_> {
    fn title(&self) -> String {
        self.snippet.title()
    }

    /// An error about the whole snippet, shown at its fence.
    fn error(&self, rule: &Rule, message: String) -> Finding<Expanded> {
        Finding::new(rule.id, rule.level, message).at(self.snippet.fence)
    }

    /// An error at a place in the snippet's program, if there is one.
    fn error_at(&self, rule: &Rule, message: String, at: Option<Position>) -> Finding<Expanded> {
        let finding = self.error(rule, message);
        match at {
            Some(at) => finding.at(self.snippet.place(self.document, at.line, at.column)),
            None => finding,
        }
    }

    /// The finding with what the program complained of.
    fn with_stderr(&self, finding: Finding<Expanded>) -> Finding<Expanded> {
        match self.report.stderr.trim_end() {
            "" => finding,
            stderr => finding.note(stderr),
        }
    }
}

/// What rustdoc would report too: every snippet that failed.
pub(crate) fn judge_verdicts(
    snippets: &[(SnippetId, &Snippet)],
    verdicts: &Verdicts,
    about: Context<'_>,
    findings: &mut Findings,
) {
    match verdicts {
        Verdicts::NotRun(not_run) => match not_run.lack {
            Lack::Dependencies => unusable_dependencies::check(snippets, not_run, findings),
            Lack::Tools => not_run::check(snippets, not_run, findings),
        },
        // That is wrong use, not a fault of the book.
        Verdicts::NoSuchName(_) => {}
        Verdicts::Reported { reports, sandbox, .. } => {
            not_confined::check(snippets, *sandbox, findings);
            for (id, snippet) in snippets {
                let Some(report) = reports.get(id) else { continue };
                if let Some(doubt) = reports.doubt(id) {
                    findings.push(id.chapter, doubted(snippet, doubt));
                }
                if let Verdict::Failed(failure) = &report.verdict {
                    let document = &about.book[id.chapter].document;
                    let failed = Failed { snippet, document, report };
                    findings.push(id.chapter, finding(&failed, failure));
                }
            }
        }
    }
}

fn doubted(snippet: &Snippet, doubt: &Doubt) -> Finding<Expanded> {
    let (rule, message) = match doubt.sort {
        DoubtSort::Interference => interference::said_of(snippet),
        DoubtSort::Nondeterminism => nondeterminism::said_of(snippet),
    };
    let [one, other] = &doubt.reports;
    Finding::new(rule.id, rule.level, message).at(snippet.fence).note(difference(one, other))
}

/// Says in which way two reports differ.
fn difference(one: &Report, other: &Report) -> String {
    if one.verdict != other.verdict {
        let said = |report: &Report| match &report.verdict {
            Verdict::Passed => "passed".to_owned(),
            Verdict::Failed(failure) => failure.to_string(),
        };
        return format!("first it {}, then it {}", said(one), said(other));
    }
    let (mut first, mut then) = (one.stdout.lines(), other.stdout.lines());
    for number in 1.. {
        let (first, then) = (first.next(), then.next());
        if first != then || first.is_none() {
            let shown =
                |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("`{line}`"));
            return format!(
                "line {number} of what it prints is first {}, then {}",
                shown(first),
                shown(then)
            );
        }
    }
    String::new()
}

fn finding(failed: &Failed<'_>, failure: &Failure) -> Finding<Expanded> {
    match failure {
        Failure::DoesNotCompile { diagnostics } => does_not_compile::finding(failed, diagnostics),
        Failure::CompilerFailed { message } => compiler_failed::finding(failed, message),
        Failure::CompiledButShouldNot => compiles::finding(failed),
        Failure::WrongErrorCode { expected, found, .. } => {
            wrong_error::finding(failed, expected, found)
        }
        Failure::Panicked { at, message } => panics::finding(failed, *at, message),
        Failure::DidNotPanic => does_not_panic::finding(failed),
        Failure::Exited { code } => exits::finding(failed, *code),
        Failure::Killed { signal } => killed::finding(failed, *signal),
        Failure::TimedOut { limit } => times_out::finding(failed, *limit),
        Failure::OutputTooLong { cap } => output_too_long::finding(failed, *cap),
        Failure::Refused { refusals } => refused::finding(failed, refusals),
        Failure::TooManyProcesses { most } => too_many_processes::finding(failed, *most),
        Failure::OutOfMemory { limit } => out_of_memory::finding(failed, *limit),
        Failure::LeftProcesses { names } => leaves_processes::finding(failed, names),
    }
}

/// Blocks that are no snippets: what rustdoc keeps to itself, and `output` blocks of nobody.
pub(crate) fn judge_blocks(
    reading: Reading,
    listing: &Listing,
    about: Context<'_>,
    findings: &mut Findings,
) {
    silently_skipped::check(reading, about, findings);
    if reading.ours {
        orphan_output::check(listing, about, findings);
    }
}

/// What only a book that uses the suite is told of its snippets: words and names.
pub(crate) fn judge_words(
    snippets: &[(SnippetId, &Snippet)],
    about: Context<'_>,
    findings: &mut Findings,
) {
    duplicate_name::check(snippets, about, findings);
    for (id, snippet) in snippets {
        problems(id.chapter, snippet, findings);
    }
}

fn problems(id: ChapterId, snippet: &Snippet, findings: &mut Findings) {
    for problem in &snippet.info.problems {
        let found = unknown_attribute::finding(&problem.kind)
            .or_else(|| misplaced_attribute::finding(&problem.kind));
        found.into_iter().for_each(|finding| findings.push(id, finding.at(problem.span)));
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn rules_are_sorted_and_each_file_is_listed() {
        let ids: Vec<_> = ALL.iter().map(|rule| rule.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().replace('_', "-"));
        let missing: Vec<_> = names
            .filter(|name| name != "mod" && !ids.contains(&&*format!("snippets/{name}")))
            .collect();
        assert_eq!(missing, [""; 0]);
    }
}
