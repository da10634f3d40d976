use crate::Outcome;
use crate::arguments::{Fix, Format, Shared};
use crate::open::{OpenBook, keep_chapters};
use crate::report::{line, report};
use crate::write::replace;
use anyhow::Context;
use handbook_engine::{Change, FileFix, Located, Rewrite, patch};
use handbook_mdbook::DiskFiles;
use handbook_pass::Selection;
use handbook_text::Safety;
use handbook_text::include::ReadFiles;
use std::path::Path;

/// Writes down what can be derived, and reports what is left.
pub(crate) fn fix(shared: &Shared, fix: &Fix) -> anyhow::Result<Outcome> {
    let (mut book, _lock) = OpenBook::open_to_change(shared, &DiskFiles)?;
    let input = book.input(&DiskFiles)?;
    let chapters = book.chapters(&input, &fix.chapters)?;
    book.environment.selection = Selection::of_text(chapters.clone());
    let (engine, problems) = book.engine(&DiskFiles);
    let accept = |file_fix: &FileFix| {
        let chapter = &input.chapters[file_fix.chapter.0].path;
        (chapters.is_empty() || chapters.contains(chapter))
            && (fix.unsafe_too || file_fix.fix.safety == Safety::Safe)
    };
    // SUMMARY is no chapter, so no fix changes which chapters there are.
    let load = |files: &dyn ReadFiles| {
        let mut input = book.input(files).unwrap_or_else(|_| input.clone());
        input.findings.splice(0..0, problems.iter().cloned());
        input
    };
    let mut fixed = handbook_engine::fix(&engine, &DiskFiles, &load, &accept)?;

    let rewrites =
        |change: &Change| fixed.rewrites.get(&change.file).map_or(&[][..], Vec::as_slice);
    let mut left_alone = false;
    for change in &fixed.changes {
        let name =
            change.file.strip_prefix(&book.root).unwrap_or(&change.file).display().to_string();
        if fix.diff {
            line(patch(&name, &change.before, &change.after).trim_end())?;
            tell(rewrites(change), shared.verbose)?;
            continue;
        }
        match write(change, &book.root)? {
            None => {
                line(&format!("fixed {name}"))?;
                tell(rewrites(change), shared.verbose)?;
            }
            Some(reason) => {
                left_alone = true;
                line(&format!("left {name} alone: {reason}"))?;
            }
        }
    }
    if fixed.changes.is_empty() {
        line("nothing to fix")?;
    }
    keep_chapters(&mut fixed.analysis.findings, &input, &chapters);
    let findings: Vec<&Located> = fixed.analysis.findings.iter().collect();
    let outcome = report(shared, Format::Text, &findings, &book.root)?;
    let pending = fix.diff && !fixed.changes.is_empty();
    Ok(if left_alone || pending { Outcome::Found } else { outcome })
}

/// Tells which sentences were changed, so that their author can read them again.
fn tell(rewrites: &[Rewrite], all: bool) -> anyhow::Result<()> {
    /// So many are told of one file, unless all are asked for.
    const MOST: usize = 10;

    let told = if all { rewrites.len() } else { rewrites.len().min(MOST) };
    for rewrite in &rewrites[..told] {
        line(&format!("  {}: {}", rewrite.line, rewrite.what))?;
    }
    match rewrites.len() - told {
        0 => Ok(()),
        more => line(&format!("  and {more} more, which `--verbose` lists")),
    }
}

/// Replaces a file in one step. Says why if it has to be left alone. A link stays a link: the file
/// that it leads to is replaced.
fn write(change: &Change, root: &Path) -> anyhow::Result<Option<&'static str>> {
    let context = || format!("cannot write `{}`", change.file.display());
    let target = change.file.canonicalize().with_context(context)?;
    if !target.starts_with(root.canonicalize().with_context(context)?) {
        return Ok(Some("it lies outside the book"));
    }
    if DiskFiles.read(&target).ok().as_ref() != Some(&change.before) {
        return Ok(Some("it changed while it was being read"));
    }
    replace(&target, change.after.as_bytes())?;
    Ok(None)
}
