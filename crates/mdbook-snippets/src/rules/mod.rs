//! A file for each rule; [`mode`] says which of them judge only now and then. A new one is a file, a `mod` line and a line in [`ALL`].

mod broken_module;
mod broken_series;
mod compiler_failed;
mod compiles;
mod does_not_compile;
mod does_not_panic;
mod duplicate_name;
mod exits;
mod flaky_snippet;
mod interference;
mod killed;
mod leaves_processes;
mod malformed_binding;
mod malformed_verification;
mod misplaced_attribute;
mod misplaced_binding;
mod mixed_editions;
mod mode;
mod module_cycle;
mod nondeterminism;
mod not_confined;
mod not_run;
mod orphan_output;
mod out_of_memory;
mod outdated_results;
mod output_too_long;
mod panics;
mod private_item;
mod refused;
mod refuted_growth;
mod silently_skipped;
mod stale_output;
mod stale_results;
mod stale_value;
mod stale_verification;
mod times_out;
mod too_few_points;
mod too_many_processes;
mod unchangeable;
mod unchecked_module;
mod uneven_table;
mod unknown_attribute;
mod unknown_module;
mod unknown_value;
mod unnoticed_change;
mod unusable_dependencies;
mod unused_value;
mod unwritten_output;
mod wrong_error;

pub(crate) use mode::{Mode, mode_of};

use crate::execute::{Lack, Verdicts};
use crate::growth::claim as growth_claim;
use crate::growth::fit::{self, Judgement};
use crate::mutation::Tried;
use crate::program::Programs;
use crate::results::locked::Differences;
use crate::snippet::{Listing, Reading, Snippet, SnippetId};
use crate::values::{
    Address, Binding, BindingKind, Bindings, Known, Lookup, Series, Values, claim,
};
use handbook_book::{ChapterId, Document, Span};
use handbook_pass::{Context, Findings, Found, Related, Rule};
use handbook_text::{Expanded, Finding, Level};
use snippet_runner::{Doubt, DoubtSort, Failure, Position, Report, Verdict};
use std::collections::BTreeSet;

/// Every rule, sorted by id.
pub(crate) const ALL: &[Rule] = &[
    broken_module::RULE,
    broken_series::RULE,
    compiler_failed::RULE,
    compiles::RULE,
    does_not_compile::RULE,
    does_not_panic::RULE,
    duplicate_name::RULE,
    exits::RULE,
    flaky_snippet::RULE,
    interference::RULE,
    killed::RULE,
    leaves_processes::RULE,
    malformed_binding::RULE,
    malformed_verification::RULE,
    misplaced_attribute::RULE,
    misplaced_binding::RULE,
    mixed_editions::RULE,
    module_cycle::RULE,
    nondeterminism::RULE,
    not_confined::RULE,
    not_run::RULE,
    orphan_output::RULE,
    out_of_memory::RULE,
    outdated_results::RULE,
    output_too_long::RULE,
    panics::RULE,
    private_item::RULE,
    refused::RULE,
    refuted_growth::RULE,
    silently_skipped::RULE,
    stale_output::RULE,
    stale_results::RULE,
    stale_value::RULE,
    stale_verification::RULE,
    times_out::RULE,
    too_few_points::RULE,
    too_many_processes::RULE,
    unchangeable::RULE,
    unchecked_module::RULE,
    uneven_table::RULE,
    unknown_attribute::RULE,
    unknown_module::RULE,
    unknown_value::RULE,
    unnoticed_change::RULE,
    unusable_dependencies::RULE,
    unused_value::RULE,
    unwritten_output::RULE,
    wrong_error::RULE,
];

/// The rules about what programs do: of a snippet that does not compile they know nothing.
pub(crate) const ABOUT_PROGRAMS: [&str; 10] = [
    does_not_panic::RULE.id,
    exits::RULE.id,
    killed::RULE.id,
    leaves_processes::RULE.id,
    out_of_memory::RULE.id,
    output_too_long::RULE.id,
    panics::RULE.id,
    refused::RULE.id,
    times_out::RULE.id,
    too_many_processes::RULE.id,
];

