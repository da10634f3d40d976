//! `mdbook-nav`: the navigation pass as an mdBook preprocessor of its own.

handbook_mdbook::main!(handbook_mdbook::Suite { recipes: &[mdbook_nav::RECIPE], complete: false });
