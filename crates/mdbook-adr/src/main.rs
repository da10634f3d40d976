//! `mdbook-adr`: the templates pass as an mdBook preprocessor of its own.

handbook_mdbook::main!(handbook_mdbook::Suite { recipes: &[mdbook_adr::RECIPE], complete: false });
