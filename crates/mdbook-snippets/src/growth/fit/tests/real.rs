//! Counts as programs print them: whole numbers, smaller terms, steps, and the sizes people choose.

use super::*;

/// What is counted, the least class that bounds it, and the count at a size.
type Shape = (&'static str, Class, fn(f64) -> f64);

/// Counts that grow like their class from small sizes on.
const PLAIN: &[Shape] = &[
    ("7", Class::Constant, |_| 7.0),
    ("3 + 4/n", Class::Constant, |n| 3.0 + 4.0 / n),
    ("floor(log n) + 1", Class::Logarithmic, |n| n.log2().floor() + 1.0),
    ("log n + 5", Class::Logarithmic, |n| n.log2() + 5.0),
    ("ceil(sqrt n)", Class::Root, |n| n.sqrt().ceil()),
    ("sqrt n + 5", Class::Root, |n| n.sqrt() + 5.0),
    ("n", Class::Linear, |n| n),
    ("n + 40", Class::Linear, |n| n + 40.0),
    ("n - 1", Class::Linear, |n| n - 1.0),
    ("n + 5 sqrt n", Class::Linear, |n| (n + 5.0 * n.sqrt()).round()),
    ("3 n + 10 log n", Class::Linear, |n| (3.0 * n + 10.0 * n.log2()).round()),
    ("n log n", Class::Linearithmic, |n| (n * n.log2()).round()),
    ("n log n + 5 n", Class::Linearithmic, |n| (n * n.log2() + 5.0 * n).round()),
    ("n (n - 1) / 2", Class::Quadratic, |n| n * (n - 1.0) / 2.0),
    ("n^2 + 10 n", Class::Quadratic, |n| n * n + 10.0 * n),
    ("n^2 + n log n + 100", Class::Quadratic, |n| n * n + n * n.log2() + 100.0),
    ("n^3 + 3 n^2", Class::Cubic, |n| n.powi(3) + 3.0 * n * n),
];

/// Counts that come to it late, in steps, or from below.
const ODD: &[Shape] = &[
    ("1/n", Class::Constant, |n| 1000.0 / n),
    ("caches", Class::Constant, |n| if n < 20.0 { 1.0 } else { 3.0 }),
    ("n, caches", Class::Linear, |n| n * if n < 20.0 { 1.0 } else { 2.0 }),
    ("2^ceil(log n)", Class::Linear, |n| n.log2().ceil().exp2()),
    ("n - 9", Class::Linear, |n| (n - 9.0).max(0.0)),
    ("n log n - n + 1", Class::Linearithmic, |n| (n * n.log2() - n + 1.0).round()),
    ("n log n - 3 n", Class::Linearithmic, |n| (n * n.log2() - 3.0 * n).max(0.0).round()),
    ("quicksort", Class::Linearithmic, |n| (1.386 * n * n.log2() - 2.846 * n).max(0.0).round()),
    ("n^1.5", Class::Quadratic, |n| n.powf(1.5).round()),
];

/// Sizes from which growth can be told.
fn wide() -> Vec<Vec<f64>> {
    let one_two_five =
        [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0].to_vec();
    let (tens, five_tens) = (powers(10.0, 1, 6), powers(10.0, 1, 5));
    vec![tens, five_tens, powers(2.0, 0, 12), powers(2.0, 4, 14), one_two_five]
}

/// Sizes from which it often cannot.
fn narrow() -> Vec<Vec<f64>> {
    let thousands = (1..=10).map(|n| f64::from(1000 * n)).collect();
    vec![powers(4.0, 2, 6), powers(2.0, 7, 11), thousands]
}

/// Judges every shape by every claim, with every noise; `on_each` says whether what comes out is
/// fine, being told whether the claim is true. All that is not is returned.
fn judge_shapes(
    shapes: &[Shape],
    ranges: &[Vec<f64>],
    noises: &[f64],
    is_fine: impl Fn(Claim, Class, bool, Judgement) -> bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (what, class, count) in shapes {
        for (sizes, noise, seed) in ranges.iter().flat_map(|sizes| {
            noises.iter().flat_map(move |noise| (0..10).map(move |seed| (sizes, *noise, seed)))
        }) {
            let mut drawn = Noise(seed);
            (0..4).for_each(|_| _ = drawn.next());
            let points: Vec<_> =
                sizes.iter().map(|n| (*n, count(*n) * (1.0 + noise * drawn.next()))).collect();
            for claimed in Class::ALL {
                for bound in [Bound::Above, Bound::Tight] {
                    let claim = Claim { class: claimed, bound };
                    let is_true = match bound {
                        Bound::Above => claimed >= *class,
                        Bound::Tight => claimed == *class,
                    };
                    let judgement = judge(claim, &points);
                    if !is_fine(claim, *class, is_true, judgement) {
                        wrong.push(format!("{what} as {claim}, {sizes:?}, {noise}: {judgement:?}"));
                    }
                }
            }
        }
    }
    wrong
}

fn is_refuted(judgement: Judgement) -> bool {
    matches!(judgement, Judgement::Refuted(_))
}

#[test]
fn plain_counts_are_judged_rightly() {
    let wrong = judge_shapes(PLAIN, &wide(), &[0.0, 0.03], |claim, class, is_true, judgement| {
        match claim.bound {
            Bound::Above if is_true => judgement == Judgement::Consistent,
            Bound::Above => is_refuted(judgement),
            // A class nearby is not always told from the right one with a smaller term.
            Bound::Tight if is_true => !is_refuted(judgement),
            Bound::Tight if claim.class < class => is_refuted(judgement),
            Bound::Tight
                if [Class::Logarithmic, Class::Root].contains(&class)
                    && claim.class >= Class::Quadratic =>
            {
                is_refuted(judgement)
            }
            Bound::Tight => judgement != Judgement::Consistent,
        }
    });
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn no_true_claim_is_refuted_and_no_false_one_consistent() {
    let ranges = [wide(), narrow()].concat();
    let wrong = judge_shapes(PLAIN, &ranges, &[0.0, 0.03, 0.05], |_, _, is_true, judgement| {
        if is_true { !is_refuted(judgement) } else { judgement != Judgement::Consistent }
    });
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn odd_counts_are_bounded_by_their_class() {
    let ranges = [wide(), narrow()].concat();
    let wrong = judge_shapes(ODD, &ranges, &[0.0, 0.03, 0.05], |claim, class, is_true, it| {
        let is_bound = claim.bound == Bound::Above;
        // What lies between two classes is neither.
        let is_right = is_true && (is_bound || class != Class::Quadratic);
        !(is_right && is_refuted(it) || is_bound && !is_true && it == Judgement::Consistent)
    });
    assert_eq!(wrong, [""; 0]);
    let wrong = judge_shapes(ODD, &wide(), &[0.0, 0.03], |claim, class, _, judgement| {
        claim.bound == Bound::Tight || claim.class <= class || judgement == Judgement::Consistent
    });
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn bounds_that_counts_come_to_are_consistent() {
    // Steps of a factor of two look like noise, and a third of the logarithm like growth.
    let unsteady = ["2^ceil(log n)", "n log n - 3 n"];
    let steady: Vec<Shape> =
        ODD.iter().filter(|shape| !unsteady.contains(&shape.0)).copied().collect();
    let sizes = [powers(2.0, 0, 12), powers(2.0, 4, 14), powers(10.0, 1, 6)];
    let wrong = judge_shapes(&steady, &sizes, &[0.0], |claim, class, _, judgement| {
        claim.bound == Bound::Tight || claim.class < class || judgement == Judgement::Consistent
    });
    assert_eq!(wrong, [""; 0]);
}
