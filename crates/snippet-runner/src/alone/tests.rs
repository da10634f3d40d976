use super::*;

fn check(code: &str, expected: Option<Reason>) {
    check_in(Edition::E2021, code, expected);
}

fn check_in(edition: Edition, code: &str, expected: Option<Reason>) {
    let snippet = Snippet { edition, ..Snippet::new("test", code) };
    assert_eq!(reason(&snippet, Syntax::read(code).as_ref()), expected, "{code}");
}

#[test]
fn ordinary_code_shares() {
    for code in [
        "",
        "let x = 1;",
        "#![allow(dead_code)]\n//! Docs.\nfn main() {}",
        "pub(crate) struct S; mod m { use super::S; pub(super) fn f() {} }",
        "extern crate core as c;",
        "struct S; impl std::fmt::Display for S { }",
        "struct S; impl From<S> for Box<S> { } impl<'a> Add<&'a S> for &'a S { }",
        "trait T {} impl T for i32 {} impl<X> T for X {} impl Clone for Box<dyn T> {}",
        "fn main() { struct S; impl Drop for S { fn drop(&mut self) {} } }",
        "let file = 1; let path = 2; #[derive(Debug)] struct S;",
        "extern \"C\" fn f() {}",
        "macro_rules! m { ($x:expr) => { for i in 0..$x {} } }",
    ] {
        check(code, None);
    }
}

#[test]
fn crate_attributes() {
    for code in ["#![feature(x)]", "#![no_std]", "#![deny(warnings)]", "#![cfg_attr(x, allow(y))]"]
    {
        check(code, Some(Reason::CrateAttribute));
    }
}

#[test]
fn global_things() {
    for code in [
        "#[no_mangle] pub fn f() {}",
        "#[unsafe(no_mangle)] pub fn f() {}",
        "#[cfg_attr(all(), export_name = \"x\")] pub fn f() {}",
        "#[global_allocator] static A: S = S;",
        "#[macro_export] macro_rules! m { () => {} }",
        "#[macro_use] extern crate core;",
        "extern \"C\" { fn abs(x: i32) -> i32; }",
        "unsafe extern \"C\" { fn abs(x: i32) -> i32; }",
        "std::arch::global_asm!(\"\");",
        "std::arch::asm!(\"f: ret\");",
        "std::arch::asm!(\"nop\", \"  .globl f\");",
        "std::arch::asm!(\"nop\\n.globl f\");",
        "std::arch::asm!(concat!(\"f\", \":\"));",
    ] {
        check(code, Some(Reason::Global));
    }
    check("std::arch::asm!(\"mov {0:e}, {x}; nop\", in(reg) 1, x = out(reg) y);", None);
}

#[test]
fn paths_to_the_root() {
    for code in ["use super::*;", "dbg!(crate::f());", "mod a { mod b { use super::super::S; } }"] {
        check(code, Some(Reason::RootPath));
    }
}

#[test]
fn edition_2015_paths() {
    check_in(
        Edition::E2015,
        "use std::fmt; use self::a::B; let x = ::std::mem::size_of::<u8>();",
        None,
    );
    check_in(Edition::E2015, "let v: Vec<u8> = Vec::<u8>::new(); x(<u8>::max);", None);
    for code in ["use a::B;", "use {a, b};", "let x = ::a::f();", "f(::a::B)"] {
        check_in(Edition::E2015, code, Some(Reason::RootPath));
    }
}

#[test]
fn foreign_implementations() {
    for code in [
        "struct Mine; impl PartialEq<Mine> for i32 { }",
        "struct Mine; impl From<Mine> for Vec<Mine> { }",
        "struct Mine; impl Sum<Mine> for [Mine; 2] { }",
        "fn main() { struct Mine; impl Add<Mine> for f64 { } }",
        "macro_rules! m { ($t:ty) => { impl Add<Mine> for $t { } } }",
    ] {
        check(code, Some(Reason::ForeignImpl));
    }
}

#[test]
fn own_places() {
    for code in [
        "println!(\"{}\", module_path!());",
        "println!(\"{}\", std::any::type_name::<u8>());",
        "println!(\"{}\", file!());",
        "std::panic::Location::caller();",
        "include!(\"x\");",
        "println!(\"{}\", column!());",
        "std::panic::set_hook(Box::new(|info| println!(\"{info}\")));",
        "let hook = std::panic::take_hook();",
        "fn f(info: &std::panic::PanicHookInfo) { println!(\"{info}\"); }",
        "fn f(info: &std::panic::PanicInfo) {}",
        "m!(info.location());",
        "place.column();",
    ] {
        check(code, Some(Reason::OwnPlace));
        assert!(sees_place(&code.parse().unwrap()), "{code}");
    }
    for code in ["let (column, location) = (1, 2);", "table.column = 1;\ncolumn(location)"] {
        let expected = code.contains('.').then_some(Reason::OwnPlace);
        check(code, expected);
    }
}

#[test]
fn what_is_asked_for() {
    let standalone = Snippet { standalone: true, ..Snippet::new("test", "") };
    assert_eq!(reason(&standalone, None), Some(Reason::Asked));
    check("let x = ;", Some(Reason::Unreadable));
    check("fn main() {", Some(Reason::Unreadable));
}

#[test]
fn names_of_the_root_in_edition_2015() {
    for code in [
        "mod std {} fn main() {}",
        "extern crate std;",
        "extern crate core as std;",
        "use std;",
        "use std::{self, fmt};",
        "mod r#std {}",
        "macro_rules! m { ($n:ident) => { mod $n {} } } m!(std);",
        "mod core { pub mod mem {} } use core::mem;",
        "struct core;",
    ] {
        check_in(Edition::E2015, code, Some(Reason::RootPath));
    }
    for code in [
        "use std::{fmt, io::{self, Read}}; std::mem::drop(::std::mem::size_of::<u8>());",
        "extern crate core; use core::mem;",
        "extern crate core as c;",
    ] {
        check_in(Edition::E2015, code, None);
    }
    check("mod std {} fn main() {}", None);
}
