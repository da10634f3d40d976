//! Which snippets cannot share a crate with others, and why.
//!
//! Being wrong in one direction costs a compilation, in the other a verdict: in doubt, alone. A
//! snippet that fails in a batch is compiled alone anyway; what is looked for here is what could
//! *pass* in a batch though it fails alone, change its output, or harm its neighbours.
//!
//! To add a reason: a name that gives it away goes into one of the tables; what needs more than
//! a name gets a variant and a function of its own.

mod impls;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt as _;

use crate::{
    Edition, Snippet, root_path,
    syntax::{Syntax, mentions},
};

/// Why a snippet is compiled alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It asks for it, or for a program of another shape (`standalone`, `test_harness`).
    Asked,
    /// It cannot be parsed here; it may break the batch's parse, or hide what follows.
    Unreadable,
    /// It has a crate attribute, which a module would ignore or confine.
    CrateAttribute,
    /// It defines or imports something that the whole program shares.
    Global,
    /// It names the crate's root, and may print that, or what follows the edition's own rules.
    RootPath,
    /// Its `main` is of a sort that rustc may not accept; as a function like any other it would.
    Main,
    /// It says something about foreign types, which its neighbours would hear.
    ForeignImpl,
    /// It looks at its own path, file or place.
    OwnPlace,
}

/// Attributes that reach beyond a module, wherever they stand.
const GLOBAL_ATTRIBUTES: &[&str] = &[
    "alloc_error_handler",
    "export_name",
    "global_allocator",
    "lang",
    "link",
    "link_name",
    "link_section",
    "macro_export",
    "naked",
    "no_main",
    "no_mangle",
    "panic_handler",
    "path",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "used",
];

/// Of these, those that put something into the program that runs unasked, or takes another's place:
/// a macro may make an attribute of the name.
const SYMBOL_ATTRIBUTES: &[&str] = &[
    "alloc_error_handler",
    "export_name",
    "global_allocator",
    "link_name",
    "link_section",
    "no_mangle",
    "panic_handler",
];

/// Crates whose macros do so.
const GLOBAL_CRATES: &[&str] = &["ctor", "dtor", "inventory", "linkme"];

/// Macros that see where they stand, or read what stands there.
const PLACE_MACROS: &[&str] =
    &["column", "file", "include", "include_bytes", "include_str", "module_path"];

/// Macros that can define symbols for the whole program.
const GLOBAL_MACROS: &[&str] = &["global_asm", "naked_asm"];

/// Names from the standard library that tell a program its own path, file or place.
const PLACE_NAMES: &[&str] = &[
    "Backtrace",
    "Location",
    "PanicHookInfo",
    "PanicInfo",
    "current_exe",
    "set_hook",
    "take_hook",
    "type_name",
    "type_name_of_val",
    "update_hook",
];

/// Methods that do so; as names of other things they are too common.
const PLACE_METHODS: &[&str] = &["column", "location"];

/// Crate attributes that mean the same in a module.
const MODULE_ATTRIBUTES: &[&str] = &["allow", "doc", "expect", "warn"];

/// Crates that every path of edition 2015 finds at the crate's root. There, rustc puts `std` by
/// that name; from 2018 on, no code can name what it puts there.
const ROOT_CRATES_2015: &[&str] = &["std", "core"];

/// Words of which a path of edition 2015 can be told not to lead to a neighbour.
const OWN_ROOTS_2015: &[&str] = &["self", "super"];

/// Returns why a snippet has to be compiled alone, if it has to.
pub(crate) fn reason(snippet: &Snippet, syntax: Option<&Syntax>) -> Option<Reason> {
    if snippet.standalone || snippet.test_harness {
        return Some(Reason::Asked);
    }
    let (Some(syntax), Some(tree)) = (syntax, syntax.and_then(|syntax| syntax.tree.as_ref()))
    else {
        return Some(Reason::Unreadable);
    };
    for (_, attribute) in syntax.head() {
        let Some(TokenTree::Ident(name)) = attribute.into_iter().next() else {
            return Some(Reason::CrateAttribute);
        };
        if !MODULE_ATTRIBUTES.iter().any(|known| name == known) {
            return Some(Reason::CrateAttribute);
        }
    }
    if syntax.has_unusual_main() {
        return Some(Reason::Main);
    }
    if syntax.mentions(GLOBAL_CRATES)
        || syntax.mentions(&["macro_rules"]) && syntax.mentions(SYMBOL_ATTRIBUTES)
    {
        return Some(Reason::Global);
    }
    if root_path::ends(syntax, snippet.edition).is_none() {
        return Some(Reason::RootPath);
    }
    let scan = Scan { edition: snippet.edition, modules: 0, is_below_path: false };
    scan.stream(&syntax.tokens).or_else(|| impls::reason(tree))
}

