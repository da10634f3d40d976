use super::Bound;
use crate::growth::claim::Claim;
use crate::growth::fit::Fit;
use crate::values::Address;
use handbook_pass::{Found, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/refuted-growth",
    level: Level::Error,
    summary: "a printed series grows otherwise than is claimed",
    explanation: "Every class of growth is laid through the points. A claim is refuted if a class \
                  that it excludes errs less than half as much as all that it allows, and the \
                  counts leave the claimed class behind up to the end. `O` allows slower growth, \
                  `Θ` does not.",
};

/// The finding for a claim that the points refute.
pub(super) fn found(
    bound: &Bound<'_>,
    address: &Address,
    claim: Claim,
    nearest: Fit,
    points: &[(f64, f64)],
) -> Found {
    let message = match nearest {
        Fit { class, .. } if nearest.is_near() => {
            format!("`{address}` grows like {class}, not {claim}")
        }
        Fit { class, .. } => {
            let how = if class > claim.class { "faster" } else { "slower" };
            format!("`{address}` grows {how} than {claim}")
        }
    };
    let finding = Finding::new(RULE.id, RULE.level, message).at(bound.binding.span);
    let finding = super::points_and_fits(points).into_iter().fold(finding, Finding::note);
    bound.about(finding.help("correct the claim, or what the snippet counts"))
}
