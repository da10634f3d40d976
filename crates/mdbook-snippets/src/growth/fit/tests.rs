use super::*;
mod real;

/// Numbers from -1 to 1 that look as if they were drawn.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = u32::try_from(self.0 >> 33).expect("31 bits");
        f64::from(drawn) / f64::from(1_u32 << 30) - 1.0
    }
}

fn value(class: Class, size: f64) -> f64 {
    match class {
        Class::Constant => 1.0,
        Class::Logarithmic => size.log2(),
        Class::Root => size.sqrt(),
        Class::Linear => size,
        Class::Linearithmic => size * size.log2(),
        Class::Quadratic => size * size,
        Class::Cubic => size.powi(3),
        Class::Exponential => size.exp2(),
    }
}

/// A series that grows as `class`, each point off by `noise` at most.
fn series(class: Class, sizes: &[f64], noise: f64, seed: u64) -> Vec<(f64, f64)> {
    let mut drawn = Noise(seed);
    for _ in 0..4 {
        drawn.next();
    }
    let factor = 7.0 + 5.0 * drawn.next();
    sizes.iter().map(|n| (*n, factor * value(class, *n) * (1.0 + noise * drawn.next()))).collect()
}

fn powers(base: f64, from: i32, to: i32) -> Vec<f64> {
    (from..=to).map(|exponent| base.powi(exponent)).collect()
}

/// Judges what grows as `class` by every claim, with every noise; `on_each` looks at what comes out.
fn judge_all(class: Class, sizes: &[f64], on_each: impl Fn(Claim, Judgement, &str)) {
    for claimed in Class::ALL {
        for seed in 0..12 {
            for noise in [0.0, 0.03, 0.05] {
                let points = series(class, sizes, noise, seed);
                for bound in [Bound::Above, Bound::Tight] {
                    let claim = Claim { class: claimed, bound };
                    let what = format!("{class} as {claim}, {sizes:?}, {noise}, {seed}");
                    let fits = fits(&points);
                    on_each(claim, judge(claim, &points), &format!("{what}: {fits:?}"));
                }
            }
        }
    }
}

#[test]
fn wide_ranges_tell_every_class_from_every_other() {
    let ranges = [powers(2.0, 4, 14), powers(2.0, 3, 20), powers(10.0, 1, 6), powers(2.0, 5, 12)];
    for sizes in &ranges {
        for class in Class::ALL.into_iter().filter(|class| *class < Class::Exponential) {
            judge_all(class, sizes, |claim, judgement, what| {
                let is_refuted = matches!(judgement, Judgement::Refuted(_));
                match claim.bound {
                    Bound::Above if claim.class < class => assert!(is_refuted, "{what}"),
                    Bound::Tight if claim.class != class => {
                        assert_ne!(judgement, Judgement::Consistent, "{what}");
                    }
                    _ => assert_eq!(judgement, Judgement::Consistent, "{what}"),
                }
            });
        }
    }
}

/// Nobody can count two to the power of a thousand, so the sizes are small.
#[test]
fn what_doubles_is_told_from_all_else() {
    let ranges: [Vec<f64>; 3] = [
        (4..=24).map(f64::from).collect(),
        (1..=10).map(|n| f64::from(3 * n)).collect(),
        (1..=16).map(f64::from).collect(),
    ];
    for sizes in &ranges {
        judge_all(Class::Exponential, sizes, |claim, judgement, what| {
            let is_refuted = matches!(judgement, Judgement::Refuted(_));
            assert_eq!(is_refuted, claim.class < Class::Exponential, "{what}");
        });
    }
}

/// With few points, near to each other, nobody is told that a true claim is refuted, nor that a false
/// one is consistent.
#[test]
fn narrow_ranges_may_not_tell_but_never_lie() {
    let ranges: [Vec<f64>; 6] = [
        (10..=20).map(f64::from).collect(),
        (1..=5).map(f64::from).collect(),
        powers(2.0, 10, 14),
        powers(2.0, 10, 13),
        (1..=10).map(|n| f64::from(100 * n)).collect(),
        (1..=9).map(|n| f64::from(1000 * n)).collect(),
    ];
    for sizes in &ranges {
        for class in
            Class::ALL.into_iter().filter(|class| value(*class, sizes[sizes.len() - 1]).is_finite())
        {
            for claimed in Class::ALL {
                for seed in 0..12 {
                    let points = series(class, sizes, 0.05, seed);
                    let judgement = judge(Claim { class: claimed, bound: Bound::Above }, &points);
                    let is_refuted = matches!(judgement, Judgement::Refuted(_));
                    let what = format!(
                        "{class} as O({claimed}), {sizes:?}, {seed}: {judgement:?}, {:?}",
                        fits(&points)
                    );
                    assert!(!is_refuted || claimed < class, "{what}");
                    assert!(judgement != Judgement::Consistent || claimed >= class, "{what}");
                }
            }
        }
    }
}

/// What algorithms really count is no pure class: smaller terms, whole numbers.
#[test]
fn real_counts_are_judged_by_what_they_come_to() {
    let sizes = powers(2.0, 1, 12);
    let count =
        |count: &dyn Fn(f64) -> f64| sizes.iter().map(|n| (*n, count(*n))).collect::<Vec<_>>();
    let judged = |class, points: &[(f64, f64)]| judge(Claim { class, bound: Bound::Above }, points);
    let refuted =
        |class, points: &[(f64, f64)]| matches!(judged(class, points), Judgement::Refuted(_));
    let merge_sort = count(&|n| n * n.log2() - n + 1.0);
    assert!(refuted(Class::Linear, &merge_sort) && !refuted(Class::Linearithmic, &merge_sort));
    let bubble_sort = count(&|n| n * (n - 1.0) / 2.0);
    assert!(refuted(Class::Linearithmic, &bubble_sort) && !refuted(Class::Quadratic, &bubble_sort));
    let bisection = count(&|n| n.log2().floor() + 1.0);
    assert!(refuted(Class::Constant, &bisection) && !refuted(Class::Logarithmic, &bisection));
    let scan = count(&|n| n + 40.0);
    assert!(!refuted(Class::Linear, &scan));
    let table = count(&|n| 3.0 + (n as u64 % 3) as f64 * 0.1);
    assert_eq!(judged(Class::Constant, &table), Judgement::Consistent);
    let zeros = count(&|_| 0.0);
    assert_eq!(judged(Class::Constant, &zeros), Judgement::Consistent);
}

#[test]
fn odd_points_are_too_little() {
    let few = Judgement::TooLittle(Why::Few);
    let claim = Claim { class: Class::Linear, bound: Bound::Above };
    for points in
        [&[][..], &[(1.0, 1.0)], &[(5.0, 1.0); 9], &[(0.0, 1.0), (f64::NAN, 1.0), (3.0, -1.0)]]
    {
        assert_eq!(judge(claim, points), few);
    }
}
