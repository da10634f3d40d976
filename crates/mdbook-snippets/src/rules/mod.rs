//! A file for each rule. A new one is a file, a `mod` line and a line in [`ALL`].

mod compiler_failed;
mod compiles;
mod does_not_compile;
mod does_not_panic;
mod duplicate_name;
mod exits;
mod killed;
mod misplaced_attribute;
mod not_run;
mod orphan_output;
mod output_too_long;
mod panics;
mod silently_skipped;
mod stale_output;
mod times_out;
mod unknown_attribute;
mod wrong_error;

use crate::execute::Verdicts;
use crate::snippet::{Listing, Reading, Snippet};
use handbook_book::{ChapterId, Document};
use handbook_pass::{Context, Findings, Rule};
use handbook_text::{Expanded, Finding};
use snippet_runner::{Failure, Position, Report, Verdict};

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[
    compiler_failed::RULE,
    compiles::RULE,
    does_not_compile::RULE,
    does_not_panic::RULE,
    duplicate_name::RULE,
    exits::RULE,
    killed::RULE,
    misplaced_attribute::RULE,
    not_run::RULE,
    orphan_output::RULE,
    output_too_long::RULE,
    panics::RULE,
    silently_skipped::RULE,
    stale_output::RULE,
    times_out::RULE,
    unknown_attribute::RULE,
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
    listing: &Listing,
    verdicts: &Verdicts,
    about: Context<'_>,
    findings: &mut Findings,
) {
    match verdicts {
        Verdicts::NotRun(not_run) => not_run::check(listing, not_run, findings),
        Verdicts::Reported { reports, .. } => {
            for (id, snippet) in listing.iter() {
                let Some(report) = reports.get(&id) else { continue };
                if let Verdict::Failed(failure) = &report.verdict {
                    let document = &about.book[id.chapter].document;
                    let failed = Failed { snippet, document, report };
                    findings.push(id.chapter, finding(&failed, failure));
                }
            }
        }
    }
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
    }
}

/// What rustdoc keeps to itself.
pub(crate) fn judge_silence(reading: Reading, about: Context<'_>, findings: &mut Findings) {
    silently_skipped::check(reading, about, findings);
}

/// What only a book that uses the suite is told: words, names and `output` blocks.
pub(crate) fn judge_words(listing: &Listing, about: Context<'_>, findings: &mut Findings) {
    duplicate_name::check(listing, about, findings);
    orphan_output::check(listing, about, findings);
    for (id, snippet) in listing.iter() {
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
