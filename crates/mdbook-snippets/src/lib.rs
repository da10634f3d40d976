//! Runs the Rust in a book, with rustdoc's verdicts, and holds the book to what it printed.
//!
//! ````markdown
//! ```rust,name=ring,run
//! println!("tokens = {}", 4 * 160);
//! ```
//!
//! ```output
//! tokens = 640
//! ```
//! ````
//!
//! 1. [`info`] reads what stands behind the fence: rustdoc's attributes, mdBook's, ours.
//! 2. [`snippet`] collects the Rust blocks of a text with their hidden lines and `output` blocks.
//! 3. [`modules`] finds out which snippets build on which, and [`program`] puts these together.
//! 4. [`dependencies`] reads which crates they may use; [`execute`] hands them to `snippet-runner`
//!    and publishes what became of each.
//! 5. [`results`] are what came of a run, in a file for those who cannot run snippets or run a part.
//! 6. [`output`] is the block that a snippet with `run` gets, and the comparison of written ones.
//! 7. [`values`] are numbers that were printed, and the text that is held to them; [`growth`] is
//!    how fast a series of them grows.
//! 8. [`page`] is what the page shows differently than the author's text.
//! 9. [`verification`] says to readers what of all this was verified, under which [`conditions`].
//! 10. [`rules`] turn failures into findings, a file for each.
//! 11. [`mutation`] tries, when asked to, which changes of the code anything would notice.
//!
//! In a book that does not configure the suite, attributes and `output` fences are the book's own:
//! only rustdoc's verdicts count.

mod conditions;
mod dependencies;
mod execute;
mod growth;
mod info;
mod listed;
mod modules;
mod mutation;
mod output;
mod page;
mod program;
mod results;
mod rules;
mod settings;
mod snippet;
mod table;
mod values;
mod verification;

pub use conditions::{Compiler, Conditions};
pub use execute::{Lack, NoSuchName, NotRun, Reports, Tally, Verdicts};
pub use listed::{Expects, Flakiness, Listed, Status};
pub use mutation::{ChapterScore, Mutations, Score, Tried};
pub use results::collected::{Collected, NotFrozen};
pub use results::file::FileError;
pub use results::is_results;
pub use results::merge::{MergeError, merge, past_times};
pub use results::taken::{Lender, Taken};
pub use settings::{Sandbox, Settings};

use handbook_book::{Book, ChapterId, Document, Span};
use handbook_pass::{
    Block, Context, Derived, Environment, Facts, Findings, Gap, Made, Origin, Pages, Pass, Places,
    Provides, Recipe, Results, Rule, Setup, Slot, SlotState, Stale, Text, read_settings,
};
use handbook_text::{Edit, Expanded};
use output::{Longest, Varying};
use page::Scripts;
use program::Programs;
use rules::{Judged, Mode};
use snippet::{Listing, Snippet, SnippetId};
use snippet_runner::{Config, Edition};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;
use values::binding::directive_parts;
use values::{Bindings, Known, VALUE, Values, claim};
use verification::VERIFICATION;

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "snippets", make };

/// The name of the slot behind a snippet, and of the language of written outputs.
const OUTPUT: &str = "output";

/// The pass.
struct Snippets {
    settings: Settings,
    /// Whether the book has never heard of the suite.
    foreign: bool,
    edition: Edition,
    environment: Environment,
    /// How snippets are run, once that was asked for; `None` if they cannot be.
    config: OnceLock<Option<Config>>,
    root: PathBuf,
    /// The folders of chapters and pages.
    own_folders: Vec<PathBuf>,
}

fn make(setup: &Setup<'_>) -> Made {
    let (mut settings, mut problems): (Settings, _) =
        setup.table.map(read_settings).unwrap_or_default();
    problems.extend(dependencies::problems(&mut settings));
    problems.extend(results::problems(&mut settings));
    let folder = |key: &str, default: &str| {
        let named = setup.config.pointer(key).and_then(serde_json::Value::as_str);
        setup.root.join(named.unwrap_or(default))
    };
    let edition = setup.config.pointer("/rust/edition").map(ToString::to_string);
    let edition = edition.as_deref().map(|year| year.trim_matches('"'));
    let pass = Snippets {
        settings,
        foreign: setup.table.is_none(),
        edition: edition.and_then(|year| year.parse().ok()).unwrap_or_default(),
        environment: setup.environment.clone(),
        config: OnceLock::new(),
        root: setup.root.to_owned(),
        own_folders: vec![folder("/book/src", "src"), folder("/build/build-dir", "book")],
    };
    Made { pass: Box::new(pass), problems, findings: Vec::new() }
}

