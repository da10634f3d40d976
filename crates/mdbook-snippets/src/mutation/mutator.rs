//! One walk over a snippet's tree that collects changes.

use super::{branches, constants, macros, operators};
use proc_macro2::Span;
use std::ops::Range;
use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Stmt};

/// A change of one place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The bytes that are replaced.
    pub(crate) range: Range<usize>,
    /// What stands there instead.
    pub(crate) instead: String,
    /// The bytes that are shown to say what was changed: the expression around it.
    pub(super) shown: Range<usize>,
}

/// Finds all changes of a snippet's code, hidden lines included, in the order of the text; `None`
/// if the code cannot be read here, which rustc may still understand.
///
/// It recurses as deep as the code does: call it on a deep stack.
pub(super) fn changes(code: &str) -> Option<Vec<Change>> {
    let text = code.strip_prefix('\u{feff}').unwrap_or(code);
    let statements = statements.parse_str(text).ok()?;
    let mut mutator = Mutator { base: code.len() - text.len(), found: Vec::new() };
    statements.iter().for_each(|statement| mutator.visit_stmt(statement));
    mutator.found.sort_by_key(|change| (change.range.start, change.range.end));
    Some(mutator.found)
}

/// A snippet is read as the body of a function, behind its `#![…]`.
fn statements(input: ParseStream<'_>) -> syn::Result<Vec<Stmt>> {
    Attribute::parse_inner(input)?;
    Block::parse_within(input)
}

/// The walk and what it has found.
pub(super) struct Mutator {
    /// The byte at which the parser started counting: behind a byte order mark.
    base: usize,
    found: Vec<Change>,
}

impl Mutator {
    /// The bytes of a span.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        self.base + range.start..self.base + range.end
    }

    /// Adds a change of `range` that is shown with all of `shown`.
    pub(super) fn add(
        &mut self,
        range: Range<usize>,
        instead: impl Into<String>,
        shown: Range<usize>,
    ) {
        self.found.push(Change { range, instead: instead.into(), shown });
    }
}

impl<'ast> Visit<'ast> for Mutator {
    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        operators::binary(self, binary);
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        operators::unary(self, unary);
        visit::visit_expr_unary(self, unary);
    }

    fn visit_lit_int(&mut self, literal: &'ast syn::LitInt) {
        constants::int(self, literal);
    }

    fn visit_lit_float(&mut self, literal: &'ast syn::LitFloat) {
        constants::float(self, literal);
    }

    fn visit_lit_bool(&mut self, literal: &'ast syn::LitBool) {
        constants::bool(self, literal);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        branches::if_else(self, branch);
        visit::visit_expr_if(self, branch);
    }

    fn visit_expr_while(&mut self, branch: &'ast syn::ExprWhile) {
        branches::while_loop(self, branch);
        visit::visit_expr_while(self, branch);
    }

    fn visit_pat_guard(&mut self, guarded: &'ast syn::PatGuard) {
        branches::guard(self, guarded);
        visit::visit_pat_guard(self, guarded);
    }

    fn visit_expr_break(&mut self, jump: &'ast syn::ExprBreak) {
        branches::jump_out(self, jump);
        visit::visit_expr_break(self, jump);
    }

    fn visit_expr_continue(&mut self, jump: &'ast syn::ExprContinue) {
        branches::jump_on(self, jump);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let arguments = macros::arguments(call);
        arguments.iter().for_each(|argument| self.visit_expr(argument));
    }

    // What attributes say is no code that runs.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    // Tests are evidence, not what it is about.
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !item.attrs.iter().any(|attribute| attribute.path().is_ident("test")) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !item.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, item);
        }
    }
}

