//! A change of several files that is made as a whole, however often it is interrupted.
//!
//! 1. What every file held and is to hold is written into one file, the journal, at the book's root.
//!    It appears there in one step.
//! 2. The files are changed one after the other, each in one step.
//! 3. The journal is removed.
//!
//! Whoever finds a journal goes on with 2. If meanwhile somebody has changed one of the files, what
//! was done is undone instead, and that file is left alone.

use crate::report::remark;
use anyhow::{Context, bail};
use handbook_mdbook::DiskFiles;
use handbook_text::include::ReadFiles;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The journal, at the book's root.
const NAME: &str = ".handbook-mv.json";

/// What is being written, until it is whole.
const PART: &str = ".handbook-mv.part";

/// Which files change, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Journal {
    /// What is done, in words.
    pub(crate) what: String,
    /// Folders that have to be made, from the book's root, outer ones first.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) steps: Vec<Step>,
}

/// One file that changes. `None` stands for no file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    /// From the book's root.
    pub(crate) file: PathBuf,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Journal {
    /// Makes the change in the book at `root`.
    pub(crate) fn perform(&self, root: &Path) -> anyhow::Result<()> {
        if let Some(step) = self.steps.iter().find(|step| current(root, step) != step.before) {
            bail!("`{}` changed while it was being read; nothing was written", step.file.display());
        }
        // A book that cannot be written is left as it is, with a message.
        let lock = self.write(root).context("nothing was written")?;
        let done = self.go_on(root);
        drop(lock);
        done
    }

    /// Writes the journal, locked: whoever else finds it waits.
    fn write(&self, root: &Path) -> anyhow::Result<File> {
        let part = root.join(PART);
        let context = || format!("cannot write `{}`", part.display());
        let mut file = File::create(&part).with_context(context)?;
        file.lock().with_context(context)?;
        file.write_all(&serde_json::to_vec(self)?).with_context(context)?;
        file.sync_all().with_context(context)?;
        fs::rename(&part, root.join(NAME)).with_context(context)?;
        settle(root);
        Ok(file)
    }

    /// Makes what is left of the change, or takes back what was made of it.
    fn go_on(&self, root: &Path) -> anyhow::Result<()> {
        let is_known = |step: &Step| {
            let current = current(root, step);
            current == step.before || current == step.after
        };
        let foreign = self.steps.iter().find(|step| !is_known(step));
        let made = match foreign {
            None => self.forwards(root, self.steps.len()),
            Some(_) => self.backwards(root),
        };
        made.with_context(|| {
            let journal = root.join(NAME);
            format!(
                "{} is half done, and the next command will go on; what is left stands in `{}`",
                self.what,
                journal.display()
            )
        })?;
        fs::remove_file(root.join(NAME)).context("cannot remove the journal")?;
        settle(root);
        match foreign {
            None => Ok(()),
            Some(step) => bail!(
                "`{}` was changed while {} was interrupted: all other files are as they were before",
                step.file.display(),
                self.what
            ),
        }
    }

    /// Makes the first `number` steps, as far as they are not made yet.
    fn forwards(&self, root: &Path, number: usize) -> anyhow::Result<()> {
        for folder in &self.folders {
            let folder = root.join(folder);
            if !folder.is_dir() {
                fs::create_dir(&folder)
                    .with_context(|| format!("cannot make `{}`", folder.display()))?;
            }
        }
        for step in self.steps.iter().take(number) {
            if current(root, step) != step.after {
                put(root, &step.file, step.after.as_deref())?;
            }
        }
        Ok(())
    }

    /// Takes back the steps that were made, the last first.
    fn backwards(&self, root: &Path) -> anyhow::Result<()> {
        for step in self.steps.iter().rev() {
            if current(root, step) == step.after && step.after != step.before {
                put(root, &step.file, step.before.as_deref())?;
            }
        }
        for folder in self.folders.iter().rev() {
            // One that is not empty is not ours alone any more.
            let _ = fs::remove_dir(root.join(folder));
        }
        Ok(())
    }
}

/// Finishes or takes back a change that was interrupted in the book at `root`.
pub(crate) fn resume(root: &Path) -> anyhow::Result<()> {
    let path = root.join(NAME);
    let Ok(file) = File::open(&path) else {
        remove_part(root);
        return Ok(());
    };
    file.lock().with_context(|| format!("cannot lock `{}`", path.display()))?;
    // Whoever had it may have come to the end meanwhile.
    let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
    let journal: Journal = serde_json::from_str(&text).with_context(|| {
        format!("`{}` is no journal of `handbook mv`; remove it", path.display())
    })?;
    if let Some(step) = journal.steps.iter().find(|step| !is_inside(&step.file)) {
        bail!("`{}` names `{}`, which is not below the book", path.display(), step.file.display());
    }
    journal.go_on(root)?;
    remove_part(root);
    remark(&format!("finished {}, which was interrupted", journal.what));
    Ok(())
}

