//! A snippet as the parser sees it.
//!
//! Parsed trees cannot leave their thread, and a deep expression needs a deep stack. So whoever
//! reads snippets does it inside [`with_deep_stack`] and takes away plain data.

use std::{io, ops::Range};

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::{
    Attribute, Block, Item, Stmt,
    ext::IdentExt as _,
    parse::{ParseStream, Parser},
};

use crate::Error;

/// A snippet's tokens, and its tree if it has one.
pub(crate) struct Syntax {
    /// Every token of the snippet.
    pub(crate) tokens: TokenStream,
    /// The tree; `None` for what [`syn`] cannot read, which rustc may still understand.
    pub(crate) tree: Option<Tree>,
    /// The byte at which the first token's text starts counting: past a byte order mark.
    base: usize,
    /// Where the program ends. What follows are attributes and doc comments with nothing behind
    /// them that they could be about, of which rustdoc takes no notice.
    pub(crate) end: usize,
}

/// A snippet as a function's body, behind its `#![…]`: rustdoc, too, reads it like that before it
/// looks for `main`.
pub(crate) struct Tree {
    /// Items, statements, and perhaps a last expression.
    pub(crate) statements: Vec<Stmt>,
}

/// A stack, and the longest snippet that is parsed on it: the parser recurses, and even a deep
/// stack has an end.
#[derive(Clone, Copy, Debug)]
struct Stack {
    /// Its size. It is address space; memory is taken only as far as the stack is used.
    size: usize,
    /// How many prefix operators in a row it is enough for.
    longest: usize,
}

/// The stacks to ask the system for, until it gives one: address space may be limited.
const STACKS: [Stack; 2] =
    [Stack { size: 1 << 30, longest: 64 * 1024 }, Stack { size: 64 << 20, longest: 4 * 1024 }];

impl Syntax {
    /// Reads a snippet; `None` if it does not even consist of tokens in balanced brackets. One
    /// that has more than `longest` bytes gets no tree.
    pub(crate) fn read_up_to(longest: usize, code: &str) -> Option<Self> {
        let text = code.strip_prefix('\u{feff}').unwrap_or(code);
        let tokens: TokenStream = text.parse().ok()?;
        let tree = |tokens: &TokenStream| {
            if text.len() > longest { None } else { Tree::parse.parse2(tokens.clone()).ok() }
        };
        let whole = tree(&tokens);
        let read = Syntax { tokens, tree: whole, base: code.len() - text.len(), end: code.len() };
        if read.tree.is_some() {
            return Some(read);
        }
        let Some((tokens, end)) = read.without_trailing_attributes() else { return Some(read) };
        match tree(&tokens) {
            None => Some(read),
            tree => Some(Syntax { tokens, tree, end, ..read }),
        }
    }

    /// Returns the tokens before the attributes at the end, if there are any, and where these
    /// start.
    fn without_trailing_attributes(&self) -> Option<(TokenStream, usize)> {
        let mut tokens: Vec<TokenTree> = self.tokens.clone().into_iter().collect();
        let mut end = None;
        while let Some(length) = trailing_attribute(&tokens) {
            let first = tokens.len() - length;
            end = Some(self.range(tokens[first].span()).start);
            tokens.truncate(first);
        }
        // Behind an expression without an end, rustdoc finds them wrong.
        let is_ended = match tokens.last() {
            None => true,
            Some(TokenTree::Punct(last)) => last.as_char() == ';',
            Some(TokenTree::Group(last)) => last.delimiter() == Delimiter::Brace,
            Some(_) => false,
        };
        end.filter(|_| is_ended).map(|end| (tokens.into_iter().collect(), end))
    }

