use crate::Outcome;
use crate::arguments::{Format, Mutate, Shared};
use crate::open::{OpenBook, keep_chapters};
use crate::report::{line, report, report_with};
use anyhow::bail;
use handbook_engine::{Analysis, Located};
use handbook_mdbook::DiskFiles;
use handbook_pass::{Mutation, Selection};
use handbook_text::{Level, LineIndex};
use mdbook_snippets::{Mutations, NoSuchName, Score, Tried, Verdicts};
use serde_json::{Map, Value, json};
use std::path::Path;

/// The rules that a report of changes is about.
const RULES: [&str; 2] = ["snippets/unchangeable", "snippets/unnoticed-change"];

/// Tries changes of a book's snippets and tells which ones nobody would notice.
pub(crate) fn mutate(shared: &Shared, mutate: &Mutate) -> anyhow::Result<Outcome> {
    let files = &DiskFiles;
    let mut book = OpenBook::open(shared, None, files)?;
    let mut input = book.input(files)?;
    let chapters = book.chapters(&input, &mutate.chapters)?;
    book.environment.mutation = Some(Mutation { sample: mutate.sample });
    book.environment.selection = Selection {
        chapters: chapters.clone(),
        names: mutate.names.clone(),
        ..Selection::default()
    };
    let mut analysis = book.analyse(&mut input, files);
    keep_chapters(&mut analysis.findings, &input, &chapters);
    let tried = tried(shared, &analysis, &book.root)?;
    let score = tried.score();
    let Some(percent) = score.percent() else {
        bail!(
            "there is nothing to change: no snippet there runs and has an operator, a constant or a branch"
        );
    };
    let is_asked = |located: &&Located| RULES.contains(&located.finding.rule);
    let findings: Vec<&Located> = analysis.findings.iter().filter(is_asked).collect();
    match mutate.format {
        Format::Json => {
            report_with(shared, mutate.format, &findings, &book.root, as_json(tried))?;
        }
        Format::Text => {
            say(&findings, tried, &book.root)?;
        }
    }
    let is_low = mutate.min_score.is_some_and(|least| percent < least);
    Ok(if is_low { Outcome::Found } else { Outcome::Clean })
}

/// What came of it; an error if nothing could be tried, after the findings that say why.
fn tried<'a>(shared: &Shared, analysis: &'a Analysis, root: &Path) -> anyhow::Result<&'a Tried> {
    let verdicts = analysis.facts.get();
    if let Some(Verdicts::NoSuchName(NoSuchName { name, help })) = verdicts {
        bail!("no snippet there has the name `{name}`; {help}");
    }
    if let Some(Mutations::Tried(tried)) = analysis.facts.get() {
        return Ok(tried);
    }
    let is_error = |located: &&Located| located.finding.level == Level::Error;
    let errors: Vec<&Located> = analysis.findings.iter().filter(is_error).collect();
    report(shared, Format::Text, &errors, root)?;
    match (verdicts, analysis.facts.get()) {
        (_, Some(Mutations::Unfit(snippets))) => bail!(
            "before changes can be judged, the snippets have to pass and print what is written: \
             see {}",
            snippets.join(", ")
        ),
        (None, _) => bail!("nothing is run: the configuration says `run = false`"),
        _ => bail!("the snippets could not be run"),
    }
}

/// Prints the score of each chapter, what nobody noticed, and the score of all.
fn say(findings: &[&Located], tried: &Tried, root: &Path) -> anyhow::Result<()> {
    for chapter in &tried.chapters {
        line(&format!("{}: {}", chapter.chapter, counted(chapter.score)))?;
    }
    let mut snippet = None;
    for located in findings {
        let own = located.related.first().filter(|own| snippet != Some(*own));
        if let Some((what, file, number)) = own {
            let what = what.trim_end_matches(" is here");
            line(&format!("\nnobody notices in {what} ({}:{number}):", shown(file, root)))?;
            snippet = own;
        }
        survivor(located, root)?;
    }
    let Tried { all, tried: count, left_out, .. } = tried;
    let score = tried.score();
    let mut notes = Vec::new();
    if count < all {
        notes.push(format!("a sample of {count} of {all} changes"));
    }
    let counts = [
        (score.timed_out, "noticed because time ran out"),
        (score.not_viable, "do not compile and do not count"),
        (score.unknown, "without a verdict"),
        (*left_out, "left out by their authors"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    notes.extend(counts.map(|(count, what)| format!("{count} {what}")));
    let notes = if notes.is_empty() { String::new() } else { format!("; {}", notes.join(", ")) };
    if !findings.is_empty() {
        line("")?;
    }
    line(&format!("{}{notes}", counted(score)))
}

/// `201 of 211 changes noticed (95.3 %)`.
fn counted(score: Score) -> String {
    let share = score.percent().map_or_else(String::new, |percent| format!(" ({percent:.1} %)"));
    format!("{} of {} changes noticed{share}", score.noticed, score.total())
}

/// Prints a change with its place, and the line that it is made in.
fn survivor(located: &Located, root: &Path) -> anyhow::Result<()> {
    let file = located.file.as_deref().unwrap_or(root);
    let file = shown(file, root);
    let message = &located.finding.message;
    let (Some(text), Some(span)) = (&located.text, located.finding.span) else {
        return line(&format!("{file}: {message}"));
    };
    let at = LineIndex::new(text).position(text, span.start());
    line(&format!("{file}:{}:{}: {message}", at.line, at.column))?;
    let source = text.lines().nth(at.line - 1).unwrap_or_default().trim();
    line(&format!("    {source}"))
}

/// A file as it is named from the book's root.
fn shown(file: &Path, root: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string().replace('\\', "/")
}

/// What `mutate --format json` prints behind the findings.
fn as_json(tried: &Tried) -> Map<String, Value> {
    let score = tried.score();
    let pairs = [
        ("chapters".to_owned(), json!(tried.chapters)),
        ("score".to_owned(), json!(score)),
        ("percent".to_owned(), json!(score.percent())),
        ("changes".to_owned(), json!(tried.all)),
        ("tried".to_owned(), json!(tried.tried)),
        ("left_out".to_owned(), json!(tried.left_out)),
    ];
    pairs.into_iter().collect()
}
