use super::{SUSPECT, finding};
use crate::graph::{Graph, Relation, Vertex};
use crate::review::{BuiltOn, Reviews, path_of};
use handbook_book::Book;
use handbook_pass::Findings;

/// What a chapter builds on is as it was when somebody reviewed the chapter.
pub(crate) fn check(
    book: &Book,
    graph: &Graph,
    reviews: &Reviews,
    built_on: &BuiltOn,
    findings: &mut Findings,
) {
    for (id, _) in graph.iter() {
        let Some(review) = reviews.0.get(&path_of(book, id)) else { continue };
        for name in graph.named(id, Relation::Prerequisites) {
            let Vertex::Chapter(first) = name.vertex else { continue };
            let path = path_of(book, first);
            let now = built_on.chapters[id.0].prerequisites.get(&path);
            let what = match review.prerequisites.get(&path) {
                then if then == now => continue,
                Some(_) => format!("`{path}` has changed"),
                None => format!("`{path}` has become a prerequisite"),
            };
            let message = format!("{what} since this chapter was reviewed on {}", review.date);
            let finding = finding(&SUSPECT, name.span, message)
                .help("read the chapter again, then note that with `handbook review`");
            findings.push(id, finding);
        }
    }
}
