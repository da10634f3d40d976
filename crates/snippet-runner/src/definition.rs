//! Where a program defines what rustc only names.

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};

use crate::{
    Error, Position,
    position::Lines,
    syntax::{Syntax, with_deep_stack},
};

/// Returns where `code` defines `field` of the structs and unions called `owner`; without a field,
/// or if it has a number for a name, where these are defined.
///
/// # Errors
///
/// [`Error::Thread`] if the system has no thread to read the code on.
pub fn definitions(code: &str, owner: &str, field: Option<&str>) -> Result<Vec<Position>, Error> {
    with_deep_stack(|_| {
        let mut search = Search { owner, field, found: Vec::new() };
        // Tokens are all that is wanted, of code that may have no tree.
        let Some(syntax) = Syntax::read_up_to(0, code) else { return Vec::new() };
        search.stream(&syntax.tokens);
        let lines = Lines::new(code);
        search.found.into_iter().map(|at| lines.position(syntax.range(at).start)).collect()
    })
}

struct Search<'a> {
    owner: &'a str,
    field: Option<&'a str>,
    found: Vec<Span>,
}

impl Search<'_> {
    fn stream(&mut self, tokens: &TokenStream) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.stream(&group.stream()),
                TokenTree::Ident(name) if name == self.owner && follows_keyword(&tokens[..at]) => {
                    self.found.extend(self.of_type(token, &tokens[at + 1..]));
                }
                _ => {}
            }
        }
    }

    /// Finds the field in the type whose name is `name`, and which goes on with `rest`.
    fn of_type(&self, name: &TokenTree, rest: &[TokenTree]) -> Option<Span> {
        let Some(field) = self.field else { return Some(name.span()) };
        let braces = |token: &TokenTree| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                Some(group.stream())
            }
            _ => None,
        };
        // Constants in generics aside, the first braces of a type hold its fields.
        let Some(body) = rest.iter().take_while(|token| !is_punct(token, ';')).find_map(braces)
        else {
            return field.starts_with(|ch: char| ch.is_ascii_digit()).then(|| name.span());
        };
        let body: Vec<TokenTree> = body.into_iter().collect();
        let is_field = |at: &usize| {
            let is_path = at.checked_sub(1).is_some_and(|before| is_punct(&body[before], ':'));
            is_ident(&body[*at], field) && !is_path && body.get(at + 1).is_some_and(is_colon)
        };
        (0..body.len()).find(is_field).map(|at| body[at].span())
    }
}

/// Returns whether a name behind these tokens is that of a type with fields.
fn follows_keyword(before: &[TokenTree]) -> bool {
    before.last().is_some_and(|word| is_ident(word, "struct") || is_ident(word, "union"))
}

/// Returns whether a token is a colon that stands for itself, not for a half of `::`.
fn is_colon(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(colon) => colon.as_char() == ':' && colon.spacing() == Spacing::Alone,
        _ => false,
    }
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

#[cfg(test)]
mod tests {
    use super::definitions;

    #[test]
    fn fields_are_found_in_their_type_and_nowhere_else() {
        let code = "/// The struct Ring has a value: 1.\npub struct Other { size: u8 }\n\
                    // struct Ring { size: u8 }\n\
                    struct Ring<T: Copy> {\n    // size: of it\n    at: m::size::T,\n    \
                    pub(crate) size: Vec<T>,\n}\n\
                    mod m {\n    struct Pair(u8);\n}\nstruct Last { value: u8 }\n";
        for (owner, field, expected) in [
            ("Ring", Some("size"), &[(7, 16)][..]),
            ("Ring", Some("value"), &[]),
            ("Ring", None, &[(4, 8)]),
            ("Pair", Some("0"), &[(10, 12)]),
            ("Pair", Some("value"), &[]),
            ("Gone", Some("size"), &[]),
        ] {
            let found = definitions(code, owner, field).unwrap();
            let found: Vec<_> = found.iter().map(|at| (at.line, at.column)).collect();
            assert_eq!(found, expected, "{owner} {field:?}");
        }
        let twice = "mod a { struct S { x: u8 } } mod b { struct S { x: u8 } }";
        assert_eq!(definitions(twice, "S", Some("x")).unwrap().len(), 2);
    }
}
