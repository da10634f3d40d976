//! The stages in their order.

use crate::baseline::{self, Baseline, Key, Standing};
use crate::deliver::{self, Locator};
use crate::derive::{ChapterFiller, Filled, Filler, PageEdit};
use crate::load::{self, Loaded};
use crate::open::{self, Opened};
use crate::report::shown;
use crate::suppress::{PathSuppression, Suppressions};
use crate::{Input, Overlay};
use handbook_book::{Book, ChapterId, Document, Host, anchors};
use handbook_pass::{
    Context, Facts, Findings, Found, Judged, Judgement, OpenSlots, Pages, Pass, Rule,
};
use handbook_text::include::ReadFiles;
use handbook_text::{Disk, Finding, Fix, Level};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Passes, ready to look at books.
pub struct Engine {
    /// The passes in registry order, which orders edits that share offset and place in template.
    pub passes: Vec<Box<dyn Pass>>,
    /// Whether these are all the passes of the suite, so that a region none of them fills is a
    /// mistake rather than somebody else's.
    pub all_passes: bool,
    /// Whether the book has never heard of the suite. What is wrong around its chapters is then
    /// information: mdBook builds the book as it is.
    pub foreign: bool,
    /// What is found and not reported, beside what comments in the chapters say.
    pub exceptions: Exceptions,
}

/// Findings that are not reported.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    /// Those of files that may break rules.
    pub paths: Vec<PathSuppression>,
    /// Those that the book has had for a while; `None` if it has no baseline.
    pub baseline: Option<Baseline>,
}

/// What came out of looking at a book once.
pub struct Analysis {
    /// The book as it was read.
    pub book: Book,
    /// Everything found, chapter by chapter, in the order of the text.
    pub findings: Vec<Located>,
    /// For each chapter of the input the text for mdBook; `None` where nothing changed.
    pub pages: Vec<Option<String>>,
    /// What `fix` would write, in the order of the findings.
    pub fixes: Vec<FileFix>,
    /// What the passes know about the book.
    pub facts: Facts,
    /// What the baseline keeps back of all that was found.
    pub standing: Standing,
}

/// A finding with the file it is about.
#[derive(Clone, Debug)]
pub struct Located {
    /// The finding. Without a span it speaks of the whole file.
    pub finding: Finding<Disk>,
    /// The file, the book's root included; `None` if it is about the book.
    pub file: Option<PathBuf>,
    /// The file's text.
    pub text: Option<Arc<str>>,
    /// The directives through which the text came into the page, innermost first: file and line.
    pub included_from: Vec<(PathBuf, usize)>,
    /// Other places that belong to it, with what they are: file and line.
    pub related: Vec<(String, PathBuf, usize)>,
    /// The chapters that it is about: more than one for a file that several include, none for what
    /// is no chapter.
    pub chapters: Vec<ChapterId>,
    /// The headings above the place, outermost first.
    pub section: Vec<String>,
}

impl Located {
    /// A finding about a file that is no chapter, or about none.
    pub fn of_file(finding: Finding<Disk>, file: Option<PathBuf>, text: Option<Arc<str>>) -> Self {
        let (included_from, related, chapters, section) = Default::default();
        Self { finding, file, text, included_from, related, chapters, section }
    }
}

/// A fix of one file.
#[derive(Clone, Debug)]
pub struct FileFix {
    /// The file, the book's root included.
    pub file: PathBuf,
    /// What to write.
    pub fix: Fix<Disk>,
    /// The rule that asks for it, or that would if the block went stale.
    pub rule: &'static str,
    /// The chapter through which the file was read.
    pub chapter: ChapterId,
}

