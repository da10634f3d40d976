use super::Judged;
use crate::results::locked::{Difference, Differences};
use handbook_book::ChapterId;
use handbook_pass::{Findings, Rule};
use handbook_text::{Expanded, Finding, Level};

/// See [`Rule::summary`].
pub(super) const RULE: Rule = Rule {
    id: "snippets/stale-results",
    level: Level::Error,
    summary: "with `--locked`, the frozen results are not those of the snippets",
    explanation: "The file that `handbook run --freeze` writes beside the book is believed where \
                  there is no Rust compiler. `--locked` runs everything and compares: a snippet \
                  that is new, changed, gone, or prints something else asks for a new file, and \
                  so does a sandbox with other layers. What `nondeterministic` says may differ, \
                  may differ here, too.",
};

/// A finding for each difference, at its snippet; at the book's first one if it has none.
pub(super) fn check(judged: &Judged<'_>, differences: &Differences, findings: &mut Findings) {
    let first = judged.listing.iter().next().map(|(id, _)| id);
    let file = &differences.file;
    let title = |id| judged.listing.get(id).title();
    for difference in &differences.list {
        let (id, message, note) = match difference {
            Difference::NothingRun => {
                (first, "nothing was run, so nothing is proved".to_owned(), None)
            }
            Difference::Confined { then, now } => {
                let without = |missing: &[&str]| match missing {
                    [] => "all layers".to_owned(),
                    missing => format!("not all layers: {} missing", missing.join(", ")),
                };
                let note = format!("there it has {}, and {} now", without(then), without(now));
                (first, format!("the sandbox is another one than in `{file}`"), Some(note))
            }
            Difference::Foreign(id) => {
                let title = title(*id);
                let message =
                    format!("the result of {title} in `{file}` says more than `--freeze` writes");
                (Some(*id), message, None)
            }
            Difference::NoFile => (first, format!("there is no `{file}`"), None),
            Difference::Unusable(error) => (first, error.to_string(), None),
            Difference::Unknown(id) => {
                (Some(*id), format!("there is no result of {} in `{file}`", title(*id)), None)
            }
            Difference::Changed(id) => {
                (Some(*id), format!("{} is not what it was in `{file}`", title(*id)), None)
            }
            Difference::Prints { id, line, then, now } => {
                let shown = |line: &Option<String>| {
                    line.as_ref().map_or("nothing more".to_owned(), |line| format!("`{line}`"))
                };
                let (then, now) = (shown(then), shown(now));
                let note = format!("line {line} is {then} there, and {now} now");
                let message = format!("{} prints something else than in `{file}`", title(*id));
                (Some(*id), message, Some(note))
            }
            Difference::Gone(ids) => {
                let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
                let ids = ids.join(", ");
                (first, format!("`{file}` holds results of what is not there: {ids}"), None)
            }
        };
        let help = match difference {
            Difference::NothingRun => "take `run = false` out of book.toml, or `--locked` away",
            _ => "`handbook run --freeze` writes the file anew",
        };
        let mut finding: Finding<Expanded> = Finding::new(RULE.id, RULE.level, message).help(help);
        if let Some(note) = note {
            finding = finding.note(note);
        }
        match id {
            Some(id) => findings.push(id.chapter, finding.at(judged.listing.get(id).fence)),
            None if judged.about.book.iter().next().is_some() => {
                findings.push(ChapterId(0), finding);
            }
            None => {}
        }
    }
}
