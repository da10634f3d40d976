//! What rustdoc puts around a snippet, for callers that write whole programs themselves.

use crate::{
    Error, program,
    syntax::{Syntax, with_deep_stack},
};

/// What goes around a snippet that is to share its program with other items: they belong at the
/// crate's root, behind the snippet's head and in front of `fn main`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrapper {
    /// How many bytes stand at the root in any case: crate attributes and the first
    /// `extern crate`s.
    pub head: usize,
    /// What opens `fn main` behind the head; empty for a snippet that has its own or needs none.
    pub open: &'static str,
    /// What closes it behind the snippet.
    pub close: &'static str,
}

impl Wrapper {
    /// Returns what the [`Runner`](crate::Runner), like rustdoc, would put around each snippet.
    /// Nothing goes around one that cannot be read.
    ///
    /// # Errors
    ///
    /// [`Error::Thread`] if the system has no thread to read them on.
    pub fn of_each(snippets: &[&str]) -> Result<Vec<Self>, Error> {
        with_deep_stack(|longest| {
            let wrapper = |code: &&str| {
                Syntax::read_up_to(longest, code).map(|syntax| program::wrapper(code, &syntax))
            };
            snippets.iter().map(|code| wrapper(code).unwrap_or_default()).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Wrapper;

    #[test]
    fn the_head_stays_outside_and_a_main_is_not_doubled() {
        for (code, head, open) in [
            ("f();", "", "fn main() {"),
            ("//! x\n\nf();", "//! x\n", "fn main() {"),
            (
                "#![allow(x)]\nextern crate core;\nf();",
                "#![allow(x)]\nextern crate core;",
                "fn main() {",
            ),
            ("#![allow(x)]\nfn main() {}", "#![allow(x)]", ""),
            ("#![no_std]\nfn f() {}", "#![no_std]", ""),
            ("fn main() {", "", ""),
        ] {
            let wrapper = Wrapper::of_each(&[code]).unwrap()[0];
            assert_eq!((&code[..wrapper.head], wrapper.open), (head, open), "{code}");
        }
        let wrapper = Wrapper::of_each(&["f()?;\nOk::<(), ()>(())"]).unwrap()[0];
        assert!(wrapper.open.contains("_inner()") && wrapper.close.starts_with("} _inner()"));
    }
}
