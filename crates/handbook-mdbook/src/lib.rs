//! handbook-mdbook