impl Snippets {
    fn reading(&self) -> snippet::Reading {
        snippet::Reading { ours: !self.foreign, unlabelled: self.settings.unlabelled }
    }

    fn longest(&self) -> Longest {
        Longest(Some(self.settings.fold_output).filter(|lines| *lines > 0))
    }

    /// Whether the page folds the output of a snippet.
    fn is_folded(&self, id: SnippetId, snippet: &Snippet, about: Context<'_>) -> bool {
        let written = snippet.output.as_ref().map(|output| output.content.as_str());
        let info = &snippet.info;
        let is_shown = info.run && info.varying == Varying::Nothing && !self.provides().is_empty();
        let text = written.or_else(|| is_shown.then(|| printed_by(id, snippet, about)).flatten());
        text.is_some_and(|text| self.longest().folds(text))
    }

    /// Tries changes of the code, if that is asked for.
    fn mutate(&self, book: &Book, places: &dyn Places, facts: &mut Facts) {
        let Some(wish) = self.environment.mutation else { return };
        match mutation::try_out(self, Context { book, facts, places, matchings: &[] }, wish) {
            Ok(mutations) => mutations.into_iter().for_each(|it| facts.publish(it)),
            Err(error) => facts.publish(Verdicts::NotRun(NotRun::because(&error))),
        }
    }

    /// Whether rules that judge only in this mode have judged all that they could.
    fn is_on(&self, mode: Mode, facts: &Facts) -> bool {
        let environment = &self.environment;
        match mode {
            Mode::Audit => environment.audit,
            Mode::Retries => environment.retries > 0,
            Mode::Mutation => {
                // A sample leaves changes out.
                environment.mutation.is_some_and(|wish| wish.sample.is_none())
                    && matches!(facts.get(), Some(Mutations::Tried(_)))
            }
            Mode::Locked => environment.results == Results::Locked,
            Mode::Taken => {
                matches!(facts.get(), Some(Verdicts::Reported { taken: Some(_), .. }))
            }
            Mode::Machine => false,
        }
    }

    /// The snippets that are asked for, in reading order.
    fn asked<'a>(
        &'a self,
        book: &'a Book,
        listing: &'a Listing,
    ) -> impl Iterator<Item = (SnippetId, &'a Snippet)> {
        let selection = &self.environment.selection;
        let named_elsewhere = self.named_elsewhere(book);
        listing.iter().filter(move |(id, snippet)| {
            let is_here = selection.has_chapter(&book[id.chapter].path);
            let mut names = snippet.names().map(|name| name.text.as_str());
            is_here && snippet.is_named_in(selection)
                || names.any(|name| named_elsewhere.contains(name))
        })
    }

    /// The names of snippets whose values stand in the text of the chapters that are asked for.
    fn named_elsewhere(&self, book: &Book) -> BTreeSet<String> {
        let selection = &self.environment.selection;
        if selection.chapters.is_empty() || !selection.named_elsewhere {
            return BTreeSet::new();
        }
        let bindings = Bindings::of(book);
        let is_here = |id: ChapterId| selection.has_chapter(&book[id].path);
        let here = bindings.iter().filter(|(id, _)| is_here(*id));
        let addresses = here.filter_map(|(_, binding)| binding.address());
        addresses.map(|address| address.snippet.clone()).collect()
    }
}

