//! mdbook-handbook
