//! Rust snippets in, verdicts out.
//!
//! A book shows hundreds of small programs, and each of them is a promise: it compiles, it
//! panics, it is rejected with `E0382`. Keeping the promises one by one takes a rustc call and a
//! link each; rustdoc shares one crate among them only until the first fails. This library has
//! rustdoc's verdicts at a fraction of the time, tells where in the *snippet* something went
//! wrong, and keeps what it runs in a sandbox. It knows nothing of books or Markdown, and it
//! neither prints nor reads the environment: see [`Config`] and [`ToolchainQuery`].
//!
//! # Words
//!
//! - A **snippet** is the text as the page has it; a **program** is what rustc gets, with
//!   `fn main` supplied. A program has the snippet's lines.
//! - A **batch** is a crate of many programs, a module each. A snippet that cannot share a crate,
//!   or failed in one, is compiled **alone**.
//! - A **report** is what came of a snippet, its **verdict** whether the promise was kept.
//!
//! # How a run goes
//!
//! 1. `cache`: whoever has a report that is still right is done. If all have, no process starts.
//! 2. `syntax`, `program`: read the others, and supply `fn main` as rustdoc does.
//! 3. `alone`: tell who cannot share a crate, and why.
//! 4. `batch`: compile the rest together, by edition and flags, taking out whoever owns an error
//!    until the crate is clean. Whoever promised these errors has kept the promise.
//! 5. `bench`: compile alone whoever could not share or was taken out; run every program in a
//!    process and a folder of its own; `judge`. A failure counts only when it happened in a crate of
//!    its own, and when no compiler and no crowd of programs took the processors.
//! 6. `diagnostic`, `panic`, `relabel`: say it in the snippet's lines.
//!
//! `prepared` is a snippet that was read, `position` a place in it, and `root_path` what has to be
//! changed where its root is a module.
//!
//! `dependencies` are the crates that snippets may use; they are built between the first two steps,
//! if they are not there and a snippet has no report.
//! Without [`Config::recheck`], step 5 is quicker: the first failure counts.
//!
//! `wrapper` tells callers that write whole programs what step 2 would supply, and `definition`
//! where such a program defines what an error names.
//!
//! Below lie `compiler` (calls of rustc), `process` (which always ends), `sandbox`, and `queue`
//! (threads), `scratch` (the run's folder); `runner` ties the steps together, `audit` compares
//! several runs, and `retry` runs again what failed.
//!
//! # How to extend it
//!
//! - A new reason to compile alone: a name in a table of `alone`, or a variant and a function.
//! - A new promise: a variant of [`Expect`], judged in `judge`.
//! - A new way to fail: a variant of [`Failure`]; say in `Report::is_repeatable` if it depends on
//!   the machine's load.
//! - A call to deny to programs: a line in `sandbox::linux::syscalls`.
//! - Whatever else comes to matter for a verdict: into `cache::Key::of`, or `cache::Setting::of` if
//!   it is the same for a whole run.

mod allowed;
mod alone;
mod audit;
mod batch;
mod bench;
mod cache;
mod compiler;
mod config;
mod definition;
mod dependencies;
mod diagnostic;
mod error;
mod judge;
mod panic;
mod position;
mod prepared;
mod process;
mod program;
mod progress;
mod queue;
mod relabel;
mod retry;
mod root_path;
mod runner;
mod sandbox;
mod scratch;
mod snippet;
mod syntax;
mod toolchain;
mod verdict;
mod wrapper;

pub use allowed::contents_of;
pub use audit::{Audit, Doubt, DoubtSort};
pub use cache::{CacheFolder, CacheSize};
pub use config::{Config, SandboxPolicy};
pub use definition::definitions;
pub use dependencies::{Dependencies, DependencyProblem, LOCKFILE, Wanted};
pub use diagnostic::{Diagnostic, Note, NoteKind};
pub use error::Error;
pub use position::Position;
pub use progress::Progress;
pub use retry::{Retried, Retry};
pub use runner::Runner;
pub use sandbox::{Refusal, SandboxReport};
pub use snippet::{Edition, Expect, Snippet, UnknownEdition};
pub use syntax::with_deep_stack;
pub use toolchain::{Toolchain, ToolchainQuery};
pub use verdict::{Failure, Outcome, Report, Verdict};
pub use wrapper::Wrapper;
