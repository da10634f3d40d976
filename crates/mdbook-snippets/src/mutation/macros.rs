//! Macros whose arguments are expressions. To the parser they are tokens.

use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Macro, Token};

/// Macros of the standard library into whose arguments the walk goes. Those that assert are left
/// out: an assertion is evidence, not what it is about. So is what nobody reads: standard error,
/// and what a panic says.
const KNOWN: &[&str] = &["format", "format_args", "print", "println", "vec", "write", "writeln"];

/// The arguments of a macro that is known; none of any other.
pub(super) fn arguments(call: &Macro) -> Vec<Expr> {
    let name = call.path.segments.last().map(|segment| segment.ident.to_string());
    if !name.is_some_and(|name| KNOWN.contains(&name.as_str())) {
        return Vec::new();
    }
    list.parse2(call.tokens.clone()).unwrap_or_default()
}

/// `a, b` or `a; n`.
fn list(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    if input.is_empty() {
        return Ok(Vec::new());
    }
    let first: Expr = input.parse()?;
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(vec![first, input.parse()?]);
    }
    input.parse::<Option<Token![,]>>()?;
    let rest = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
    Ok(std::iter::once(first).chain(rest).collect())
}
