//! Judges claims of growth.
//!
//! A class is laid through the points of a series as `c · (f(n) + k · f(largest n))`, with `c` and `k`
//! chosen so that the relative errors are least, and `k` from 0 to 1: a constant part may be as
//! large as what grows, at the largest size, and no larger. Otherwise everything would fit what
//! hardly grows. Errors are relative, so neither the unit of the counts nor a few large ones decide
//! alone. Where the end of the series leads is for [`super::trend`] to say.
//!
//! - A claim is **refuted** if a class that it excludes errs less than half as much as every class
//!   that it allows, and the counts leave the class at the end. Unless that other class fits well,
//!   they have to do so beyond doubt; and if they do so by far, and nothing that is allowed comes
//!   near, no class has to fit at all.
//! - It is **consistent** if every class that it excludes errs clearly more; a bound also if the
//!   counts do not outgrow the class at the end.
//! - Between the two, the points do not tell.

use super::claim::{Bound, Claim};
use super::class::Class;
use super::trend::Trend;

/// What the points say about a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Judgement {
    /// Of the classes that the claim excludes, this one comes nearest to them.
    Refuted(Fit),
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

impl Fit {
    /// Whether the points can be said to grow like the class.
    pub(crate) fn is_near(self) -> bool {
        self.error <= NEAR
    }
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

/// What is off by more is not what the points look like.
const NEAR: f64 = 0.15;

/// What is off by so many times as much is clearly worse.
const CLEARLY: f64 = 1.4;

/// What is off by less fits well, and is never refuted.
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
    let trends = Trends::of(claim, &usable);
    let is_refuted_by = |out: &Fit| {
        let is_far_worse = allowed.error > GOOD && allowed.error > 2.0 * out.error.max(PERFECT);
        let leaves = trends.refute() || out.error < GOOD && trends.seem_to_refute();
        is_far_worse && leaves || allowed.error > WORST && trends.refute_alone()
    };
    if let Some(out) = out.filter(is_refuted_by) {
        return Judgement::Refuted(out);
    }
    if is_narrow(&usable) {
        return Judgement::TooLittle(Why::Few);
    }
    if trends.bear_out() {
        return Judgement::Consistent;
    }
    if allowed.error > WORST {
        return Judgement::TooLittle(Why::Scattered);
    }
    match out.filter(|out| trends.refute() || out.error < CLEARLY * allowed.error.max(PERFECT)) {
        Some(out) => Judgement::TooLittle(Why::Undecided(out.class)),
        None => Judgement::Consistent,
    }
}

/// What the end of the series says about a claim. `Θ` of a class is `O` of it, and of none that grows
/// slower.
struct Trends {
    bound: Bound,
    claimed: Option<Trend>,
    /// Of the classes that grow slower.
    lower: Vec<Trend>,
    /// Of those that grow faster.
    higher: Vec<Trend>,
}

impl Trends {
    fn of(claim: Claim, points: &[(f64, f64)]) -> Self {
        let of = |is_one: &dyn Fn(&Class) -> bool| -> Vec<Trend> {
            let classes = Class::ALL.into_iter().filter(is_one);
            classes.filter_map(|class| Trend::of(class, points)).collect()
        };
        Self {
            bound: claim.bound,
            claimed: Trend::of(claim.class, points),
            lower: of(&|class| *class < claim.class),
            higher: of(&|class| *class > claim.class),
        }
    }

    /// Whether the claim is wrong. What outgrows a class outgrows all that are smaller.
    fn refute(&self) -> bool {
        self.claimed.iter().chain(&self.higher).any(|trend| trend.rises())
            || self.is_below(Trend::is_nearer_than)
    }

    /// Whether no class has to fit for that.
    fn refute_alone(&self) -> bool {
        self.claimed.iter().chain(&self.higher).any(|trend| trend.outruns())
    }

    /// Whether it looks wrong, though noise may be to blame.
    fn seem_to_refute(&self) -> bool {
        self.claimed.iter().chain(&self.higher).any(|trend| trend.seems_to_rise())
            || self.is_below(Trend::seems_nearer_than)
    }

    /// Whether the counts are nearer to a class than to a larger one, of those up to the claimed.
    fn is_below(&self, is_nearer: impl Fn(Trend, Trend) -> bool) -> bool {
        let of = |trends: &[Trend], trend: Trend| trends.iter().any(|it| is_nearer(*it, trend));
        let up_to: Vec<Trend> = self.lower.iter().chain(&self.claimed).copied().collect();
        self.bound == Bound::Tight
            && up_to.iter().enumerate().any(|(at, trend)| of(&up_to[..at], *trend))
    }

    /// Whether the claim is a bound, which may be far from what it bounds, and the counts keep it.
    fn bear_out(&self) -> bool {
        let up_to = || self.lower.iter().chain(&self.claimed);
        self.bound == Bound::Above && up_to().any(|trend| trend.is_bounded())
    }
}

/// Whether the sizes are too near to each other. What doubles with every step cannot be counted for
/// large sizes, and need not be.
fn is_narrow(points: &[(f64, f64)]) -> bool {
    let (Some((smallest, _)), Some((largest, _))) = (points.first(), points.last()) else {
        return true;
    };
    let counts = || points.iter().map(|(_, count)| *count);
    let (most, least) = (counts().fold(0.0, f64::max), counts().fold(f64::INFINITY, f64::min));
    *largest < NARROWEST * smallest && most < STEEPEST * least
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
    // What the relative error of each point is made of: the class, a constant, and the count.
    let terms: Vec<[f64; 3]> = points
        .iter()
        .map(|(size, count)| {
            [class.share(*size, largest), 1.0, *count].map(|it| it / count.max(least))
        })
        .collect();
    let sum = |one: usize, other: usize| -> f64 {
        terms.iter().map(|term| term[one] * term[other]).sum()
    };
    let error = |constant: f64| {
        let squares = sum(0, 0) + constant * (2.0 * sum(0, 1) + constant * sum(1, 1));
        let factor = (sum(0, 2) + constant * sum(1, 2)) / squares;
        let off = terms
            .iter()
            .map(|[class, one, count]| (factor * (class + constant * one) - count).powi(2));
        let mean = off.sum::<f64>() / f64::from(u32::try_from(terms.len()).unwrap_or(u32::MAX));
        if mean.is_finite() { mean.sqrt() } else { f64::INFINITY }
    };
    // The best constant is where the normal equations have it, or else at an end of what is allowed.
    let for_class = sum(0, 2) * sum(1, 1) - sum(1, 2) * sum(0, 1);
    let for_constant = sum(1, 2) * sum(0, 0) - sum(0, 2) * sum(0, 1);
    let best = for_constant / for_class;
    let inside = (for_class > 0.0 && (0.0..=1.0).contains(&best)).then_some(best);
    inside.into_iter().chain([0.0, 1.0]).map(error).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests;
