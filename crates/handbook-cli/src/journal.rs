//! A change of several files that is made as a whole, however often it is interrupted.
//!
//! 1. Whoever changes a book holds its [`Lock`], from before the book is read to the end.
//! 2. What every file held and is to hold is written into one file, the journal, at the book's root.
//!    It appears there in one step.
//! 3. The files are changed one after the other, each in one step.
//! 4. The journal is removed.
//!
//! Whoever finds a journal goes on with 3. If meanwhile somebody has changed one of the files, or a
//! step cannot be made, what was done is undone instead.

use crate::lock::Lock;
use crate::report::{line, remark};
use crate::write::{PART, remove, remove_part, replace};
use anyhow::{Context, bail};
use handbook_engine::patch;
use mdbook_nav::JOURNAL;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// Which files change, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    /// What is done, in words.
    pub(crate) what: String,
    /// Folders that have to be made, from the book's root, outer ones first.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) steps: Vec<Step>,
}

/// One file that changes. `None` stands for no file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// From the book's root.
    pub(crate) file: PathBuf,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Journal {
    /// A change of no file yet, and what it is called.
    pub(crate) fn new(what: String) -> Self {
        Self { what, ..Self::default() }
    }

    /// Adds a file of the book at `root`, with what it holds and is to hold, unless that is the same.
    /// The folders that it needs are made.
    ///
    /// # Errors
    ///
    /// If it lies outside of the book's folder.
    pub(crate) fn add(
        &mut self,
        root: &Path,
        file: &Path,
        before: Option<&str>,
        after: Option<&str>,
    ) -> anyhow::Result<()> {
        let name = |path: &Path| {
            let name = path.strip_prefix(root).map(Path::to_owned);
            name.with_context(|| {
                let path = path.display();
                format!("`{path}` lies outside of the book's folder, which is not changed")
            })
        };
        if before == after {
            return Ok(());
        }
        let missing = file.ancestors().skip(1).take_while(|folder| !folder.exists());
        let missing = missing.map(name).collect::<Result<Vec<_>, _>>()?;
        for folder in missing.into_iter().rev() {
            if !self.folders.contains(&folder) {
                self.folders.push(folder);
            }
        }
        let text = |text: Option<&str>| text.map(str::to_owned);
        self.steps.push(Step { file: name(file)?, before: text(before), after: text(after) });
        Ok(())
    }

    /// Prints what would be written, as `patch` takes it.
    pub(crate) fn show(&self) -> anyhow::Result<()> {
        for Step { file, before, after } in &self.steps {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let shown = patch(&file.display().to_string(), &text(before), &text(after));
            line(shown.trim_end())?;
        }
        Ok(())
    }

    /// Prints what was written.
    pub(crate) fn tell(&self) -> anyhow::Result<()> {
        for step in &self.steps {
            let file = step.file.display();
            match (&step.before, &step.after) {
                (None, _) => line(&format!("wrote {file}"))?,
                (_, None) => line(&format!("removed {file}"))?,
                _ => line(&format!("changed {file}"))?,
            }
        }
        Ok(())
    }

    /// Makes the change in the book at `root`, whose lock the caller holds.
    pub(crate) fn perform(&self, root: &Path, _: &Lock) -> anyhow::Result<()> {
        self.check(root).context("nothing was written")?;
        for step in &self.steps {
            if !step.current(root).context("nothing was written")?.is(step.before.as_deref()) {
                let file = step.file.display();
                bail!("`{file}` changed while it was being read; nothing was written");
            }
        }
        // A book that cannot be written is left as it is, with a message.
        self.write(root).context("nothing was written")?;
        self.go_on(root)
    }

    /// Refuses what is no change of a book's own files.
    fn check(&self, root: &Path) -> anyhow::Result<()> {
        if self.steps.is_empty() {
            bail!("it changes no file");
        }
        let files = self.steps.iter().map(|step| &step.file);
        for path in files.chain(&self.folders) {
            if !is_inside(root, path) {
                bail!("`{}` is not below the book's folder, or hidden", path.display());
            }
        }
        let is_needed = |folder: &Path| {
            self.steps.iter().any(|step| step.before.is_none() && step.file.starts_with(folder))
        };
        match self.folders.iter().find(|folder| !is_needed(folder)) {
            Some(folder) => bail!("no new file stands in `{}`", folder.display()),
            None => Ok(()),
        }
    }

    fn write(&self, root: &Path) -> anyhow::Result<()> {
        let journal = root.join(JOURNAL);
        if fs::symlink_metadata(&journal).is_ok() {
            bail!("`{}` is there already: another change is not finished", journal.display());
        }
        replace(&journal, &serde_json::to_vec(self)?)
    }

    /// Makes what is left of the change, or takes back what was made of it.
    fn go_on(&self, root: &Path) -> anyhow::Result<()> {
        let obstacle = self.is_known(root).and_then(|()| self.forwards(root, self.steps.len()));
        if let Err(obstacle) = obstacle {
            self.take_back(root, &obstacle)?;
            remove_journal(root)?;
            return Err(obstacle.context(format!(
                "{} was given up: all that it had changed is as it was before",
                self.what
            )));
        }
        remove_journal(root)
    }

    /// Whether every file is as it was before its step, or as it is afterwards.
    fn is_known(&self, root: &Path) -> anyhow::Result<()> {
        for step in &self.steps {
            let current = step.current(root)?;
            if !current.is(step.before.as_deref()) && !current.is(step.after.as_deref()) {
                let file = step.file.display();
                bail!("`{file}` was changed while {} was interrupted", self.what);
            }
        }
        Ok(())
    }

    /// Takes back what was made, because of an obstacle.
    fn take_back(&self, root: &Path, obstacle: &anyhow::Error) -> anyhow::Result<()> {
        let left = self.backwards(root);
        if left.is_empty() {
            return Ok(());
        }
        let left: Vec<_> = left.iter().map(|file| format!("`{}`", file.display())).collect();
        bail!(
            "{} is half done: {obstacle:#}; and what it changed in {} cannot be taken back. Make \
             that possible, and the next command will try again; or remove `{}`, and all stays as \
             it is now",
            self.what,
            left.join(", "),
            root.join(JOURNAL).display()
        );
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
            if !step.current(root)?.is(step.after.as_deref()) {
                step.put(root, step.after.as_deref())?;
            }
        }
        Ok(())
    }

    /// Takes back the steps that were made, the last first. The files come back for which that
    /// failed, or of which nobody can tell.
    fn backwards(&self, root: &Path) -> Vec<&Path> {
        let mut left = Vec::new();
        for step in self.steps.iter().rev() {
            let before = step.before.as_deref();
            let taken_back = step.current(root).and_then(|current| {
                let is_made = current.is(step.after.as_deref()) && !current.is(before);
                if is_made { step.put(root, before) } else { Ok(()) }
            });
            if taken_back.is_err() {
                left.push(step.file.as_path());
            }
            remove_part(&root.join(&step.file));
        }
        for folder in self.folders.iter().rev() {
            // One that is not empty is not ours alone any more.
            let _ = fs::remove_dir(root.join(folder));
        }
        left
    }
}

