//! The right to change a book's files, which one process has at a time.

use crate::report::remark;
use anyhow::Context;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// What is locked where the system cannot lock folders. It is never removed: whoever waits for it
/// would wait for another file than those who come later.
const NAME: &str = ".handbook.lock";

/// Held by whoever changes a book, from before it is read until it is written; given up when it is
/// dropped, or its process ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _held: File,
}

impl Lock {
    /// Waits until nobody else holds the lock of the book at `root`, and says so.
    ///
    /// # Errors
    ///
    /// If nothing can be locked there.
    pub(crate) fn wait(root: &Path) -> anyhow::Result<Self> {
        let folder = File::open(root).and_then(locked);
        let held = folder
            .or_else(|_| locked(File::options().create(true).append(true).open(root.join(NAME))?));
        let held = held.with_context(|| format!("cannot lock `{}`", root.display()))?;
        Ok(Self { _held: held })
    }
}

fn locked(file: File) -> io::Result<File> {
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            remark("waiting for another command that changes this book");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error),
    }
    Ok(file)
}
