//! Compiling, in the sandbox.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    DependencyProblem,
    cargo::{Cargo, TIMEOUT},
    home,
    package::Package,
    place::{self, Place},
    record::Built,
    resolve::{Graph, Target},
};
use crate::{
    Error, Refusal,
    process::{End, Finished},
    sandbox::Sandbox,
};

/// A build script that was run.
#[derive(Debug)]
pub(super) struct Script {
    /// The id of its package.
    pub(super) package: String,
    /// The files and folders that it says it looks at; `None` if it does not say.
    pub(super) looks_at: Option<Vec<PathBuf>>,
}

/// All that a build takes.
pub(super) struct Builder<'a> {
    cargo: &'a Cargo<'a>,
    package: &'a Package,
    graph: &'a Graph,
    place: &'a Place,
    sandbox: &'a Sandbox,
    /// What cargo may read.
    readable: Vec<PathBuf>,
}

impl<'a> Builder<'a> {
    /// Gives cargo a home.
    pub(super) fn new(
        cargo: &'a Cargo<'a>,
        package: &'a Package,
        graph: &'a Graph,
        place: &'a Place,
        sandbox: &'a Sandbox,
    ) -> Result<Self, Error> {
        let mut files = vec![graph.workspace.join("Cargo.lock")];
        // cargo looks further up for the workspace.
        let folders = graph.locals.iter().flat_map(|local| local.folder().ancestors());
        files.extend(folders.map(|folder| folder.join("Cargo.toml")));
        // Behind a link could lie what is nobody's manifest.
        files.retain(|file| fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file()));
        let mut readable = home::furnish(cargo, place)?;
        readable.extend(files);
        readable.extend(graph.locals.iter().map(|local| local.folder().to_owned()));
        if graph.has_git {
            readable.push(home::git_config()?);
        }
        Ok(Builder { cargo, package, graph, place, sandbox, readable })
    }

    /// Has the packages in folders of the user's compiled again, whatever cargo thinks of them.
    pub(super) fn forget_locals(&self) -> Result<(), Error> {
        let mut arguments = vec![OsStr::new("clean")];
        for local in &self.graph.locals {
            arguments.extend([OsStr::new("--package"), local.id.as_ref()]);
        }
        match self.call(&arguments, &[])?.end {
            End::Exited(0) => Ok(()),
            _ => self.place.forget_target(),
        }
    }

    /// Builds what snippets may use. Returns it, and the build scripts that took part.
    pub(super) fn build(&self) -> Result<(Built, Vec<Script>), Error> {
        let only_library: &[&OsStr] =
            if self.graph.has_library { &["--lib".as_ref()] } else { &[] };
        let arguments = ["build", "--message-format=json"].map(OsStr::new);
        let finished = self.call(&arguments, only_library)?;
        read(&finished, self.graph, self.place)
    }

    fn call(&self, command: &[&OsStr], options: &[&OsStr]) -> Result<Finished, Error> {
        let mut arguments = command.to_vec();
        arguments.extend(["--locked", "--offline", "--target", self.cargo.host()].map(OsStr::new));
        arguments.extend([OsStr::new("--manifest-path"), self.package.manifest.as_os_str()]);
        arguments.extend(options);
        self.cargo.run_confined(&arguments, self.place, &self.readable, self.sandbox)
    }
}

/// Reads what came of a build.
fn read(finished: &Finished, graph: &Graph, place: &Place) -> Result<(Built, Vec<Script>), Error> {
    let messages = finished.stdout.lines().filter_map(|line| serde_json::from_str(line).ok());
    let messages: Vec<Message> = messages.collect();
    let failed = finished.end != End::Exited(0);
    let said = if failed { complaint(finished, &messages) } else { String::new() };
    let mut refusals = Refusal::that_matter(&finished.refusals, failed.then_some(said.as_str()));
    // Many a build looks around and copes with what it finds.
    refusals.retain(|refusal| failed || refusal.reaches_others());
    if !refusals.is_empty() {
        return Err(DependencyProblem::Refused { refusals, message: said }.into());
    }
    if failed {
        return Err(DependencyProblem::DoNotBuild { message: said }.into());
    }
    // Macros may print what looks like a message.
    let is_known = |message: &Message| match message {
        Message::Artifact { package_id, .. } | Message::Script { package_id, .. } => {
            graph.ids.contains(package_id)
        }
        _ => false,
    };
    let messages: Vec<Message> = messages.into_iter().filter(is_known).collect();
    Ok((built(graph, place, &messages), scripts(graph, place, &messages)?))
}

