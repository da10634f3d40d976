//! Text as the suite handles it, before anybody asks what language it is in.
//!
//! A chapter exists three times: on **disk**, as mdBook hands it over (**received**), and with its
//! includes expanded, which is what gets parsed (**expanded**). Offsets of one text mean nothing in
//! another, so [`Span`] carries the text it belongs to as a type, and only [`SourceMap`] and
//! [`DiskMap`] lead from one to the other.
//!
//! 1. [`include::expand`] turns a received text into the expanded one, with its [`SourceMap`].
//! 2. Whoever reads the expanded text answers in [`Finding`]s and [`Edit`]s with expanded spans.
//! 3. [`SourceMap`] takes them back: findings to their files, page edits to the received text;
//!    [`DiskMap`] leads from the received text to the chapter's file.
//!
//! All offsets are byte offsets from zero on character borders; lines and columns count from one,
//! columns in characters.

mod disk_map;
mod edit;
mod finding;
pub mod include;
mod line_index;
mod source_map;
mod span;
mod suggest;

pub use disk_map::DiskMap;
pub use edit::{Edit, EditSet, Overlap};
pub use finding::{Finding, Fix, Level, Priority, Safety};
pub use line_index::{LineIndex, LineIndexes, Position};
pub use source_map::{Copied, Place, SourceMap};
pub use span::{Disk, Expanded, Received, Span};
pub use suggest::{Budget, did_you_mean, nearest};
