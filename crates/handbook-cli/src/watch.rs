//! Runs a command again whenever what it has read is no longer what is there.
//!
//! 1. The command reads through a [`Record`], which keeps every text and every failure.
//! 2. The folders of these files are watched, or those above a folder that is gone.
//! 3. Whatever the system reports there is only an occasion to compare. So nothing that is written
//!    elsewhere starts a run, no change is missed between reading and watching, and saving a file
//!    as it was starts none either.

use crate::Outcome;
use crate::record::Record;
use crate::report::remark;
use anyhow::Context;
use handbook_mdbook::DiskFiles;
use handbook_text::include::ReadFiles;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long nothing may happen before files are taken for finished.
const CALM: Duration = Duration::from_millis(100);

/// After this time files are looked at even if something goes on happening.
const PATIENCE: Duration = Duration::from_secs(2);

/// Runs until somebody stops the program. What goes wrong is told, and waits for a change like
/// everything else; only what has nothing to wait for ends it. Files are named from `folder`.
pub(crate) fn watch(
    folder: &Path,
    run: &dyn Fn(&dyn ReadFiles) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    loop {
        let record = Record::of(&DiskFiles);
        match run(&record) {
            Ok(_) => {}
            Err(error) if record.is_empty() || is_cut_off(&error) => return Err(error),
            Err(error) => remark(&format!("error: {error:#}")),
        }
        remark("waiting for a change; Ctrl-C stops");
        let changed = wait_for_change(&record)?;
        let changed = changed.strip_prefix(folder).unwrap_or(&changed);
        remark(&format!("\n--- {} has changed", changed.display()));
    }
}

/// Whether nobody reads what we print.
fn is_cut_off(error: &anyhow::Error) -> bool {
    let cause = error.root_cause().downcast_ref::<io::Error>();
    cause.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Returns when a file is not as it was, and which.
fn wait_for_change(record: &Record<'_>) -> anyhow::Result<PathBuf> {
    loop {
        let (sender, receiver) = channel();
        let report = move |event: notify::Result<Event>| {
            // Reading is reported, too, ours among it.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                // Nobody listens any more: a change was found.
                let _ = sender.send(());
            }
        };
        let mut watcher = notify::recommended_watcher(report).context("cannot watch files")?;
        for folder in folders(record) {
            watch_folder(&mut watcher, &folder)?;
        }
        if let Some(changed) = record.changed() {
            // Whoever writes may not have finished.
            wait_for_calm(&receiver);
            return Ok(changed);
        }
        // There is a sender as long as there is the watcher.
        let _ = receiver.recv();
        wait_for_calm(&receiver);
    }
}

/// The folders in which the files lie or would lie.
fn folders(record: &Record<'_>) -> BTreeSet<PathBuf> {
    let real = |path: &PathBuf| path.canonicalize().ok();
    let read = record.paths();
    let paths = read.iter().flat_map(|path| [Some(path.clone()), real(path)]).flatten();
    let folder =
        |path: PathBuf| path.ancestors().skip(1).find(|path| path.is_dir()).map(PathBuf::from);
    paths.filter_map(folder).collect()
}

fn watch_folder(watcher: &mut RecommendedWatcher, folder: &Path) -> anyhow::Result<()> {
    match watcher.watch(folder, RecursiveMode::NonRecursive) {
        // It was removed just now: a file in it has changed, then.
        Err(_) if !folder.is_dir() => Ok(()),
        result => result.with_context(|| format!("cannot watch `{}`", folder.display())),
    }
}

/// Returns when nothing has happened for a while.
fn wait_for_calm(receiver: &Receiver<()>) {
    let started = Instant::now();
    while started.elapsed() < PATIENCE && receiver.recv_timeout(CALM).is_ok() {}
}
