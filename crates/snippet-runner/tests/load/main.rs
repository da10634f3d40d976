//! Programs that take all that there is, one test after the other.
#![cfg(target_os = "linux")]

#[path = "../runner/helpers.rs"]
#[expect(dead_code, reason = "other tests need more")]
mod helpers;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use snippet_runner::{Failure, Snippet};

use helpers::{assert_passed, config, failure, processes_in, run_with, snippet};

const LIMIT: Duration = Duration::from_millis(500);

/// Waits until no other test of this file runs. A file of its own keeps the tests elsewhere away.
fn alone() -> MutexGuard<'static, ()> {
    static RUNNING: Mutex<()> = Mutex::new(());
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a fifth of a second of a processor, however many share it.
const BUSY: &str = "\
let used = || -> u64 {
    let text = std::fs::read_to_string(\"/proc/self/schedstat\").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
};
let started = std::time::Instant::now();
while used() < 200_000_000 {}
";

#[test]
fn a_timeout_does_not_depend_on_neighbours() {
    let _alone = alone();
    let busy = Snippet { timeout: Some(Duration::from_millis(1500)), ..snippet(BUSY) };
    let mut config = config();
    config.jobs = std::num::NonZeroUsize::new(6).unwrap();
    run_with(config, &vec![busy; 24]).reports.iter().for_each(assert_passed);
}

#[test]
fn a_panic_among_neighbours_is_not_believed() {
    let _alone = alone();
    let code = format!("{BUSY}assert!(started.elapsed().as_millis() < 1500);");
    // Compiled together, and alone.
    for standalone in [false, true] {
        let mut config = config();
        config.jobs = std::num::NonZeroUsize::new(6).unwrap();
        let busy = Snippet { standalone, ..snippet(&code) };
        run_with(config, &vec![busy; 24]).reports.iter().for_each(assert_passed);
    }
}

#[test]
fn endless_programs_are_run_twice_at_most() {
    let _alone = alone();
    let started = Instant::now();
    let mut config = config();
    config.jobs = std::num::NonZeroUsize::new(2).unwrap();
    let reports =
        run_with(config, &vec![Snippet { timeout: Some(LIMIT), ..snippet("loop {}") }; 6]).reports;
    for report in &reports {
        assert_eq!(failure(report), &Failure::TimedOut { limit: LIMIT });
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

/// Ways to make more processes than anybody needs. All end by themselves, in case that nobody else
/// ends them; the last one always has something to read.
const BOMBS: [&str; 3] = [
    "unsafe extern \"C\" { fn fork() -> i32; }
let started = std::time::Instant::now();
for _ in 0..11 { unsafe { fork() }; }
while started.elapsed().as_secs() < 4 {}",
    "for _ in 0..2000 { let _ = std::process::Command::new(\"sleep\").arg(\"6\").spawn(); }
std::thread::sleep(std::time::Duration::from_secs(6));",
    "for _ in 0..1500 { println!(\".\"); let _ = std::process::Command::new(\"sleep\").arg(\"6\").spawn(); }
for _ in 0..500 { println!(\".\"); std::thread::sleep(std::time::Duration::from_millis(2)); }",
];

#[test]
fn a_program_that_forks_without_end_is_stopped() {
    let _alone = alone();
    let started = Instant::now();
    let scratch = tempfile::tempdir().unwrap();
    let mut config = config();
    config.scratch = scratch.path().to_owned();
    let neighbour = snippet("std::thread::spawn(|| println!(\"neighbour\")).join().unwrap();");
    let mut snippets = vec![neighbour; 12];
    let limit = Duration::from_secs(3);
    let bombs = BOMBS.map(|code| Snippet { timeout: Some(limit), ..snippet(code) });
    snippets.splice(4..4, bombs);
    let reports = run_with(config, &snippets).reports;
    for (index, report) in reports.iter().enumerate() {
        if [4, 5, 6].contains(&index) {
            // By its number of processes, or by its time if that limit keeps it small.
            let is_stopped = matches!(
                failure(report),
                Failure::TooManyProcesses { .. } | Failure::TimedOut { .. }
            );
            assert!(is_stopped, "{report:?}");
        } else {
            assert_passed(report);
        }
    }
    assert_eq!(processes_in(scratch.path()), [""; 0].map(std::path::PathBuf::from));
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
}
