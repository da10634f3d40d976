//! Classes of growth.

use std::collections::BTreeSet;
use std::fmt;

/// A class of growth; the order is that of how fast they grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Constant,
    Logarithmic,
    Root,
    Linear,
    Linearithmic,
    Quadratic,
    Cubic,
    Exponential,
}

impl Class {
    pub(crate) const ALL: [Self; 8] = [
        Self::Constant,
        Self::Logarithmic,
        Self::Root,
        Self::Linear,
        Self::Linearithmic,
        Self::Quadratic,
        Self::Cubic,
        Self::Exponential,
    ];

    /// How it is written, the first being ours; without blanks, dots and stars.
    fn notations(self) -> &'static [&'static str] {
        match self {
            Self::Constant => &["1"],
            Self::Logarithmic => &[
                "logn",
                "log(n)",
                "lgn",
                "lg(n)",
                "lnn",
                "ln(n)",
                "log2n",
                "log₂n",
                "log2(n)",
                "log₂(n)",
            ],
            Self::Root => &["sqrtn", "sqrt(n)", "√n", "√(n)", "n^(1/2)", "n^0.5", "n^½"],
            Self::Linear => &["n"],
            Self::Linearithmic => &[
                "nlogn", "nlog(n)", "nlgn", "nlg(n)", "nlnn", "nln(n)", "nlog2n", "nlog₂n",
                "nlog2(n)",
            ],
            Self::Quadratic => &["n^2", "n²", "n<sup>2</sup>"],
            Self::Cubic => &["n^3", "n³", "n<sup>3</sup>"],
            Self::Exponential => &["2^n", "2ⁿ", "2<sup>n</sup>"],
        }
    }

    /// Reads what stands between the parentheses. Any letter can stand for the size. So can a product
    /// in a logarithm, `log(nV)`: whichever of its factors is the size, the others add a constant, or,
    /// if they grow as powers of it, multiply by one.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let dropped = |ch: char| ch.is_whitespace() || "·×*\\_".contains(ch) || ch == '\u{2062}';
        let text: String =
            text.chars().filter(|ch| !dropped(*ch)).flat_map(char::to_lowercase).collect();
        let text = text.replace("&nbsp;", "").replace("&thinsp;", "").replace("\u{a0}", "");
        if text.len() > 24 {
            return None;
        }
        if logarithm_of(&text).is_some_and(is_product) {
            return Some(Self::Logarithmic);
        }
        let is_it =
            |text: &str| Self::ALL.into_iter().find(|class| class.notations().contains(&text));
        let letters = text.chars().filter(|ch| ch.is_alphabetic());
        let renamed = letters.map(|letter| text.replace(letter, "n"));
        is_it(&text).or_else(|| renamed.into_iter().find_map(|text| is_it(&text)))
    }

    /// The logarithm of its value at a size above one, but for a constant.
    pub(crate) fn logarithm(self, size: f64) -> f64 {
        let log = size.ln();
        match self {
            Self::Constant => 0.0,
            Self::Logarithmic => log.ln(),
            Self::Root => log / 2.0,
            Self::Linear => log,
            Self::Linearithmic => log + log.ln(),
            Self::Quadratic => 2.0 * log,
            Self::Cubic => 3.0 * log,
            Self::Exponential => size * std::f64::consts::LN_2,
        }
    }

    /// Its value at `size`, in relation to that at the `largest`.
    pub(crate) fn share(self, size: f64, largest: f64) -> f64 {
        let relation = size / largest;
        let logarithms = if largest > 1.0 { size.ln().max(0.0) / largest.ln() } else { 1.0 };
        match self {
            Self::Constant => 1.0,
            Self::Logarithmic => logarithms,
            Self::Root => relation.sqrt(),
            Self::Linear => relation,
            Self::Linearithmic => relation * logarithms,
            Self::Quadratic => relation.powi(2),
            Self::Cubic => relation.powi(3),
            Self::Exponential => (size - largest).exp2(),
        }
    }
}

/// Functions that stand in classes.
const FUNCTIONS: [&str; 8] = ["log", "lg", "ln", "sqrt", "min", "max", "exp", "poly"];

/// What the logarithm is of that a text is, which has small letters and no blanks.
fn logarithm_of(text: &str) -> Option<&str> {
    let names = ["log2", "log₂", "log", "lg", "ln"];
    let of = names.iter().find_map(|name| text.strip_prefix(name))?;
    match of.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')'),
        // Without brackets two letters at most: `log nV`.
        None => Some(of).filter(|of| of.chars().count() <= 2),
    }
}

/// Whether a text is letters alone, one size or several that are multiplied.
fn is_product(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(char::is_alphabetic)
        && !FUNCTIONS.iter().any(|function| text.contains(function))
}

/// Whether there is more than one size in a class, as in `nV` and `n + m`.
pub(crate) fn has_several_sizes(class: &str) -> bool {
    let words = class.split(|ch: char| !ch.is_alphabetic());
    let words = words.filter(|word| !FUNCTIONS.contains(&word.to_lowercase().as_str()));
    // A longer word is the name of one size.
    let sizes = words.flat_map(|word| match word.chars().count() {
        2 => word.chars().map(String::from).collect(),
        _ => vec![word.to_owned()],
    });
    sizes.filter(|size| !size.is_empty()).collect::<BTreeSet<_>>().len() > 1
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Constant => "1",
            Self::Logarithmic => "log n",
            Self::Root => "sqrt n",
            Self::Linear => "n",
            Self::Linearithmic => "n log n",
            Self::Quadratic => "n^2",
            Self::Cubic => "n^3",
            Self::Exponential => "2^n",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, has_several_sizes};

    #[test]
    fn classes_are_read_as_authors_write_them() {
        for (text, class) in [
            ("1", Class::Constant),
            ("log n", Class::Logarithmic),
            ("\\log N", Class::Logarithmic),
            ("log(k)", Class::Logarithmic),
            ("log(nV)", Class::Logarithmic),
            ("log₂ nV", Class::Logarithmic),
            ("lg(n · V)", Class::Logarithmic),
            ("√n", Class::Root),
            ("V", Class::Linear),
            ("n · log n", Class::Linearithmic),
            ("n log₂ n", Class::Linearithmic),
            ("v^2", Class::Quadratic),
            ("n<sup>3</sup>", Class::Cubic),
            ("2ⁿ", Class::Exponential),
        ] {
            assert_eq!(Class::read(text), Some(class), "{text}");
        }
        for text in ["", "n + m", "log log n", "nm", "n!", "log n / n", "n^4"] {
            assert_eq!(Class::read(text), None, "{text}");
        }
        let classes = ["nV", "n + m", "n log m", "min(k, n)", "n!", "n^4", "keys", "log log n"];
        let several: Vec<&str> =
            classes.into_iter().filter(|class| has_several_sizes(class)).collect();
        assert_eq!(several, classes[..4]);
        for class in Class::ALL {
            assert_eq!(Class::read(&class.to_string()), Some(class));
        }
    }
}
