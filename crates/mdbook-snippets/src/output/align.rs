//! Which line of what was printed has become of which line that is written.
//!
//! The alignment is the cheapest one: what an elision stands for costs nothing, a line that stands
//! as it was costs nothing, one that only has other numbers costs less than one that is quite
//! different, and of two such lines the one costs less that keeps more. Lines that both begin or both
//! end with are put aside first, so that the cost of looking grows with what changed.
//!
//! Where several are equally cheap, the first and the last are known: elisions end as early as they
//! can, or as late. Whether that makes a difference is for others to say.

use super::elision::is_dots;

/// Another line of the same make, to which its difference is added.
const ALIKE: u32 = 15 * WHOLLY_DIFFERENT / 10;
/// A line that was not there.
const NEW: u32 = 3 * WHOLLY_DIFFERENT;
/// Dots that were not there: more likely they are those that are written.
const NEW_DOTS: u32 = 100 * WHOLLY_DIFFERENT;
/// Another line altogether: cheaper than one less and one more.
const OTHER: u32 = 35 * WHOLLY_DIFFERENT / 10;
/// A line that is not there any more: dearer than another in its place, or an elision next to it
/// would take in whatever is printed instead.
const GONE: u32 = 5 * WHOLLY_DIFFERENT;

/// The difference of two items that have nothing in common.
pub(super) const WHOLLY_DIFFERENT: u32 = 100;

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
    /// How much two others differ, up to [`WHOLLY_DIFFERENT`].
    pub(super) difference: &'a dyn Fn(usize, usize) -> u32,
}

/// The cheapest alignments, in order.
#[derive(Clone, Debug)]
pub(super) struct Aligned {
    /// The one in which elisions end as early as they can.
    pub(super) first: Vec<Step>,
    /// The one in which they end as late as they can.
    pub(super) last: Vec<Step>,
}

/// The cheapest alignments; `None` if there is too much to look at.
pub(super) fn align(sides: &Sides<'_>) -> Option<Aligned> {
    let Sides { old, new, is_same, .. } = *sides;
    let is_kept = |at: usize, there: usize| !is_dots(old[at]) && is_same(at, there);
    let shorter = old.len().min(new.len());
    let front = (0..shorter).take_while(|at| is_kept(*at, *at)).count();
    let back = (1..=shorter - front)
        .take_while(|back| is_kept(old.len() - back, new.len() - back))
        .count();
    let middle = Costs::of(sides, front, old.len() - back, new.len() - back)?;
    let kept = |places: std::ops::Range<usize>| places.map(|old| Step::Kept { old });
    let whole = |steps: Vec<Step>| -> Vec<Step> {
        kept(0..front).chain(steps).chain(kept(old.len() - back..old.len())).collect()
    };
    let first = whole(middle.trace(sides, |ways| ways.into_iter().min_by_key(Way::cost)));
    // Of those that are equal, `min_by_key` takes the first.
    let last = whole(middle.trace(sides, |ways| ways.into_iter().rev().min_by_key(Way::cost)));
    Some(Aligned { first, last })
}

/// A place in what is written and in what was printed, and whether it is inside an elision that
/// stands for something already.
type Place = (usize, usize, bool);

/// A way to go on from a place: the cost from there to the end, the step, and where it leads.
struct Way(u32, Option<Step>, Place);

impl Way {
    fn cost(&self) -> u32 {
        self.0
    }
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
                    costs.inside[at] = costs.least(sides, (old, new, true));
                }
                costs.outside[at] = costs.least(sides, (old, new, false));
            }
        }
        Some(costs)
    }

    fn at(&self, old: usize, new: usize) -> usize {
        (old - self.front) * (self.new_end - self.front + 1) + new - self.front
    }

    fn least(&self, sides: &Sides<'_>, place: Place) -> u32 {
        self.ways(sides, place).iter().map(Way::cost).min().unwrap_or(0)
    }

    /// The ways to go on from a place, those first that end an elision, or find a line, early.
    fn ways(&self, sides: &Sides<'_>, (old, new, is_inside): Place) -> Vec<Way> {
        let outside = |old, new| (self.outside[self.at(old, new)], (old, new, false));
        let mut ways = Vec::with_capacity(4);
        let mut go = |cost: u32, step: Option<Step>, (rest, next): (u32, Place)| {
            ways.push(Way(cost + rest, step, next));
        };
        let is_left = new < self.new_end;
        let is_elision = old < self.old_end && is_dots(sides.old[old]);
        let is_printed_dots = is_left && is_dots(sides.new[new]);
        if old == self.old_end && !is_left {
            go(0, None, (0, (old, new, false)));
        }
        if is_elision {
            let step = Some(Step::Elided { old });
            if !is_inside && is_printed_dots {
                go(0, step, outside(old + 1, new + 1));
            }
            go(0, step, outside(old + 1, new));
        } else if old < self.old_end {
            if is_left {
                let (cost, step) = changed(sides, old, new);
                go(cost, Some(step), outside(old + 1, new + 1));
            }
            go(GONE, Some(Step::Gone { old, next: new }), outside(old + 1, new));
        }
        if is_elision && is_left && !is_printed_dots {
            go(0, None, (self.inside[self.at(old, new + 1)], (old, new + 1, true)));
        }
        if is_left && !is_inside {
            let cost = if is_printed_dots { NEW_DOTS } else { NEW };
            go(cost, Some(Step::New { before: old, new }), outside(old, new + 1));
        }
        ways
    }

    /// The steps of one of the cheapest ways; `choose` takes one of the ways to go on.
    fn trace(&self, sides: &Sides<'_>, choose: impl Fn(Vec<Way>) -> Option<Way>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut place = (self.front, self.front, false);
        while (place.0, place.1) != (self.old_end, self.new_end) {
            let Some(Way(_, step, next)) = choose(self.ways(sides, place)) else { break };
            steps.extend(step);
            place = next;
        }
        steps
    }
}

/// The step from a written item to a printed one in its place, and its cost.
fn changed(sides: &Sides<'_>, old: usize, new: usize) -> (u32, Step) {
    if (sides.is_same)(old, new) {
        return (0, Step::Kept { old });
    }
    let alike = (sides.is_alike)(old, new);
    let cost = (if alike { ALIKE } else { OTHER }) + (sides.difference)(old, new);
    (cost, Step::Changed { old, new, alike })
}
