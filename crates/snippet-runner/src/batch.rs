//! Many snippets, one crate.
//!
//! Each snippet is a file and a module of its own, `s0.rs`, `s1.rs`, …; a generated `main.rs`
//! calls the one that an environment variable names. The crate is compiled until it is clean:
//! every file that owns an error is taken out and will be compiled alone. Errors that nobody owns
//! stop the batch; it is then cut in half.
//!
//! There is no check before the link: an error stops rustc before it generates code, so a failed
//! attempt costs no more than a check would.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use crate::{
    Edition, Error,
    compiler::{CRATE_NAME, Call, Compiled, Compiler, Emit},
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
    /// It is run, not only compiled.
    pub(crate) runs: bool,
}

/// What became of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Batched {
    /// A program was built.
    Built {
        /// The snippets in it.
        kept: Vec<usize>,
        /// Those that have to be compiled alone.
        dropped: Vec<usize>,
    },
    /// An error has no owner among those that are left.
    Stalled {
        /// Those that are left.
        left: Vec<usize>,
        /// Those that have to be compiled alone.
        dropped: Vec<usize>,
    },
}

/// Returns the name of a member's file.
pub(crate) fn file(index: usize) -> String {
    format!("s{index}.rs")
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
        write(&folder.join(file(member.index)), &module(member.program))?;
    }
    let mut kept: Vec<Member<'_>> = members.to_vec();
    let mut dropped = Vec::new();
    for _ in 0..ATTEMPTS {
        if kept.is_empty() {
            return Ok(Batched::Built { kept: Vec::new(), dropped });
        }
        write(&folder.join("main.rs"), &root(&kept))?;
        let emit =
            if kept.iter().any(|member| member.runs) { Emit::Static } else { Emit::Metadata };
        let call = Call {
            folder,
            root: "main.rs",
            name: Some(CRATE_NAME),
            edition,
            release,
            test_harness: false,
            emit,
            snippets: kept.len(),
        };
        let owners = match compiler.compile(&call)? {
            Compiled::Fine => return Ok(Batched::Built { kept: indices(&kept), dropped }),
            Compiled::Errors(errors) => errors
                .iter()
                .flat_map(|error| error.owners(|file| index(file).is_some()))
                .filter_map(index)
                .collect(),
            Compiled::Failed(_) => BTreeSet::new(),
        };
        let before = kept.len();
        kept.retain(|member| !owners.contains(&member.index));
        if kept.len() == before {
            break;
        }
        dropped.extend(owners);
    }
    Ok(Batched::Stalled { left: indices(&kept), dropped })
}

fn indices(members: &[Member<'_>]) -> Vec<usize> {
    members.iter().map(|member| member.index).collect()
}

/// Returns the member that a file belongs to.
fn index(file: &str) -> Option<usize> {
    file.strip_prefix('s')?.strip_suffix(".rs")?.parse().ok()
}

/// Returns a member's file: the program as it is compiled alone, and the way in.
fn module(program: &Program) -> String {
    format!(
        "{}\npub(crate) fn __snippet_entry() -> ::std::process::ExitCode \
         {{ crate::__report(main) }}\n",
        program.text()
    )
}

/// Returns the crate's root. Members that are only compiled are not called, and so no code is
/// generated for them.
fn root(members: &[Member<'_>]) -> String {
    let mut text = String::new();
    let mut arms = String::new();
    for Member { index, runs, .. } in members {
        let _ = writeln!(text, "mod s{index};");
        if *runs {
            let _ = writeln!(arms, "        \"{index}\" => s{index}::__snippet_entry(),");
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
