//! Writes several files of a book, or none of them.

use crate::fix;
use crate::lock::Lock;
use crate::report::line;
use anyhow::{Context, bail};
use handbook_engine::{Change, patch};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Files that are written together, in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Writes {
    root: PathBuf,
    all: Vec<Write>,
}

#[derive(Debug)]
enum Write {
    /// A file that is not there yet.
    Create {
        file: PathBuf,
        text: String,
    },
    Replace(Change),
}

/// What takes back what was written.
enum Undo {
    Remove(PathBuf),
    RemoveFolder(PathBuf),
    Restore(Change),
}

impl Writes {
    /// Nothing to write yet, in the book at `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), all: Vec::new() }
    }

    /// Adds a file that must not be there yet.
    pub(crate) fn create(&mut self, file: PathBuf, text: String) {
        self.all.push(Write::Create { file, text });
    }

    /// Adds a file that is there, unless it stays as it is.
    pub(crate) fn replace(&mut self, change: Change) {
        if change.before != change.after {
            self.all.push(Write::Replace(change));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Shows what would be written, as `patch` takes it.
    pub(crate) fn show(&self) -> anyhow::Result<()> {
        for write in &self.all {
            let shown = match write {
                Write::Create { file, text } => patch(&self.name(file), "", text),
                Write::Replace(change) => {
                    patch(&self.name(&change.file), &change.before, &change.after)
                }
            };
            line(shown.trim_end())?;
        }
        Ok(())
    }

    /// Writes everything, for who holds the book's lock; where that fails, what was written is taken
    /// back.
    pub(crate) fn write(&self, _: &Lock) -> anyhow::Result<()> {
        let mut undo = Vec::new();
        let done = self.all.iter().try_for_each(|write| self.write_one(write, &mut undo));
        if let Err(error) = done {
            return match self.take_back(undo) {
                Ok(()) => Err(error.context("nothing was written")),
                Err(left) => Err(error.context(format!("not all could be taken back: {left:#}"))),
            };
        }
        for write in &self.all {
            match write {
                Write::Create { file, .. } => line(&format!("wrote {}", self.name(file)))?,
                Write::Replace(change) => line(&format!("changed {}", self.name(&change.file)))?,
            }
        }
        Ok(())
    }

    /// What a file is called from the book's root.
    pub(crate) fn name(&self, file: &Path) -> String {
        file.strip_prefix(&self.root).unwrap_or(file).display().to_string()
    }

    fn write_one(&self, write: &Write, undo: &mut Vec<Undo>) -> anyhow::Result<()> {
        match write {
            Write::Create { file, text } => self.create_one(file, text, undo),
            Write::Replace(change) => {
                if let Some(reason) = fix::write(change, &self.root)? {
                    bail!("{} was left alone: {reason}", self.name(&change.file));
                }
                let Change { file, before, after } = change.clone();
                undo.push(Undo::Restore(Change { file, before: after, after: before }));
                Ok(())
            }
        }
    }

    fn create_one(&self, file: &Path, text: &str, undo: &mut Vec<Undo>) -> anyhow::Result<()> {
        let context = || format!("cannot write `{}`", self.name(file));
        let folder = file.parent().unwrap_or(&self.root);
        let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(&self.root);
        let real = there.canonicalize().with_context(context)?;
        if !real.starts_with(self.root.canonicalize().with_context(context)?) {
            bail!("`{}` lies outside the book", self.name(file));
        }
        let missing = folder.ancestors().take_while(|folder| *folder != there);
        for folder in missing.collect::<Vec<_>>().into_iter().rev() {
            fs::create_dir(folder).with_context(context)?;
            undo.push(Undo::RemoveFolder(folder.to_owned()));
        }
        let mut created = fs::File::create_new(file).with_context(context)?;
        undo.push(Undo::Remove(file.to_owned()));
        created.write_all(text.as_bytes()).with_context(context)
    }

    fn take_back(&self, undo: Vec<Undo>) -> anyhow::Result<()> {
        for one in undo.into_iter().rev() {
            match one {
                Undo::Remove(file) => fs::remove_file(&file).with_context(|| self.name(&file))?,
                Undo::RemoveFolder(folder) => {
                    fs::remove_dir(&folder).with_context(|| self.name(&folder))?;
                }
                Undo::Restore(change) => _ = fix::write(&change, &self.root)?,
            }
        }
        Ok(())
    }
}