impl Engine {
    /// All rules that an analysis can report, the engine's own first.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        crate::RULES.iter().chain(self.passes.iter().flat_map(|pass| pass.rules()))
    }

    /// What an analysis depends on beside the files that it reads; `None` if a pass does not know.
    pub fn world(&self) -> Option<String> {
        let passes = self.passes.iter();
        let worlds = passes.map(|pass| Some(format!("{}={}", pass.name(), pass.world()?)));
        let worlds: Option<Vec<String>> = worlds.collect();
        Some(worlds?.join("\n"))
    }

    /// Looks at a book. Only [`Pass::execute`] has effects, and `files` alone is read.
    pub fn analyse(&self, input: &Input, files: &dyn ReadFiles) -> Analysis {
        let files = &Overlay::new(files);
        let front_matter = self.passes.iter().any(|pass| pass.takes_front_matter());
        let host = Host { front_matter, ..input.host };
        let Loaded { book, ways, mut findings, mut broken_includes } =
            load::load(input, host, files);
        let matchings = &book.map(|_, chapter| open::match_template(&self.passes, chapter))[..];
        let opened = book.iter().zip(matchings).map(|((id, chapter), matching)| {
            open::open_chapter(&self.passes, id, chapter, matching.as_ref())
        });
        let opened: Vec<Vec<Opened>> = opened.collect();
        open::judge_regions(&self.passes, self.all_passes, &book, &mut findings);
        open::judge_words(&self.passes, &book, &mut findings);

        let mut suppressions = Suppressions::of(self, &input.root, &book, &mut findings);

        let locator = Locator::new(&input.root, &book, &ways, files);
        let mut facts = Facts::default();
        let slots = opened.iter().map(|slots| slots.iter().map(|opened| opened.slot.clone()));
        facts.publish(OpenSlots(slots.map(Iterator::collect).collect()));
        self.passes.iter().for_each(|pass| pass.gather(&book, &mut facts));
        self.passes.iter().for_each(|pass| pass.execute(&book, &locator, &mut facts));

        let mut pages: Vec<Filled> = book.iter().map(|_| Filled::default()).collect();
        for late in [false, true] {
            let about = Context { book: &book, facts: &facts, places: &locator, matchings };
            let filler = Filler { passes: &self.passes, about };
            for (id, _) in book.iter() {
                let (page, findings) = (&mut pages[id.0], &mut findings);
                let mut chapter = ChapterFiller { filler: &filler, id, page, findings };
                let slots = opened[id.0].iter();
                let slots = slots.filter(|opened| self.passes[opened.pass].is_late() == late);
                slots.for_each(|opened| chapter.fill(opened));
            }
            let stage =
                || self.passes.iter().enumerate().filter(|(_, pass)| pass.is_late() == late);
            for (index, pass) in stage() {
                for (id, _) in book.iter() {
                    let edits = pass.rewrite(id, about);
                    let ids = edits.iter().filter(|edit| edit.replacement.contains("id="));
                    let ids = ids.flat_map(|edit| Document::parse(&*edit.replacement, host).ids);
                    pages[id.0].ids.extend(ids);
                    let edits = edits.into_iter();
                    pages[id.0].edits.extend(edits.map(|edit| PageEdit::rewrite(edit, index)));
                }
            }
            let unknown = |id: ChapterId| {
                let waits = |opened: &Opened| self.passes[opened.pass].is_late();
                pages[id.0].unknown || !late && opened[id.0].iter().any(waits)
            };
            let finished = finished(&book, &pages, unknown);
            stage().for_each(|(_, pass)| pass.judge(about, &finished, &mut findings));
            suppressions.apply(&mut findings, &locator);
            if !late {
                facts.publish(judged(&findings));
            }
        }

        let about = Context { book: &book, facts: &facts, places: &locator, matchings };
        let mut before = input.findings.clone();
        suppressions.apply_to_files(&mut before);
        before.extend(suppressions.report_unused(about, &mut findings));

        if self.foreign {
            findings.soften(|rule| crate::RULES.iter().any(|ours| ours.id == rule));
            broken_includes.iter_mut().for_each(|(_, finding, _)| finding.level = Level::Info);
        }
        let (findings, pages, fixes) =
            deliver::deliver(&locator, before, findings, broken_includes, pages);
        let (findings, standing) = self.held(findings, input, about);
        Analysis { book, findings, pages, fixes, facts, standing }
    }

    /// What is to be reported of `findings`, and what the baseline keeps back.
    fn held(
        &self,
        findings: Vec<Located>,
        input: &Input,
        about: Context<'_>,
    ) -> (Vec<Located>, Standing) {
        let is_known = |key: &Key| {
            let is_named = |path: &Path| shown(&input.root, &input.src.join(path)) == key.file;
            let chapters = || about.book.iter().map(|(id, chapter)| (id, is_named(&chapter.path)));
            // A file that is no chapter may be part of any.
            let is_part = !chapters().any(|(_, is_named)| is_named);
            let mut chapters = chapters().filter(|(_, is_named)| is_part || *is_named);
            chapters.all(|(id, _)| self.has_judged(&key.rule, id, about))
        };
        let none = Baseline::default();
        let baseline = self.exceptions.baseline.as_ref().unwrap_or(&none);
        baseline::hold(baseline, findings, &input.root, &is_known)
    }
}

/// The headings of the pages as they will be.
fn finished(book: &Book, pages: &[Filled], unknown: impl Fn(ChapterId) -> bool) -> Pages {
    let of_page = |id: ChapterId| {
        if unknown(id) {
            return None;
        }
        let author = book[id].document.anchor_sources.iter();
        let mut sources: Vec<(usize, Option<&str>, &str)> = author
            .map(|source| (source.span.start(), source.explicit.as_deref(), source.text.as_str()))
            .collect();
        sources.extend(
            pages[id.0].headings.iter().map(|(offset, source)| {
                (*offset, source.explicit.as_deref(), source.text.as_str())
            }),
        );
        sources.sort_by_key(|(offset, ..)| *offset);
        let sources = sources.into_iter().map(|(_, explicit, text)| (explicit, text));
        Some(anchors(sources, book.host.version))
    };
    let other_ids = |id: ChapterId| {
        let ids = book[id].document.ids.iter().chain(&pages[id.0].ids);
        ids.cloned().collect()
    };
    Pages {
        anchors: book.iter().map(|(id, _)| of_page(id)).collect(),
        ids: book.iter().map(|(id, _)| other_ids(id)).collect(),
    }
}

fn judged(findings: &Findings) -> Judged {
    let judgement = |found: &Found| Judgement {
        chapter: found.chapter,
        rule: found.finding.rule,
        level: found.finding.level,
    };
    Judged(findings.iter().map(judgement).collect())
}