/// Removes what somebody was writing who is not there any more.
fn remove_part(root: &Path) {
    let part = root.join(PART);
    if File::open(&part).is_ok_and(|file| file.try_lock().is_ok()) {
        // A part that cannot be removed is written over next time.
        let _ = fs::remove_file(part);
    }
}

/// Waits until names in a folder are on the disk, where the system lets one wait for that.
fn settle(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Whether a path can only mean something below the folder that it starts from.
fn is_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// What a step's file holds now. Its name has to be written exactly so: some systems take `A` for
/// `a`.
fn current(root: &Path, step: &Step) -> Option<String> {
    let path = root.join(&step.file);
    let names = DiskFiles.list(path.parent()?).ok()?;
    let name = path.file_name()?.to_string_lossy();
    let is_there = names.lines().any(|other| other == name);
    is_there.then(|| DiskFiles.read(&path).ok()).flatten().map(|text| text.to_string())
}

/// Gives a file its contents in one step, and the permissions that it had.
fn put(root: &Path, file: &Path, text: Option<&str>) -> anyhow::Result<()> {
    let path = root.join(file);
    let context = || format!("cannot write `{}`", path.display());
    let Some(text) = text else {
        fs::remove_file(&path).with_context(context)?;
        path.parent().into_iter().for_each(settle);
        return Ok(());
    };
    // A link stays a link: the file that it leads to is replaced.
    let target = path.canonicalize().unwrap_or(path.clone());
    let part = root.join(PART);
    let mut written = File::create(&part).with_context(context)?;
    written.write_all(text.as_bytes()).with_context(context)?;
    if let Ok(metadata) = fs::metadata(&target) {
        written.set_permissions(metadata.permissions()).with_context(context)?;
    }
    written.sync_all().with_context(context)?;
    fs::rename(&part, &target).with_context(context)?;
    target.parent().into_iter().for_each(settle);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(file: &str, before: Option<&str>, after: Option<&str>) -> Step {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Step { file: file.into(), before: text(before), after: text(after) }
    }

    fn journal() -> Journal {
        Journal {
            what: "a test".to_owned(),
            folders: vec!["new".into(), "new/deep".into()],
            steps: vec![
                step("new/deep/a.md", None, Some("moved")),
                step("b.md", Some("old"), Some("new")),
                step("a.md", Some("to move"), None),
            ],
        }
    }

    /// The book before, and the journal, of which so many steps are made.
    fn interrupted(steps: usize) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.md"), "to move").unwrap();
        fs::write(root.path().join("b.md"), "old").unwrap();
        drop(journal().write(root.path()).unwrap());
        journal().forwards(root.path(), steps).unwrap();
        root
    }

    fn files(root: &Path) -> Vec<(&'static str, Option<String>)> {
        let read = |name| (name, fs::read_to_string(root.join(name)).ok());
        ["a.md", "b.md", "new/deep/a.md", NAME, PART].map(read).to_vec()
    }

    #[test]
    fn a_change_is_finished_after_any_step() {
        for steps in 0..=3 {
            let root = interrupted(steps);
            fs::write(root.path().join(PART), "half").unwrap();
            resume(root.path()).unwrap();
            let held = |text: &str| Some(text.to_owned());
            let due = [
                ("a.md", None),
                ("b.md", held("new")),
                ("new/deep/a.md", held("moved")),
                (NAME, None),
                (PART, None),
            ];
            assert_eq!(files(root.path()), due, "after {steps} steps");
        }
    }

    #[test]
    fn a_change_is_taken_back_after_any_step_where_somebody_else_has_written() {
        for steps in 0..=3 {
            let root = interrupted(steps);
            fs::write(root.path().join("b.md"), "theirs").unwrap();
            let error = resume(root.path()).unwrap_err().to_string();
            assert!(error.contains("`b.md` was changed"), "{error}");
            let held = |text: &str| Some(text.to_owned());
            let due = [
                ("a.md", held("to move")),
                ("b.md", held("theirs")),
                ("new/deep/a.md", None),
                (NAME, None),
                (PART, None),
            ];
            assert_eq!(files(root.path()), due, "after {steps} steps");
            assert!(!root.path().join("new").exists());
        }
    }

    #[test]
    fn a_journal_that_leads_out_of_the_book_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let outside = Journal { steps: vec![step("../x", None, Some("x"))], ..journal() };
        drop(outside.write(root.path()).unwrap());
        assert!(resume(root.path()).unwrap_err().to_string().contains("not below the book"));
    }
}