/// A walk over all tokens, those inside macros included.
#[derive(Clone, Copy)]
struct Scan {
    edition: Edition,
    /// How many `mod name { … }` of the snippet's own enclose the tokens.
    modules: usize,
    /// The tokens stand in `path::{…}`.
    is_below_path: bool,
}

impl Scan {
    fn stream(self, tokens: &TokenStream) -> Option<Reason> {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        (0..tokens.len()).find_map(|at| match &tokens[at] {
            TokenTree::Group(group) => self.group(&tokens[..at], group),
            TokenTree::Ident(name) => self.name(&tokens, at, &name.unraw().to_string()),
            TokenTree::Punct(_) => self.absolute_path(&tokens, at),
            TokenTree::Literal(_) => None,
        })
    }

    fn group(self, before: &[TokenTree], group: &proc_macro2::Group) -> Option<Reason> {
        let is_attribute = group.delimiter() == Delimiter::Bracket
            && matches!(before.last(), Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '#' | '!'));
        if is_attribute && mentions(&group.stream(), GLOBAL_ATTRIBUTES) {
            return Some(Reason::Global);
        }
        if is_ident(before.last(), "pub") && root_path::is_visibility(group, "crate") {
            return None;
        }
        let is_module = before.len() >= 2
            && is_ident(before.get(before.len() - 2), "mod")
            && matches!(before.last(), Some(TokenTree::Ident(_)));
        let is_below_path = is_punct(before.last(), ':');
        let modules = self.modules + usize::from(is_module);
        Scan { modules, is_below_path, ..self }.stream(&group.stream())
    }

    fn name(self, tokens: &[TokenTree], at: usize, name: &str) -> Option<Reason> {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        match name {
            "crate" if is_ident(before, "extern") => {
                extern_crate(&tokens[..at], tokens.get(at + 1))
            }
            // One `super` for each module of the snippet's own stays inside the snippet.
            "super" if self.modules == 0 || self.is_below_path || follows_super(tokens, at) => {
                Some(Reason::RootPath)
            }
            // `extern { … }`, `extern "C" { … }`: a symbol that is missing breaks the link.
            "extern" if opens_foreign_block(&tokens[at + 1..]) => Some(Reason::Global),
            "use" if self.edition == Edition::E2015 => root_import(&tokens[at + 1..]),
            _ if self.edition == Edition::E2015 && defines_root_crate(tokens, at, name) => {
                Some(Reason::RootPath)
            }
            _ if tells_place(before, name, tokens.get(at + 1)) => Some(Reason::OwnPlace),
            _ if !is_punct(tokens.get(at + 1), '!') => None,
            "asm" => defines_symbol(tokens.get(at + 2)).then_some(Reason::Global),
            _ if GLOBAL_MACROS.contains(&name) => Some(Reason::Global),
            _ => None,
        }
    }

    /// Finds `::name`, which starts at the root of the crate in edition 2015.
    fn absolute_path(self, tokens: &[TokenTree], at: usize) -> Option<Reason> {
        let is_path = is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':');
        let continues = at > 0
            && match &tokens[at - 1] {
                TokenTree::Ident(_) | TokenTree::Group(_) => true,
                TokenTree::Punct(punct) => matches!(punct.as_char(), '>' | ':'),
                TokenTree::Literal(_) => false,
            };
        if self.edition != Edition::E2015 || !is_path || continues {
            return None;
        }
        root_import(&tokens[at + 2..])
    }
}

