//! Trait implementations that change what a neighbour's code means.
//!
//! `impl PartialEq<Mine> for i32` is legal, and from then on `1 == x.into()` is ambiguous in the
//! whole crate. Harmless are implementations of the snippet's own traits, which nobody else can
//! name, and those for its own types, which nobody else has.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Ident, ItemEnum, ItemImpl, ItemMod, ItemStruct, ItemTrait, ItemUnion, Macro, Path, Type,
    TypeParamBound, UseName, UseRename,
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

/// The names that tell what is a snippet's own.
#[derive(Default)]
struct OwnNames {
    /// The types and traits that it defines, at any depth.
    defined: HashSet<Ident>,
    /// What it imports: a name that is both may be somebody else's.
    imported: HashSet<Ident>,
    /// Its modules.
    modules: HashSet<Ident>,
}

impl OwnNames {
    /// Returns whether a path is certain to lead to something of the snippet's own.
    fn contains(&self, path: &Path) -> bool {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return false;
        };
        let leads_inside = || {
            ["self", "super", "crate"].iter().any(|word| first.ident == word)
                || self.modules.contains(&first.ident)
        };
        self.defined.contains(&last.ident)
            && !self.imported.contains(&last.ident)
            && path.leading_colon.is_none()
            && (path.segments.len() == 1 || leads_inside())
    }
}

impl<'ast> Visit<'ast> for OwnNames {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.defined.insert(item.ident.clone());
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.defined.insert(item.ident.clone());
    }

    fn visit_item_union(&mut self, item: &'ast ItemUnion) {
        self.defined.insert(item.ident.clone());
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.modules.insert(item.ident.clone());
        visit::visit_item_mod(self, item);
    }

    fn visit_use_name(&mut self, item: &'ast UseName) {
        self.imported.insert(item.ident.clone());
    }

    fn visit_use_rename(&mut self, item: &'ast UseRename) {
        self.imported.insert(item.rename.clone());
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.defined.insert(item.ident.clone());
        visit::visit_item_trait(self, item);
    }
}

/// The trait implementations of a snippet.
#[derive(Default)]
struct Impls {
    /// The trait's name, and the type's, if it has one.
    traits: Vec<(Path, Option<Path>)>,
    /// A macro spells `impl … for`.
    in_macro: bool,
}

impl<'ast> Visit<'ast> for Impls {
    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let Some(of) = &item.trait_ {
            self.traits.push((of.0.clone(), own_path(&item.self_ty)));
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.in_macro |= spells_impl_for(&call.tokens);
    }
}

/// Returns the path that decides whether a type is foreign: references and boxes are looked
/// through, as the language does.
fn own_path(on: &Type) -> Option<Path> {
    match on {
        Type::Reference(reference) => own_path(&reference.elem),
        Type::Paren(inner) => own_path(&inner.elem),
        Type::Group(inner) => own_path(&inner.elem),
        Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(bound.path.clone()),
            _ => None,
        }),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match &last.arguments {
                syn::PathArguments::AngleBracketed(arguments)
                    if last.ident == "Box" || last.ident == "Pin" =>
                {
                    arguments.args.iter().find_map(|argument| match argument {
                        syn::GenericArgument::Type(inner) => own_path(inner),
                        _ => None,
                    })
                }
                _ => Some(path.path.clone()),
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