/// The rules about what programs print: of a snippet that fails they know nothing.
pub(crate) const ABOUT_PRINTED: [&str; 8] = [
    refuted_growth::RULE.id,
    stale_output::RULE.id,
    stale_value::RULE.id,
    too_few_points::RULE.id,
    uneven_table::RULE.id,
    unknown_value::RULE.id,
    unused_value::RULE.id,
    unwritten_output::RULE.id,
];

/// The rule that an `output` block breaks which says something else than is printed.
pub(crate) const STALE_OUTPUT: Rule = stale_output::RULE;

/// The rule that a written number breaks which says something else than is printed.
pub(crate) const STALE_VALUE: Rule = stale_value::RULE;

/// The rule that a region breaks which says that something else was verified.
pub(crate) const STALE_VERIFICATION: Rule = stale_verification::RULE;

/// The book's snippets, to be judged.
pub(crate) struct Judged<'a> {
    pub(crate) listing: &'a Listing,
    pub(crate) programs: &'a Programs,
    pub(crate) about: Context<'a>,
}

/// A snippet that failed, or of which nothing is known because a module is broken.
struct Failed<'a> {
    judged: &'a Judged<'a>,
    id: SnippetId,
    snippet: &'a Snippet,
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

    /// A finding in the snippet's own chapter.
    fn here(&self, finding: Finding<Expanded>) -> Found {
        Found::new(self.id.chapter, finding)
    }

    /// An error at a place in the snippet's program, if there is one. That may be in a module, and
    /// in another chapter.
    fn error_at(&self, rule: &Rule, message: String, at: Option<Position>) -> Found {
        let error = self.error(rule, message);
        let Some((owner, span)) = at.map(|at| self.place(at)) else { return self.here(error) };
        let mut found = self.here(error.at(span));
        if owner != self.id {
            found.chapter = owner.chapter;
            found.also_about.push(self.id.chapter);
            found.related.push(here_is(self.judged, self.id));
        }
        found
    }

    /// Where a place in the snippet's program stands, and in which snippet.
    fn place(&self, at: Position) -> (SnippetId, Span) {
        let Judged { listing, programs, about, .. } = self.judged;
        let program = programs.get(self.id);
        let place = program.and_then(|it| it.place(listing, about.book, at.line, at.column));
        place.unwrap_or_else(|| (self.id, self.snippet.place(self.document(), at.line, at.column)))
    }

    fn document(&self) -> &Document {
        &self.judged.about.book[self.id.chapter].document
    }

    /// The finding with what the program complained of.
    fn with_stderr(&self, finding: Finding<Expanded>) -> Finding<Expanded> {
        match self.report.stderr.trim_end() {
            "" => finding,
            stderr => finding.note(stderr),
        }
    }
}

/// Says where a snippet stands that has to do with a finding.
fn here_is(judged: &Judged<'_>, id: SnippetId) -> Related {
    let snippet = judged.listing.get(id);
    Related {
        what: format!("{} is here", snippet.title()),
        chapter: id.chapter,
        span: snippet.fence,
    }
}

