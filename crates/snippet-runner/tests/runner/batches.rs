//! Neighbours do not harm each other, and a batch saves calls.

use std::{num::NonZeroUsize, time::Duration};

use snippet_runner::{Edition, Expect, Failure, Snippet};

use crate::{assert_passed, config, failure, run, run_both, run_with, snippet};

#[test]
fn good_snippets_take_one_call() {
    let snippets: Vec<_> = (0..20).map(|n| snippet(&format!("println!(\"{n}\");"))).collect();
    let outcome = run(&snippets);
    assert_eq!(outcome.rustc_calls, 1);
    for (index, report) in outcome.reports.iter().enumerate() {
        assert_passed(report);
        assert_eq!(report.stdout, format!("{index}\n"));
    }
}

#[test]
fn each_edition_and_profile_has_its_batch() {
    let of = |edition, release| Snippet { edition, release, ..snippet("let x = 1;") };
    let outcome = run(&[
        of(Edition::E2015, false),
        of(Edition::E2015, false),
        of(Edition::E2024, false),
        of(Edition::E2024, false),
        of(Edition::E2024, true),
        of(Edition::E2024, true),
    ]);
    outcome.reports.iter().for_each(assert_passed);
    assert_eq!(outcome.rustc_calls, 3);
}

/// Returns a snippet that promises these errors.
fn refused(code: &str, codes: &[&str]) -> Snippet {
    let codes = codes.iter().map(|&code| code.to_owned()).collect();
    Snippet { expect: Expect::CompileError { codes }, ..snippet(code) }
}

#[test]
fn refusals_take_one_call() {
    let code = |n| format!("let s = String::from(\"{n}\"); drop(s); drop(s);");
    let snippets: Vec<_> = (0..20).map(|n| refused(&code(n), &["E0382"])).collect();
    let outcome = run(&snippets);
    outcome.reports.iter().for_each(assert_passed);
    assert_eq!(outcome.rustc_calls, 1);
}

#[test]
fn refusals_of_all_kinds_are_what_they_are_alone() {
    let as_promised = [
        refused("use no_such_crate::x;", &["E0432"]),
        refused("no_such_macro!();", &[]),
        refused("let x: u8 = \"\";", &["E0308"]),
        refused("let s = String::new(); drop(s); drop(s);", &["E0382"]),
        refused("struct S; struct S; let x: u8 = \"\";", &["E0428"]),
        refused("fn main() -> u8 { 3 }", &["E0277"]),
        refused("fn f(", &[]),
        refused("mod m { pub fn f() {} } m::g();", &["E0425"]),
        // Only shown when code is generated.
        refused(
            "const fn f<T>() { assert!(size_of::<T>() > 8) } fn g<T>() { const { f::<T>() } } g::<u8>();",
            &["E0080"],
        ),
    ];
    let not = [
        (refused("let x = 1;", &[]), Failure::CompiledButShouldNot),
        (refused("fn main() {}", &["E0308"]), Failure::CompiledButShouldNot),
    ];
    let wrong = refused("let x: u8 = \"\";", &["E0382"]);
    let mut snippets = as_promised.to_vec();
    snippets.extend(not.iter().map(|(snippet, _)| snippet.clone()));
    snippets.push(wrong);
    snippets.push(snippet("println!(\"good\");"));
    let reports = run_both(&snippets);
    reports[..as_promised.len()].iter().for_each(assert_passed);
    for ((_, expected), report) in not.iter().zip(&reports[as_promised.len()..]) {
        assert_eq!(failure(report), expected);
    }
    let Failure::WrongErrorCode { found, diagnostics, .. } = failure(&reports[reports.len() - 2])
    else {
        panic!("the promise was another code");
    };
    assert_eq!((found.as_slice(), diagnostics.len()), (&["E0308".to_owned()][..], 1));
    assert_passed(&reports[reports.len() - 1]);
}

