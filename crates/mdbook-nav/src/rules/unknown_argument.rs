use super::{UNKNOWN_ARGUMENT, finding};
use crate::derive::SLOTS;
use handbook_book::ChapterId;
use handbook_pass::{Findings, Slot, SlotState};

/// Nothing stands behind the names of our blocks.
pub(crate) fn check(slots: &[Vec<Slot>], findings: &mut Findings) {
    for (index, slots) in slots.iter().enumerate() {
        let ours = slots.iter().filter(|slot| SLOTS.iter().any(|own| own.slot == slot.name));
        for slot in ours.filter(|slot| !slot.args.is_empty()) {
            let at = match &slot.state {
                SlotState::Directive { span, .. } | SlotState::Written { span } => *span,
                SlotState::Region { body } => *body,
                SlotState::Missing(_) => continue,
            };
            let message = format!("`{}` does not know `{}`", slot.name, slot.args);
            let finding = finding(&UNKNOWN_ARGUMENT, at, message)
                .help(format!("write nothing behind `{}`", slot.name));
            findings.push(ChapterId(index), finding);
        }
    }
}
