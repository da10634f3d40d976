//! Decimal numbers without rounding errors: whether `9.05` is `9.1` to one place must not depend on
//! how a machine keeps them.

use std::cmp::Ordering;

/// `digits` times ten to the `exponent`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) digits: i128,
    pub(crate) exponent: i32,
}

/// So far exponents go; what lies beyond is nothing that a book says.
const FARTHEST: i32 = 400;

impl Number {
    pub(crate) const ONE: Self = Self { digits: 1, exponent: 0 };

    pub(crate) const fn new(digits: i128, exponent: i32) -> Self {
        Self { digits, exponent }
    }

    /// A number as programs print it: `-12`, `+3`, `0.5`, `1.5e-3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
            None => (text, 0_i32),
        };
        let (whole, decimals) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || !is_digits(digits) || !is_digits(decimals) {
            return None;
        }
        if exponent.abs() > FARTHEST || decimals.len() + digits.len() > 36 {
            return None;
        }
        let value = format!("{whole}{decimals}").parse().ok()?;
        Some(Self::new(value, exponent - i32::try_from(decimals.len()).ok()?))
    }

    pub(crate) fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The product, if it can be had.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.checked_add(other.exponent)?;
        Some(Self::new(self.digits.checked_mul(other.digits)?, exponent))
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let (one, two, exponent) = aligned(self, other)?;
        Some(Self::new(one.checked_add(two)?, exponent))
    }

    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self::new(other.digits.checked_neg()?, other.exponent))
    }

    pub(crate) fn abs(self) -> Self {
        Self::new(self.digits.saturating_abs(), self.exponent)
    }

    /// The order of two numbers; of numbers too far apart for exact arithmetic, nearly.
    pub(crate) fn order(self, other: Self) -> Ordering {
        match aligned(self, other) {
            Some((one, two, _)) => one.cmp(&two),
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }

    pub(crate) fn to_f64(self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The quotient rounded to so many decimals, in units of the last one; fewer than none round to
    /// tens, hundreds and so on.
    pub(crate) fn divided(self, by: Self, decimals: i32) -> Option<i128> {
        let (mut above, mut below) = (self.digits, by.digits);
        let shift = self.exponent.checked_sub(by.exponent)?.checked_add(decimals)?;
        let power = power_of_ten(shift.unsigned_abs())?;
        if shift >= 0 {
            above = above.checked_mul(power)?;
        } else {
            below = below.checked_mul(power)?;
        }
        let (quotient, rest) = (above.checked_div(below)?, above.checked_rem(below)?);
        let up = rest.unsigned_abs() >= below.unsigned_abs() - rest.unsigned_abs();
        let away = if (above < 0) == (below < 0) { 1 } else { -1 };
        quotient.checked_add(if up { away } else { 0 })
    }
}

/// `base` to the `exponent`, if it can be had.
pub(crate) fn power(base: u32, exponent: i32) -> Option<Number> {
    match base {
        10 if exponent.abs() <= FARTHEST => Some(Number::new(1, exponent)),
        2 if exponent >= 0 => Some(Number::new(2_i128.checked_pow(exponent.unsigned_abs())?, 0)),
        2 => Some(Number::new(5_i128.checked_pow(exponent.unsigned_abs())?, exponent)),
        _ => None,
    }
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// The digits of both at one exponent.
fn aligned(one: Number, two: Number) -> Option<(i128, i128, i32)> {
    let exponent = one.exponent.min(two.exponent);
    let at = |number: Number| {
        if number.digits == 0 {
            return Some(0);
        }
        number.digits.checked_mul(power_of_ten(number.exponent.abs_diff(exponent))?)
    };
    Some((at(one)?, at(two)?, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_programs_print_them() {
        let read = |text| Number::parse(text).map(|number| (number.digits, number.exponent));
        assert_eq!(read("9.07"), Some((907, -2)));
        assert_eq!(read("+1.5"), Some((15, -1)));
        assert_eq!(read("-1.5e-3"), Some((-15, -4)));
        assert_eq!(read("18446744073709551615"), Some((u64::MAX.into(), 0)));
        for text in
            ["", "-", ".5", "5.", "1,000", "inf", "NaN", "1e", "1e999", "+", "+-1", "--1", "1.2.3"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let rounded = |text, decimals| Number::parse(text).unwrap().divided(Number::ONE, decimals);
        assert_eq!(rounded("9.05", 1), Some(91));
        assert_eq!(rounded("-9.05", 1), Some(-91));
        assert_eq!(rounded("9.04", 1), Some(90));
        assert_eq!(rounded("1250", -2), Some(13));
        assert_eq!(Number::ONE.divided(Number::new(0, 0), 0), None);
        assert_eq!(Number::new(i128::MIN, 0).divided(Number::new(-1, 0), 3), None);
    }
}
