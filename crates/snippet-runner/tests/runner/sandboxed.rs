//! What a program must not do, it cannot do.
#![cfg(target_os = "linux")]

use std::path::Path;

use snippet_runner::{Expect, Failure, Report, SandboxPolicy, Snippet};

use crate::{assert_passed, config, failure, names_files, run, run_both, run_with, snippet};

/// Judges snippets between neighbours, if this system has a sandbox to test.
fn judge(codes: &[String]) -> Vec<Report> {
    let neighbour = snippet("println!(\"neighbour\");");
    let mut snippets = vec![neighbour.clone(), neighbour];
    snippets.splice(1..1, codes.iter().map(|code| snippet(code)));
    let outcome = run(&snippets);
    let mut reports = outcome.reports;
    assert_passed(&reports.remove(0));
    assert_passed(&reports.pop().expect("two neighbours"));
    if outcome.sandbox.is_complete() && names_files() { reports } else { Vec::new() }
}

/// Checks that each expression is an error of kind `PermissionDenied` to the program, which copes;
/// and that its report says what was refused.
fn assert_denied(cases: &[(String, String)]) {
    let code = |(expression, _): &(String, String)| {
        format!(
            "let error = {expression}.map(drop).unwrap_err();\nprint!(\"{{:?}}\", error.kind());"
        )
    };
    let reports = judge(&cases.iter().map(code).collect::<Vec<_>>());
    for (report, (expression, refusal)) in reports.iter().zip(cases) {
        assert_eq!(report.stdout, "PermissionDenied", "{expression}");
        assert_eq!(refusals(report), [refusal.as_str()], "{expression}");
    }
}

/// Returns what a snippet was refused.
#[track_caller]
fn refusals(report: &Report) -> Vec<String> {
    match failure(report) {
        Failure::Refused { refusals } => refusals.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}; stderr: {}", report.stderr),
    }
}

#[test]
fn files_elsewhere_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "kept").unwrap();
    let shown = file.display();
    let write = format!("to write `{shown}`");
    let chown = if cfg!(target_arch = "x86_64") { "to call `chown`" } else { "to call `fchownat`" };
    assert_denied(&[
        (format!("std::fs::write(\"{shown}.new\", \"lost\")"), format!("to write `{shown}.new`")),
        (format!("std::fs::remove_file(\"{shown}\")"), write.clone()),
        (format!("std::fs::rename(\"{shown}\", \"mine\")"), write.clone()),
        (format!("std::fs::File::options().append(true).open(\"{shown}\")"), write.clone()),
        (format!("std::os::unix::fs::chown(\"{shown}\", Some(1), None)"), chown.to_owned()),
        (
            format!(
                "{{ use std::os::unix::fs::PermissionsExt; \
                 std::fs::set_permissions(\"{shown}\", std::fs::Permissions::from_mode(0o777)) }}"
            ),
            write.clone(),
        ),
    ]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "kept");
}

#[test]
fn files_of_the_user_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "secret").unwrap();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let read = |path: &str| (format!("std::fs::read(\"{path}\")"), format!("to read `{path}`"));
    let folder = folder.path().display().to_string();
    assert_denied(&[
        read(&file.display().to_string()),
        (format!("std::fs::read_dir(\"{folder}\")"), format!("to read `{folder}`")),
        (
            format!(
                "{{ std::os::unix::fs::symlink(\"{folder}\", \"a\").unwrap(); std::fs::read(\"a/secret\") }}"
            ),
            format!("to read `{}`", file.display()),
        ),
        read(own),
    ]);
}

