//! What was measured, for people and for programs.

use super::samples::Samples;
use serde_json::{Value, json};
use std::fmt;

/// One side of a measure.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) what: String,
    pub(crate) samples: Samples,
    pub(crate) unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Mebibytes,
}

/// What is demanded of a ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    /// They take at least so many times what we take.
    AtLeast(f64),
    /// We take at most so many times what they take.
    AtMost(f64),
}

/// Two sides, and what is demanded of them.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) name: String,
    pub(crate) ours: Side,
    pub(crate) theirs: Side,
    pub(crate) bound: Bound,
}

impl Measure {
    pub(crate) fn ratio(&self) -> f64 {
        let ratio = self.ours.samples.median() / self.theirs.samples.median();
        match self.bound {
            Bound::AtLeast(_) => ratio.recip(),
            Bound::AtMost(_) => ratio,
        }
    }

    pub(crate) fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtLeast(least) => self.ratio() >= least,
            Bound::AtMost(most) => self.ratio() <= most,
        }
    }

    /// The measure for programs.
    pub(crate) fn json(&self) -> Value {
        let side = |side: &Side| {
            json!({
                "what": side.what,
                "unit": side.unit.name(),
                "median": side.samples.median(),
                "samples": side.samples.all(),
            })
        };
        let (least, most) = match self.bound {
            Bound::AtLeast(least) => (Some(least), None),
            Bound::AtMost(most) => (None, Some(most)),
        };
        json!({
            "name": self.name,
            "ours": side(&self.ours),
            "theirs": side(&self.theirs),
            "ratio": self.ratio(),
            "at_least": least,
            "at_most": most,
            "met": self.is_met(),
        })
    }
}

/// Three lines: the name, and each side with its median and spread; the ratio behind the second.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        writeln!(f, "  {}", self.ours)?;
        let theirs = self.theirs.to_string();
        write!(f, "  {theirs:<80} ratio {:>6.2}   {:<8}", self.ratio(), self.bound)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, samples, unit } = self;
        let (least, most) = samples.spread();
        let (scale, name, digits) = unit.shown(samples.median());
        let [median, least, most] = [samples.median(), least, most].map(|value| value * scale);
        write!(f, "{what:<44} {median:>8.digits$} {name:<3} ({least:.digits$} to {most:.digits$})")
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Bound::AtLeast(least) => format!("≥ {least:.3}"),
            Bound::AtMost(most) => format!("≤ {most:.3}"),
        };
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "s",
            Unit::Mebibytes => "MiB",
        }
    }

    /// How to show a value of about this size: the factor, the unit, the digits after the point.
    fn shown(self, about: f64) -> (f64, &'static str, usize) {
        match self {
            Unit::Seconds if about < 1.0 => (1000.0, "ms", 1),
            Unit::Seconds => (1.0, "s", 2),
            Unit::Mebibytes => (1.0, "MiB", 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(ours: f64, theirs: f64, bound: Bound) -> Measure {
        let side = |seconds| Side {
            what: "a side".into(),
            samples: Samples::new(vec![seconds]),
            unit: Unit::Seconds,
        };
        Measure { name: "a measure".into(), ours: side(ours), theirs: side(theirs), bound }
    }

    #[test]
    fn ratios_are_told_as_they_are_bound() {
        let faster = measure(2.0, 30.0, Bound::AtLeast(12.0));
        assert_eq!((faster.ratio(), faster.is_met()), (15.0, true));
        let slower = measure(3.0, 1.0, Bound::AtMost(1.5));
        assert_eq!((slower.ratio(), slower.is_met()), (3.0, false));
    }

    #[test]
    fn bounds_are_printed_as_short_as_they_can_be() {
        let bounds = [Bound::AtLeast(20.0), Bound::AtMost(1.5), Bound::AtMost(4.0 / 3.0)];
        assert_eq!(bounds.map(|bound| bound.to_string()), ["≥ 20", "≤ 1.5", "≤ 1.333"]);
    }
}