impl Step {
    /// What the file holds now. Its name has to be written exactly so: some systems take `A` for
    /// `a`.
    ///
    /// # Errors
    ///
    /// If nobody can tell.
    fn current(&self, root: &Path) -> anyhow::Result<Current> {
        let path = root.join(&self.file);
        current(&path).with_context(|| format!("cannot read `{}`", path.display()))
    }

    /// Gives the file its contents.
    fn put(&self, root: &Path, text: Option<&str>) -> anyhow::Result<()> {
        let path = root.join(&self.file);
        match text {
            Some(text) => replace(&path, text.as_bytes()),
            None => remove(&path),
        }
    }
}

/// What a file holds, text or not; `None` if it is not there.
struct Current(Option<Vec<u8>>);

impl Current {
    fn is(&self, text: Option<&str>) -> bool {
        self.0.as_deref() == text.map(str::as_bytes)
    }
}

fn current(path: &Path) -> io::Result<Current> {
    let names = match fs::read_dir(path.parent().unwrap_or(path)) {
        Ok(names) => names,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Current(None));
        }
        Err(error) => return Err(error),
    };
    for entry in names {
        if Some(entry?.file_name().as_os_str()) == path.file_name() {
            // What is named there and cannot be read, such as a folder, is no missing file.
            return fs::read(path).map(|bytes| Current(Some(bytes)));
        }
    }
    Ok(Current(None))
}

