//! Programs end, whatever they do.

use std::time::{Duration, Instant};

use snippet_runner::{Failure, Snippet};

use crate::{assert_passed, config, failure, run, run_with, snippet};

fn quick(code: &str) -> Snippet {
    Snippet { timeout: Some(Duration::from_millis(500)), ..snippet(code) }
}

#[test]
fn an_endless_loop_is_stopped_with_its_children() {
    let started = Instant::now();
    let reports = run(&[
        quick("println!(\"before\"); loop {}"),
        quick("std::process::Command::new(\"sleep\").arg(\"60\").spawn().unwrap(); loop {}"),
        snippet("println!(\"neighbour\");"),
    ])
    .reports;
    let limit = Duration::from_millis(500);
    assert_eq!(failure(&reports[0]), &Failure::TimedOut { limit });
    assert_eq!(reports[0].stdout, "before\n");
    assert_eq!(failure(&reports[1]), &Failure::TimedOut { limit });
    assert_passed(&reports[2]);
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_child_that_is_left_behind_is_killed() {
    let code = "std::process::Command::new(\"sh\").args([\"-c\", \"sleep 1; echo late\"]).spawn().unwrap();";
    let started = Instant::now();
    let reports = run(&[snippet(code), snippet("")]).reports;
    assert_passed(&reports[0]);
    assert_eq!(reports[0].stdout, "");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn endless_output_is_stopped() {
    let mut config = config();
    config.output_cap = 10_000;
    let endless = "loop { println!(\"again and again\"); }";
    let reports = run_with(config, &[snippet(endless), snippet("")]).reports;
    assert_eq!(failure(&reports[0]), &Failure::OutputTooLong { cap: 10_000 });
    assert_eq!(reports[0].stdout.len(), 10_000);
    assert_passed(&reports[1]);
}

#[test]
fn a_stack_overflow_says_so() {
    let code =
        "fn f(x: &mut [u8; 9000]) { let mut y = *x; f(&mut y); x[0] = y[1]; }\nf(&mut [0; 9000]);";
    let report = &run(&[snippet(code)]).reports[0];
    assert_eq!(failure(report), &Failure::Killed { signal: 6 });
    assert!(report.stderr.contains("thread 'main' has overflowed its stack"), "{}", report.stderr);
}

#[test]
fn programs_see_nothing_of_the_runner() {
    let code = "\
assert_eq!(std::env::args().collect::<Vec<_>>(), [\"rust_out\"]);
let mut names: Vec<_> = std::env::vars().map(|(name, _)| name).collect();
names.sort();
assert_eq!(names, [\"HOME\", \"PATH\", \"TMPDIR\"]);
assert_eq!(std::fs::read_dir(\".\").unwrap().count(), 0);
assert_eq!(std::io::read_to_string(std::io::stdin()).unwrap(), \"\");
std::fs::write(\"file\", \"mine\").unwrap();
";
    crate::run_both(&[snippet(code), snippet(code)]).iter().for_each(assert_passed);
}

#[test]
fn sleeping_programs_run_at_the_same_time() {
    let sleepy = snippet("std::thread::sleep(std::time::Duration::from_secs(1));");
    let mut config = config();
    config.jobs = std::num::NonZeroUsize::MIN;
    let started = Instant::now();
    run_with(config, &[sleepy.clone(), sleepy.clone(), sleepy.clone(), sleepy])
        .reports
        .iter()
        .for_each(assert_passed);
    assert!(started.elapsed() < Duration::from_millis(3900), "{:?}", started.elapsed());
}
