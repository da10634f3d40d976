//! What rustdoc puts around a snippet, for callers that write whole programs themselves.

use crate::{
    Error, program,
    syntax::{Syntax, with_deep_stack},
};

/// What goes around a snippet that is to share its program with other items: they belong at the
/// crate's root, behind the snippet's head and in front of `fn main`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrapper {
    /// How many of the first lines stand at the root in any case: whole lines of crate attributes,
    /// the first `extern crate`s, and comments, of which none goes on behind them.
    pub head: usize,
    /// What opens `fn main` behind the head; empty for a snippet that has its own or needs none.
    pub open: &'static str,
    /// What closes it behind the snippet.
    pub close: &'static str,
}

impl Wrapper {
    /// Returns what the [`Runner`](crate::Runner), like rustdoc, would put around each snippet;
    /// `None` for one that does not even consist of tokens in balanced brackets.
    ///
    /// # Errors
    ///
    /// [`Error::Thread`] if the system has no thread to read them on.
    pub fn of_each(snippets: &[&str]) -> Result<Vec<Option<Self>>, Error> {
        with_deep_stack(|longest| {
            let wrapper = |code: &&str| {
                Syntax::read_up_to(longest, code).map(|syntax| program::wrapper(code, &syntax))
            };
            snippets.iter().map(wrapper).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Wrapper;

    #[test]
    fn the_head_stays_outside_and_a_main_is_not_doubled() {
        for (code, head, open) in [
            ("f();", 0, "fn main() {"),
            ("//! x\n\nf();", 1, "fn main() {"),
            ("#![allow(x)]\nextern crate core;\nf();", 2, "fn main() {"),
            ("#![allow(x)]\nfn main() {}", 1, ""),
            ("#![no_std]\nfn f() {}", 1, ""),
        ] {
            let wrapper = read(code);
            assert_eq!((wrapper.head, wrapper.open), (head, open), "{code}");
        }
        let wrapper = read("f()?;\nOk::<(), ()>(())");
        assert!(wrapper.open.contains("_inner()") && wrapper.close.starts_with("} _inner()"));
        assert_eq!(Wrapper::of_each(&["fn main() {"]).unwrap(), [None]);
    }

    #[test]
    fn the_head_ends_with_a_line_and_in_no_item_or_comment() {
        for (code, head) in [
            ("#![a]\nextern crate core; // b\n\nf();", 2),
            ("#![a]\n#![b] f();", 1),
            ("#![a]", 1),
            ("#![allow(\n    unused,\n)] /* of no matter */\nf();", 3),
            ("#![allow(\n    unused)] use a::f;\nf();", 0),
            ("/* a\n*/ #![allow(x)] /* b\n*/ f();", 0),
            ("#![a]\n/* b\n*/ #![c] /* d /* e\n*/\n*/ // f\n\nf();", 5),
            ("extern\ncrate core;\n// b\nextern crate std; f();", 3),
            ("/*! a\nb */\n//! c\n/// d\nfn f() {}", 3),
            ("// a\nf();", 0),
        ] {
            assert_eq!(read(code).head, head, "{code}");
        }
    }

    fn read(code: &str) -> Wrapper {
        Wrapper::of_each(&[code]).unwrap()[0].unwrap()
    }
}
