//! What a program must not do, it cannot do.
#![cfg(target_os = "linux")]

use snippet_runner::{Failure, Report, SandboxPolicy, Snippet};

use crate::{assert_passed, config, failure, run, run_both, run_with, snippet};

/// Judges snippets between neighbours, if this system has a sandbox to test.
fn judge(codes: &[String]) -> Vec<Report> {
    let neighbour = snippet("println!(\"neighbour\");");
    let mut snippets = vec![neighbour.clone(), neighbour];
    snippets.splice(1..1, codes.iter().map(|code| snippet(code)));
    let outcome = run(&snippets);
    let mut reports = outcome.reports;
    assert_passed(&reports.remove(0));
    assert_passed(&reports.pop().expect("two neighbours"));
    if outcome.sandbox.is_complete() { reports } else { Vec::new() }
}

/// Checks that each expression is an error of kind `PermissionDenied`.
fn assert_denied(expressions: &[&str]) {
    let code = |expression: &&str| {
        format!(
            "use std::io::ErrorKind;\n\
             let error = {expression}.map(drop).unwrap_err();\n\
             assert_eq!(error.kind(), ErrorKind::PermissionDenied, \"{{error}}\");"
        )
    };
    judge(&expressions.iter().map(code).collect::<Vec<_>>()).iter().for_each(assert_passed);
}

#[test]
fn files_elsewhere_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "kept").unwrap();
    let shown = file.display();
    assert_denied(&[
        &format!("std::fs::write(\"{shown}.new\", \"lost\")"),
        &format!("std::fs::remove_file(\"{shown}\")"),
        &format!("std::fs::File::options().append(true).open(\"{shown}\")"),
        &format!("std::os::unix::fs::chown(\"{shown}\", Some(1), None)"),
        &format!(
            "{{ use std::os::unix::fs::PermissionsExt; \
             std::fs::set_permissions(\"{shown}\", std::fs::Permissions::from_mode(0o777)) }}"
        ),
    ]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "kept");
}

#[test]
fn files_of_the_user_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "secret").unwrap();
    assert_denied(&[
        &format!("std::fs::read(\"{}\")", file.display()),
        &format!("std::fs::read_dir(\"{}\")", folder.path().display()),
        "std::fs::read(\"/etc/passwd\")",
        "std::fs::read(\"/proc/1/cmdline\")",
        concat!("std::fs::read(\"", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml\")"),
    ]);
}

#[test]
fn files_of_the_user_cannot_be_read_while_compiling() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "secret").unwrap();
    for report in judge(&[format!("let x = include_str!(\"{}\");", file.display())]) {
        assert!(matches!(failure(&report), Failure::DoesNotCompile { .. }));
    }
}

#[test]
fn there_is_no_network() {
    assert_denied(&[
        "std::net::TcpListener::bind(\"127.0.0.1:0\")",
        "std::net::UdpSocket::bind(\"127.0.0.1:0\")",
        "std::os::unix::net::UnixListener::bind(\"socket\")",
    ]);
}

#[test]
fn others_cannot_be_signalled() {
    let code = "\
let parent = std::os::unix::process::parent_id();
let kill = std::process::Command::new(\"kill\").args([\"-0\", &parent.to_string()]).output();
assert!(!kill.unwrap().status.success());";
    judge(&[code.to_owned()]).iter().for_each(assert_passed);
}

/// Checks that each call of the C library's is refused.
fn assert_refused(calls: &[&str]) {
    let code = |call: &&str| {
        format!(
            "unsafe extern \"C\" {{
                 fn prlimit(pid: u32, resource: i32, new: usize, old: usize) -> isize;
                 fn setpriority(which: i32, who: u32, priority: i32) -> isize;
                 fn sched_setaffinity(pid: u32, size: usize, mask: *const [u64; 16]) -> isize;
                 fn shmget(key: i32, size: usize, flags: i32) -> isize;
                 fn memfd_create(name: *const std::ffi::c_char, flags: u32) -> isize;
                 fn mmap(at: usize, size: usize, access: i32, flags: i32, file: i32, from: i64) -> isize;
             }}
             let parent = std::os::unix::process::parent_id();
             let result = unsafe {{ {call} }} as i32;
             assert_eq!(result, -1, \"{{parent}}\");"
        )
    };
    judge(&calls.iter().map(code).collect::<Vec<_>>()).iter().for_each(assert_passed);
}

#[test]
fn others_cannot_be_slowed_down_or_limited() {
    assert_refused(&[
        "prlimit(parent, 7, 0, 0)",
        "setpriority(0, parent, 0)",
        "setpriority(2, 0, 0)",
        "sched_setaffinity(parent, 128, &[u64::MAX; 16])",
    ]);
}

#[test]
fn shared_memory_is_limited() {
    // To be read and written, shared, without a file.
    assert_refused(&[
        "mmap(0, 6 << 30, 3, 0x21, -1, 0)",
        "shmget(0, 4096, 0o1600)",
        "memfd_create(c\"x\".as_ptr(), 0)",
    ]);
}

#[test]
fn memory_is_limited() {
    let code = "let x = vec![1_u8; 6 << 30]; println!(\"{}\", x[5]);";
    for report in judge(&[code.to_owned()]) {
        assert_eq!(failure(&report), &Failure::Killed { signal: 6 });
    }
}

#[test]
fn ordinary_programs_do_not_notice() {
    let codes = [
        "std::fs::write(\"a\", \"x\").unwrap(); std::fs::copy(\"a\", \"b\").unwrap(); std::fs::rename(\"b\", \"c\").unwrap();",
        "std::fs::create_dir_all(\"a/b\").unwrap(); std::fs::rename(\"a/b\", \"c\").unwrap(); std::fs::remove_dir_all(\"c\").unwrap();",
        "let t: Vec<_> = (0..50).map(|n| std::thread::spawn(move || n)).collect(); for t in t { t.join().unwrap(); }",
        "let o = std::process::Command::new(\"echo\").arg(\"hi\").output().unwrap(); assert_eq!(o.stdout, b\"hi\\n\");",
        "let (a, b) = std::os::unix::net::UnixStream::pair().unwrap();",
        "let f = std::env::temp_dir().join(\"x\"); std::fs::File::create(f).unwrap().set_modified(std::time::SystemTime::now()).unwrap();",
        "std::thread::available_parallelism().unwrap(); let m: std::collections::HashMap<u8, u8> = [(1, 2)].into();",
        "std::process::Command::new(\"true\").stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).status().unwrap();",
    ];
    let snippets: Vec<Snippet> = codes.iter().map(|code| snippet(code)).collect();
    run_both(&snippets).iter().for_each(assert_passed);
}

#[test]
fn policies() {
    let mut off = config();
    off.sandbox = SandboxPolicy::Off;
    let outcome =
        run_with(off, &[snippet("std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();")]);
    assert_eq!(outcome.sandbox.to_string(), "not sandboxed");
    assert_passed(&outcome.reports[0]);
    let mut required = config();
    required.sandbox = SandboxPolicy::Required;
    match snippet_runner::Runner::new(required).run(&[snippet("")], &()) {
        Ok(outcome) => assert!(outcome.sandbox.is_complete()),
        Err(error) => assert!(error.to_string().contains("cannot sandbox"), "{error}"),
    }
}
