//! Whether counts grow faster or slower than a class towards the end of a series.
//!
//! Counts divided by a class come to rest if the class is the right one, fall if it is too large, and
//! rise if it is too small: the idea of the rules by ratios in McGeoch, Precup and Cohen, "How to
//! Find Big-Oh in Your Data Set (and How Not To)", 1997,
//! <https://proceedings.mlr.press/r1/mcgeoch97a.html>. Smaller terms, plateaus and caches show at
//! small sizes, so only the upper half of the sizes counts, on a logarithmic scale.
//!
//! How much they rise is told as an exponent of the logarithm of the size: what belongs to a larger
//! class outgrows the one in question by a whole `log n` at least, which is an exponent of one. The
//! exponent is the slope of a line through the points, with the interval in which it lies with 95 %
//! confidence (Student's t), so that noise and steps are not taken for growth.

use super::class::Class;

/// What rises less does not outgrow a class: counts from which smaller terms are taken away come to
/// rest slowly.
const LEVEL: f64 = 0.4;

/// What rises more outgrows a class by far, whatever smaller terms it has.
const FAR: f64 = 2.0;

/// So many points are looked at, if there are so many.
const FEWEST: usize = 4;

/// Student's t for one, two and more degrees of freedom, to be exceeded either way by one in twenty.
const STUDENT: [f64; 10] = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];

/// How counts change in relation to a class, as an exponent of the logarithm of the size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trend {
    slope: f64,
    /// So far the slope may be off.
    doubt: f64,
}

impl Trend {
    /// The trend of `points`, which are sorted by size. `None` if there are too few of them.
    pub(super) fn of(class: Class, points: &[(f64, f64)]) -> Option<Self> {
        let points: Vec<_> = points.iter().copied().filter(|(size, _)| *size >= 2.0).collect();
        let ((smallest, _), (largest, _)) = (*points.first()?, *points.last()?);
        let middle = (smallest * largest).sqrt() * 0.999;
        let upper = points.partition_point(|(size, _)| *size < middle);
        let tail = &points[upper.min(points.len().saturating_sub(FEWEST))..];
        let counts = tail.iter().map(|(_, count)| *count).filter(|count| *count > 0.0);
        // Nothing counted is taken for the least that was.
        let least = counts.min_by(f64::total_cmp).unwrap_or(1.0);
        let line = tail
            .iter()
            .map(|(size, count)| (size.ln().ln(), count.max(least).ln() - class.logarithm(*size)));
        Self::through(&line.collect::<Vec<_>>())
    }

    /// The slope of the line through points, and how sure it is.
    fn through(points: &[(f64, f64)]) -> Option<Self> {
        let number = |length: usize| u32::try_from(length).ok().map(f64::from);
        let freedom = points.len().checked_sub(2).filter(|freedom| *freedom > 0)?;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| {
            Some(points.iter().map(of).sum::<f64>() / number(points.len())?)
        };
        let (x, y) = (mean(&|point| point.0)?, mean(&|point| point.1)?);
        let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            points.iter().map(|point| of(point.0 - x, point.1 - y)).sum()
        };
        let spread = sum(&|x, _| x * x);
        let slope = sum(&|x, y| x * y) / spread;
        let left = sum(&|x, y| (y - slope * x).powi(2));
        let student = STUDENT[freedom.min(STUDENT.len()) - 1];
        let doubt = student * (left / number(freedom)? / spread).sqrt();
        let is_known = slope.is_finite() && doubt.is_finite();
        is_known.then_some(Self { slope, doubt })
    }

    /// Whether the counts seem to outgrow the class.
    pub(super) fn seems_to_rise(self) -> bool {
        self.slope > LEVEL
    }

    /// Whether they certainly do.
    pub(super) fn rises(self) -> bool {
        self.slope - self.doubt > LEVEL
    }

    /// Whether they certainly do, and by far.
    pub(super) fn outruns(self) -> bool {
        self.slope - self.doubt > FAR
    }

    /// Whether they certainly do not.
    pub(super) fn is_bounded(self) -> bool {
        self.slope + self.doubt < LEVEL
    }

    /// Whether the counts seem to keep nearer to this class than to a larger one.
    pub(super) fn seems_nearer_than(self, larger: Self) -> bool {
        self.slope + larger.slope < 0.0
    }

    /// Whether they certainly do.
    pub(super) fn is_nearer_than(self, larger: Self) -> bool {
        self.slope + self.doubt + larger.slope + larger.doubt < 0.0
    }
}
