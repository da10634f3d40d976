//! Constants that become their neighbours.

use super::mutator::Mutator;
use proc_macro2::Span;
use syn::{LitBool, LitFloat, LitInt};

/// From here on, one more is too little: a book prints three digits of a result, seldom four.
const LARGE: u128 = 1000;

/// A whole number becomes one more and one less, in its own notation and of its own type; a large one
/// that is round becomes half and twice as much.
///
/// Who writes `7` means seven, and one more or less is where loops and bounds go wrong. Who writes
/// `1_000_000` means many: such a number sets a scale, and one more or less of it moves no digit of
/// what is printed, in whatever way the text around depends on it. That would be counted against the
/// author as a gap that no output could close. A large number that is not round (`65_537`, a seed, a
/// factor of a hash) means exactly itself again, and what is computed from it changes with any bit.
pub(super) fn int(mutator: &mut Mutator, literal: &LitInt) {
    let Ok(number) = literal.base10_digits().parse::<u128>() else { return };
    let text = literal.token().to_string();
    let others = if is_large_and_round(number) {
        [Some(number / 2), number.checked_mul(2)]
    } else {
        [number.checked_sub(1), number.checked_add(1)]
    };
    for other in others.into_iter().flatten() {
        let digits = match text.get(..2) {
            Some("0x") => format!("{other:#x}"),
            Some("0o") => format!("{other:#o}"),
            Some("0b") => format!("{other:#b}"),
            _ => other.to_string(),
        };
        replace(mutator, literal.span(), digits + literal.suffix());
    }
}

/// Whether only the first two digits are none of the zeros: `4_500`, `1_000_000`.
fn is_large_and_round(number: u128) -> bool {
    let digits = number.to_string();
    number >= LARGE && digits[2..].bytes().all(|digit| digit == b'0')
}

/// Any other number becomes nought and one more; a large one half as much, since it is a measure,
/// of which one more shows as little as of a round whole number.
pub(super) fn float(mutator: &mut Mutator, literal: &LitFloat) {
    let Ok(number) = literal.base10_digits().parse::<f64>() else { return };
    let is_small = number < 1000.0;
    for other in [0.0, if is_small { number + 1.0 } else { number / 2.0 }] {
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