impl Pass for Snippets {
    fn name(&self) -> &'static str {
        RECIPE.name
    }

    fn rules(&self) -> &'static [Rule] {
        rules::ALL
    }

    fn provides(&self) -> &'static [Provides] {
        const fn worded(slot: &'static str, stale: &'static str) -> Provides {
            Provides { slot, stale, written_down: false, takes_words: true }
        }
        const ALL: &[Provides] = &[
            worded(VALUE, rules::STALE_VALUE.id),
            worded(VERIFICATION, rules::STALE_VERIFICATION.id),
            Provides {
                slot: OUTPUT,
                stale: rules::STALE_OUTPUT.id,
                written_down: true,
                takes_words: false,
            },
        ];
        match (self.foreign, self.settings.outputs) {
            (true, _) => &[],
            (false, false) => &ALL[..2],
            (false, true) => ALL,
        }
    }

    fn slots(&self, text: Text<'_>) -> Vec<Slot> {
        let is_chapter = matches!(text.origin, Origin::Chapter(_));
        if self.foreign || !self.settings.outputs || !is_chapter {
            return Vec::new();
        }
        let snippets = snippet::snippets(text.document, self.reading()).into_iter();
        snippets.filter_map(|snippet| output_slot(text.document, &snippet)).collect()
    }

    fn world(&self) -> Option<String> {
        if !self.settings.run || !self.environment.execute {
            return Some(String::new());
        }
        execute::world(self).ok()?
    }

    fn gather(&self, book: &Book, facts: &mut Facts) {
        let listing = Listing::of(book, self.reading());
        facts.publish(Programs::of(&listing, self.edition));
        if !self.foreign {
            facts.publish(Bindings::of(book));
            facts.publish(Values::of(&listing, None));
        }
        facts.publish(listing);
    }

    fn execute(&self, book: &Book, places: &dyn Places, facts: &mut Facts) {
        let Some((listing, programs)) = read(facts) else { return };
        if self.settings.run && self.environment.execute {
            let verdicts = execute::execute(self, book, places, listing, programs);
            let values = (!self.foreign).then(|| Values::of(listing, Some(&verdicts)));
            let kept = results::kept(self, book, places, listing, programs, &verdicts);
            facts.publish(verdicts);
            values.into_iter().for_each(|values| facts.publish(values));
            self.mutate(book, places, facts);
            kept.collected.into_iter().for_each(|collected| facts.publish(collected));
            kept.differences.into_iter().for_each(|differences| facts.publish(differences));
        } else if self.environment.results == Results::Locked {
            facts.publish(results::not_compared(self));
        }
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
        if slot.name == VALUE {
            return Derived::Inline(value(&slot.args, about));
        }
        if slot.name == VERIFICATION {
            return verification::derive(self, slot, text, about);
        }
        match printed(slot, text, about) {
            Some((snippet, printed)) => {
                output::derive(snippet, printed, text.document, self.longest())
            }
            None => Derived::Unknown,
        }
    }

    fn compare(
        &self,
        slot: &Slot,
        text: Text<'_>,
        about: Context<'_>,
        written: &str,
        derived: &Block,
    ) -> Option<Stale> {
        if slot.name == VERIFICATION {
            let differs = written.trim() != derived.source.markdown().trim();
            return differs.then(Stale::default);
        }
        let (snippet, printed) = printed(slot, text, about)?;
        let written = snippet.output.as_ref()?;
        output::compare(written, printed, &snippet.info.varying, &snippet.title())
    }

    fn rewrite(&self, chapter: ChapterId, about: Context<'_>) -> Vec<Edit<Expanded>> {
        let Some((listing, programs)) = read(about.facts) else { return Vec::new() };
        let document = &about.book[chapter].document;
        let mut edits = Vec::new();
        let mut scripts = Scripts::default();
        for (id, snippet) in listing.of_chapter(chapter) {
            let program = programs.get(id);
            scripts.copy |= program.is_some();
            scripts.fold |= self.is_folded(id, snippet, about);
            edits.extend(page::edits(snippet, program, document, self.longest()));
        }
        edits.extend(page::scripts(scripts, document));
        edits
    }

    fn has_judged(&self, rule: &Rule, chapter: ChapterId, about: Context<'_>) -> bool {
        let is_on = rules::mode_of(rule.id).is_none_or(|mode| self.is_on(mode, about.facts));
        let is_part = matches!(self.environment.results, Results::Part(_));
        let selection = &self.environment.selection;
        let is_asked =
            selection.names.is_empty() && selection.has_chapter(&about.book[chapter].path);
        is_asked && !is_part && is_on && execute::is_known(rule.id, chapter, about.facts)
    }

    fn judge(&self, about: Context<'_>, _: &Pages, findings: &mut Findings) {
        let Some((listing, programs)) = read(about.facts) else { return };
        let judged = Judged { listing, programs, about };
        if let Some(Mutations::Tried(tried)) = about.facts.get() {
            judged.mutations(tried, findings);
        }
        if let Some(verdicts) = about.facts.get::<Verdicts>() {
            let asked: Vec<_> = self.asked(about.book, listing).collect();
            judged.verdicts(&asked, verdicts, findings);
            judged.results(&asked, verdicts, findings);
        }
        if let Some(differences) = about.facts.get() {
            judged.differences(differences, findings);
        }
        let selection = &self.environment.selection;
        if !self.foreign {
            let named = listing.iter().filter(|(_, snippet)| snippet.is_named_in(selection));
            let named: Vec<_> = named.collect();
            judged.words(&named, findings);
            if self.settings.outputs {
                judged.outputs(&named, findings);
            }
        }
        // Whoever asks for single snippets hears of nothing else.
        if selection.names.is_empty() {
            rules::judge_blocks(self.reading(), listing, about, findings);
            if let (Some(values), Some(bindings)) = (about.facts.get(), about.facts.get()) {
                judged.bindings(values, bindings, findings);
            }
        }
    }
}

