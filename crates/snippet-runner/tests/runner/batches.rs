//! Neighbours do not harm each other, and a batch saves calls.

use snippet_runner::{Edition, Expect, Failure, Snippet};

use crate::{assert_passed, failure, run, run_both, snippet};

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
