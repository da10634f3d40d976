//! The right to change a book's files, which one process has at a time.

use anyhow::Context;
use std::fs::File;
use std::path::Path;

/// What is locked where the system cannot lock folders. It is never removed: whoever waits for it
/// would wait for another file than those who come later.
const NAME: &str = ".handbook-mv.lock";

/// Held by whoever changes a book as a whole; given up when it is dropped, or its process ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _held: File,
}

impl Lock {
    /// Waits until nobody else holds the lock of the book at `root`.
    ///
    /// # Errors
    ///
    /// If nothing can be locked there.
    pub(crate) fn wait(root: &Path) -> anyhow::Result<Self> {
        let folder = File::open(root).and_then(|folder| folder.lock().map(|()| folder));
        let held = folder.or_else(|_| {
            let file = File::options().create(true).append(true).open(root.join(NAME))?;
            file.lock().map(|()| file)
        });
        let held = held.with_context(|| format!("cannot lock `{}`", root.display()))?;
        Ok(Self { _held: held })
    }
}
