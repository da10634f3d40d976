//! handbook-engine
