//! The book that a command works on.

use crate::arguments::{self, Shared};
use crate::journal;
use crate::lock::Lock;
use crate::progress::Bar;
use anyhow::{Context, bail};
use handbook_book::{ChapterId, HostVersion};
use handbook_engine::{Analysis, Engine, Input, Located, normalised};
use handbook_mdbook::{BookConfig, LoadError, Site, World, load, read_config};
use handbook_pass::{Environment, Recipe, Sandbox, SettingProblem, read_settings};
use handbook_text::did_you_mean;
use handbook_text::include::{ReadError, ReadFiles};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A book on disk.
pub(crate) struct OpenBook {
    pub(crate) root: PathBuf,
    pub(crate) config: BookConfig,
    pub(crate) environment: Environment,
    book_toml: Option<Arc<str>>,
}

impl OpenBook {
    /// Opens the book at `folder`, `--dir` or the working directory, read through `files`, once a
    /// change is whole that was interrupted there.
    pub(crate) fn open(
        shared: &Shared,
        folder: Option<&Path>,
        files: &dyn ReadFiles,
    ) -> anyhow::Result<Self> {
        let (root, environment) = root(shared, folder)?;
        journal::resume(&root)?;
        Self::at(root, environment, files)
    }

    /// Opens the book to write into it: until the lock is dropped, nobody else does.
    pub(crate) fn open_to_change(
        shared: &Shared,
        files: &dyn ReadFiles,
    ) -> anyhow::Result<(Self, Lock)> {
        let (root, environment) = root(shared, None)?;
        let lock = lock(&root)?;
        Ok((Self::at(root, environment, files)?, lock))
    }

    fn at(root: PathBuf, environment: Environment, files: &dyn ReadFiles) -> anyhow::Result<Self> {
        let (config, book_toml) = read_config(&root, files)?;
        Ok(Self { root, config, environment, book_toml })
    }

    /// The book as the engine wants it, read through `files`.
    pub(crate) fn input(&self, files: &dyn ReadFiles) -> anyhow::Result<Input> {
        load(&self.root, &self.config, files).map_err(|error| {
            let no_summary =
                matches!(&error, LoadError::Unreadable { source: ReadError::NotFound, .. });
            let error = anyhow::Error::from(error);
            if !no_summary {
                return error;
            }
            let root = self.root.display();
            error.context(format!("`{root}` holds no book; name its folder with `--dir`"))
        })
    }

    /// The passes, and what is wrong with what they are made from, read through `files`.
    pub(crate) fn engine(&self, files: &dyn ReadFiles) -> (Engine, Vec<Located>) {
        mdbook_handbook::SUITE.engine(&Site {
            config: &self.config,
            configured: false,
            root: &self.root,
            host: self.config.host(HostVersion::V0_5),
            files,
            environment: &self.environment,
            book_toml: self.book_toml.as_ref(),
        })
    }

    /// What the book's table of a pass says.
    ///
    /// # Errors
    ///
    /// If something in it means nothing or makes no sense: then it may not say what its author means.
    pub(crate) fn settings<S>(&self, recipe: &Recipe) -> anyhow::Result<S>
    where
        S: DeserializeOwned + Serialize + Default,
    {
        let table = mdbook_handbook::SUITE.table(&self.config, recipe.name);
        let Some((path, table)) = table else { return Ok(S::default()) };
        let (settings, problems) = read_settings(&table);
        match problems.into_iter().next() {
            None => Ok(settings),
            Some(SettingProblem { message, help, .. }) => {
                let help = help.map(|help| format!("; {help}")).unwrap_or_default();
                bail!("`[{}]` in book.toml: {message}{help}", path.join("."))
            }
        }
    }

    /// Looks at the book.
    pub(crate) fn analyse(&self, input: &mut Input, files: &dyn ReadFiles) -> Analysis {
        let (engine, problems) = self.engine(files);
        input.findings.splice(0..0, problems);
        engine.analyse(input, files)
    }

