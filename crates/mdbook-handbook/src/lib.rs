//! All passes of the suite, in the order that decides between edits at one place.
//!
//! A new pass is a crate and a line in [`SUITE`].

use handbook_mdbook::Suite;

/// The suite.
pub const SUITE: Suite = Suite {
    recipes: &[
        mdbook_adr::RECIPE,
        mdbook_snippets::RECIPE,
        mdbook_refs::RECIPE,
        mdbook_nav::RECIPE,
        // What stands under a chapter, nav knows.
        mdbook_quickref::RECIPE,
    ],
    complete: true,
};
