use super::{CYCLE, Judge, finding};
use crate::graph::{Relation, Vertex, order};
use handbook_book::ChapterId;
use handbook_pass::{Findings, Found, Related};

/// Neither prerequisites nor what is next lead back to where they started.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    let next = order::knots(judge.graph, Relation::Next);
    let knots = [(Relation::Prerequisites, &judge.knots), (Relation::Next, &next)];
    for (relation, knots) in knots {
        for knot in knots {
            let circle = order::circle(judge.graph, relation, knot);
            findings.add(report(judge, relation, &circle));
        }
    }
}

fn report(judge: &Judge<'_>, relation: Relation, circle: &[ChapterId]) -> Found {
    let steps: Vec<String> = circle.iter().map(|id| judge.name(Vertex::Chapter(*id))).collect();
    let message = format!("\"{}\" leads in a circle: {}", judge.label(relation), steps.join(" → "));
    let places = circle.windows(2).filter_map(|step| {
        let span = judge.named_at(step[0], relation, Vertex::Chapter(step[1]))?;
        let what = format!("{} is named here", judge.name(Vertex::Chapter(step[1])));
        Some(Related { what, chapter: step[0], span })
    });
    let mut places = places.collect::<Vec<_>>().into_iter();
    let first = circle.first().copied().unwrap_or(ChapterId(0));
    let at = places.next().map_or_else(|| judge.title_line(first), |place| place.span);
    let finding = finding(&CYCLE, at, message).help("take one of these names out");
    let related: Vec<Related> = places.collect();
    let also_about = related.iter().map(|place| place.chapter).collect();
    Found { related, also_about, ..Found::new(first, finding) }
}
