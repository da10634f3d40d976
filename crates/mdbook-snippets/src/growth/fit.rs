//! Lays classes of growth through points.
//!
//! A class is laid through the points as `c · (f(n) + k · f(largest n))`, with `c` and `k` chosen so
//! that the relative errors are least, and `k` from 0 to 1: a constant part may be as large as what
//! grows, at the largest size, and no larger. Otherwise everything would fit what hardly grows.
//! Errors are relative, so neither the unit of the counts nor a few large ones decide alone.
//!
//! A claim is refuted if a class that it excludes errs less than half as much as every class that
//! it allows. It is consistent if every class that it excludes errs clearly more. Between the two,
//! the points do not tell.

use super::claim::{Bound, Claim};
use super::class::Class;

/// What the points say about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// They grow as this class does, which the claim excludes.
    Refuted(Class),
    Consistent,
    TooLittle(Why),
}

/// Why points do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// There are too few sizes, or they are too near to each other.
    Few,
    /// No class comes near to them.
    Scattered,
    /// This class, which the claim excludes, fits nearly as well.
    Undecided(Class),
}

/// A class and how far it is off: the root of the mean square of the relative errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) class: Class,
    pub(crate) error: f64,
}

/// So many sizes there have to be.
pub(crate) const FEWEST: usize = 5;

/// So many times as large as the smallest size the largest has to be.
pub(crate) const NARROWEST: f64 = 8.0;

/// Unless the largest count is so many times the smallest.
const STEEPEST: f64 = 100.0;

/// What is off by less fits perfectly: counts are whole numbers.
const PERFECT: f64 = 0.02;

/// What is off by more does not fit.
const WORST: f64 = 0.25;

/// What is off by less is never refuted.
const GOOD: f64 = 0.06;

/// Every class laid through the points.
pub(crate) fn fits(points: &[(f64, f64)]) -> Vec<Fit> {
    let points = usable(points);
    Class::ALL.into_iter().map(|class| Fit { class, error: error(class, &points) }).collect()
}

/// Judges a claim.
pub(crate) fn judge(claim: Claim, points: &[(f64, f64)]) -> Judgement {
    let usable = usable(points);
    let mut sizes: Vec<f64> = usable.iter().map(|(size, _)| *size).collect();
    sizes.dedup();
    if sizes.len() < FEWEST {
        return Judgement::TooLittle(Why::Few);
    }
    let excluded = |class: Class| match claim.bound {
        Bound::Above => class > claim.class,
        Bound::Tight => class != claim.class,
    };
    let (out, allowed): (Vec<Fit>, Vec<Fit>) =
        fits(points).into_iter().partition(|fit| excluded(fit.class));
    let (Some(allowed), out) = (best(&allowed), best(&out)) else {
        return Judgement::TooLittle(Why::Scattered);
    };
    if let Some(out) = out
        && allowed.error > GOOD
        && allowed.error > 2.0 * out.error.max(PERFECT)
    {
        return Judgement::Refuted(out.class);
    }
    let counts = || usable.iter().map(|(_, count)| *count);
    let (most, least) = (counts().fold(0.0, f64::max), counts().fold(f64::INFINITY, f64::min));
    // What doubles with every step cannot be counted for large sizes, and need not be.
    let is_narrow = sizes[sizes.len() - 1] < NARROWEST * sizes[0] && most < STEEPEST * least;
    if is_narrow {
        return Judgement::TooLittle(Why::Few);
    }
    if allowed.error > WORST {
        return Judgement::TooLittle(Why::Scattered);
    }
    match out.filter(|out| out.error < 1.3 * allowed.error.max(PERFECT)) {
        Some(out) => Judgement::TooLittle(Why::Undecided(out.class)),
        None => Judgement::Consistent,
    }
}

fn best(fits: &[Fit]) -> Option<Fit> {
    fits.iter().copied().min_by(|one, other| one.error.total_cmp(&other.error))
}

/// The points that a class can be laid through, by size.
fn usable(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let is_usable = |(size, count): &(f64, f64)| {
        size.is_finite() && *size >= 1.0 && count.is_finite() && *count >= 0.0
    };
    let mut points: Vec<_> = points.iter().copied().filter(is_usable).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points
}

/// How far a class is off at best.
fn error(class: Class, points: &[(f64, f64)]) -> f64 {
    let Some((largest, _)) = points.last().copied() else { return f64::INFINITY };
    let counts = points.iter().map(|(_, count)| *count).filter(|count| *count > 0.0);
    // Nothing counted is an error as large as the least that was.
    let Some(least) = counts.min_by(f64::total_cmp) else {
        return if class == Class::Constant { 0.0 } else { f64::INFINITY };
    };
    let steps = if class == Class::Constant { 0 } else { 50 };
    let errors = (0..=steps).map(|step| {
        let offset = f64::from(step) / 50.0;
        // What the relative error of each point is made of, but for the factor.
        let terms: Vec<(f64, f64)> = points
            .iter()
            .map(|(size, count)| {
                let scale = count.max(least);
                ((class.share(*size, largest) + offset) / scale, count / scale)
            })
            .collect();
        let products: f64 = terms.iter().map(|(model, count)| model * count).sum();
        let squares: f64 = terms.iter().map(|(model, _)| model * model).sum();
        let factor = products / squares;
        let off: f64 = terms.iter().map(|(model, count)| (factor * model - count).powi(2)).sum();
        let mean = off / f64::from(u32::try_from(terms.len()).unwrap_or(u32::MAX));
        if mean.is_finite() { mean.sqrt() } else { f64::INFINITY }
    });
    errors.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests;
