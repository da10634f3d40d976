use crate::Outcome;
use crate::arguments::{Fix, Format, Shared};
use crate::open::OpenBook;
use crate::report::{line, report};
use anyhow::Context;
use handbook_engine::{Change, FileFix, Located, diff};
use handbook_mdbook::DiskFiles;
use handbook_text::Safety;
use handbook_text::include::ReadFiles;
use std::io::Write;
use std::path::Path;

/// Writes down what can be derived, and reports what is left.
pub(crate) fn fix(shared: &Shared, fix: &Fix) -> anyhow::Result<Outcome> {
    let book = OpenBook::open(shared, None)?;
    let (engine, _) = book.engine();
    let input = book.input(&DiskFiles)?;
    let chapters = book.chapters(&input, &fix.chapters)?;
    let accept = |file_fix: &FileFix| {
        let chapter = &input.chapters[file_fix.chapter.0].path;
        (chapters.is_empty() || chapters.contains(chapter))
            && (fix.unsafe_too || file_fix.fix.safety == Safety::Safe)
    };
    // SUMMARY is no chapter, so no fix changes which chapters there are.
    let load = |files: &dyn ReadFiles| book.input(files).unwrap_or_else(|_| input.clone());
    let fixed = handbook_engine::fix(&engine, &DiskFiles, &load, &accept)?;

    let mut left_alone = false;
    for change in &fixed.changes {
        let name = change.file.strip_prefix(&book.root).unwrap_or(&change.file).display();
        if fix.diff {
            line(&format!("--- {name}\n+++ {name}\n{}", diff(&change.before, &change.after)))?;
        } else if write(change)? {
            line(&format!("fixed {name}"))?;
        } else {
            left_alone = true;
            line(&format!("left {name} alone: it changed while it was being read"))?;
        }
    }
    if fixed.changes.is_empty() {
        line("nothing to fix")?;
    }
    let findings: Vec<&Located> = fixed.analysis.findings.iter().collect();
    let outcome = report(shared, Format::Text, &findings, &book.root)?;
    let pending = fix.diff && !fixed.changes.is_empty();
    Ok(if left_alone || pending { Outcome::Found } else { outcome })
}

/// Replaces a file in one step, unless it is no longer what was read. Says whether it did.
fn write(change: &Change) -> anyhow::Result<bool> {
    if DiskFiles.read(&change.file).ok().as_ref() != Some(&change.before) {
        return Ok(false);
    }
    let context = || format!("cannot write `{}`", change.file.display());
    let folder = change.file.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(context)?;
    file.write_all(change.after.as_bytes()).with_context(context)?;
    let permissions = std::fs::metadata(&change.file).with_context(context)?.permissions();
    file.as_file().set_permissions(permissions).with_context(context)?;
    file.persist(&change.file).with_context(context)?;
    Ok(true)
}
