//! Paths that start at the crate's root.
//!
//! In a batch the root of a snippet is a module, so `crate::f` has to become `crate::s3::f`
//! there. [`crate::program`] does that; here the places are found.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use crate::syntax::{Syntax, mentions};

/// Macros that turn any of their tokens into text, which a longer path would change.
const PRINTING: &[&str] = &["dbg", "stringify"];

/// Macros that print their first argument when it is false.
const ASSERTING: &[&str] = &["assert", "debug_assert"];

/// Returns where each `crate` that starts a path ends, in bytes of the snippet; `None` if one of
/// them may be printed.
pub(crate) fn ends(syntax: &Syntax) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    let is_quiet = find(&syntax.tokens, &mut found);
    if found.is_empty() {
        return Some(Vec::new());
    }
    let is_quiet = is_quiet && !syntax.mentions(PRINTING);
    is_quiet.then(|| found.into_iter().map(|span| syntax.range(span).end).collect())
}

/// Collects the `crate`s; returns whether none of them is asserted.
fn find(tokens: &TokenStream, found: &mut Vec<Span>) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_name = |at: Option<usize>, names: &[&str]| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Ident(name)) => names.iter().any(|known| name == known),
        _ => false,
    };
    (0..tokens.len()).all(|at| {
        match &tokens[at] {
            TokenTree::Ident(name) if name == "crate" => {
                if !is_name(at.checked_sub(1), &["extern"]) {
                    found.push(name.span());
                }
            }
            TokenTree::Group(group)
                if is_name(at.checked_sub(1), &["pub"]) && is_visibility(group) => {}
            TokenTree::Group(group) => {
                let is_asserted = is_name(at.checked_sub(2), ASSERTING);
                return find(&group.stream(), found)
                    && !(is_asserted && mentions(&group.stream(), &["crate"]));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        true
    })
}

/// Returns whether a group is the `(crate)` of a visibility.
fn is_visibility(group: &Group) -> bool {
    let mut inner = group.stream().into_iter();
    matches!(inner.next(), Some(TokenTree::Ident(name)) if name == "crate")
        && inner.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_and_nothing_else() {
        for (code, expected) in [
            ("crate::f();", Some(vec![5])),
            ("use crate::{a, b}; m!(crate::c)", Some(vec![9, 27])),
            ("pub(crate) fn f() {} extern crate core;", Some(vec![])),
            ("pub(in crate::a) struct S;", Some(vec![12])),
            ("macro_rules! m { () => { $crate::f() } }", Some(vec![31])),
            ("assert_eq!(crate::f(), 1); // crate", Some(vec![16])),
            ("assert!(g(crate::f()));", None),
            ("dbg!(crate::f());", None),
            ("macro_rules! m { ($e:expr) => { stringify!($e) } } m!(crate::f());", None),
            ("stringify!(a)", Some(vec![])),
        ] {
            assert_eq!(ends(&Syntax::read(code).unwrap()), expected, "{code}");
        }
    }
}
