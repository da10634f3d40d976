//! `mdbook-refs`: the references pass as an mdBook preprocessor of its own.

handbook_mdbook::main!(handbook_mdbook::Suite { recipes: &[mdbook_refs::RECIPE], complete: false });
