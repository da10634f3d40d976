//! Choosing versions and fetching sources.
//!
//! `cargo metadata` does both, and says what came of it; beside cargo itself only rustc runs, to
//! say what it is. As little as possible is asked of the network, and versions that a lockfile
//! names are kept as long as they will do:
//!
//! 1. With what lies here, and the lockfile as it is.
//! 2. With the network.
//! 3. Without one, if that did not work, with what lies here: perhaps older than it could be.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    DependencyProblem,
    cargo::{Cargo, TIMEOUT},
    package::{self, Package},
    place::Place,
};
use crate::{Error, process::End};

/// What a build consists of.
#[derive(Debug)]
pub(super) struct Graph {
    /// The target that it is for.
    pub(super) host: String,
    /// The workspace's folder.
    pub(super) workspace: PathBuf,
    /// The packages that lie in folders of the user's.
    pub(super) locals: Vec<Local>,
    /// The package has a library.
    pub(super) has_library: bool,
    /// Some sources come from a git repository.
    pub(super) has_git: bool,
    /// The ids of all packages.
    pub(super) ids: BTreeSet<String>,
    /// Names that a snippet may use, each with the id of its package.
    pub(super) uses: Vec<(String, String)>,
}

/// A package in a folder of the user's.
#[derive(Debug)]
pub(super) struct Local {
    pub(super) id: String,
    pub(super) manifest: PathBuf,
    /// It is a library of procedural macros in a folder of the user's, or depends on one.
    pub(super) has_macros: bool,
}

impl Local {
    /// The package's folder.
    pub(super) fn folder(&self) -> &Path {
        self.manifest.parent().unwrap_or(&self.manifest)
    }
}

/// Chooses versions, and fetches what is not there.
pub(super) fn resolve(cargo: &Cargo<'_>, package: &Package, place: &Place) -> Result<Graph, Error> {
    if package.kept_lockfile.is_none() {
        package::check_lockfile(&workspace(cargo, package, place)?.with_file_name("Cargo.lock"))?;
    }
    let mut said = Vec::new();
    for options in [&["--locked", "--offline"][..], &[], &["--offline"]] {
        let mut arguments =
            vec!["metadata", "--format-version=1", "--filter-platform", cargo.host()];
        arguments.extend(["--manifest-path"]);
        let mut arguments: Vec<&OsStr> = arguments.into_iter().map(OsStr::new).collect();
        arguments.push(package.manifest.as_os_str());
        arguments.extend(options.iter().map(OsStr::new));
        let finished = cargo.run(&arguments, place)?;
        match finished.end {
            End::Exited(0) => return Ok(read(&finished.stdout, cargo, package)?),
            End::TimedOut => said.push(format!("it took longer than {TIMEOUT:?}")),
            _ => said.push(finished.stderr.trim().to_owned()),
        }
    }
    // The second attempt had every means.
    Err(DependencyProblem::Unresolved { message: said.swap_remove(1) }.into())
}

/// Asks for the manifest of a package's workspace, beside which cargo writes the lockfile.
fn workspace(cargo: &Cargo<'_>, package: &Package, place: &Place) -> Result<PathBuf, Error> {
    #[derive(Deserialize)]
    struct Project {
        root: PathBuf,
    }

    let arguments = ["locate-project", "--workspace", "--manifest-path"].map(OsStr::new);
    let arguments: Vec<&OsStr> =
        arguments.into_iter().chain([package.manifest.as_os_str()]).collect();
    let finished = cargo.run(&arguments, place)?;
    match serde_json::from_str::<Project>(&finished.stdout) {
        Ok(project) if finished.end == End::Exited(0) => Ok(project.root),
        _ => {
            let message = finished.stderr.trim().to_owned();
            Err(DependencyProblem::Unresolved { message }.into())
        }
    }
}

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    resolve: Resolve,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Described {
    id: String,
    source: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

/// A target of a package, here and in messages.
#[derive(Deserialize)]
pub(super) struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    root: Option<String>,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    name: String,
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Target {
    /// Returns whether another crate can use it.
    pub(super) fn is_library(&self) -> bool {
        self.kind.iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "dylib"))
            || self.is_macro()
    }

    /// Returns whether it is a library of procedural macros.
    pub(super) fn is_macro(&self) -> bool {
        self.kind.iter().any(|kind| kind == "proc-macro")
    }
}

