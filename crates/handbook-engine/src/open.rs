//! Stage two: where blocks can stand, and which pass fills each place.

use crate::rules;
use handbook_book::{Book, Chapter, ChapterId, Region, Span, suppression_words};
use handbook_pass::{Findings, Gap, Origin, Pass, Provides, Slot, SlotState, Text};
use handbook_template::{DeriveSlot, Matching};
use handbook_text::{Finding, did_you_mean};
use std::collections::BTreeSet;

/// A slot and the pass that fills it.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) slot: Slot,
    /// The pass's place in the registry.
    pub(crate) pass: usize,
    pub(crate) provides: Provides,
}

/// What a chapter has of its template: the first pass that knows one decides.
pub(crate) fn match_template<'a>(
    passes: &'a [Box<dyn Pass>],
    chapter: &'a Chapter,
) -> Option<Matching<'a>> {
    let template = passes.iter().find_map(|pass| pass.template(chapter))?;
    Some(template.match_document(&chapter.document))
}

/// The slots of a chapter, by offset: its template's first, then those of [`open`].
pub(crate) fn open_chapter(
    passes: &[Box<dyn Pass>],
    id: ChapterId,
    chapter: &Chapter,
    matching: Option<&Matching<'_>>,
) -> Vec<Opened> {
    let Chapter { document, path, .. } = chapter;
    let text = Text { document, origin: Origin::Chapter(id), path, matching };
    let derived = matching.into_iter().flat_map(|matching| &matching.slots).map(from_template);
    let mut opened: Vec<Opened> = derived.filter_map(|slot| provided(passes, slot)).collect();
    for other in open(passes, text) {
        // A directive in the place that the template gives it is one slot, not two: the directive's
        // words, in the template's order.
        let same = opened.iter_mut().find(|known| {
            known.slot.name == other.slot.name && known.slot.state == other.slot.state
        });
        match same {
            Some(known) => {
                let order = known.slot.order;
                *known = Opened { slot: Slot { order, ..other.slot }, ..other };
            }
            None => opened.push(other),
        }
    }
    in_order(opened)
}

fn from_template(derived: &DeriveSlot<'_>) -> Slot {
    use handbook_template::Standing;
    let state = match &derived.state {
        Standing::Missing { insert_at, heading } => {
            SlotState::Missing(Gap { heading: heading.clone(), ..Gap::top_level(*insert_at) })
        }
        Standing::Empty { insert_at, .. } => SlotState::Missing(Gap::top_level(*insert_at)),
        Standing::Directive { span } => SlotState::Directive { span: *span, block: true },
        Standing::Region { body, .. } => SlotState::Region { body: *body },
        Standing::Written { span } => SlotState::Written { span: *span },
    };
    let (name, order) = (derived.name.to_owned(), derived.order);
    Slot { name, state, args: String::new(), subject: None, order }
}

/// The slots that directives, regions and passes open in any text, by offset.
pub(crate) fn open(passes: &[Box<dyn Pass>], text: Text<'_>) -> Vec<Opened> {
    let directives = text.document.directives.iter().map(|directive| Slot {
        name: directive.name.clone(),
        state: SlotState::Directive { span: directive.span, block: directive.block },
        args: directive.args.clone(),
        subject: None,
        order: 0,
    });
    // What a fragment holds was derived a moment ago: there is nothing to compare.
    let of_chapter = matches!(text.origin, Origin::Chapter(_));
    let regions: &[Region] = if of_chapter { &text.document.regions } else { &[] };
    let regions = regions.iter().map(|region| Slot {
        name: region.name.clone(),
        state: SlotState::Region { body: region.body },
        args: region.args.clone(),
        subject: None,
        order: 0,
    });
    let seen = passes.iter().flat_map(|pass| pass.slots(text));
    let slots = directives.chain(regions).chain(seen);
    in_order(slots.filter_map(|slot| provided(passes, slot)).collect())
}

