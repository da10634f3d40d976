//! The bare work of a run: the same calls of rustc and the same programs in the same order, with
//! nothing around them.

use super::process;
use super::trace::{self, Start};
use anyhow::Context;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a run started.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    calls: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    start: Start,
    /// A copy of the working directory as it was, if it was the run's own.
    sources: Option<PathBuf>,
    /// Which call made the program, if the run did.
    made_by: Option<usize>,
}

impl Recording {
    /// Runs a command that starts rustc and programs, and notes what it starts. All of its
    /// temporary files go to `folder`, which keeps what is needed later.
    pub(crate) fn of(mut command: Command, folder: &Path) -> anyhow::Result<Self> {
        let (scratch, kept) = (folder.join("scratch"), folder.join("kept"));
        fs::create_dir_all(&scratch)?;
        command.env("TMPDIR", &scratch);
        let mut calls = Vec::new();
        // The last call of a compiler in each folder.
        let mut makers = BTreeMap::new();
        trace::run(command, |start| {
            let number = calls.len();
            let made_by = start.program.parent().and_then(|folder| makers.get(folder)).copied();
            let is_own = start.folder.starts_with(&scratch);
            let sources = if is_own && made_by.is_none() {
                makers.insert(start.folder.clone(), number);
                let kept = kept.join(number.to_string());
                copy_files(&start.folder, &kept)?;
                Some(kept)
            } else {
                None
            };
            calls.push(Call { start, sources, made_by });
            Ok(())
        })?;
        Ok(Self { calls })
    }

    /// How many calls of rustc there were, how many programs that they made, and how many others:
    /// questions about rustc.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&&Call) -> bool| self.calls.iter().filter(is).count();
        let compilers = count(|call| call.sources.is_some());
        let made = count(|call| call.made_by.is_some());
        (compilers, made, self.calls.len() - compilers - made)
    }

    /// Does it all again in an empty folder, so many at a time, and returns what that took; the
    /// preparations do not count.
    pub(crate) fn replay(&self, folder: &Path, at_once: usize) -> anyhow::Result<Duration> {
        let folders: Vec<PathBuf> =
            (0..self.calls.len()).map(|number| folder.join(number.to_string())).collect();
        for (call, folder) in self.calls.iter().zip(&folders) {
            fs::create_dir_all(folder)?;
            if let Some(sources) = &call.sources {
                copy_files(sources, folder)?;
            }
        }
        let next = AtomicUsize::new(0);
        let done = Done::default();
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(call) = self.calls.get(number) else { return Ok(()) };
                // Who made a program stands before it, and is being worked on.
                if let Some(maker) = call.made_by {
                    done.wait_for(maker);
                }
                let ended = process::run(&mut self.command(call, number, &folders));
                done.add(number);
                ended.context("a program that was recorded")?;
            }
        };
        let started = Instant::now();
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
            let ended = workers.into_iter().map(|worker| worker.join().expect("no panic"));
            ended.collect::<anyhow::Result<()>>()
        })?;
        Ok(started.elapsed())
    }

    /// The command of a call in its new folder.
    fn command(&self, call: &Call, number: usize, folders: &[PathBuf]) -> Command {
        let Start { program, arguments, environment, folder } = &call.start;
        let is_own = call.made_by.is_some() || call.sources.is_some();
        let new = if is_own { &folders[number] } else { folder };
        let moved = |text: &OsStr| replace(text, folder.as_os_str(), new.as_os_str());
        let program = match call.made_by {
            Some(maker) => folders[maker].join(program.file_name().unwrap_or_default()),
            None => program.clone(),
        };
        let mut command = process::command(program);
        if let Some((name, arguments)) = arguments.split_first() {
            command.arg0(name).args(arguments.iter().map(|argument| moved(argument)));
        }
        command.env_clear();
        for pair in environment {
            let mut parts = pair.as_bytes().splitn(2, |byte| *byte == b'=');
            if let (Some(name), Some(value)) = (parts.next(), parts.next()) {
                command.env(OsStr::from_bytes(name), moved(OsStr::from_bytes(value)));
            }
        }
        command.current_dir(new);
        command
    }
}

/// The calls that have ended.
#[derive(Default)]
struct Done {
    numbers: Mutex<Vec<usize>>,
    changed: Condvar,
}

impl Done {
    fn add(&self, number: usize) {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner).push(number);
        self.changed.notify_all();
    }

    fn wait_for(&self, number: usize) {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        while !numbers.contains(&number) {
            numbers = self.changed.wait(numbers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Copies a folder, but for what compilers have made in it.
fn copy_files(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if path.is_dir() {
            copy_files(&path, &to)?;
        } else if path.extension().is_some() {
            fs::copy(&path, &to)?;
        }
    }
    Ok(())
}

/// Puts a path in for another, wherever it stands in a text.
fn replace(text: &OsStr, old: &OsStr, new: &OsStr) -> OsString {
    let (mut rest, old) = (text.as_bytes(), old.as_bytes());
    let mut replaced = Vec::new();
    while let Some(at) = rest.windows(old.len()).position(|window| window == old) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(new.as_bytes());
        rest = &rest[at + old.len()..];
    }
    replaced.extend_from_slice(rest);
    OsString::from_vec(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_replaced_wherever_they_stand() {
        let replaced = |text: &str| replace(text.as_ref(), "/a/b".as_ref(), "/c".as_ref());
        assert_eq!(replaced("x=/a/b/y:/a/b"), "x=/c/y:/c");
        assert_eq!(replaced("/a"), "/a");
    }

    #[test]
    fn what_was_started_is_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let script = "mkdir $TMPDIR/w; cd $TMPDIR/w; echo 'echo made > out; exit 0' > main.rs; \
                      /bin/cp main.rs program; cd /; /bin/true";
        let mut command = process::command("/bin/sh");
        command.args(["-c", script]);
        let recording = Recording::of(command, folder.path()).unwrap();
        // cp had a folder of the run's; mkdir and true had not.
        assert_eq!(recording.counts(), (1, 0, 2));
        let again = folder.path().join("again");
        recording.replay(&again, 2).unwrap();
        assert!(again.join("1/program").is_file());
    }
}
