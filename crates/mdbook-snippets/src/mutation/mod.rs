//! How much of a book's code its outputs, assertions and values hold fast: mutation testing.
//!
//! A snippet's code is changed in one place, and run. If everything that the book says of it still
//! holds, nobody would notice a mistake there: the change *survives*. A chapter's *score* is the
//! share of changes that were noticed.
//!
//! 1. [`change`] finds the changes of a snippet's visible code: [`operators`], [`constants`] and
//!    [`branches`], which [`mutator`] collects in one walk; [`macros`] says into which macros it
//!    goes. To add a sort, add a function there and call it in the walk.
//! 2. [`plan`] says which snippets are changed, and which ones tell whether it is noticed: the
//!    snippet itself, or all that build on it.
//! 3. [`evidence`] says whether a report is noticed: by its verdict, the written output, or a
//!    binding. The rules judge, as they do in a check.
//! 4. [`trial`] runs everything and gives each change its fate; [`score`] counts.
//!
//! Survivors become findings, `snippets/unnoticed-change`, so that places are told as for any other
//! finding. A change that does not compile is none, and one that equals the original cannot be
//! told from one that nobody notices, except by its author: see [`change::MARK`].

mod branches;
mod change;
mod constants;
mod evidence;
mod macros;
mod mutator;
mod operators;
mod plan;
mod score;
mod trial;

pub(crate) use mutator::Change;
pub(crate) use plan::witnesses_beside;
pub use score::{ChapterScore, Mutations, Score, Tried};
pub(crate) use trial::try_out;