impl Judged<'_> {
    /// What rustdoc would report too: every snippet that failed.
    pub(crate) fn verdicts(
        &self,
        snippets: &[(SnippetId, &Snippet)],
        verdicts: &Verdicts,
        findings: &mut Findings,
    ) {
        match verdicts {
            Verdicts::NotRun(not_run) => match not_run.lack {
                Lack::Dependencies => unusable_dependencies::check(snippets, not_run, findings),
                Lack::Tools => not_run::check(snippets, not_run, findings),
            },
            // That is wrong use, not a fault of the book.
            Verdicts::NoSuchName(_) => {}
            Verdicts::Reported { reports, under, .. } => {
                let sandbox = under.as_ref().map(|under| under.sandbox);
                not_confined::check(snippets, sandbox, findings);
                let modules = &self.programs.modules;
                let needed = modules.needed_beside(snippets.iter().map(|(id, _)| *id));
                // Of those that nobody asks for, only what the others suffer from is of interest.
                let needed = needed.into_iter().map(|id| (id, self.listing.get(id)));
                let needed = needed.filter(|(id, _)| reports.broken_module(modules, *id).is_none());
                for (id, snippet) in snippets.iter().copied().chain(needed) {
                    let Some(report) = reports.get(&id) else { continue };
                    if let Some(doubt) =
                        reports.doubt(&id).filter(|doubt| !is_declared(snippet, doubt))
                    {
                        findings.push(id.chapter, doubted(snippet, doubt));
                    }
                    if let Some(retry) = reports.retry(&id).filter(|retry| retry.passed) {
                        self.flakiness(id, snippet, retry, findings);
                    }
                    let judged = Failed { judged: self, id, snippet, report };
                    let found = match (&report.verdict, reports.broken_module(modules, id)) {
                        (_, Some(broken)) => broken_module::found(&judged, broken),
                        (Verdict::Failed(failure), None) => {
                            let mut found = found(&judged, failure);
                            found.also_about.extend(self.users(id, snippets));
                            found
                        }
                        (Verdict::Passed, None) => continue,
                    };
                    findings.add(found);
                }
            }
        }
    }

    /// What is wrong with results that others lent.
    pub(crate) fn results(
        &self,
        snippets: &[(SnippetId, &Snippet)],
        verdicts: &Verdicts,
        findings: &mut Findings,
    ) {
        if let Verdicts::Reported { taken: Some(taken), .. } = verdicts {
            outdated_results::check(snippets, taken, findings);
        }
    }

    /// What is not as it was frozen.
    pub(crate) fn differences(&self, differences: &Differences, findings: &mut Findings) {
        stale_results::check(self, differences, findings);
    }

    /// The chapters of those `snippets` that need a module.
    fn users(
        &self,
        module: SnippetId,
        snippets: &[(SnippetId, &Snippet)],
    ) -> impl Iterator<Item = ChapterId> {
        let needs = move |(id, _): &&(SnippetId, &Snippet)| {
            let needs = self.programs.modules.needs(*id);
            needs.is_some_and(|needs| needs.modules.contains(&module))
        };
        snippets.iter().filter(needs).map(|(id, _)| id.chapter)
    }

    /// What only a book that uses the suite is told of its snippets: words, names and modules.
    pub(crate) fn words(&self, snippets: &[(SnippetId, &Snippet)], findings: &mut Findings) {
        duplicate_name::check(snippets, self.about, findings);
        let mut circled = BTreeSet::new();
        for (id, snippet) in snippets {
            problems(*id, snippet, findings);
            self.uses(*id, &mut circled, findings);
        }
    }

    /// The places that name values, and the values that should be named somewhere.
    pub(crate) fn bindings(&self, values: &Values, bindings: &Bindings, findings: &mut Findings) {
        for (chapter, binding) in bindings.iter() {
            let bound = Bound { judged: self, values, chapter, binding };
            bound.judge().into_iter().for_each(|found| findings.add(found));
        }
        let named = bindings.named();
        for (id, snippet) in self.listing.iter() {
            let found = unused_value::found(id, snippet, values, &named);
            found.into_iter().for_each(|found| findings.add(found));
        }
    }

    /// What is wrong with one binding if snippets print these `values`: a rule and how bad it is.
    pub(crate) fn binding(
        &self,
        values: &Values,
        chapter: ChapterId,
        binding: &Binding,
    ) -> Option<(&'static str, Level)> {
        let found = Bound { judged: self, values, chapter, binding }.judge()?;
        Some((found.finding.rule, found.finding.level))
    }

    /// What nobody would notice if the code were changed.
    pub(crate) fn mutations(&self, tried: &Tried, findings: &mut Findings) {
        unchangeable::check(self, tried, findings);
        unnoticed_change::check(self, tried, findings);
    }

    /// What is wrong with outputs beyond what they say.
    pub(crate) fn outputs(&self, snippets: &[(SnippetId, &Snippet)], findings: &mut Findings) {
        uneven_table::check(self, snippets, findings);
        unwritten_output::check(snippets, findings);
    }

    /// What is wrong with the modules that a snippet uses. Of a circle, one of its snippets tells;
    /// the others are added to `circled`.
    fn uses(&self, id: SnippetId, circled: &mut BTreeSet<SnippetId>, findings: &mut Findings) {
        let needs = self.programs.modules.needs(id);
        for problem in needs.into_iter().flat_map(|needs| &needs.problems) {
            let circle = module_cycle::found(self, id, problem);
            let circle = circle.filter(|(_, circle)| !circled.contains(&circle[0]));
            let circle = circle.map(|(found, circle)| {
                circled.extend(circle);
                found
            });
            let found = circle
                .or_else(|| unknown_module::found(self, id, problem))
                .or_else(|| unchecked_module::found(self, id, problem))
                .or_else(|| mixed_editions::found(self, id, problem))
                .or_else(|| broken_module::unusable(self, id, problem));
            found.into_iter().for_each(|found| findings.add(found));
        }
    }
}