/// Returns whether a snippet looks at its own path, file or place, and so might print it.
pub(crate) fn sees_place(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    (0..tokens.len()).any(|at| match &tokens[at] {
        TokenTree::Group(group) => sees_place(&group.stream()),
        TokenTree::Ident(name) => {
            let before = at.checked_sub(1).map(|at| &tokens[at]);
            tells_place(before, &name.unraw().to_string(), tokens.get(at + 1))
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn tells_place(before: Option<&TokenTree>, name: &str, after: Option<&TokenTree>) -> bool {
    PLACE_NAMES.contains(&name)
        || (PLACE_METHODS.contains(&name) && is_punct(before, '.'))
        || (PLACE_MACROS.contains(&name) && is_punct(after, '!'))
}

/// Judges `extern crate`, given the tokens before `crate` and the name: `#[macro_use]` brings names
/// into all of a crate, and `self` is its root.
fn extern_crate(before: &[TokenTree], name: Option<&TokenTree>) -> Option<Reason> {
    if is_ident(name, "self") {
        return Some(Reason::RootPath);
    }
    let attributes = before.iter().rev().skip(1).take_while(|token| {
        matches!(token, TokenTree::Group(_))
            || is_punct(Some(token), '#')
            || is_ident(Some(token), "pub")
    });
    let is_macro_use = |token: &TokenTree| match token {
        TokenTree::Group(group) => mentions(&group.stream(), &["macro_use"]),
        _ => false,
    };
    attributes.into_iter().any(is_macro_use).then_some(Reason::Global)
}

/// Returns whether the arguments of `asm!` may define a symbol for the whole program: by a label,
/// or a directive such as `.globl`.
fn defines_symbol(arguments: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(arguments)) = arguments else { return true };
    arguments.stream().into_iter().any(|token| match token {
        TokenTree::Literal(literal) => {
            let text = literal.to_string().replace("\\n", "\n").replace("\\t", " ");
            let statements = text.trim_start_matches(['r', '#', '"']).split(['\n', ';']);
            let mut statements = statements.map(str::trim_start);
            statements.any(|statement| {
                statement.starts_with('.') || without_placeholders(statement).contains(':')
            })
        }
        // A macro may write anything.
        token => is_punct(Some(&token), '!'),
    })
}

/// Returns a template of `asm!` without its `{…}`.
fn without_placeholders(text: &str) -> String {
    let mut depth = 0_usize;
    let is_outside = |character: &char| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(is_outside).collect()
}

/// Judges what follows `use` or `::` in edition 2015.
fn root_import(after: &[TokenTree]) -> Option<Reason> {
    let first = after.iter().find(|token| !is_punct(Some(token), ':'));
    match first {
        Some(TokenTree::Ident(name))
            if ROOT_CRATES_2015.iter().chain(OWN_ROOTS_2015).any(|known| name == known) =>
        {
            None
        }
        _ => Some(Reason::RootPath),
    }
}

/// Returns whether the name at `at` is that of a crate at the root, and may be defined or imported
/// there: whatever does not merely begin a path with it. In a crate of its own, that is an error,
/// or changes what paths from the root mean.
fn defines_root_crate(tokens: &[TokenTree], at: usize, name: &str) -> bool {
    let name = name.strip_prefix("r#").unwrap_or(name);
    if !ROOT_CRATES_2015.contains(&name) {
        return false;
    }
    // `extern crate core;` imports what paths find anyway, and `std` is there already.
    if name == "core" && at > 0 && is_ident(tokens.get(at - 1), "crate") {
        return false;
    }
    let is_path = is_punct(tokens.get(at + 1), ':') && is_punct(tokens.get(at + 2), ':');
    let imports_itself = match tokens.get(at + 3) {
        Some(TokenTree::Group(group)) => {
            group.stream().into_iter().any(|token| is_ident(Some(&token), "self"))
        }
        _ => false,
    };
    !is_path || imports_itself
}

fn opens_foreign_block(after: &[TokenTree]) -> bool {
    let after = match after.first() {
        Some(TokenTree::Literal(_)) => &after[1..],
        _ => after,
    };
    matches!(after.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}

/// Returns whether the `super` at `at` stands behind another one: `super::super`.
fn follows_super(tokens: &[TokenTree], at: usize) -> bool {
    at >= 3 && is_punct(tokens.get(at - 1), ':') && is_ident(tokens.get(at - 3), "super")
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

#[cfg(test)]
mod tests;
