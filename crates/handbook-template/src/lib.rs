//! Markdown templates that are scaffold and schema in one.
//!
//! A template is a chapter that nobody has filled in yet: its tree says what every chapter of its
//! kind must have, its bytes are what an author starts from. What the tree alone cannot say stands
//! in comments, `<!-- ? optional -->`, at the end of a heading's or field's line and on the line
//! above other blocks.
//!
//! 1. [`scaffold`] strips the comments; what is left is parsed as any chapter is.
//! 2. [`constraint`] reads what the comments say, [`pattern`] what headings and labels match.
//! 3. [`schema`] makes nodes of sections, fields, tables, lists, code, quotes and prose.
//! 4. [`matching`] walks schema and chapter together: [`assign`] decides among siblings which is
//!    which, [`place`] where a missing one goes, [`slot`] what stands where a block is derived.
//! 5. [`fill`] makes the text of a new chapter, [`refine`] one template of two.
//!
//! The tree has one order that everything here leans on: under one parent, blocks stand before
//! fields and fields before sections, because a label takes in the blocks after it and a heading
//! everything. A new constraint is a variant of [`Constraint`] and a line in its parser, and the
//! compiler asks in [`applicable`] where it can stand; a new kind of node is a variant of
//! [`TemplateKind`] and a rank in [`assign`].

mod applicable;
mod assign;
mod card;
mod constraint;
mod fill;
mod matching;
mod part;
mod pattern;
mod place;
mod placeholder;
mod refine;
mod scaffold;
mod schema;
mod slot;
mod template;
#[cfg(test)]
mod tests;

pub use card::Role;
pub use constraint::{Constraint, Counts, Known, constraint_words};
pub use fill::Facts;
pub use matching::{
    Extra, Matched, Matching, Misnumbered, Misplaced, Missing, MissingColumns, Renamed,
};
pub use pattern::Pattern;
pub use refine::{Source, untaken};
pub use schema::{TemplateKind, TemplateNode};
pub use slot::{DeriveSlot, Standing};
pub use template::{Extends, Template};