/// A binding, to be judged.
struct Bound<'a> {
    judged: &'a Judged<'a>,
    values: &'a Values,
    chapter: ChapterId,
    binding: &'a Binding,
}

impl Bound<'_> {
    fn document(&self) -> &Document {
        &self.judged.about.book[self.chapter].document
    }

    /// A finding in the binding's chapter, with the snippet that it names.
    fn about(&self, finding: Finding<Expanded>) -> Found {
        let mut found = Found::new(self.chapter, finding);
        let address = self.binding.address();
        let is_known = |address: &&Address| {
            matches!(self.values.get(address), Lookup::Known(..) | Lookup::NoCell(_))
        };
        let named = address.filter(is_known).and_then(|it| self.values.snippet(&it.snippet));
        found.related.extend(named.map(|id| here_is(self.judged, id)));
        found
    }

    fn judge(&self) -> Option<Found> {
        use malformed_binding::Fault;
        use misplaced_binding::Place;
        let place = |place| Some(misplaced_binding::found(self, place));
        let fault = |fault| Some(malformed_binding::found(self, fault));
        match &self.binding.kind {
            BindingKind::Malformed => fault(Fault::Binding),
            BindingKind::InHeading => place(Place::InHeading),
            BindingKind::Nowhere => place(Place::Nowhere),
            BindingKind::Directive { address, sample } => {
                let lookup = self.values.get(address);
                match lookup.known() {
                    Some(Known::Series(_)) => place(Place::NoClaim),
                    Some(Known::Value(printed)) => {
                        let suits = sample.is_empty() || claim::like(sample, printed).is_some();
                        if suits { None } else { fault(Fault::Sample(sample)) }
                    }
                    _ => unknown_value::found(self, address, lookup),
                }
            }
            BindingKind::Comment { address, before } => {
                let text = self.document().slice(*before);
                let growth = growth_claim::read(text);
                if growth.is_none() && !claim::is_number(text) {
                    return place(Place::BehindNothing(text));
                }
                let lookup = self.values.get(address);
                match (lookup.known(), growth) {
                    (Some(Known::Series(_)), None) => place(Place::NoClaim),
                    (Some(Known::Value(_)), Some(_)) => place(Place::NoSeries),
                    (Some(Known::Series(series)), Some(Ok(claim))) => {
                        self.growth(address, claim, series)
                    }
                    (Some(Known::Value(printed)), None) => {
                        stale_value::found(self, address, *before, printed)?
                    }
                    (_, Some(Err(class))) => fault(Fault::Class(&class)),
                    _ => unknown_value::found(self, address, lookup),
                }
            }
        }
    }

    fn growth(
        &self,
        address: &Address,
        claim: growth_claim::Claim,
        series: &Series,
    ) -> Option<Found> {
        if let Some(row) = &series.odd_row {
            return Some(broken_series::found(self, address, row));
        }
        let points = &series.points;
        match fit::judge(claim, points) {
            Judgement::Consistent => None,
            Judgement::Refuted(nearest) => {
                Some(refuted_growth::found(self, address, claim, nearest, points))
            }
            Judgement::TooLittle(why) => {
                Some(too_few_points::found(self, address, claim, why, points))
            }
        }
    }
}