    /// Returns the bytes of the snippet that a span covers.
    pub(crate) fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        self.base + range.start..self.base + range.end
    }

    /// Returns the contents of the `#![…]` at the top, each with its place in the snippet.
    pub(crate) fn head(&self) -> Vec<(Range<usize>, TokenStream)> {
        let tokens: Vec<_> = self.tokens.clone().into_iter().collect();
        let mut attributes = Vec::new();
        for [pound, bang, group] in tokens.as_chunks().0 {
            let (TokenTree::Punct(pound), TokenTree::Punct(bang)) = (pound, bang) else { break };
            let TokenTree::Group(group) = group else { break };
            if (pound.as_char(), bang.as_char(), group.delimiter())
                != ('#', '!', Delimiter::Bracket)
            {
                break;
            }
            let place = self.range(pound.span()).start..self.range(group.span()).end;
            attributes.push((place, group.stream()));
        }
        attributes
    }

    /// Returns whether one of the `#![…]` at the top has this name.
    pub(crate) fn has_crate_attribute(&self, name: &str) -> bool {
        let is_it = |attribute: TokenStream| match attribute.into_iter().next() {
            Some(TokenTree::Ident(ident)) => ident == name,
            _ => false,
        };
        self.head().into_iter().any(|(_, attribute)| is_it(attribute))
    }

    /// Returns whether rustc may not accept the snippet's `main`, though it is a function that can
    /// be called.
    pub(crate) fn has_unusual_main(&self) -> bool {
        const HARMLESS: &[&str] = &["allow", "doc", "expect", "warn"];
        let is_unusual = |statement: &Stmt| match statement {
            Stmt::Item(Item::Fn(function)) if function.sig.ident.unraw() == "main" => {
                let is_harmless = |attribute: &Attribute| {
                    HARMLESS.iter().any(|name| attribute.path().is_ident(name))
                };
                function.sig.constness.is_some()
                    || !function.sig.generics.params.is_empty()
                    || function.sig.generics.where_clause.is_some()
                    || !function.attrs.iter().all(is_harmless)
            }
            Stmt::Item(Item::Macro(call)) => spells_main(&call.mac.tokens),
            Stmt::Macro(call) => spells_main(&call.mac.tokens),
            _ => false,
        };
        self.tree.iter().flat_map(|tree| &tree.statements).any(is_unusual)
    }

    /// Returns whether one of the names stands anywhere in the snippet, as `r#name` too.
    pub(crate) fn mentions(&self, names: &[&str]) -> bool {
        mentions(&self.tokens, names)
    }

    /// Returns whether the snippet brings its own `fn main` that rustdoc would call.
    ///
    /// As in rustdoc, a statement beside it means that all of it is wrapped, and a macro that
    /// spells `fn main(` counts.
    pub(crate) fn has_main(&self) -> bool {
        let Some(tree) = &self.tree else { return spells_main(&self.tokens) };
        let mut found = false;
        for statement in &tree.statements {
            match statement {
                Stmt::Item(Item::Fn(function)) => found |= function.sig.ident.unraw() == "main",
                Stmt::Item(Item::Macro(call)) => {
                    found |= call.ident.is_none() && spells_main(&call.mac.tokens);
                }
                Stmt::Macro(call) => found |= spells_main(&call.mac.tokens),
                Stmt::Item(_) => {}
                Stmt::Local(_) | Stmt::Expr(..) => return false,
            }
        }
        found
    }
}

impl Tree {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Attribute::parse_inner(input)?;
        Ok(Tree { statements: Block::parse_within(input)? })
    }
}

/// Runs `read` on a thread with a deep stack, and tells it how many bytes a snippet may have that
/// is parsed there: [`syn`] recurses, and its trees cannot leave their thread.
///
/// # Errors
///
/// [`Error::Thread`] if the system has no such thread to give.
pub fn with_deep_stack<T: Send>(read: impl Fn(usize) -> T + Sync) -> Result<T, Error> {
    with_stack(&STACKS, read)
}

fn with_stack<T: Send>(stacks: &[Stack], read: impl Fn(usize) -> T + Sync) -> Result<T, Error> {
    let read = &read;
    let mut refused = io::Error::from(io::ErrorKind::OutOfMemory);
    for &Stack { size, longest } in stacks {
        let result = std::thread::scope(|scope| {
            let builder = std::thread::Builder::new().stack_size(size);
            let thread = builder.spawn_scoped(scope, move || read(longest))?;
            Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        match result {
            Ok(result) => return Ok(result),
            Err(error) => refused = error,
        }
    }
    Err(Error::Thread { source: refused })
}

/// Returns how many tokens the attribute has that stands at the end, if one does. A doc comment is
/// one.
fn trailing_attribute(tokens: &[TokenTree]) -> Option<usize> {
    let is_punct = |token: &TokenTree, expected| matches!(token, TokenTree::Punct(punct) if punct.as_char() == expected);
    let is_list = |group: &proc_macro2::Group| group.delimiter() == Delimiter::Bracket;
    match tokens {
        [.., pound, bang, TokenTree::Group(group)]
            if is_punct(pound, '#') && is_punct(bang, '!') && is_list(group) =>
        {
            Some(3)
        }
        [.., pound, TokenTree::Group(group)] if is_punct(pound, '#') && is_list(group) => Some(2),
        _ => None,
    }
}

/// Returns whether one of the names stands anywhere in a stream, as `r#name` too.
pub(crate) fn mentions(tokens: &TokenStream, names: &[&str]) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| ident.unraw() == name),
        TokenTree::Group(group) => mentions(&group.stream(), names),
        _ => false,
    })
}

