//! The one way a book goes through the passes.
//!
//! 1. **Load**: expand the includes, parse each chapter once ([`load`](mod@load)).
//! 2. **Open**: find the slots ([`open`](mod@open)).
//! 3. **Execute**: let passes gather facts and try things out.
//! 4. **Derive**: fill the slots, fragments within fragments too ([`derive`](mod@derive)).
//! 5. **Judge**: let the rules look at author text, facts and the headings of the finished pages.
//! 6. **Late**: derive and judge for the passes that read what the others found.
//! 7. **Deliver**: pages in the text that mdBook handed over, findings and fixes on disk
//!    ([`deliver`](mod@deliver)).
//!
//! What authors let be is taken out as soon as it is found ([`suppress`]), what a book has had for
//! a while at the end ([`baseline`]).
//!
//! Author text is never changed on the way: every pass sees what the author wrote, and all edits
//! are applied once, at the end. [`fix`] repeats the whole in memory until nothing changes.
//! The engine knows no pass by name; a new one needs nothing here.

mod analysis;
mod baseline;
mod deliver;
mod derive;
mod fix;
mod inline;
mod input;
mod load;
mod open;
mod report;
mod rules;
mod splice;
mod stale;
mod suppress;

pub use analysis::{Analysis, Engine, Exceptions, FileFix, Located};
pub use baseline::{Baseline, BaselineError, Standing};
pub use fix::{Change, FixError, Fixed, Rewrite, fix};
pub use input::{ChapterInput, Input, Overlay, normalised};
pub use report::{Counts, counts, json, json_with, patch, terminal};
pub use rules::RULES;
pub use suppress::{PathSuppression, path_patterns};
