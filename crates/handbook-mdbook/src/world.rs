use handbook_pass::{Environment, Results, Selection, Silent};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// What a binary alone may look at: its arguments and surroundings.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The arguments, without the program's name.
    pub arguments: Vec<OsString>,
    /// The environment variables.
    pub variables: BTreeMap<OsString, OsString>,
    /// The working directory.
    pub directory: PathBuf,
}

impl World {
    /// The environment that passes see: everything is tried out, and remembered in the user's cache
    /// folder.
    pub fn environment(&self) -> Environment {
        Environment {
            variables: self.variables.clone(),
            directory: self.directory.clone(),
            cache: self.cache_folder(),
            execute: true,
            jobs: None,
            selection: Selection::default(),
            library_paths: Vec::new(),
            audit: false,
            retries: 0,
            mutation: None,
            timeout: None,
            sandbox: None,
            results: Results::default(),
            progress: Arc::new(Silent),
        }
    }

    /// `handbook` in the folder that the system keeps for caches; `None` where no variable names it.
    fn cache_folder(&self) -> Option<PathBuf> {
        let variable = |name: &str| {
            let value = self.variables.get(&OsString::from(name))?;
            (!value.is_empty()).then(|| PathBuf::from(value))
        };
        let folder = variable("XDG_CACHE_HOME")
            .or_else(|| variable("LOCALAPPDATA"))
            .or_else(|| Some(variable("HOME")?.join(".cache")))?;
        Some(folder.join("handbook"))
    }
}