/// The points that a claim was judged by, and how far each class is off.
fn points_and_fits(points: &[(f64, f64)]) -> Vec<String> {
    /// So many points are shown.
    const MOST: usize = 12;

    let mut shown: Vec<String> =
        points.iter().take(MOST).map(|(size, count)| format!("{size}: {count}")).collect();
    shown.extend((points.len() > MOST).then(|| "…".to_owned()));
    let off = |fit: &fit::Fit| match fit.error * 100.0 {
        error if error < 1000.0 => format!("{} {error:.0} %", fit.class),
        _ => format!("{} not at all", fit.class),
    };
    let fits: Vec<String> = fit::fits(points).iter().map(off).collect();
    vec![format!("points: {}", shown.join(", ")), format!("off by: {}", fits.join(", "))]
}

/// Whether the author says that what a snippet prints differs in this way.
fn is_declared(snippet: &Snippet, doubt: &Doubt) -> bool {
    let [one, other] = &doubt.reports;
    one.verdict == other.verdict && snippet.info.varying.allows(&one.stdout, &other.stdout)
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

fn found(failed: &Failed<'_>, failure: &Failure) -> Found {
    let finding = match failure {
        Failure::DoesNotCompile { diagnostics } => {
            let private = private_item::found(failed, diagnostics);
            return private.unwrap_or_else(|| does_not_compile::found(failed, diagnostics));
        }
        Failure::Panicked { at, message } => return panics::found(failed, *at, message),
        Failure::CompilerFailed { message } => compiler_failed::finding(failed, message),
        Failure::CompiledButShouldNot => compiles::finding(failed),
        Failure::WrongErrorCode { expected, found, .. } => {
            wrong_error::finding(failed, expected, found)
        }
        Failure::DidNotPanic => does_not_panic::finding(failed),
        Failure::Exited { code } => exits::finding(failed, *code),
        Failure::Killed { signal } => killed::finding(failed, *signal),
        Failure::TimedOut { limit } => times_out::finding(failed, *limit),
        Failure::OutputTooLong { cap } => output_too_long::finding(failed, *cap),
        Failure::Refused { refusals } => refused::finding(failed, refusals),
        Failure::TooManyProcesses { most } => too_many_processes::finding(failed, *most),
        Failure::OutOfMemory { limit } => out_of_memory::finding(failed, *limit),
        Failure::LeftProcesses { names } => leaves_processes::finding(failed, names),
    };
    failed.here(finding)
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
        malformed_verification::check(about.book, findings);
    }
}

fn problems(id: SnippetId, snippet: &Snippet, findings: &mut Findings) {
    for problem in &snippet.info.problems {
        let found = unknown_attribute::finding(&problem.kind)
            .or_else(|| misplaced_attribute::finding(&problem.kind));
        found.into_iter().for_each(|finding| findings.push(id.chapter, finding.at(problem.span)));
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
            .filter(|name| {
                !["mod", "mode"].contains(&&**name) && !ids.contains(&&*format!("snippets/{name}"))
            })
            .collect();
        assert_eq!(missing, [""; 0]);
    }
}