/// What [`Pass::gather`] published.
fn read(facts: &Facts) -> Option<(&Listing, &Programs)> {
    Some((facts.get()?, facts.get()?))
}

/// What a page shows for `{{#value …}}`: the number, or, where that is not known, its name, so that
/// no sentence has a hole.
fn value(args: &str, about: Context<'_>) -> String {
    let parts = directive_parts(args);
    let found = parts.as_ref().and_then(|(address, sample)| {
        let values: &Values = about.facts.get()?;
        match values.get(address).known()? {
            Known::Value(printed) if sample.is_empty() => Some(printed.text.clone()),
            Known::Value(printed) => claim::like(sample, printed),
            _ => None,
        }
    });
    let name = || match &parts {
        Some((address, _)) => address.to_string(),
        None => args.split_whitespace().next().unwrap_or(VALUE).to_owned(),
    };
    let name = || name().replace(['`', '{', '}'], "");
    found.unwrap_or_else(|| format!("`{}`", name()))
}

/// The slot of a snippet's output: what is written, or the gap behind a snippet that says `run`.
fn output_slot(document: &Document, snippet: &Snippet) -> Option<Slot> {
    let state = match &snippet.output {
        Some(output) => {
            let length = document.slice(output.span).trim_end().len();
            let start = output.span.start();
            SlotState::Region { body: Span::new(start, start + length) }
        }
        None if snippet.info.run => SlotState::Missing(Gap::after(document, snippet.span)),
        None => return None,
    };
    let (name, subject) = (OUTPUT.to_owned(), Some(snippet.span));
    Some(Slot { name, state, args: String::new(), subject, order: 0 })
}

/// The snippet of a slot and what it printed; `None` if it was not run or failed.
fn printed<'a>(slot: &Slot, text: Text<'_>, about: Context<'a>) -> Option<(&'a Snippet, &'a str)> {
    let Origin::Chapter(chapter) = text.origin else { return None };
    let (id, snippet) = about.facts.get::<Listing>()?.at(chapter, slot.subject?)?;
    Some((snippet, printed_by(id, snippet, about)?))
}

/// What a snippet printed; `None` if it was not run or failed.
fn printed_by<'a>(id: SnippetId, snippet: &Snippet, about: Context<'a>) -> Option<&'a str> {
    let Verdicts::Reported { reports, .. } = about.facts.get::<Verdicts>()? else { return None };
    let report = reports.get(&id)?;
    let runs = !snippet.info.no_run && !snippet.info.compile_fail;
    (runs && report.verdict.passed()).then_some(report.stdout.as_str())
}
