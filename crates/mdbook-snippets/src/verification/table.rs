//! What is said of each snippet of a chapter.

use super::held::{Count, Held, Prints};
use super::links::{Headings, Under};
use crate::listed::{Expects, Listed, Status};
use crate::read;
use crate::snippet::Snippet;
use handbook_book::{ChapterId, Reader, code, escaped};
use handbook_pass::Context;
use std::collections::BTreeMap;

/// The table of a chapter's snippets, as it stands in the chapter `here`.
pub(super) fn table(
    snippets: &[&Listed],
    held: &Held,
    here: ChapterId,
    about: Context<'_>,
    reader: Reader,
) -> Option<String> {
    let (listing, _) = read(about.facts)?;
    let mut rows = vec![
        "| Snippet | Verdict | Promise | Compared |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    // How many without a name stand under each heading: they are counted.
    let mut unnamed = BTreeMap::<String, usize>::new();
    let to = snippets.first()?.id.chapter;
    let headings = Headings::of(about.book, to);
    for listed in snippets {
        let snippet = listing.get(listed.id);
        let under = headings.before(snippet.span.start());
        let name = match snippet.name() {
            Some(name) => code(name),
            None => counted(under, &about.book[to].name, &mut unnamed),
        };
        let target = about.book.way(here, to, under.map(|under| under.anchor), reader);
        let (promise, compared) = (promise(listed.expects, snippet), compared(held.of(listed.id)));
        let verdict = match listed.verdict {
            Status::Failed => "**failed**",
            verdict => verdict.word(),
        };
        rows.push(format!("| [{name}]({target}) | {verdict} | {promise} | {compared} |"));
    }
    Some(rows.join("\n"))
}

/// What a snippet without a name is called: after its heading, or its chapter.
fn counted(
    under: Option<Under<'_>>,
    chapter: &str,
    unnamed: &mut BTreeMap<String, usize>,
) -> String {
    let text = under.map_or(chapter, |under| under.text);
    let anchor = under.map_or("", |under| under.anchor);
    let count = unnamed.entry(anchor.to_owned()).or_default();
    *count += 1;
    match *count {
        1 => escaped(text),
        count => format!("{} ({count})", escaped(text)),
    }
}

fn promise(expects: Expects, snippet: &Snippet) -> String {
    match expects {
        // Of a module nothing runs by itself.
        Expects::Success if snippet.info.module.is_some() => "compiles".to_owned(),
        Expects::Success => "runs".to_owned(),
        Expects::Panic => "panics".to_owned(),
        Expects::Compile => "compiles".to_owned(),
        Expects::CompileError if snippet.info.error_codes.is_empty() => {
            "does not compile".to_owned()
        }
        Expects::CompileError => {
            format!("does not compile: {}", snippet.info.error_codes.join(", "))
        }
    }
}

/// What is held to what the snippet prints.
fn compared(prints: Prints) -> String {
    let shown = |count: Count, one: &str, many: &str| {
        let stale = match (count.stale, count.all) {
            (0, _) => String::new(),
            (_, 1) => ", stale".to_owned(),
            (stale, _) => format!(", {stale} stale"),
        };
        match count.all {
            0 => None,
            1 => Some(format!("{one}{stale}")),
            all => Some(format!("{all} {many}{stale}")),
        }
    };
    let parts = [
        shown(prints.outputs, "output", "outputs"),
        shown(prints.values, "1 number", "numbers"),
        shown(prints.claims, "growth", "claims of growth"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}