/// What cargo says while it builds.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact { package_id: String, target: Target, filenames: Vec<PathBuf> },
    #[serde(rename = "build-script-executed")]
    Script { package_id: String, linked_paths: Vec<String>, out_dir: PathBuf },
    #[serde(rename = "compiler-message")]
    Diagnostic { message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// Says why a build failed: what rustc said, then what cargo said.
fn complaint(finished: &Finished, messages: &[Message]) -> String {
    const LONGEST: usize = 80;

    let errors = messages.iter().filter_map(|message| match message {
        Message::Diagnostic { message } if message.level.starts_with("error") => {
            message.rendered.as_deref()
        }
        _ => None,
    });
    let end = match finished.end {
        End::TimedOut => format!("the build took longer than {TIMEOUT:?}"),
        End::Killed(signal) => format!("the build was ended by signal {signal}"),
        End::TooManyProcesses => "the build started too many processes".to_owned(),
        _ => String::new(),
    };
    let said: Vec<&str> = errors.chain([finished.stderr.as_str(), &end]).collect();
    let lines: Vec<&str> = said.iter().flat_map(|text| text.trim_end().lines()).collect();
    let mut text = lines[..lines.len().min(LONGEST)].join("\n");
    if lines.len() > LONGEST {
        text.push_str("\n…");
    }
    text
}

/// Finds what a snippet needs among what was made.
fn built(graph: &Graph, place: &Place, messages: &[Message]) -> Built {
    // What is made for build scripts and macros lies elsewhere, and may have other features.
    let ours = place.target().join(&graph.host);
    let externs = graph.uses.iter().filter_map(|(name, id)| {
        let files = messages.iter().filter_map(|message| match message {
            Message::Artifact { package_id, target, filenames } if package_id == id => {
                library_file(target, filenames, &ours)
            }
            _ => None,
        });

        let file = files.into_iter().find(|file| place.has_left(file))?;
        Some((name.clone(), file.to_owned()))
    });
    let dependencies = [&ours, &place.target()].map(|folder| folder.join("debug/deps"));
    let dependencies = dependencies.map(|folder| format!("dependency={}", folder.display()));
    let linked = messages.iter().filter_map(|message| match message {
        Message::Script { linked_paths, .. } => Some(linked_paths),
        _ => None,
    });
    Built {
        externs: externs.collect(),
        folders: dependencies.into_iter().chain(linked.flatten().cloned()).collect(),
    }
}

/// Returns the file of a library that rustc wants. Macros are made for the compiler, all else in
/// the folder `ours`.
fn library_file<'a>(target: &Target, files: &'a [PathBuf], ours: &Path) -> Option<&'a Path> {
    let is_wanted = |file: &&PathBuf| {
        let extension = file.extension().and_then(OsStr::to_str);
        if target.is_macro() {
            extension == Some(std::env::consts::DLL_EXTENSION)
        } else {
            target.is_library() && extension == Some("rlib") && file.starts_with(ours)
        }
    };
    files.iter().find(is_wanted).map(PathBuf::as_path)
}

/// Returns the build scripts of packages in folders of the user's that took part, or did so the
/// last time.
fn scripts(
    graph: &Graph,
    place: &Place,
    messages: &[Message],
) -> Result<Vec<Script>, DependencyProblem> {
    let mut budget = place::LONGEST;
    let scripts = messages.iter().filter_map(|message| match message {
        Message::Script { package_id, out_dir, .. }
            if graph.locals.iter().any(|local| local.id == *package_id) =>
        {
            // cargo keeps beside its folder what a script printed.
            let printed = place.read_left(&out_dir.with_file_name("output"), &mut budget);
            Some(printed.map(|printed| Script {
                package: package_id.clone(),
                looks_at: printed.and_then(|text| looks_at(&text)),
            }))
        }
        _ => None,
    });
    scripts.collect()
}

/// Reads what a build script says it looks at.
fn looks_at(printed: &str) -> Option<Vec<PathBuf>> {
    let said = printed.lines().filter_map(|line| {
        let line = line.strip_prefix("cargo:")?;
        line.strip_prefix(':').unwrap_or(line).strip_prefix("rerun-if-")?.split_once('=')
    });
    let said: Vec<(&str, &str)> = said.collect();
    let files = said.iter().filter(|(kind, _)| *kind == "changed");
    (!said.is_empty()).then(|| files.map(|(_, path)| PathBuf::from(path)).collect())
}
