//! `mdbook-snippets`: the snippets pass as an mdBook preprocessor of its own.

handbook_mdbook::main!(handbook_mdbook::Suite {
    recipes: &[mdbook_snippets::RECIPE],
    complete: false
});
