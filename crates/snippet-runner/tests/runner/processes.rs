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
    if cfg!(target_os = "linux") {
        let Failure::LeftProcesses { names } = failure(&reports[0]) else { panic!("{reports:?}") };
        // Whether it has started the other one by then is a matter of luck.
        assert!(names.contains(&"sh".to_owned()), "{names:?}");
    }
    assert_eq!(reports[0].stdout, "");
    assert_passed(&reports[1]);
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
fn a_timeout_may_be_for_ever() {
    let patient = Snippet { timeout: Some(Duration::MAX), ..snippet("") };
    run(&[patient.clone(), patient]).reports.iter().for_each(assert_passed);
}

/// Names the folder for [`caller`].
#[cfg(target_os = "linux")]
const CALLERS_FOLDER: &str = "SNIPPET_RUNNER_TEST_CALLER";

#[test]
#[cfg(target_os = "linux")]
#[ignore = "no test, but the process that another one kills"]
fn caller() {
    #[expect(clippy::disallowed_methods, reason = "what one test tells another")]
    let Some(folder) = std::env::var_os(CALLERS_FOLDER) else { return };
    let mut config = config();
    config.scratch = folder.into();
    config.timeout = Duration::from_secs(100);
    config.jobs = std::num::NonZeroUsize::new(2).unwrap();
    let slow = "#![allow(long_running_const_eval)]
        const X: u64 = { let mut x = 0; while x < 1 << 40 { x += 1 } x };\nfn main() { X; }";
    let slow = Snippet { standalone: true, ..snippet(slow) };
    run_with(config, &[snippet("loop {}"), slow]);
}

#[test]
#[cfg(target_os = "linux")]
fn compilers_and_programs_end_with_their_caller() {
    let scratch = tempfile::tempdir().unwrap();
    let wait_for = |count: usize| {
        let started = Instant::now();
        while crate::helpers::processes_in(scratch.path()).len() != count {
            assert!(started.elapsed() < Duration::from_secs(20), "{count} processes");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    #[expect(clippy::disallowed_methods, reason = "a process that can be killed")]
    let mut caller = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "processes::caller"])
        .env(CALLERS_FOLDER, scratch.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    wait_for(2);
    caller.kill().unwrap();
    caller.wait().unwrap();
    wait_for(0);
    let left = || std::fs::read_dir(scratch.path()).unwrap().count();
    assert_eq!(left(), 1);
    let mut config = config();
    config.scratch = scratch.path().to_owned();
    run_with(config, &[snippet("")]);
    assert_eq!(left(), 0);
}

/// Returns a compiler that is the usual one but for what a shell script does around it.
#[cfg(unix)]
fn wrapped(folder: &std::path::Path, after: &str) -> snippet_runner::Config {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let mut config = config();
    let toolchain = &config.toolchain;
    let script = format!(
        "#!/bin/sh\nif [ \"$1 $2\" = '--print sysroot' ]; then echo {}; exit; fi\n{} \"$@\"\ncode=$?\n{after}\nexit $code\n",
        folder.display(),
        toolchain.rustc().display(),
    );
    std::fs::create_dir(folder.join("bin")).unwrap();
    let rustc = folder.join("bin/rustc");
    std::fs::write(&rustc, script).unwrap();
    std::fs::set_permissions(&rustc, std::fs::Permissions::from_mode(0o755)).unwrap();
    symlink(toolchain.sysroot().join("lib"), folder.join("lib")).unwrap();
    let query =
        snippet_runner::ToolchainQuery { rustc: Some(rustc.into_os_string()), ..crate::query() };
    config.toolchain = snippet_runner::Toolchain::locate(&query).unwrap();
    config.sandbox = snippet_runner::SandboxPolicy::Off;
    config
}

#[test]
#[cfg(unix)]
fn a_program_that_does_not_start_takes_no_other_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = wrapped(folder.path(), "if grep -q UNSTARTABLE $1; then chmod a-x program; fi");
    let broken = Snippet { standalone: true, ..snippet("// UNSTARTABLE") };
    let good = snippet("println!(\"good\");");
    let reports = run_with(config, &[good.clone(), broken.clone(), good.clone(), good]).reports;
    for index in [0, 2, 3] {
        assert_passed(&reports[index]);
    }
    let Failure::CompilerFailed { message } = failure(&reports[1]) else { panic!("{reports:?}") };
    assert!(message.starts_with("cannot start `"), "{message}");
    assert!(message.contains(": Permission denied"), "{message}");
}

#[test]
#[cfg(unix)]
fn a_compiler_that_does_not_start_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let config = wrapped(folder.path(), "");
    std::fs::remove_file(folder.path().join("bin/rustc")).unwrap();
    let snippets = [snippet(""), snippet(""), snippet("crate::f()")];
    let error = snippet_runner::Runner::new(config).run(&snippets, &()).unwrap_err();
    assert!(matches!(error, snippet_runner::Error::Spawn { .. }), "{error}");
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
