//! The names of the blocks that this pass builds.

/// A chapter's card.
pub(crate) const CARD: &str = "card";
/// What a hub's chapters answer, in a table.
pub(crate) const HUB_TABLE: &str = "hub-table";
/// All questions, to practise with.
pub(crate) const PRACTICE: &str = "practice";
/// The cards of all chapters.
pub(crate) const SHEET: &str = "sheet";

/// All of them.
pub(crate) const ALL: [&str; 4] = [CARD, HUB_TABLE, PRACTICE, SHEET];
