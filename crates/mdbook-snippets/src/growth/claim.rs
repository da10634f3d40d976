//! Reads a claim of growth at the end of a text.

use super::class::{Class, has_several_sizes};

/// What is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) class: Class,
    pub(crate) bound: Bound,
}

/// In which way a class bounds the growth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// `O`: it grows no faster.
    Above,
    /// `Θ`: neither faster nor slower.
    Tight,
}

/// The claim that a text ends with. `Err` if it is one, of a class that is not known.
pub(crate) fn read(text: &str) -> Option<Result<Claim, String>> {
    let text = text.trim_end().trim_end_matches(['*', '_', '`']).trim_end();
    let inner = text.strip_suffix(')')?;
    let mut open = 1;
    let opening = inner.char_indices().rev().find(|(_, ch)| {
        open += match ch {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        open == 0
    });
    let (at, _) = opening?;
    let (before, class) = (&inner[..at], &inner[at + 1..]);
    let bounds = [('O', Bound::Above), ('Θ', Bound::Tight)];
    let (letter, bound) = bounds.into_iter().find(|(letter, _)| before.ends_with(*letter))?;
    let before = before.strip_suffix(letter)?;
    if before.ends_with(char::is_alphanumeric) {
        return None;
    }
    // The constant that `V` adds in `Θ(log(nV))` may hide what grows; to a bound it does no harm.
    let is_known = bound == Bound::Above || !has_several_sizes(class);
    let read = Class::read(class).filter(|_| is_known);
    Some(read.map(|class| Claim { class, bound }).ok_or_else(|| class.to_owned()))
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let letter = match self.bound {
            Bound::Above => 'O',
            Bound::Tight => 'Θ',
        };
        write!(f, "{letter}({})", self.class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_stands_at_the_end() {
        let claim = |text| read(text).map(|claim| claim.map(|claim| claim.to_string()));
        assert_eq!(claim("takes `O(log(n))`"), Some(Ok("O(log n)".to_owned())));
        assert_eq!(claim("(**Θ(n²)** "), Some(Ok("Θ(n^2)".to_owned())));
        assert_eq!(claim("O(n + m)"), Some(Err("n + m".to_owned())));
        assert_eq!(claim("O(log(nV))"), Some(Ok("O(log n)".to_owned())));
        assert_eq!(claim("Θ(log(nV))"), Some(Err("log(nV)".to_owned())));
        for text in ["", ")", "FOO(n)", "O(n", "f(n)", "O (n)", "O(n) steps", "((((", "))))"] {
            assert_eq!(claim(text), None, "{text}");
        }
    }
}
