//! Trait implementations that change what a neighbour's code means.
//!
//! `impl PartialEq<Mine> for i32` is legal, and from then on `1 == x.into()` is ambiguous in the
//! whole crate. Harmless are implementations of the snippet's own traits, which nobody else can
//! name, and those for its own types, which nobody else has.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Ident, ItemEnum, ItemImpl, ItemStruct, ItemTrait, ItemUnion, Macro, Type, TypeParamBound,
    visit::{self, Visit},
};

use super::Reason;
use crate::syntax::Tree;

/// Returns [`Reason::ForeignImpl`] if the snippet has such an implementation, or a macro that
/// could write one.
pub(super) fn reason(tree: &Tree) -> Option<Reason> {
    let mut names = OwnNames::default();
    let mut impls = Impls::default();
    for statement in &tree.statements {
        names.visit_stmt(statement);
        impls.visit_stmt(statement);
    }
    let foreign = impls
        .traits
        .iter()
        .any(|(of, on)| !names.contains(of) && !on.as_ref().is_some_and(|on| names.contains(on)));
    (foreign || impls.in_macro).then_some(Reason::ForeignImpl)
}

/// The types and traits that a snippet defines, at any depth.
#[derive(Default)]
struct OwnNames(HashSet<Ident>);

impl OwnNames {
    fn contains(&self, name: &Ident) -> bool {
        self.0.contains(name)
    }
}

impl<'ast> Visit<'ast> for OwnNames {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.0.insert(item.ident.clone());
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.0.insert(item.ident.clone());
    }

    fn visit_item_union(&mut self, item: &'ast ItemUnion) {
        self.0.insert(item.ident.clone());
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.0.insert(item.ident.clone());
        visit::visit_item_trait(self, item);
    }
}

/// The trait implementations of a snippet.
#[derive(Default)]
struct Impls {
    /// The trait's name, and the type's, if it has one.
    traits: Vec<(Ident, Option<Ident>)>,
    /// A macro spells `impl … for`.
    in_macro: bool,
}

impl<'ast> Visit<'ast> for Impls {
    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let Some(of) = &item.trait_
            && let Some(of) = of.0.segments.last()
        {
            self.traits.push((of.ident.clone(), own_name(&item.self_ty)));
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.in_macro |= spells_impl_for(&call.tokens);
    }
}

/// Returns the name that decides whether a type is foreign: references and boxes are looked
/// through, as the language does.
fn own_name(on: &Type) -> Option<Ident> {
    match on {
        Type::Reference(reference) => own_name(&reference.elem),
        Type::Paren(inner) => own_name(&inner.elem),
        Type::Group(inner) => own_name(&inner.elem),
        Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(bound.path.segments.last()?.ident.clone()),
            _ => None,
        }),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match &last.arguments {
                syn::PathArguments::AngleBracketed(arguments)
                    if last.ident == "Box" || last.ident == "Pin" =>
                {
                    arguments.args.iter().find_map(|argument| match argument {
                        syn::GenericArgument::Type(inner) => own_name(inner),
                        _ => None,
                    })
                }
                _ => Some(last.ident.clone()),
            }
        }
        _ => None,
    }
}

/// Returns whether `impl` and later `for` stand in a stream, at any depth.
fn spells_impl_for(tokens: &TokenStream) -> bool {
    let mut seen_impl = false;
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) if ident == "impl" => {
            seen_impl = true;
            false
        }
        TokenTree::Ident(ident) => seen_impl && ident == "for",
        TokenTree::Group(group) => spells_impl_for(&group.stream()),
        _ => false,
    })
}
