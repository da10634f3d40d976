//! The book harness: books in temporary folders, our programs, real mdBook hosts.
//!
//! A test makes a [`Book`], starts a program of ours on it ([`Book::handbook`]) or hands it to a real
//! mdBook ([`Host`]), and compares what comes out with what it expects. [`passes`] are small passes
//! that stand in for real ones.

mod book;
pub mod cards;
mod hosts;
pub mod in_process;
pub mod markdown;
pub mod passes;
mod programs;
mod running;
pub mod told;
pub mod varied;

pub use book::{Book, OURS, write_script};
pub use hosts::{Host, Rendered};
pub use programs::{Output, Start};
pub use running::Running;
