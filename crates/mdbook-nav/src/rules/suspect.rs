use super::{Judge, SUSPECT, finding};
use crate::graph::Relation;
use crate::review::path_of;
use handbook_pass::Findings;

/// What a chapter builds on is as it was when somebody reviewed the chapter.
pub(super) fn check(judge: &Judge<'_>, findings: &mut Findings) {
    let Judge { book, graph, built_on, .. } = *judge;
    let Some(reviews) = judge.reviews else { return };
    for (id, _) in graph.iter() {
        let Some(review) = reviews.0.get(&path_of(book, id)) else { continue };
        for (first, named_at) in graph.chapters_named(id, Relation::Prerequisites) {
            let path = path_of(book, first);
            let now = built_on.chapters[id.0].prerequisites.get(&path);
            let what = match review.prerequisites.get(&path) {
                then if then == now => continue,
                Some(_) => format!("`{path}` has changed"),
                None => format!("`{path}` has become a prerequisite"),
            };
            let message = format!("{what} since this chapter was reviewed on {}", review.date);
            let finding = finding(&SUSPECT, named_at, message)
                .help("read the chapter again, then note that with `handbook review`");
            findings.push(id, finding);
        }
    }
}
