//! Everything that knows mdBook: its JSON, its configuration, its SUMMARY.
//!
//! A book comes in two ways. mdBook hands it to a preprocessor as JSON ([`preprocess`](mod@preprocess));
//! the `handbook` command reads it from disk itself ([`disk`]), without creating the chapters that
//! are missing, as mdBook would. Both give the engine's input, and both make the passes from the
//! same configuration ([`suite`]). The wire format is handled as JSON values, because mdBook's own
//! types of one generation cannot read the other's, and whatever we do not know has to pass through.
//!
//! [`main!`] is the one `main` that all our preprocessors share.

mod config;
mod disk;
mod exceptions;
mod panel;
mod preprocess;
mod program;
mod rules;
mod suite;
mod summary;
mod wire;
mod world;

pub use config::BookConfig;
pub use disk::{DiskFiles, LoadError, load, read_config};
pub use exceptions::BASELINE;
pub use preprocess::{Caller, Handed, Preprocessed, WireError, preprocess};
pub use program::{Program, preprocessor, print_findings};
pub use rules::{RULES, UNKNOWN_SETTING};
pub use suite::{Site, Suite};
pub use summary::{Draft, Entry, NotAdded, Summary, link};
pub use world::World;