fn in_order(mut opened: Vec<Opened>) -> Vec<Opened> {
    opened.sort_by_key(|opened| (place(&opened.slot.state), opened.slot.order, opened.pass));
    opened
}

/// The slot with its provider; `None` if no pass here fills slots of that name.
fn provided(passes: &[Box<dyn Pass>], slot: Slot) -> Option<Opened> {
    let (pass, provides) = passes.iter().enumerate().find_map(|(index, pass)| {
        Some((index, *pass.provides().iter().find(|provides| provides.slot == slot.name)?))
    })?;
    Some(Opened { slot, pass, provides })
}

/// The offset at which a slot's block stands.
fn place(state: &SlotState) -> usize {
    match state {
        SlotState::Missing(gap) => gap.at,
        SlotState::Directive { span, .. } | SlotState::Written { span } => span.start(),
        SlotState::Region { body } => body.start(),
    }
}

/// Reports marks without a partner and, where `all_passes` are there, regions that none fills.
pub(crate) fn judge_regions(
    passes: &[Box<dyn Pass>],
    all_passes: bool,
    book: &Book,
    findings: &mut Findings,
) {
    let names: Vec<&str> =
        passes.iter().flat_map(|pass| pass.provides()).map(|provides| provides.slot).collect();
    for (id, chapter) in book.iter() {
        for broken in &chapter.document.broken_regions {
            let word = did_you_mean(&broken.name, suppression_words());
            let (message, help) = if let Some(word) = word.filter(|_| !broken.closing) {
                (
                    format!("the region `{}` is never closed", broken.name),
                    format!("did you mean `handbook:{word}`?"),
                )
            } else if broken.closing {
                (
                    format!("nothing opens the region `{}` that ends here", broken.name),
                    format!("open it with `<!-- handbook:{} -->`", broken.name),
                )
            } else {
                (
                    format!("the region `{}` is never closed", broken.name),
                    format!("close it with `<!-- /handbook:{} -->`", broken.name),
                )
            };
            let finding = Finding::new(rules::OPEN_REGION.id, rules::OPEN_REGION.level, message);
            findings.push(id, finding.at(broken.span).help(help));
        }
        let regions = chapter.document.regions.iter();
        for region in regions.filter(|region| all_passes && !names.contains(&&*region.name)) {
            unknown_region(id, region, &names, findings);
        }
    }
}

/// Reports words behind the names of directives and regions that their passes fill in one way only.
pub(crate) fn judge_words(passes: &[Box<dyn Pass>], book: &Book, findings: &mut Findings) {
    let provides = passes.iter().flat_map(|pass| pass.provides());
    let wordless: BTreeSet<&str> =
        provides.filter(|it| !it.takes_words).map(|it| it.slot).collect();
    let rule = rules::UNKNOWN_ARGUMENT;
    for (id, chapter) in book.iter() {
        let directives = chapter.document.directives.iter();
        let directives = directives.map(|one| (&one.name, &one.args, one.span));
        let regions = chapter.document.regions.iter().map(|one| {
            let mark = Span::new(one.span.start(), one.body.start());
            (&one.name, &one.args, mark)
        });
        let unknown = directives
            .chain(regions)
            .filter(|(name, args, _)| wordless.contains(name.as_str()) && !args.is_empty());
        for (name, args, span) in unknown {
            let message = format!("`{name}` takes no words, and here stands `{args}`");
            let finding = Finding::new(rule.id, rule.level, message).at(span);
            findings.push(id, finding.help(format!("write nothing behind `{name}`")));
        }
    }
}

fn unknown_region(id: ChapterId, region: &Region, names: &[&str], findings: &mut Findings) {
    let message = format!("nothing fills a region named `{}`", region.name);
    let finding = Finding::new(rules::UNKNOWN_REGION.id, rules::UNKNOWN_REGION.level, message);
    let help = match did_you_mean(&region.name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove the marks".to_owned(),
    };
    findings.push(id, finding.at(region.span).help(help));
}