/// There, rustc puts the library at the root by a name that anybody could give.
#[test]
fn the_library_has_its_name_to_itself_in_edition_2015() {
    let snippets = [
        refused("mod std {} fn main() {}", &["E0260"]),
        refused("extern crate std; fn main() {}", &["E0259"]),
        snippet("mod core { pub mod mem { pub fn f() {} } } fn main() { ::core::mem::f() }"),
        snippet("println!(\"good\");"),
        snippet("use std::mem; mem::drop(1);"),
    ];
    let snippets = snippets.map(|code| Snippet { edition: Edition::E2015, ..code });
    run_both(&snippets).iter().for_each(assert_passed);
}

#[test]
fn those_who_sleep_hold_no_processor() {
    const NOW: &str = "std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()";
    let code = format!(
        "println!(\"{{}}\", {NOW}); std::thread::sleep(std::time::Duration::from_secs(3)); println!(\"{{}}\", {NOW});"
    );
    let mut config = config();
    config.jobs = NonZeroUsize::MIN;
    let reports = run_with(config, &vec![snippet(&code); 12]).reports;
    let times = reports.iter().map(|report| {
        let mut lines = report.stdout.lines().map(|line| line.parse::<u128>().unwrap());
        (lines.next().unwrap(), lines.next().unwrap())
    });
    let (starts, ends): (Vec<_>, Vec<_>) = times.unzip();
    assert!(starts.iter().max() < ends.iter().min(), "{starts:?} {ends:?}");
}

#[test]
fn differently_broken_snippets_are_told_apart() {
    let broken = [
        "let x: u8 = \"\";",
        "use no_such_crate::x;",
        "let s = String::new(); drop(s); drop(s);",
        "no_such_macro!();",
        "fn f(x: &str, y: &str) -> &str { x }",
        "struct S; struct S;",
        "const X: u8 = 255 + 1;",
        "mod missing;",
        "let x = [0; 2][5];",
        "fn main() { let x = ; }",
        "fn main() {",
        "\"open",
        "impl Copy for Vec<u8> {}",
        "let x; println!(\"{x}\");",
        "fn main(x: u8) {}",
        "async fn main() {}",
        "pub fn f() -> impl Sized { loop {} } f().x();",
    ];
    let mut snippets: Vec<_> = broken.iter().map(|code| snippet(code)).collect();
    snippets.insert(5, snippet("println!(\"good\");"));
    snippets.push(snippet("println!(\"good\");"));
    let reports = run_both(&snippets);
    for (report, snippet) in reports.iter().zip(&snippets) {
        if snippet.code.contains("good") {
            assert_passed(report);
        } else {
            let is_right = matches!(failure(report), Failure::DoesNotCompile { .. });
            assert!(is_right, "{}: {report:?}", snippet.code);
        }
    }
}

#[test]
fn snippets_that_want_a_crate_to_themselves() {
    let codes = [
        "#[macro_export] macro_rules! m { () => { 1 } }\nfn main() { assert_eq!(m!(), 1); }",
        "#[macro_export] macro_rules! m { () => { 2 } }\nfn main() { assert_eq!(m!(), 2); }",
        "#[no_mangle] pub extern \"C\" fn shared() {}\nfn main() {}",
        "#[no_mangle] pub extern \"C\" fn shared() {}\nfn main() { shared() }",
        "mod a { pub fn f() {} }\nfn main() { crate::a::f() }",
        "println!(\"{}\", module_path!());",
        "struct S; println!(\"{}\", std::any::type_name::<S>());",
        "println!(\"{}\", file!());",
        "use std::alloc::System;\n#[global_allocator] static A: System = System;\nfn main() { vec![1]; }",
        "extern \"C\" { fn abs(x: i32) -> i32; }\nfn main() { assert_eq!(unsafe { abs(-3) }, 3); }",
    ];
    let snippets: Vec<_> = codes.iter().map(|code| snippet(code)).collect();
    let reports = run_both(&snippets);
    reports.iter().for_each(assert_passed);
    assert_eq!(reports[5].stdout, "rust_out\n");
    assert_eq!(reports[6].stdout, "rust_out::main::S\n");
    assert_eq!(reports[7].stdout, "src/main.rs\n");
}