/// Modes and times are nothing that Landlock sees, also of what may be read.
#[test]
fn modes_and_times_elsewhere_stay() {
    use std::os::unix::fs::MetadataExt as _;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().canonicalize().unwrap().join("file");
    std::fs::write(&file, "kept").unwrap();
    let before = std::fs::metadata(&file).unwrap();
    let mut config = config();
    config.allow(Path::new("/"), &file).unwrap();
    let open = format!("std::fs::File::open(r\"{}\").unwrap()", file.display());
    let codes = [
        format!(
            "use std::os::unix::fs::PermissionsExt;\n\
             let _ = {open}.set_permissions(std::fs::Permissions::from_mode(0o4777));"
        ),
        format!("let _ = {open}.set_modified(std::time::SystemTime::UNIX_EPOCH);"),
        format!(
            "unsafe extern \"C\" {{ fn fchown(fd: i32, user: u32, group: u32) -> i32; }}\n\
             unsafe {{ fchown(std::os::fd::AsRawFd::as_raw_fd(&{open}), 1, 1); }}"
        ),
    ];
    let snippets: Vec<Snippet> = codes.iter().map(|code| snippet(code)).collect();
    let outcome = run_with(config, &snippets);
    let after = std::fs::metadata(&file).unwrap();
    if outcome.sandbox.is_complete() && names_files() {
        let write = format!("to write `{}`", file.display());
        assert_eq!(refusals(&outcome.reports[0]), [write.as_str()]);
        assert_eq!(refusals(&outcome.reports[1]), [write.as_str()]);
        assert_eq!(refusals(&outcome.reports[2]), ["to call `fchown`"]);
        assert_eq!((after.mode(), after.mtime()), (before.mode(), before.mtime()));
        assert_eq!(after.uid(), before.uid());
    }
}

