//! handbook-pass
