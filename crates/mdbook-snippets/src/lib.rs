//! mdbook-snippets
