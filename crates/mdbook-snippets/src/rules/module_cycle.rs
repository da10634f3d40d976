use super::Judged;
use crate::modules::{UseProblem, UseProblemKind};
use crate::snippet::SnippetId;
use handbook_pass::{Found, Related, Rule};
use handbook_text::{Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/module-cycle",
    level: Level::Error,
    summary: "modules use each other in a circle",
    explanation: "A reader who copies one of them would need all the others first. What they share \
                  belongs into a module of its own, on which they all build.",
};

/// The finding for a circle, and the snippets that are part of it.
pub(super) fn found<'a>(
    judged: &Judged<'_>,
    id: SnippetId,
    problem: &'a UseProblem,
) -> Option<(Found, &'a [SnippetId])> {
    let UseProblemKind::Circle(circle) = &problem.kind else { return None };
    let modules = || circle.iter().filter_map(|id| judged.listing.get(*id).info.module.as_ref());
    let names: Vec<&str> = modules().chain(modules().take(1)).map(|word| &*word.text).collect();
    let message = match circle.len() {
        1 => format!("the module uses itself: {}", names.join(" → ")),
        _ => format!("modules use each other in a circle: {}", names.join(" → ")),
    };
    let others = circle.iter().skip(1).filter_map(|other| {
        let word = judged.listing.get(*other).info.module.as_ref()?;
        let what = format!("`{}` is here", word.text);
        Some(Related { what, chapter: other.chapter, span: word.span })
    });
    let finding = Finding::new(RULE.id, RULE.level, message)
        .at(problem.word.span)
        .help("move what they share into a module of its own");
    // Copies that other chapters include are part of it.
    let members = judged.listing.iter().filter(|(_, snippet)| {
        let name = snippet.info.module.as_ref().map(|word| &*word.text);
        let module = name.and_then(|name| judged.programs.modules.get(name));
        module.is_some_and(|module| circle.contains(&module))
    });
    let found = Found {
        related: others.collect(),
        also_about: members.map(|(id, _)| id.chapter).collect(),
        ..Found::new(id.chapter, finding)
    };
    Some((found, circle))
}
