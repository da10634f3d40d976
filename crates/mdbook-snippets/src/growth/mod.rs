//! Claims of growth, `O(log n)<!-- =jump.steps -->`, judged against a printed series.
//!
//! 1. [`class`] knows the classes in their order, and how authors write them.
//! 2. [`claim`] reads the claim before a binding.
//! 3. [`fit`] lays every class through the points, and says what that means for the claim.
//! 4. [`trend`] tells whether the counts stay with a class towards the end.

pub(crate) mod claim;
pub(crate) mod class;
pub(crate) mod fit;
mod trend;
