use super::Bound;
use crate::growth::claim::Claim;
use crate::growth::fit::{FEWEST, NARROWEST, Why};
use crate::values::Address;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/too-few-points",
    level: Level::Warning,
    summary: "a printed series does not tell whether it grows as is claimed",
    explanation: "Five sizes, the largest eight times the smallest, are the least from which \
                  growth can be judged, unless the counts grow a hundredfold. Sizes that double \
                  tell most.",
};

/// The finding for a claim that the points neither refute nor bear out.
pub(super) fn found(
    bound: &Bound<'_>,
    address: &Address,
    claim: Claim,
    why: Why,
    points: &[(f64, f64)],
) -> Found {
    let message = format!("`{address}` does not tell whether it grows like {claim}");
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span);
    let finding = super::points_and_fits(points).into_iter().fold(finding, Finding::note);
    let help = match why {
        Why::Few => format!(
            "print {FEWEST} sizes or more, from 1 on, the largest {NARROWEST} times the smallest"
        ),
        Why::Scattered => {
            "no class comes near: print larger sizes, or the mean of more runs".to_owned()
        }
        Why::Undecided(class) => format!("{class} fits nearly as well: print larger sizes"),
    };
    bound.about(finding.help(help))
}
