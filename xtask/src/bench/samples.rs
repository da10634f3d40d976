//! Measuring two sides in turn, so that whatever slows the machine slows both.

use std::time::Duration;

/// What was measured on one side.
#[derive(Clone, Debug)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Measurements, at least one.
    pub(crate) fn new(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "a side is measured at least once");
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        match self.0.len() % 2 {
            0 => f64::midpoint(self.0[middle - 1], self.0[middle]),
            _ => self.0[middle],
        }
    }

    /// The least and the most.
    pub(crate) fn spread(&self) -> (f64, f64) {
        (self.0[0], self.0[self.0.len() - 1])
    }

    /// All of them, in ascending order.
    pub(crate) fn all(&self) -> &[f64] {
        &self.0
    }
}

/// Measures two sides, A B A B and so on; each gets the number of the round.
pub(crate) fn in_turn(
    rounds: usize,
    mut ours: impl FnMut(usize) -> anyhow::Result<Duration>,
    mut theirs: impl FnMut(usize) -> anyhow::Result<Duration>,
) -> anyhow::Result<[Samples; 2]> {
    let mut taken = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        taken[0].push(ours(round)?.as_secs_f64());
        taken[1].push(theirs(round)?.as_secs_f64());
    }
    Ok(taken.map(Samples::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_spreads() {
        let odd = Samples::new(vec![3.0, 1.0, 9.0]);
        assert_eq!((odd.median(), odd.spread()), (3.0, (1.0, 9.0)));
        assert_eq!(Samples::new(vec![4.0, 1.0, 2.0, 3.0]).median(), 2.5);
    }

    #[test]
    fn sides_are_measured_in_turn() {
        let order = std::cell::RefCell::new(String::new());
        let side = |name: char| {
            let order = &order;
            move |round: usize| {
                order.borrow_mut().push_str(&format!("{name}{round} "));
                Ok(Duration::from_secs(1))
            }
        };
        in_turn(2, side('a'), side('b')).unwrap();
        assert_eq!(order.into_inner(), "a0 b0 a1 b1 ");
    }
}