fn read(text: &str, cargo: &Cargo<'_>, package: &Package) -> Result<Graph, DependencyProblem> {
    let manifest = || package.manifest.clone();
    let metadata: Metadata = serde_json::from_str(text).map_err(|error| {
        DependencyProblem::Unresolved { message: format!("cargo's answer is not clear: {error}") }
    })?;
    let Some(root) = metadata.resolve.root else {
        return Err(DependencyProblem::NoPackage { path: manifest() });
    };
    let of_root = metadata.packages.iter().filter(|package| package.id == root);
    let library = of_root.flat_map(|package| &package.targets).find(|target| target.is_library());
    let is_own = |package: &&Described| package.source.is_none();
    let macros = metadata.packages.iter().filter(is_own);
    let macros = macros.filter(|package| package.targets.iter().any(Target::is_macro));
    let macros: Vec<String> = macros.map(|package| package.id.clone()).collect();
    let with_macros = dependants(macros, &metadata.resolve.nodes);
    let edges = metadata.resolve.nodes.into_iter().filter(|node| node.id == root);
    // Those for tests and build scripts are not built for the library.
    let is_normal = |edge: &Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
    let edges = edges.flat_map(|node| node.deps).filter(is_normal);
    let mut uses: Vec<_> = edges.map(|edge| (edge.name, edge.pkg)).collect();
    if package.kept_lockfile.is_none()
        && let Some(library) = library
    {
        uses.push((library.name.replace('-', "_"), root.clone()));
    }
    if uses.is_empty() {
        return Err(DependencyProblem::Nothing { path: manifest() });
    }
    uses.sort();
    let has_library = library.is_some();
    let sources = metadata.packages.iter().filter_map(|package| package.source.as_deref());
    let has_git = sources.into_iter().any(|source| source.starts_with("git+"));
    let ids = metadata.packages.iter().map(|package| package.id.clone()).collect();
    let locals = metadata.packages.into_iter().filter(|package| package.source.is_none());
    let local = |one: Described| Local {
        has_macros: with_macros.contains(&one.id),
        id: one.id,
        manifest: one.manifest_path,
    };
    let graph = Graph {
        host: cargo.host().to_owned(),
        workspace: metadata.workspace_root,
        locals: locals.map(local).collect(),
        has_library,
        has_git,
        ids,
        uses,
    };
    graph.check_folders(cargo)?;
    Ok(graph)
}

/// Returns packages and all that depend on them, unless only their tests and examples do.
fn dependants(packages: Vec<String>, nodes: &[Node]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut waiting = packages;
    while let Some(id) = waiting.pop() {
        let is_built = |kind: &EdgeKind| kind.kind.as_deref() != Some("dev");
        let uses = |edge: &Edge| edge.pkg == id && edge.dep_kinds.iter().any(is_built);
        let users = nodes.iter().filter(|node| node.deps.iter().any(uses));
        let users: Vec<String> = users.map(|node| node.id.clone()).collect();
        if found.insert(id) {
            waiting.extend(users);
        }
    }
    found
}

impl Graph {
    /// Returns the names that a snippet may use.
    pub(super) fn names(&self) -> Vec<&str> {
        self.uses.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A build may read the folders of its packages, so none of them may hold what it must not
    /// read.
    fn check_folders(&self, cargo: &Cargo<'_>) -> Result<(), DependencyProblem> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let private = [cargo.user_home(), cargo.cargo_home()];
        let private: Vec<PathBuf> = private.iter().flatten().map(|path| real(path)).collect();
        let holds = |folder: &Path| private.iter().any(|path| path.starts_with(real(folder)));
        match self.locals.iter().map(Local::folder).find(|folder| holds(folder)) {
            Some(folder) => Err(DependencyProblem::HoldsHome { path: folder.to_owned() }),
            None => Ok(()),
        }
    }
}
