//! handbook-template