/// Returns whether the tokens `fn main (` stand in a stream, not counting nested brackets.
fn spells_main(tokens: &TokenStream) -> bool {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    tokens.windows(3).any(|window| match window {
        [TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(arguments)] => {
            keyword == "fn" && name == "main" && arguments.delimiter() == Delimiter::Parenthesis
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Syntax {
        /// Reads a snippet as a test does, whose snippets are short.
        pub(crate) fn read(code: &str) -> Option<Self> {
            Self::read_up_to(STACKS[0].longest, code)
        }
    }

    #[test]
    fn main_is_found_as_rustdoc_finds_it() {
        for (code, expected) in [
            ("fn main() {}", true),
            ("struct S; fn main() {}", true),
            ("fn other() { fn main() {} }", false),
            ("let x = 1; fn main() {}", false),
            ("// fn main() {}", false),
            ("\"fn main() {}\";", false),
            ("m! { fn main() {} }", true),
            ("macro_rules! m { () => { fn main() {} } }", false),
            ("mod main {}", false),
            ("fn r#main() {}", true),
            ("fn main() {}\n/// about nothing", true),
            // syn cannot read it, but the tokens are there.
            ("fn main() {} struct;", true),
        ] {
            assert_eq!(Syntax::read(code).unwrap().has_main(), expected, "{code}");
        }
    }

    #[test]
    fn the_program_ends_before_what_is_about_nothing() {
        for (code, expected) in [
            ("let x = 1;\n/// y", "let x = 1;\n"),
            ("\u{feff}f();\n#[allow(unused)]\n//! z\n", "\u{feff}f();\n"),
            ("/** only */", ""),
            ("f(); #[a] let x = 1;", "f(); #[a] let x = 1;"),
            ("let x = ; #[a]", "let x = ; #[a]"),
            ("Ok::<(), ()>(()) /// y", "Ok::<(), ()>(()) /// y"),
        ] {
            assert_eq!(&code[..Syntax::read(code).unwrap().end], expected);
        }
    }

    #[test]
    fn what_is_no_token_stream_is_not_read() {
        for code in ["fn main() {", "\"open", "'", ")"] {
            assert!(Syntax::read(code).is_none(), "{code}");
        }
    }

    #[test]
    fn the_head_is_found_behind_a_byte_order_mark() {
        let syntax = Syntax::read("\u{feff}#![allow(x)]\n//! doc\nfn f() {}").unwrap();
        let places: Vec<_> = syntax.head().into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, [3..15, 16..23]);
    }

    #[test]
    fn deep_nesting_does_not_overflow() {
        let nested =
            |open: &str, close: &str, depth| open.repeat(depth) + "x" + &close.repeat(depth);
        for code in [nested("!", "", 60_000), nested("(", ")", 30_000), nested("{", "}", 30_000)] {
            let read = |longest| Syntax::read_up_to(longest, &code).unwrap().tree.is_some();
            assert!(with_deep_stack(read).is_ok());
        }
    }

    #[test]
    fn a_small_stack_will_do_where_there_is_no_deep_one() {
        let refused = Stack { size: 1 << 60, longest: usize::MAX };
        let operators = |count| "!".repeat(count) + "x";
        let parses =
            |code: &str, longest| Syntax::read_up_to(longest, code).unwrap().tree.is_some();
        for (code, expected) in [(operators(4000), true), (operators(5000), false)] {
            let stacks = [refused, STACKS[1]];
            assert_eq!(with_stack(&stacks, |longest| parses(&code, longest)).unwrap(), expected);
        }
        assert!(matches!(with_stack(&[refused], |_| ()), Err(Error::Thread { .. })));
    }
}
