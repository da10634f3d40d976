use std::path::PathBuf;

use crate::Refusal;

/// Why snippets cannot have their dependencies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DependencyProblem {
    /// There is no cargo beside the compiler or on the search path.
    #[error("there is no cargo, neither beside the compiler nor on the search path")]
    NoCargo,
    /// The manifest cannot be read.
    #[error("the manifest `{path}` cannot be read: {reason}")]
    NoManifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The manifest has no package: it is that of a workspace.
    #[error(
        "the manifest `{path}` is that of a workspace; name the manifest of one of its packages"
    )]
    NoPackage {
        /// The manifest.
        path: PathBuf,
    },
    /// The package has no library and depends on nothing.
    #[error("the package of `{path}` has no library and no dependencies")]
    Nothing {
        /// The manifest.
        path: PathBuf,
    },
    /// A package lies so high that its build would see the user's own files.
    #[error("the package in `{path}` holds the user's home folder, which no build may read")]
    HoldsHome {
        /// The package's folder.
        path: PathBuf,
    },
    /// A file that a build has to read holds what none may read.
    #[error("`{path}` seems to hold a password, and sources from git are not built without it")]
    HoldsPassword {
        /// The file.
        path: PathBuf,
    },
    /// In the place of the lockfile stands something else, such as a link to elsewhere.
    #[error("`{path}` is no regular file, so no lockfile is written there")]
    Lockfile {
        /// The lockfile.
        path: PathBuf,
    },
    /// cargo found no versions, or could not get the sources.
    #[error("cargo cannot choose or fetch them")]
    Unresolved {
        /// What cargo said.
        message: String,
    },
    /// A crate does not compile, or its build script failed.
    #[error("they do not build")]
    DoNotBuild {
        /// What cargo and the compiler said.
        message: String,
    },
    /// A build script or macro tried what the sandbox does not allow.
    #[error("their build was refused {}", Refusal::list(refusals))]
    Refused {
        /// What was tried, sorted.
        refusals: Vec<Refusal>,
        /// What cargo and the compiler said; empty if the build went on all the same.
        message: String,
    },
    /// A build script or macro left something else in the place of a file that cargo writes, or
    /// said that one lies where none does.
    #[error("their build left `{path}`, which is none of the files that cargo leaves")]
    Strange {
        /// What it left.
        path: PathBuf,
    },
    /// Their files change faster than they are built.
    #[error("their files change while they are built")]
    Restless,
}

impl DependencyProblem {
    /// Returns what cargo said, if it was cargo who found the problem.
    pub fn message(&self) -> Option<&str> {
        match self {
            DependencyProblem::Unresolved { message }
            | DependencyProblem::DoNotBuild { message }
            | DependencyProblem::Refused { message, .. } => Some(message),
            _ => None,
        }
    }
}
