//! The suite's side: `handbook run` on the stand-in.

use super::{Block, StandIn, Verdict, Verdicts, name_of};
use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// What `handbook run --format json` prints, as far as it is compared.
#[derive(Deserialize)]
struct Run {
    findings: Vec<Finding>,
    snippets: Vec<Snippet>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    message: String,
    file: Option<String>,
    start: Option<Start>,
    label: Option<String>,
    notes: Vec<String>,
}

#[derive(Deserialize)]
struct Start {
    line: usize,
}

#[derive(Deserialize)]
struct Snippet {
    chapter: String,
    file: String,
    line: usize,
    verdict: String,
}

/// Judges the book without a cache: what is compared has to be what the suite finds out now.
#[expect(clippy::disallowed_methods, reason = "the suite is compared as its users start it")]
pub(super) fn verdicts(root: &Path, stand_in: &StandIn) -> anyhow::Result<Verdicts> {
    let mut handbook = Command::new(env!("CARGO"));
    handbook
        .current_dir(root)
        .args(["run", "--quiet", "--package", "handbook-cli", "--"])
        .args(["run", "--no-cache", "--format", "json", "--dir"])
        .arg(stand_in.root())
        .args(stand_in.library_arguments());
    let output = handbook.output().context("cargo does not start")?;
    let run: Run = match serde_json::from_slice(&output.stdout) {
        Ok(run) => run,
        Err(error) => {
            bail!(
                "the suite gives no verdicts ({error}):\n{}",
                String::from_utf8_lossy(&output.stderr)
            )
        }
    };
    let mut verdicts = Verdicts::new();
    for (at, snippet) in run.snippets.iter().enumerate() {
        let verdict = match snippet.verdict.as_str() {
            "passed" => Verdict::Passed,
            "failed" => Verdict::Failed,
            "ignored" => Verdict::Ignored,
            other => bail!("the suite says `{other}`, which is no verdict"),
        };
        let reason = if verdict == Verdict::Failed { reason(&run, at) } else { String::new() };
        let Snippet { chapter, file, line, .. } = snippet;
        let block = Block { place: format!("{file}:{line}"), line: *line, verdict, reason };
        verdicts.entry(name_of(Path::new(chapter))).or_default().push(block);
    }
    Ok(verdicts)
}

/// Returns the findings about a snippet: those between its fence and the next one's in its file.
fn reason(run: &Run, at: usize) -> String {
    let Snippet { file, line, .. } = &run.snippets[at];
    let fences = run.snippets.iter().filter(|snippet| snippet.file == *file);
    let next = fences.map(|snippet| snippet.line).filter(|next| next > line).min();
    let is_here = |finding: &&Finding| {
        let start = finding.start.as_ref().map_or(0, |start| start.line);
        finding.file.as_ref() == Some(file)
            && *line <= start
            && next.is_none_or(|next| start < next)
    };
    let mut text = String::new();
    for finding in run.findings.iter().filter(is_here) {
        let line = finding.start.as_ref().map_or(0, |start| start.line);
        let label = finding.label.iter().map(String::as_str);
        let lines = label.chain(finding.notes.iter().map(String::as_str));
        text += &format!("{}:{line}: {}\n", finding.rule, finding.message);
        lines.for_each(|line| text += &format!("{line}\n"));
    }
    text
}