/// Whether an attribute is `#[cfg(test)]`.
fn is_for_tests(attribute: &Attribute) -> bool {
    let condition = || attribute.parse_args::<syn::Path>();
    attribute.path().is_ident("cfg") && condition().is_ok_and(|path| path.is_ident("test"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every change of a text, as the text would look.
    fn changed(code: &str) -> Vec<String> {
        let apply = |change: Change| {
            let mut text = code.to_owned();
            text.replace_range(change.range, &change.instead);
            text
        };
        changes(code).expect("Rust").into_iter().map(apply).collect()
    }

    #[track_caller]
    fn check(code: &str, expected: &[&str]) {
        assert_eq!(changed(code), expected);
    }

    #[test]
    fn each_operator_becomes_another() {
        check("a + b;", &["a - b;"]);
        check("a * b / c % d;", &["a / b / c % d;", "a * b * c % d;", "a * b / c * d;"]);
        check("a < b && !c;", &["a <= b && !c;", "a < b || !c;", "a < b && c;"]);
        check("a += b << c;", &["a -= b << c;", "a += b >> c;"]);
        check("-a == b ^ c;", &["a == b ^ c;", "-a != b ^ c;", "-a == b | c;"]);
    }

    #[test]
    fn constants_become_their_neighbours() {
        check("f(0, 7u8);", &["f(1, 7u8);", "f(0, 6u8);", "f(0, 8u8);"]);
        check("0x1_0;", &["0xf;", "0x11;"]);
        check("1.5f32;", &["0.0f32;", "2.5f32;"]);
        check("f(true, \"1\", '2', b'3', x.0);", &["f(false, \"1\", '2', b'3', x.0);"]);
        check(
            "340282366920938463463374607431768211455;",
            &["340282366920938463463374607431768211454;"],
        );
        check("1e308;", &["0.0;", "5e307;"]);
        check("1e12_f64;", &["0.0f64;", "500000000000.0f64;"]);
        check("1_000_000;", &["500000;", "2000000;"]);
        check("4_500u32;", &["2250u32;", "9000u32;"]);
        check(
            "999.5; 65_537;",
            &["0.0; 65_537;", "1000.5; 65_537;", "999.5; 65536;", "999.5; 65538;"],
        );
    }

    #[test]
    fn branches_are_taken_or_not() {
        check(
            "if a { b(); } else { c(); }",
            &["if true { b(); } else { c(); }", "if false { b(); } else { c(); }", "if a { b(); }"],
        );
        check(
            "let x = if a { b } else { c };",
            &["let x = if true { b } else { c };", "let x = if false { b } else { c };"],
        );
        check("while a { continue; }", &["while false { continue; }", "while a { break; }"]);
        check(
            "match a { b if c => {} _ => {} }",
            &["match a { b if true => {} _ => {} }", "match a { b if false => {} _ => {} }"],
        );
        check("loop { break; }", &["loop { continue; }"]);
        check("if let Some(b) = a { loop { break 'x b } }", &[]);
    }

    #[test]
    fn arguments_of_known_macros_are_code_and_assertions_are_not() {
        check("println!(\"{} {x}\", a + b, x = c);", &["println!(\"{} {x}\", a - b, x = c);"]);
        check("vec![a; 2];", &["vec![a; 1];", "vec![a; 3];"]);
        check("vec![a + b];", &["vec![a - b];"]);
        check("assert!(a < 5); assert_eq!(a, 1 + 1); mine!(1 + 1); panic!(\"{}\", 1);", &[]);
        check(
            "#[repr(align(8))] struct S; #[test] fn t() { 1; } #[cfg(test)] mod t { fn f() { 1; } }",
            &[],
        );
    }

    #[test]
    fn places_are_bytes_of_the_text() {
        check("\u{feff}/* ä */ \"ö\" + b;", &["\u{feff}/* ä */ \"ö\" - b;"]);
        assert_eq!(changes("fn main() {"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_its_changes_fit(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..24),
        ) {
            let code = parts.concat();
            for change in changes(&code).unwrap_or_default() {
                let (before, after) = change.before_and_after(&code);
                prop_assert!(change.apply(&code) != code && before != after, "{change:?} of {code}");
            }
        }
    }

    /// What programs are made of, whole and broken.
    const PARTS: &[&str] = &[
        "if ",
        "a ",
        "{ ",
        "} ",
        "else ",
        "while ",
        "!",
        "-",
        "(",
        ")",
        "+ ",
        "<= ",
        "<< ",
        "&& ",
        "7",
        "0xfu8 ",
        "1.5 ",
        "true ",
        "; ",
        "ä ",
        "\"ö\" ",
        "vec![",
        "] ",
        ", ",
        "println!(",
        "\n",
        "match ",
        "_ ",
        "=> ",
        "break ",
        "let ",
        "= ",
        "loop ",
        "// ü\n",
        "\u{feff}",
        "#",
        "|",
    ];
}
