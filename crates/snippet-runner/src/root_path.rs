//! Paths that start at the crate's root.
//!
//! In a batch the root of a snippet is a module, so `crate::f` has to become `crate::s3::f`
//! there. [`crate::program`] does that; here the places are found. Macros may count tokens, print
//! them, or look for a bare `crate`: where one of those could be, the snippet cannot be moved.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use crate::{Edition, syntax::Syntax};

/// Macros of the standard library that only evaluate what they are given.
const QUIET: &[&str] = &[
    "assert_eq",
    "assert_ne",
    "eprint",
    "eprintln",
    "format",
    "panic",
    "print",
    "println",
    "vec",
    "write",
    "writeln",
];

/// Returns where each `crate` that starts a path ends, in bytes of the snippet; `None` if a longer
/// path might make a difference.
pub(crate) fn ends(syntax: &Syntax, edition: Edition) -> Option<Vec<usize>> {
    let mut search =
        Search { found: Vec::new(), defines_macros: syntax.mentions(&["macro_rules"]) };
    let is_movable = search.stream(&syntax.tokens);
    // `crate::std` is the library there.
    let is_movable = is_movable && (edition != Edition::E2015 || search.found.is_empty());
    is_movable.then(|| search.found.into_iter().map(|span| syntax.range(span).end).collect())
}

struct Search {
    found: Vec<Span>,
    /// Then any macro may be one of the snippet's own.
    defines_macros: bool,
}

impl Search {
    /// Collects the `crate`s; returns whether all of them can be moved.
    fn stream(&mut self, tokens: &TokenStream) -> bool {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let name = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
            Some(TokenTree::Ident(name)) => name.to_string(),
            _ => String::new(),
        };
        let punct = |at: usize| match tokens.get(at) {
            Some(TokenTree::Punct(punct)) => punct.as_char(),
            _ => ' ',
        };
        (0..tokens.len()).all(|at| match &tokens[at] {
            TokenTree::Ident(ident) if ident == "crate" => {
                if name(at.checked_sub(1)) == "extern" {
                    return true;
                }
                self.found.push(ident.span());
                (punct(at + 1), punct(at + 2)) == (':', ':')
            }
            TokenTree::Group(group) => {
                if name(at.checked_sub(1)) == "pub" && is_visibility(group, "crate") {
                    return true;
                }
                let before = self.found.len();
                let is_movable = self.stream(&group.stream());
                let is_macro = at > 0 && (punct(at - 1) == '!' || at > 1 && punct(at - 2) == '!');
                let is_quiet =
                    || !self.defines_macros && QUIET.contains(&&*name(at.checked_sub(2)));
                is_movable && (!is_macro || self.found.len() == before || is_quiet())
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => true,
        })
    }
}

/// Returns whether a group is a visibility of one word, such as `(crate)`.
pub(crate) fn is_visibility(group: &Group, word: &str) -> bool {
    let mut inner = group.stream().into_iter();
    matches!(inner.next(), Some(TokenTree::Ident(name)) if name == word) && inner.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_and_nothing_else() {
        for (code, expected) in [
            ("crate::f();", Some(vec![5])),
            ("use crate::{a, b}; println!(\"{}\", crate::c)", Some(vec![9, 39])),
            ("pub(crate) fn f() {} extern crate core;", Some(vec![])),
            ("m!(a); v!(pub(crate) struct S;)", Some(vec![])),
            ("assert_eq!(crate::f(), 1); // crate", Some(vec![16])),
            ("#![doc = \"crate\"] f(!(crate::x))", None),
            ("pub(in crate) struct S;", None),
            ("use crate as root;", None),
            ("m!(crate::c)", None),
            ("m! { mod a { fn f() { crate::c } } }", None),
            ("assert!(g(crate::f()));", None),
            ("println!(\"{}\", count!(crate::f));", None),
            ("macro_rules! m { () => { $crate::f() } }", None),
            ("macro_rules! format { ($e:expr) => { stringify!($e) } } format!(crate::f());", None),
            ("stringify!(a)", Some(vec![])),
        ] {
            assert_eq!(ends(&Syntax::read(code).unwrap(), Edition::E2021), expected, "{code}");
        }
        let code = "crate::std::mem::drop(1)";
        assert_eq!(ends(&Syntax::read(code).unwrap(), Edition::E2015), None);
    }
}