#[test]
fn foreign_implementations_do_not_reach_neighbours() {
    let reports = run_both(&[
        snippet(
            "struct Mine(i32); impl PartialEq<Mine> for i32 { fn eq(&self, o: &Mine) -> bool { *self == o.0 } }\nassert!(1 == Mine(1));",
        ),
        snippet("let x: u8 = 1; assert!(1 == x.into());"),
        snippet("assert!(2 == \"2\".parse().unwrap());"),
    ]);
    reports.iter().for_each(assert_passed);
}

#[test]
fn a_global_error_without_a_place_blames_the_guilty_only() {
    // Too large for any target: found when code is generated, or by the linker.
    let huge = "static X: [u8; 1 << 46] = [1; 1 << 46];\nprintln!(\"{}\", X[3]);";
    let good = snippet("println!(\"good\");");
    let only_compiled = Snippet { expect: Expect::CompileOnly, ..good.clone() };
    let reports = run(&[good.clone(), snippet(huge), only_compiled, good]).reports;
    for index in [0, 2, 3] {
        assert_passed(&reports[index]);
    }
    failure(&reports[1]);
}

#[test]
fn each_snippet_has_a_root_of_its_own() {
    let code = |n| {
        format!(
            "use crate::inner::{{twice, N}};
mod inner {{
    pub const N: i32 = {n};
    pub(in crate::inner) fn hidden() -> i32 {{ crate::f() + super::f() }}
    pub fn twice() -> i32 {{ hidden() }}
}}
fn f() -> i32 {{ crate::inner::N }}
fn main() {{
    println!(\"{{}} {{}} {{}}\", twice(), crate::f(), crate::f() + N);
    let caught = std::panic::catch_unwind(|| {{ crate::inner::twice(); panic!(\"here\") }});
    assert!(caught.is_err());
}}"
        )
    };
    let mut snippets: Vec<_> = (1..9).map(|n| snippet(&code(n))).collect();
    snippets.push(snippet("assert!(crate::f()); fn f() -> bool { true }"));
    snippets.push(snippet("crate::missing();"));
    let reports = run_both(&snippets);
    for (n, report) in (1..9).zip(&reports) {
        assert_passed(report);
        assert_eq!(report.stdout, format!("{} {n} {}\n", 2 * n, 2 * n));
        assert!(report.stderr.contains("src/main.rs:10:71"), "{}", report.stderr);
    }
    assert!(matches!(failure(&reports[9]), Failure::DoesNotCompile { .. }));
    assert_eq!(run(&snippets[..8]).rustc_calls, 1);
}

/// Programs that are right alone, and would have errors as modules of a larger crate.
const RIGHT_ALONE: &[&str] = &[
    "macro_rules! vis { ($v:tt) => { pub($v) struct S; } } vis!(crate);",
    "macro_rules! only { (crate) => {}; } macro_rules! pass { ($k:tt) => { only!($k) } } pass!(crate);",
    "extern crate self as me; fn f() {} fn main() { me::f(); }",
    "#[deny(unused)] fn main() {}",
    "#[deny(dead_code)] fn main() {}",
    "#[deny(unreachable_pub)] pub mod m { pub fn f() {} } fn main() { m::f() }",
    "let _ = std::time::Duration::from_secs(1) * 2u8.into();",
];

/// Programs that are wrong alone, and would be right as modules.
const WRONG_ALONE: &[&str] = &[
    "pub(super) fn f() {} f();",
    "pub(super) fn f() {} fn main() { f() }",
    "fn main() where String: Clone {}",
    "#[track_caller] fn main() {}",
    "fn main<'a>() {}",
    "mod a { use super::{super::main as m}; } fn main() {}",
];

#[test]
fn a_batch_makes_nobody_right_or_wrong() {
    let foreign = "struct Duration; impl std::ops::Mul<Duration> for std::time::Duration {
type Output = u8; fn mul(self, _: Duration) -> u8 { 1 } }
impl From<u8> for Duration { fn from(_: u8) -> Self { Duration } }";
    let mut snippets = vec![snippet(foreign), refused("let x: u8 = \"\";", &[])];
    for code in RIGHT_ALONE {
        snippets.extend([snippet(code), refused(code, &[])]);
    }
    for code in WRONG_ALONE {
        snippets.extend([snippet(code), refused(code, &[])]);
    }
    let old = Snippet { edition: Edition::E2015, ..refused("crate::std::mem::drop(1);", &[]) };
    snippets.extend([old.clone(), Snippet { expect: Expect::Success, ..old }]);
    run_both(&snippets);
}

#[test]
fn what_macros_see_of_a_path_stays() {
    let reports = run_both(&[
        snippet(
            "macro_rules! check { ($e:expr) => { assert!($e) } }
fn f() -> u8 { 1 }
fn main() {
    let caught = std::panic::catch_unwind(|| check!(crate::f() == 2)).unwrap_err();
    println!(\"{}\", caught.downcast_ref::<&str>().unwrap());
}",
        ),
        snippet(
            "macro_rules! count { () => { 0 }; ($a:tt $($b:tt)*) => { 1 + count!($($b)*) } }
fn main() { println!(\"{}\", count!(crate::f)); }",
        ),
    ]);
    assert_eq!(reports[0].stdout, "assertion failed: crate::f() == 2\n");
    assert_eq!(reports[1].stdout, "3\n");
}

/// What a snippet puts before or into the whole program, by whatever name, is not for its neighbours.
#[test]
#[cfg(target_os = "linux")]
fn nobody_runs_before_others() {
    let forge = "extern \"C\" fn forge() { println!(\"forged\"); std::process::exit(0); }";
    let codes = [
        format!(
            "{forge}\n#[r#unsafe(r#link_section = \".init_array\")] #[r#used] static F: extern \"C\" fn() = forge;\nfn main() {{}}"
        ),
        format!(
            "{forge}\n#[r#link_section = \".init_array\"] #[r#used] static F: extern \"C\" fn() = forge;\nfn main() {{}}"
        ),
        format!(
            "{forge}\nmacro_rules! m {{ ($a:ident $b:ident) => {{ #[$a = \".init_array\"] #[$b] static F: extern \"C\" fn() = forge; }} }}\n\
             m!(link_section used);\nfn main() {{}}"
        ),
    ];
    for code in codes {
        let reports = run(&[snippet(&code), snippet("assert_eq!(1, 2);")]).reports;
        assert!(matches!(failure(&reports[1]), Failure::Panicked { .. }), "{code}");
    }
}

#[test]
fn without_a_recheck_the_first_failure_counts() {
    let codes = ["panic!(\"no\");", "let x: u8 = \"\";", "loop {}", "println!(\"well\");"];
    let snippets = codes.map(snippet);
    let mut config = config();
    config.timeout = Duration::from_millis(500);
    config.recheck = false;
    let outcome = run_with(config, &snippets);
    // Once with the one that does not compile, and once without it.
    assert_eq!(outcome.rustc_calls, 2);
    let [panics, broken, endless, good] = &outcome.reports[..] else { panic!("four reports") };
    assert!(matches!(failure(panics), Failure::Panicked { .. }), "{panics:?}");
    assert!(matches!(failure(broken), Failure::DoesNotCompile { .. }), "{broken:?}");
    assert!(matches!(failure(endless), Failure::TimedOut { .. }), "{endless:?}");
    assert_passed(good);
}
