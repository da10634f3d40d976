//! `mdbook-quickref`: the cards pass as an mdBook preprocessor of its own.

handbook_mdbook::main!(handbook_mdbook::Suite {
    recipes: &[mdbook_quickref::RECIPE],
    complete: false
});