/// Finishes or takes back a change that was interrupted in the book at `root`.
pub(crate) fn resume(root: &Path) -> anyhow::Result<()> {
    let is_there = |name| fs::symlink_metadata(root.join(name)).is_ok();
    if !is_there(JOURNAL) && !is_there(PART) {
        return Ok(());
    }
    resume_locked(root, &Lock::wait(root)?)
}

/// The same for who holds the book's lock.
pub(crate) fn resume_locked(root: &Path, _: &Lock) -> anyhow::Result<()> {
    let path = root.join(JOURNAL);
    remove_part(&path);
    // Whoever had the lock may have come to the end meanwhile.
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    };
    let journal = serde_json::from_slice(&bytes).map_err(anyhow::Error::from);
    let journal = journal.and_then(|journal: Journal| journal.check(root).map(|()| journal));
    let journal = journal.with_context(|| {
        let path = path.display();
        format!(
            "`{path}` is no journal of `handbook`, or not whole; nothing was changed: remove it"
        )
    })?;
    // A part is left where a step was interrupted.
    journal.steps.iter().for_each(|step| remove_part(&root.join(&step.file)));
    journal.go_on(root)?;
    remark(&format!("finished {}, which was interrupted", journal.what));
    Ok(())
}

fn remove_journal(root: &Path) -> anyhow::Result<()> {
    remove(&root.join(JOURNAL)).context("all is done, but the journal is left: remove it")
}

