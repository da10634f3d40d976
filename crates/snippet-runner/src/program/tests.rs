use proptest::prelude::*;

use super::*;
use crate::syntax::with_deep_stack;

fn program(code: &str) -> Program {
    Program::new(code, Syntax::read(code).as_ref())
}

fn check(code: &str, expected: &str) {
    assert_eq!(program(code).text(), expected);
}

#[test]
fn statements_are_wrapped() {
    check("let x = 1;\nx;", "fn main() { let x = 1;\nx;\n}");
}

#[test]
fn an_empty_snippet_is_an_empty_main() {
    check("", "fn main() { \n}");
    check("// nothing", "fn main() { // nothing\n}");
}

#[test]
fn a_main_is_kept() {
    check("fn main() {}", "fn main() {}");
    check("use std::fmt;\nfn main() -> fmt::Result { Ok(()) }\n", {
        "use std::fmt;\nfn main() -> fmt::Result { Ok(()) }\n"
    });
}

#[test]
fn a_main_beside_statements_is_not_called() {
    check("let x = 1;\nfn main() {}", "fn main() { let x = 1;\nfn main() {}\n}");
}

#[test]
fn a_result_is_unwrapped() {
    check(
        "f()?;\nOk::<(), E>(()) // done\n",
        "fn main() { fn _inner() -> core::result::Result<(), impl core::fmt::Debug> { \
         f()?;\nOk::<(), E>(()) // done\n\n} _inner().unwrap() }",
    );
    check("f(());", "fn main() { f(());\n}");
}

#[test]
fn crate_attributes_stay_on_top() {
    check("#![allow(x)]\nlet x = 1;", "#![allow(x)]fn main() { \nlet x = 1;\n}");
    check("#![a]\n//! doc\nf();", "#![a]\n//! doc\nfn main() { f();\n}");
    check("/*! doc */ f();", "/*! doc */fn main() {  f();\n}");
}

#[test]
fn extern_crates_are_moved_up() {
    check("extern crate core;\nf();", "extern crate core;fn main() { \nf();\n}");
    check(
        "#![a]\nextern crate a;\nf();\nextern crate b;\ng();",
        "#![a]\nextern crate a;extern crate b; fn main() { \nf();\n\ng();\n}",
    );
}

#[test]
fn no_std_programs_and_unreadable_text_are_left_alone() {
    check("#![no_std]\nf();", "#![no_std]\nf();");
    check("let s = \"open;", "let s = \"open;");
}

#[test]
fn what_only_rustc_can_read_is_wrapped() {
    check("let x = ;", "fn main() { let x = ;\n}");
    check("fn main() { let x = ; }", "fn main() { let x = ; }");
}

#[test]
fn a_byte_order_mark_stays_first() {
    check("\u{feff}f();", "\u{feff}fn main() { f();\n}");
}

#[test]
fn positions_are_mapped_back() {
    let code = "let x = 1;\n\tpanic!();";
    let program = program(code);
    let at = program.text().find("panic").unwrap();
    assert_eq!(program.nearest(at), Position { line: 2, column: 2 });
    assert_eq!(program.position_of_display(2, 5), Some(Position { line: 2, column: 2 }));
    assert_eq!(program.position_of_display(1, 13), Some(Position { line: 1, column: 1 }));
    assert_eq!(program.position_of_display(1, 3), None);
    assert_eq!(program.nearest(2), Position { line: 1, column: 1 });
    assert_eq!(program.nearest(program.text().len()), Position { line: 2, column: 11 });
}

#[test]
fn columns_on_the_wrappers_line_are_the_snippets() {
    check("f(column!());\ncolumn!();", "fn main() { f(3_u32    );\ncolumn!();\n}");
    check("/* ä */ column ! [ ];", "fn main() { /* ä */ 9_u32       ;\n}");
    for code in [
        "macro_rules! m { () => { column!() } }",
        "std::column!();",
        "column!(1);",
        "use a::column; column!();",
    ] {
        check(code, &format!("fn main() {{ {code}\n}}"));
    }
    check("fn main() { column!(); }", "fn main() { column!(); }");
}

#[test]
fn moved_items_are_mapped_back() {
    let code = "f();\nextern crate b;\ng();";
    let program = program(code);
    let position = |text: &str| program.nearest(program.text().find(text).unwrap());
    assert_eq!(position("extern"), Position { line: 2, column: 1 });
    assert_eq!(position("g()"), Position { line: 3, column: 1 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Nothing panics, the program's text is all there, and each copied byte maps to itself.
    #[test]
    fn the_map_is_right_for_any_text(
        parts in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "[ -~\n]{0,12}",
                prop::sample::select(vec![
                    "#![allow(x)]\n", "//! doc\n", "extern crate a;\n", "fn main() {}\n",
                    "let x = \"ä\";\n", "Ok::<(), ()>(())", "struct S;", "m! { fn main() {} }",
                    "\r\n", "/// doc\n", "\u{feff}", "/* c */", "\t日",
                ]).prop_map(str::to_owned),
            ],
            0..8,
        )
    ) {
        let code: String = parts.concat();
        let read = |longest| {
            let syntax = Syntax::read_up_to(longest, &code);
            let _ = crate::alone::reason(&crate::Snippet::new("test", &*code), syntax.as_ref());
            let end = syntax.as_ref().map_or(code.len(), |syntax| syntax.end);
            (Program::new(&code, syntax.as_ref()), end)
        };
        let (program, end) = with_deep_stack(read).expect("no panic");
        let mut covered = vec![false; code.len()];
        for piece in &program.pieces {
            let copied = &program.text[piece.at..piece.at + piece.from.len()];
            prop_assert_eq!(copied, &code[piece.from.clone()]);
            for byte in piece.from.clone() {
                prop_assert!(!std::mem::replace(&mut covered[byte], true));
            }
        }
        prop_assert!(covered[..end].iter().all(|byte| *byte));
        for offset in 0..=program.text.len() + 1 {
            let _ = program.nearest(offset);
        }
        for line in 0..4 {
            let _ = program.position_of_display(line, 7);
        }
    }
}

#[test]
fn in_a_batch_the_root_is_a_module() {
    let code = "use crate::a::f; mod a { pub fn f() {} }\nfn main() { crate::a::f(); panic!() }";
    let syntax = Syntax::read(code).unwrap();
    let mut program = Program::new(code, Some(&syntax));
    program.set_roots(crate::root_path::ends(&syntax, crate::Edition::E2021).unwrap());
    let moved = program.in_module("s3");
    assert_eq!(moved.text(), code.replace("crate", "crate::s3"));
    assert_eq!(moved.position_of_display(2, 31), program.position_of_display(2, 27));
    assert_eq!(moved.position_of_display(2, 20), None);
}