/// Of its own files a program changes what it likes.
#[test]
fn modes_and_times_of_own_files_change() {
    let code = "\
use std::os::unix::fs::{MetadataExt, PermissionsExt};
std::fs::write(\"a\", \"x\").unwrap();
std::fs::set_permissions(\"a\", std::fs::Permissions::from_mode(0o640)).unwrap();
let file = std::fs::File::open(\"a\").unwrap();
file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
assert_eq!(file.metadata().unwrap().mtime(), 0);
file.set_permissions(std::fs::Permissions::from_mode(0o600)).unwrap();
assert_eq!(std::fs::metadata(\"a\").unwrap().mode() & 0o777, 0o600);
let gone = std::fs::set_permissions(\"b\", std::fs::Permissions::from_mode(0o600)).unwrap_err();
assert_eq!(gone.kind(), std::io::ErrorKind::NotFound);
std::fs::remove_file(\"a\").unwrap();
file.set_permissions(std::fs::Permissions::from_mode(0o644)).unwrap();";
    if names_files() {
        judge(&[code.to_owned()]).iter().for_each(assert_passed);
    }
}

#[test]
fn what_others_have_open_or_watch_is_out_of_reach() {
    let code = "unsafe extern \"C\" {
        fn inotify_init() -> i32;
        fn inotify_add_watch(fd: i32, path: *const std::ffi::c_char, mask: u32) -> i32;
    }
    unsafe { assert_eq!(inotify_add_watch(inotify_init(), c\"/usr\".as_ptr(), 0x100), -1); }";
    for report in judge(&[code.to_owned()]) {
        assert_eq!(refusals(&report), ["to call `inotify_add_watch`"]);
    }
    // Whoever starts us may have something open that stays open.
    let secret = tempfile::tempfile().unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&secret);
    rustix::io::fcntl_setfd(&secret, rustix::io::FdFlags::empty()).unwrap();
    let code = format!("assert!(std::fs::read_link(\"/proc/self/fd/{number}\").is_err());");
    judge(&[code]).iter().for_each(assert_passed);
    drop(secret);
}

/// What fails anyway fails as it would anywhere, and nobody was refused anything.
#[test]
fn errors_are_those_of_the_system() {
    let kind = |call: &str, kind: &str| {
        format!("assert_eq!({call}.unwrap_err().kind(), std::io::ErrorKind::{kind});")
    };
    let codes = [
        kind("std::fs::remove_file(\"/no-such-file.txt\")", "NotFound"),
        kind("std::fs::rename(\"/no-such-file.txt\", \"a\")", "NotFound"),
        kind("std::fs::create_dir(\"/usr\")", "AlreadyExists"),
        "std::fs::create_dir_all(\"/tmp\").unwrap();".to_owned(),
        "std::thread::spawn(|| std::fs::read(format!(\"/proc/{}/comm\", std::process::id())).unwrap()).join().unwrap();".to_owned(),
        // Both ask the name service, which is not there.
        "assert!(std::process::Command::new(\"ls\").arg(\"-l\").status().unwrap().success());".to_owned(),
        "assert!(std::process::Command::new(\"bash\").args([\"-c\", \"true\"]).status().unwrap().success());".to_owned(),
    ];
    judge(&codes).iter().for_each(assert_passed);
}

#[test]
fn what_hardly_matters_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().canonicalize().unwrap().join("secret");
    std::fs::write(&file, "secret").unwrap();
    let code = format!(
        "for n in 0..100 {{ let _ = std::fs::read_dir(format!(\"/proc/{{n}}\")); let _ = std::fs::read(\"/etc/passwd\"); }}\n\
         let _ = std::r#fs::read(r\"{}\");",
        file.display()
    );
    for report in judge(&[code]) {
        assert_eq!(refusals(&report), [format!("to read `{}`", file.display())]);
    }
}

#[test]
fn who_looks_at_the_system_and_copes_is_fine() {
    let code = |path: &str| format!("let found = std::fs::read(\"{path}\");");
    let reports = judge(&[code("/etc/passwd"), code("/proc/1/cmdline"), code("/no/such/file")]);
    reports.iter().for_each(assert_passed);
    let code = |path: &str| format!("std::fs::read(\"{path}\").unwrap();");
    for report in judge(&[code("/etc/passwd")]) {
        assert_eq!(refusals(&report), ["to read `/etc/passwd`"]);
    }
}

/// Names that mean another file to whoever resolves them.
#[test]
fn own_files_are_found_by_any_name() {
    let code = |path: &str| {
        format!(
            "let kept = std::fs::File::create(\"kept\").unwrap();\n\
             let number = std::os::fd::AsRawFd::as_raw_fd(&kept);\n\
             let found = std::fs::File::options().write(true).open({path});\n"
        )
    };
    let paths = [
        "format!(\"/dev/fd/{number}\")",
        "format!(\"/proc/self/fd/{number}\")",
        "format!(\"/proc/thread-self/fd/{number}\")",
        "format!(\"/proc/{}/fd/{number}\", std::process::id())",
    ];
    let mut codes: Vec<String> = paths.map(code).into();
    let say = "use std::io::Write; let mut out = std::fs::File::options().write(true).open(\"/dev/stdout\").unwrap(); write!(out, \"said\").unwrap();";
    codes.push(say.to_owned());
    let reports = judge(&codes);
    reports.iter().for_each(assert_passed);
    assert!(reports.last().is_none_or(|report| report.stdout == "said"));
}

#[test]
fn files_of_the_user_cannot_be_read_while_compiling() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "secret").unwrap();
    for report in judge(&[format!("let x = include_str!(\"{}\");", file.display())]) {
        assert_eq!(refusals(&report), [format!("to read `{}`", file.display())]);
    }
    // That is no way to keep the promise not to compile.
    let code = format!("let x = include_str!(\"{}\");", file.display());
    let expect = Expect::CompileError { codes: Vec::new() };
    let outcome = run(&[Snippet { expect, ..snippet(&code) }]);
    if outcome.sandbox.is_complete() && names_files() {
        assert_eq!(refusals(&outcome.reports[0]), [format!("to read `{}`", file.display())]);
    }
}

#[test]
fn there_is_no_network() {
    let cases = [
        ("std::net::TcpListener::bind(\"127.0.0.1:0\")", "IPv4"),
        ("std::net::TcpStream::connect(\"127.0.0.1:22\")", "IPv4"),
        ("std::net::UdpSocket::bind(\"[::1]:0\")", "IPv6"),
        ("std::os::unix::net::UnixListener::bind(\"socket\")", "Unix"),
        ("std::os::unix::net::UnixStream::connect(\"/run/service\")", "Unix"),
    ];
    let case = |(code, family)| (String::from(code), format!("to open a socket ({family})"));
    assert_denied(&cases.map(case));
}

#[test]
fn others_cannot_be_signalled() {
    let code = "\
let parent = std::os::unix::process::parent_id();
let kill = std::process::Command::new(\"kill\").args([\"-0\", &parent.to_string()]).output();
assert!(!kill.unwrap().status.success());";
    judge(&[code.to_owned()]).iter().for_each(assert_passed);
}

/// Checks that each call of the C library's is refused, and told by the kernel's name.
fn assert_refused(calls: &[(&str, &str)]) {
    let code = |(call, _): &(&str, &str)| {
        format!(
            "unsafe extern \"C\" {{
                 fn prlimit(pid: u32, resource: i32, new: usize, old: usize) -> isize;
                 fn setpriority(which: i32, who: u32, priority: i32) -> isize;
                 fn sched_setaffinity(pid: u32, size: usize, mask: *const [u64; 16]) -> isize;
                 fn shmget(key: i32, size: usize, flags: i32) -> isize;
                 fn memfd_create(name: *const std::ffi::c_char, flags: u32) -> isize;
             }}
             let parent = std::os::unix::process::parent_id();
             let result = unsafe {{ {call} }} as i32;
             print!(\"{{result}} {{}}\", parent > 0);"
        )
    };
    let reports = judge(&calls.iter().map(code).collect::<Vec<_>>());
    for (report, (call, name)) in reports.iter().zip(calls) {
        assert_eq!(report.stdout, "-1 true", "{call}");
        assert_eq!(refusals(report), [format!("to call `{name}`")], "{call}");
    }
}

#[test]
fn others_cannot_be_slowed_down_or_limited() {
    assert_refused(&[
        ("prlimit(parent, 7, 0, 0)", "prlimit64"),
        ("setpriority(0, parent, 0)", "setpriority"),
        ("setpriority(2, 0, 0)", "setpriority"),
        ("sched_setaffinity(parent, 128, &[u64::MAX; 16])", "sched_setaffinity"),
    ]);
}

#[test]
fn shared_memory_is_limited() {
    assert_refused(&[
        ("shmget(0, 4096, 0o1600)", "shmget"),
        ("memfd_create(c\"x\".as_ptr(), 0)", "memfd_create"),
    ]);
    // To be read and written, shared, without a file.
    let code = "unsafe extern \"C\" {
             fn mmap(at: usize, size: usize, access: i32, flags: i32, file: i32, from: i64) -> isize;
         }
         assert_eq!(unsafe { mmap(0, 6 << 30, 3, 0x21, -1, 0) }, -1);";
    judge(&[code.to_owned()]).iter().for_each(assert_passed);
}

#[test]
fn memory_is_limited() {
    let code = "let x = vec![1_u8; 6 << 30]; println!(\"{}\", x[5]);";
    for report in judge(&[code.to_owned()]) {
        assert_eq!(failure(&report), &Failure::OutOfMemory { limit: 4 << 30 });
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
    assert!(outcome.sandbox.to_string().starts_with("not sandboxed"));
    assert_passed(&outcome.reports[0]);
    let mut required = config();
    required.sandbox = SandboxPolicy::Required;
    match snippet_runner::Runner::new(required).run(&[snippet("")], &()) {
        Ok(outcome) => assert!(outcome.sandbox.is_complete()),
        Err(error) => assert!(error.to_string().contains("cannot sandbox"), "{error}"),
    }
}
