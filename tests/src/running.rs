use std::fs;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

/// A program that runs until it is dropped.
pub struct Running {
    child: Child,
    log: PathBuf,
    /// How much of the log was returned already.
    read: usize,
}

impl Running {
    pub(crate) fn new(child: Child, log: PathBuf) -> Self {
        Self { child, log, read: 0 }
    }

    /// What the program writes from here on up to and with `end`, for which it is waited.
    pub fn until(&mut self, end: &str) -> String {
        let start = Instant::now();
        loop {
            let new = self.unread();
            if let Some(at) = new.find(end) {
                self.read += at + end.len();
                return new[..at + end.len()].to_owned();
            }
            assert!(start.elapsed() < Duration::from_secs(60), "no {end:?} in {new:?}");
            let ended = self.child.try_wait().expect("the program can be asked");
            assert!(ended.is_none(), "the program ended after writing {new:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the program's end; returns its exit code, or nothing if a signal ended it.
    pub fn code(&mut self) -> Option<i32> {
        self.child.wait().expect("the program can be waited for").code()
    }

    /// What the program has written that nobody has waited for.
    pub fn unread(&self) -> String {
        let text = fs::read(&self.log).expect("what the program wrote");
        String::from_utf8_lossy(&text[self.read..]).into_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which its test will have noticed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
