//! Many snippets, one crate.
//!
//! Each snippet is a file and a module of its own, `s0.rs`, `s1.rs`, …; a generated `main.rs`
//! calls the one that an environment variable names. The crate is compiled until it is clean:
//! every file that owns an error is taken out, and its errors are told. Errors that nobody owns
//! stop the batch; it is then cut in half.
//!
//! There is no check before the link: an error stops rustc before it generates code, so a failed
//! attempt costs no more than a check would.
//!
//! Snippets that promise not to compile go through the same loop in crates of their own, which
//! are only checked. Errors with a code are those that the file has alone: that others have some
//! can hide some of its own, but adds none. Of a lint that is not certain, as a module is less
//! visible than a crate.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use crate::{
    Edition, Error,
    compiler::{CRATE_NAME, Call, Compiled, Compiler, Emit},
    diagnostic::Message,
    program::Program,
};

/// Names the snippet to run. The program removes it before the snippet can see it.
pub(crate) const ENTRY_VARIABLE: &str = "SNIPPET_RUNNER_ENTRY";

/// More attempts than any batch has needed.
const ATTEMPTS: usize = 20;

/// A snippet in a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// The caller's number for it.
    pub(crate) index: usize,
    pub(crate) program: &'a Program,
    pub(crate) purpose: Purpose,
}

/// What a snippet is in a batch for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// It should compile, and is run.
    Run,
    /// It should compile.
    Check,
    /// It should not compile. Its own errors are all that matters, so it gets no way in.
    Refuse,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct Batched {
    /// The snippets in the last crate that was tried.
    pub(crate) kept: Vec<usize>,
    /// That crate has an error with no owner.
    pub(crate) is_stalled: bool,
    /// Those that were taken out, with their errors.
    pub(crate) dropped: BTreeMap<usize, Owned>,
}

/// The errors that somebody owns.
#[derive(Debug, Default)]
pub(crate) struct Owned {
    codes: BTreeSet<String>,
    /// One has no code: it is about the text, or it is a lint, which may be content alone.
    has_other: bool,
}

impl Owned {
    /// Returns whether these errors, and so those of a compilation alone, keep the promise to have
    /// all of `codes`.
    pub(crate) fn keep_promise(&self, codes: &[String]) -> bool {
        !self.has_other
            && !self.codes.is_empty()
            && codes.iter().all(|code| self.codes.contains(code))
    }
}

/// Returns the name of a member's module.
pub(crate) fn module(index: usize) -> String {
    format!("s{index}")
}

/// Returns the name of a member's file.
pub(crate) fn file(index: usize) -> String {
    module(index) + ".rs"
}

/// Compiles a batch in a folder that is its own.
///
/// # Errors
///
/// If a file cannot be written, or rustc not started.
pub(crate) fn compile(
    compiler: &Compiler<'_>,
    folder: &Path,
    edition: Edition,
    release: bool,
    members: &[Member<'_>],
) -> Result<Batched, Error> {
    for member in members {
        write(&folder.join(file(member.index)), &source(member))?;
    }
    let mut kept: Vec<Member<'_>> = members.to_vec();
    let mut dropped = BTreeMap::<usize, Owned>::new();
    for _ in 0..ATTEMPTS {
        if kept.is_empty() {
            return Ok(Batched { dropped, ..Batched::default() });
        }
        write(&folder.join("main.rs"), &root(&kept))?;
        let emit = if kept.iter().any(|member| member.purpose == Purpose::Run) {
            Emit::Static
        } else {
            Emit::Metadata
        };
        let call = Call {
            folder,
            root: "main.rs",
            name: Some(CRATE_NAME),
            edition,
            release,
            test_harness: false,
            emit,
            snippets: kept.len(),
            reaches_out: false,
        };
        let owned = match compiler.compile(&call)? {
            Compiled::Fine => {
                return Ok(Batched { kept: indices(&kept), is_stalled: false, dropped });
            }
            Compiled::Errors(errors) => owned(&errors),
            // Alone it shows whose doing that was.
            Compiled::Refused(_) | Compiled::Failed(_) => BTreeMap::new(),
        };
        let before = kept.len();
        kept.retain(|member| !owned.contains_key(&member.index));
        if kept.len() == before {
            break;
        }
        dropped.extend(owned);
    }
    Ok(Batched { kept: indices(&kept), is_stalled: true, dropped })
}

/// Returns the members that have errors, with these.
fn owned(errors: &[Message]) -> BTreeMap<usize, Owned> {
    let mut owned = BTreeMap::<usize, Owned>::new();
    for error in errors {
        for owner in error.owners(|file| index(file).is_some()).filter_map(index) {
            let owned = owned.entry(owner).or_default();
            owned.has_other |= error.code().is_none();
            owned.codes.extend(error.code());
        }
    }
    owned
}

fn indices(members: &[Member<'_>]) -> Vec<usize> {
    members.iter().map(|member| member.index).collect()
}

/// Returns the member that a file belongs to.
fn index(file: &str) -> Option<usize> {
    file.strip_prefix('s')?.strip_suffix(".rs")?.parse().ok()
}

/// Returns a member's file: the program as it is compiled alone, and the way in.
fn source(member: &Member<'_>) -> String {
    let program = member.program.in_module(&module(member.index));
    let text = program.text();
    if member.purpose == Purpose::Refuse {
        return text.to_owned();
    }
    format!(
        "{text}\npub(crate) fn __snippet_entry() -> ::std::process::ExitCode \
         {{ crate::__report(main) }}\n",
    )
}

/// Returns the crate's root. Members that are only compiled are not called, and so no code is
/// generated for them.
fn root(members: &[Member<'_>]) -> String {
    let mut text = String::new();
    let mut arms = String::new();
    for Member { index, purpose, .. } in members {
        let module = module(*index);
        let _ = writeln!(text, "mod {module};");
        if *purpose == Purpose::Run {
            let _ = writeln!(arms, "        \"{index}\" => {module}::__snippet_entry(),");
        }
    }
    let _ = write!(
        text,
        "fn __report<T: ::std::process::Termination>(main: fn() -> T) -> ::std::process::ExitCode {{
    ::std::process::Termination::report(main())
}}
fn main() -> ::std::process::ExitCode {{
    let entry = ::std::env::var(\"{ENTRY_VARIABLE}\").unwrap_or_default();
    #[allow(unused_unsafe)]
    unsafe {{ ::std::env::remove_var(\"{ENTRY_VARIABLE}\") }}
    match entry.as_str() {{
{arms}        _ => ::std::process::abort(),
    }}
}}
"
    );
    text
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(Error::io(path))
}
