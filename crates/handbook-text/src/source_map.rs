//! Placeholder until includes land.
/// x
pub enum Copied {}
/// x
pub struct SourceMap;