/// Whether a path leads to a place below `root`, links followed, and not to what a system keeps for
/// itself there, such as `.git`.
pub(crate) fn is_inside(root: &Path, path: &Path) -> bool {
    let is_plain = |part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    };
    let file = root.join(path);
    let there = file.ancestors().find(|path| fs::symlink_metadata(path).is_ok());
    let real =
        there.and_then(|there| Some((there.canonicalize().ok()?, root.canonicalize().ok()?)));
    path.components().all(is_plain) && real.is_some_and(|(there, root)| there.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

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
        journal().write(root.path()).unwrap();
        journal().forwards(root.path(), steps).unwrap();
        root
    }

    fn files(root: &Path) -> Vec<(&'static str, Option<String>)> {
        let read = |name| (name, fs::read_to_string(root.join(name)).ok());
        ["a.md", "b.md", "new/deep/a.md", JOURNAL, PART].map(read).to_vec()
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
                (JOURNAL, None),
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
            let error = format!("{:#}", resume(root.path()).unwrap_err());
            assert!(error.contains("`b.md` was changed"), "{error}");
            let held = |text: &str| Some(text.to_owned());
            let due = [
                ("a.md", held("to move")),
                ("b.md", held("theirs")),
                ("new/deep/a.md", None),
                (JOURNAL, None),
                (PART, None),
            ];
            assert_eq!(files(root.path()), due, "after {steps} steps");
            assert!(!root.path().join("new").exists());
        }
    }

    #[test]
    fn what_is_no_text_is_somebody_elses_and_stays() {
        for steps in 0..=3 {
            for file in ["new/deep/a.md", "b.md", "a.md"] {
                let root = interrupted(steps);
                let theirs = root.path().join(file);
                fs::create_dir_all(theirs.parent().unwrap()).unwrap();
                fs::write(&theirs, b"\xff\xfe").unwrap();
                let error = format!("{:#}", resume(root.path()).unwrap_err());
                assert!(error.contains(&format!("`{file}` was changed")), "{error}");
                assert_eq!(fs::read(&theirs).unwrap(), b"\xff\xfe", "after {steps} steps");
                let left = files(root.path());
                let before = [("a.md", Some("to move")), ("b.md", Some("old"))];
                for (name, text) in before.into_iter().filter(|(name, _)| *name != file) {
                    assert!(left.contains(&(name, text.map(str::to_owned))), "{left:?}");
                }
                assert!(!root.path().join(JOURNAL).exists());
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_obstacle() {
        let root = interrupted(2);
        fs::remove_file(root.path().join("b.md")).unwrap();
        fs::create_dir(root.path().join("b.md")).unwrap();
        let error = format!("{:#}", resume(root.path()).unwrap_err());
        assert!(error.contains("cannot read") && error.contains("in `b.md` cannot"), "{error}");
        assert!(root.path().join(JOURNAL).exists() && !root.path().join("new").exists());

        let lock = Lock::wait(root.path()).unwrap();
        fs::remove_file(root.path().join(JOURNAL)).unwrap();
        let error = format!("{:#}", journal().perform(root.path(), &lock).unwrap_err());
        assert!(error.contains("nothing was written: cannot read"), "{error}");
    }

    #[test]
    fn a_journal_that_is_not_ours_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let book = root.path().join("book");
        fs::create_dir_all(book.join(".git")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("..", book.join("up")).unwrap();
        let new = |file: &str, folder: &str| {
            let step = serde_json::json!({"file": file, "before": null, "after": "x"});
            serde_json::json!({"what": "a", "folders": [folder], "steps": [step]}).to_string()
        };
        for text in [
            new("../evil/x", "../evil"),
            new("up/evil/x", "up/evil"),
            new(".git/evil/x", ".git/evil"),
            new("a/x", "evil"),
            r#"{"what": "a", "folders": ["evil"], "steps": []}"#.to_owned(),
            new("a/x", "a")[..20].to_owned(),
            String::new(),
        ] {
            fs::write(book.join(JOURNAL), &text).unwrap();
            let error = format!("{:#}", resume(&book).unwrap_err());
            assert!(error.contains("is no journal of `handbook`"), "{text}: {error}");
            assert!(!root.path().join("evil").exists() && !book.join("evil").exists());
            assert_eq!(fs::read_to_string(book.join(JOURNAL)).unwrap(), text);
        }
    }

    #[test]
    fn a_step_that_cannot_be_made_takes_back_the_others() {
        let root = interrupted(0);
        // A folder where the part would be written.
        fs::create_dir_all(root.path().join("c").join(PART)).unwrap();
        fs::write(root.path().join("c/c.md"), "old").unwrap();
        let mut journal = journal();
        journal.steps.push(step("c/c.md", Some("old"), Some("new")));
        fs::remove_file(root.path().join(JOURNAL)).unwrap();
        let before = files(root.path());
        let lock = Lock::wait(root.path()).unwrap();
        let error = format!("{:#}", journal.perform(root.path(), &lock).unwrap_err());
        assert!(error.contains("a test was given up") && error.contains("c.md`"), "{error}");
        assert_eq!(files(root.path()), before);
        assert!(!root.path().join("new").exists());
    }

    #[test]
    fn what_cannot_be_taken_back_is_told_with_the_way_out() {
        let root = interrupted(2);
        fs::create_dir(root.path().join(PART)).unwrap();
        let error = format!("{:#}", journal().take_back(root.path(), &anyhow!("x")).unwrap_err());
        assert!(error.contains("in `b.md` cannot") && error.contains("or remove"), "{error}");
    }
}
