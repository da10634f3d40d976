//! Which line of what was printed has become of which line that is written.
//!
//! The alignment is the cheapest one: what an elision stands for costs nothing, a line that stands
//! as it was costs nothing, one that only has other numbers costs less than one that is quite
//! different. Lines that both begin or both end with are put aside first, so that the cost of
//! looking grows with what changed.

use super::elision::is_dots;

/// Another line of the same make.
const ALIKE: u32 = 2;
/// A line that was not there.
const NEW: u32 = 3;
/// Dots that were not there: more likely they are those that are written.
const NEW_DOTS: u32 = 100;
/// Another line altogether: cheaper than one less and one more.
const OTHER: u32 = 4;
/// A line that is not there any more: dearer than another in its place, or an elision next to it
/// would take in whatever is printed instead.
const GONE: u32 = 5;

/// How many pairs are looked at, at most.
const MOST_PAIRS: usize = 1 << 18;

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It stands as it was.
    Kept { old: usize },
    /// It is an elision, which stays.
    Elided { old: usize },
    /// There is another in its place; `alike` says whether that is of the same make.
    Changed { old: usize, new: usize, alike: bool },
    /// It is not there any more; `next` is printed next.
    Gone { old: usize, next: usize },
    /// It was not there, and stands in front of `before`.
    New { before: usize, new: usize },
}

/// What is written and what was printed.
pub(super) struct Sides<'a> {
    pub(super) old: &'a [&'a str],
    pub(super) new: &'a [&'a str],
    /// Whether two items, by their places, are the same.
    pub(super) is_same: &'a dyn Fn(usize, usize) -> bool,
    /// Whether two others are of the same make.
    pub(super) is_alike: &'a dyn Fn(usize, usize) -> bool,
}

/// The cheapest alignment, in order; `None` if there is too much to look at.
pub(super) fn align(sides: &Sides<'_>) -> Option<Vec<Step>> {
    let Sides { old, new, is_same, .. } = *sides;
    let is_kept = |at: usize, there: usize| !is_dots(old[at]) && is_same(at, there);
    let shorter = old.len().min(new.len());
    let front = (0..shorter).take_while(|at| is_kept(*at, *at)).count();
    let back = (1..=shorter - front)
        .take_while(|back| is_kept(old.len() - back, new.len() - back))
        .count();
    let middle = Costs::of(sides, front, old.len() - back, new.len() - back)?;
    let mut steps: Vec<Step> = (0..front).map(|old| Step::Kept { old }).collect();
    middle.trace(sides, &mut steps);
    steps.extend((old.len() - back..old.len()).map(|old| Step::Kept { old }));
    Some(steps)
}

/// What it costs to align all that comes from a place on.
struct Costs {
    /// Where both sides begin.
    front: usize,
    old_end: usize,
    new_end: usize,
    /// By place in what is written, then by place in what was printed.
    outside: Vec<u32>,
    /// The same, inside an elision that stands for something already.
    inside: Vec<u32>,
}

impl Costs {
    fn of(sides: &Sides<'_>, front: usize, old_end: usize, new_end: usize) -> Option<Self> {
        let places = (old_end - front + 1).checked_mul(new_end - front + 1)?;
        if places > MOST_PAIRS {
            return None;
        }
        let (outside, inside) = (vec![0; places], vec![0; places]);
        let mut costs = Self { front, old_end, new_end, outside, inside };
        for old in (front..=old_end).rev() {
            for new in (front..=new_end).rev() {
                let at = costs.at(old, new);
                if old < old_end && is_dots(sides.old[old]) {
                    costs.inside[at] = costs.best(sides, (old, new, true)).0;
                }
                costs.outside[at] = costs.best(sides, (old, new, false)).0;
            }
        }
        Some(costs)
    }

    fn at(&self, old: usize, new: usize) -> usize {
        (old - self.front) * (self.new_end - self.front + 1) + new - self.front
    }

    /// The least cost from a place on, the step to take there, and the place that it leads to. The
    /// last part of a place says whether it is inside an elision.
    fn best(
        &self,
        sides: &Sides<'_>,
        (old, new, is_inside): (usize, usize, bool),
    ) -> (u32, Option<Step>, (usize, usize, bool)) {
        let outside = |old, new| self.outside[self.at(old, new)];
        let is_left = new < self.new_end;
        let is_elision = old < self.old_end && is_dots(sides.old[old]);
        let is_printed_dots = is_left && is_dots(sides.new[new]);
        let mut ways = Vec::with_capacity(4);
        if old == self.old_end && !is_left {
            ways.push((0, None, (old, new, false)));
        }
        if is_elision && !is_inside && is_printed_dots {
            ways.push((
                outside(old + 1, new + 1),
                Some(Step::Elided { old }),
                (old + 1, new + 1, false),
            ));
        }
        if is_elision && is_left && !is_printed_dots {
            ways.push((self.inside[self.at(old, new + 1)], None, (old, new + 1, true)));
        }
        if is_elision {
            ways.push((outside(old + 1, new), Some(Step::Elided { old }), (old + 1, new, false)));
        } else if old < self.old_end {
            if is_left {
                let next = (old + 1, new + 1, false);
                let (cost, step) = if (sides.is_same)(old, new) {
                    (0, Step::Kept { old })
                } else {
                    let alike = (sides.is_alike)(old, new);
                    let cost = if alike { ALIKE } else { OTHER };
                    (cost, Step::Changed { old, new, alike })
                };
                ways.push((cost + outside(old + 1, new + 1), Some(step), next));
            }
            let step = Step::Gone { old, next: new };
            ways.push((GONE + outside(old + 1, new), Some(step), (old + 1, new, false)));
        }
        if is_left && !is_inside {
            let step = Step::New { before: old, new };
            let cost = if is_printed_dots { NEW_DOTS } else { NEW };
            ways.push((cost + outside(old, new + 1), Some(step), (old, new + 1, false)));
        }
        let least = ways.into_iter().min_by_key(|(cost, ..)| *cost);
        least.unwrap_or((0, None, (old, new, false)))
    }

    /// The steps of the cheapest way.
    fn trace(&self, sides: &Sides<'_>, steps: &mut Vec<Step>) {
        let mut place = (self.front, self.front, false);
        while (place.0, place.1) != (self.old_end, self.new_end) {
            let (_, step, next) = self.best(sides, place);
            steps.extend(step);
            place = next;
        }
    }
}
