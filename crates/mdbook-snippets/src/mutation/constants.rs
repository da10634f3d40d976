//! Constants that become their neighbours.

use super::mutator::Mutator;
use proc_macro2::Span;
use syn::{LitBool, LitFloat, LitInt};

/// A whole number becomes one more and one less, in its own notation and of its own type.
pub(super) fn int(mutator: &mut Mutator, literal: &LitInt) {
    let Ok(number) = literal.base10_digits().parse::<u128>() else { return };
    let text = literal.token().to_string();
    for neighbour in [number.checked_sub(1), number.checked_add(1)].into_iter().flatten() {
        let digits = match text.get(..2) {
            Some("0x") => format!("{neighbour:#x}"),
            Some("0o") => format!("{neighbour:#o}"),
            Some("0b") => format!("{neighbour:#b}"),
            _ => neighbour.to_string(),
        };
        replace(mutator, literal.span(), digits + literal.suffix());
    }
}

/// Any other number becomes one more, and nought.
pub(super) fn float(mutator: &mut Mutator, literal: &LitFloat) {
    let Ok(number) = literal.base10_digits().parse::<f64>() else { return };
    for other in [0.0, number + 1.0] {
        if other != number {
            replace(mutator, literal.span(), format!("{other:?}{}", literal.suffix()));
        }
    }
}

/// `true` becomes `false`, and the other way round.
pub(super) fn bool(mutator: &mut Mutator, literal: &LitBool) {
    replace(mutator, literal.span(), (!literal.value).to_string());
}

fn replace(mutator: &mut Mutator, span: Span, instead: String) {
    let range = mutator.range(span);
    mutator.add(range.clone(), instead, range);
}
