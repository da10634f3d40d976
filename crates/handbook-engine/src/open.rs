//! Stage two: where blocks can stand, and which pass fills each place.

use crate::rules;
use handbook_book::{Book, ChapterId, Region};
use handbook_pass::{Findings, Origin, Pass, Provides, Slot, SlotState, Text};
use handbook_text::{Finding, did_you_mean};

/// A slot and the pass that fills it.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) slot: Slot,
    /// The pass's place in the registry.
    pub(crate) pass: usize,
    pub(crate) provides: Provides,
}

/// The slots of one text, by offset.
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
    let mut opened: Vec<Opened> =
        directives.chain(regions).chain(seen).filter_map(|slot| provided(passes, slot)).collect();
    opened.sort_by_key(|opened| (place(&opened.slot.state), opened.slot.order, opened.pass));
    opened
}

/// The slot with its provider; `None` if no pass here fills slots of that name.
fn provided(passes: &[Box<dyn Pass>], slot: Slot) -> Option<Opened> {
    passes.iter().enumerate().find_map(|(index, pass)| {
        let provides = pass.provides().iter().find(|provides| provides.slot == slot.name)?;
        Some(Opened { slot: slot.clone(), pass: index, provides: *provides })
    })
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
            let (message, help) = if broken.closing {
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

fn unknown_region(id: ChapterId, region: &Region, names: &[&str], findings: &mut Findings) {
    let message = format!("nothing fills a region named `{}`", region.name);
    let finding = Finding::new(rules::UNKNOWN_REGION.id, rules::UNKNOWN_REGION.level, message);
    let help = match did_you_mean(&region.name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove the marks".to_owned(),
    };
    findings.push(id, finding.at(region.span).help(help));
}
