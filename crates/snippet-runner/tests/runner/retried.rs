//! What fails is run again, and every failure is told.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use snippet_runner::{Config, Expect, Failure, Progress, Report, Runner, Snippet, Verdict};

use crate::{config, snippet};

/// Puts a file where snippets may read it when a report has been made for the `times`-th time.
struct Helper {
    file: PathBuf,
    times: usize,
    finished: AtomicUsize,
    repeated: Mutex<Vec<Vec<usize>>>,
}

impl Progress for Helper {
    fn repeated(&self, indices: &[usize]) {
        self.repeated.lock().unwrap().push(indices.to_vec());
    }

    fn finished(&self, _: usize, _: &Report) {
        if self.finished.fetch_add(1, Ordering::Relaxed) + 1 == self.times {
            fs::write(&self.file, "").unwrap();
        }
    }
}

/// A folder that snippets may read, and one that remembers.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("readable")).unwrap();
        World { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("readable/file")
    }

    fn config(&self) -> Config {
        let mut config = config();
        config.cache = Some(self.folder.path().join("cache"));
        config.readable.push(self.file().parent().unwrap().to_owned());
        config
    }

    /// A snippet that panics as long as there is no file.
    fn waits(&self) -> Snippet {
        snippet(&format!("assert!(std::fs::exists({:?}).unwrap());", self.file()))
    }

    fn helper(&self, times: usize) -> Helper {
        let (finished, repeated) = Default::default();
        Helper { file: self.file(), times, finished, repeated }
    }
}

#[test]
fn a_pass_after_failures_is_told_with_them() {
    let world = World::new();
    let snippets =
        [snippet("()"), world.waits(), snippet("panic!(\"as ever\");"), snippet("println!(")];
    let runner = Runner::new(world.config());
    // Four reports of the first run, two of the second, and then there is the file.
    let helper = world.helper(6);
    let retried = runner.run_with_retries(&snippets, 4, &helper).unwrap();

    let [flaky, broken] = &retried.retries[..] else { panic!("{:?}", retried.retries) };
    assert_eq!((flaky.index, flaky.passed, flaky.runs()), (1, true, 3));
    assert_eq!((broken.index, broken.passed, broken.runs()), (2, false, 5));
    for report in &flaky.failures {
        assert!(matches!(report.verdict, Verdict::Failed(Failure::Panicked { .. })), "{report:?}");
    }
    let passed: Vec<bool> =
        retried.outcome.reports.iter().map(|report| report.verdict.passed()).collect();
    assert_eq!(passed, [true, true, false, false]);
    assert_eq!(helper.repeated.into_inner().unwrap(), [vec![1, 2], vec![1, 2], vec![2], vec![2]]);
}

#[test]
fn a_pass_after_failures_is_not_remembered() {
    let world = World::new();
    let snippets = [world.waits()];
    let runner = Runner::new(world.config());
    let passed = |retried: &snippet_runner::Retried| retried.outcome.reports[0].verdict.passed();
    assert!(passed(&runner.run_with_retries(&snippets, 1, &world.helper(1)).unwrap()));
    // What failed has failed, for whoever does not ask again.
    let remembered = &runner.run(&snippets, &()).unwrap().reports[0];
    assert!(remembered.from_cache && !remembered.verdict.passed());
    // Whoever does is told of it again.
    let retried = runner.run_with_retries(&snippets, 1, &()).unwrap();
    assert!(passed(&retried) && retried.retries[0].runs() == 2);
    assert_eq!(retried.outcome.cached, 0);
}

#[test]
fn what_the_compiler_says_is_not_asked_for_again() {
    let world = World::new();
    let refused = |codes: &[&str]| {
        let codes = codes.iter().map(|&code| code.to_owned()).collect();
        Snippet { expect: Expect::CompileError { codes }, ..snippet("let x: u8 = \"\";") }
    };
    let compiles = Snippet { code: "()".to_owned(), ..refused(&[]) };
    let snippets = [snippet("let x: u8 = \"\";"), refused(&["E0382"]), compiles];
    let helper = world.helper(0);
    let retried = Runner::new(world.config()).run_with_retries(&snippets, 3, &helper).unwrap();
    assert!(retried.outcome.reports.iter().all(|report| !report.verdict.passed()));
    assert_eq!(retried.retries, []);
    assert_eq!(helper.finished.into_inner(), 3);
}