    /// The chapters that somebody means by `names`: files from here, or paths below the source
    /// folder. Paths below the source folder come back.
    pub(crate) fn chapters(
        &self,
        input: &Input,
        names: &[PathBuf],
    ) -> anyhow::Result<Vec<PathBuf>> {
        names.iter().map(|name| self.chapter(input, name)).collect()
    }

    /// One such chapter.
    pub(crate) fn chapter(&self, input: &Input, name: &Path) -> anyhow::Result<PathBuf> {
        let file = normalised(&self.environment.directory.join(name));
        let is_meant = |path: &Path| {
            normalised(path) == normalised(name)
                || input.src.join(path) == file
                || self.root.join(name) == input.src.join(path)
        };
        let paths = || input.chapters.iter().map(|chapter| chapter.path.as_path());
        if let Some(path) = paths().find(|path| is_meant(path)) {
            return Ok(path.to_owned());
        }
        let shown: Vec<String> = paths().map(|path| path.display().to_string()).collect();
        match did_you_mean(&name.display().to_string(), shown.iter().map(String::as_str)) {
            Some(near) => bail!("no chapter `{}`; did you mean `{near}`?", name.display()),
            None => bail!("no chapter `{}`; SUMMARY.md names them", name.display()),
        }
    }
}

/// The lock of the book at `root`, where a change that was interrupted is whole.
pub(crate) fn lock(root: &Path) -> anyhow::Result<Lock> {
    let lock = Lock::wait(root)?;
    journal::resume_locked(root, &lock)?;
    Ok(lock)
}

/// The folder of the book that somebody means, and the world around it.
fn root(shared: &Shared, folder: Option<&Path>) -> anyhow::Result<(PathBuf, Environment)> {
    let environment = environment(shared)?;
    let folder = folder.or(shared.dir.as_deref());
    let root = normalised(&environment.directory.join(folder.unwrap_or(Path::new("."))));
    if !root.is_dir() {
        bail!("there is no folder `{}`", root.display());
    }
    Ok((root, environment))
}

/// The world outside of any book, as the arguments will have it.
pub(crate) fn environment(shared: &Shared) -> anyhow::Result<Environment> {
    let world = World {
        arguments: Vec::new(),
        variables: std::env::vars_os().collect(),
        directory: current_dir()?,
    };
    let mut environment = world.environment();
    if let Some(folder) = &shared.cache_dir {
        environment.cache = Some(world.directory.join(folder));
    }
    if shared.no_cache {
        environment.cache = None;
    }
    for folder in &shared.library_paths {
        let path = normalised(&world.directory.join(folder));
        if !path.is_dir() {
            bail!("there is no folder `{}` to look for libraries in", folder.display());
        }
        environment.library_paths.push(path);
    }
    environment.jobs = shared.jobs;
    environment.timeout = shared.timeout.map(|seconds| Duration::from_secs(seconds.into()));
    environment.sandbox = shared.sandbox.map(|sandbox| match sandbox {
        arguments::Sandbox::BestEffort => Sandbox::BestEffort,
        arguments::Sandbox::Required => Sandbox::Required,
        arguments::Sandbox::Off => Sandbox::Off,
    });
    environment.progress = Arc::new(Bar::default());
    Ok(environment)
}

/// Keeps the findings of some chapters, if any are named. What is wrong beside all chapters is
/// always kept.
pub(crate) fn keep_chapters(findings: &mut Vec<Located>, input: &Input, only: &[PathBuf]) {
    let asked = |id: &ChapterId| only.contains(&input.chapters[id.0].path);
    findings.retain(|located| {
        only.is_empty() || located.chapters.is_empty() || located.chapters.iter().any(asked)
    });
}

#[expect(clippy::disallowed_methods, reason = "the command is what hands the world in")]
fn current_dir() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("the working directory is gone")
}
