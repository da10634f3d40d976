//! The package whose dependencies are built: the book's, or one that is made of a table.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{DependencyProblem, LOCKFILE, Wanted, place::Place};
use crate::Error;

/// A package.
#[derive(Debug)]
pub(super) struct Package {
    /// Its manifest.
    pub(super) manifest: PathBuf,
    /// It is made of a table, and this is where its lockfile is kept.
    pub(super) kept_lockfile: Option<PathBuf>,
}

impl Package {
    /// Returns the package that is wanted; one that is made of a table is written into the place.
    pub(super) fn of(wanted: &Wanted, place: &Place) -> Result<Self, Error> {
        match wanted {
            Wanted::Manifest(path) => {
                fs::read_to_string(path).map_err(|error| DependencyProblem::NoManifest {
                    path: path.clone(),
                    reason: error.to_string(),
                })?;
                Ok(Package { manifest: path.clone(), kept_lockfile: None })
            }
            Wanted::Table { table, root } => {
                let folder = place.path("package");
                let kept = root.join(LOCKFILE);
                check_lockfile(&kept)?;
                let package =
                    Package { manifest: folder.join("Cargo.toml"), kept_lockfile: Some(kept) };
                package.write(&folder, table, root).map_err(Error::io(&folder))?;
                Ok(package)
            }
        }
    }

    fn write(&self, folder: &Path, table: &Map<String, Value>, root: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("lib.rs"), "")?;
        let text = toml::to_string(&manifest(table, root)).map_err(io::Error::other)?;
        fs::write(&self.manifest, text)?;
        let lockfile = folder.join("Cargo.lock");
        match self.kept_lockfile.as_ref().map(fs::read) {
            Some(Ok(text)) => fs::write(lockfile, text),
            _ => fs::remove_file(lockfile).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            }),
        }
    }

    /// Keeps the lockfile where its book has it, if cargo has changed it.
    pub(super) fn keep_lockfile(&self) -> Result<(), Error> {
        let Some(kept) = &self.kept_lockfile else { return Ok(()) };
        let made = self.manifest.with_file_name("Cargo.lock");
        let text = fs::read(&made).map_err(Error::io(&made))?;
        if fs::read(kept).is_ok_and(|before| before == text) {
            return Ok(());
        }
        // A link that has come there by now is replaced, not followed.
        replace(kept, &text).map_err(Error::io(kept))
    }
}

/// Makes sure that where a lockfile is read and written there is one or none: a link could lead out
/// of the book.
pub(super) fn check_lockfile(path: &Path) -> Result<(), DependencyProblem> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            Err(DependencyProblem::Lockfile { path: path.to_owned() })
        }
        _ => Ok(()),
    }
}

/// Writes a file in place of the one that is there.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        // As many as the user gives to new files.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let folder = path.parent().unwrap_or(path);
    let mut file = builder.prefix(".snippets.lock").tempfile_in(folder)?;
    file.write_all(text)?;
    if let Ok(before) = fs::symlink_metadata(path).map(|metadata| metadata.permissions()) {
        file.as_file().set_permissions(before)?;
    }
    file.persist(path)?;
    Ok(())
}

/// Returns the manifest of a package that depends on what stands in a table.
fn manifest(table: &Map<String, Value>, root: &Path) -> Value {
    let mut dependencies = sorted(table);
    for wanted in dependencies.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(path) = wanted.get_mut("path")
            && let Some(relative) = path.as_str()
        {
            *path = root.join(relative).to_string_lossy().into_owned().into();
        }
    }
    json!({
        "package": { "name": "snippets", "version": "0.0.0", "edition": "2021" },
        "lib": { "path": "lib.rs" },
        "dependencies": dependencies,
        // Whatever lies further up is none of its business.
        "workspace": {},
    })
}

/// Returns a table with its keys in order, at every depth.
pub(super) fn sorted(table: &Map<String, Value>) -> Value {
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| *key);
    let pairs = pairs.into_iter().map(|(key, value)| match value {
        Value::Object(inner) => (key.clone(), sorted(inner)),
        value => (key.clone(), value.clone()),
    });
    Value::Object(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_manifest() {
        let table = json!({ "rand": "0.9", "mine": { "path": "crates/mine", "features": ["x"] } });
        let table = table.as_object().unwrap();
        let text = toml::to_string(&manifest(table, Path::new("/book"))).unwrap();
        let read: toml::Table = text.parse().unwrap();
        let mine = &read["dependencies"]["mine"];
        assert_eq!(mine["path"].as_str(), Some("/book/crates/mine"));
        assert_eq!(mine["features"][0].as_str(), Some("x"));
        assert_eq!(read["dependencies"]["rand"].as_str(), Some("0.9"));
        assert!(read["workspace"].as_table().unwrap().is_empty());
    }

    #[test]
    fn the_order_of_a_table_does_not_count() {
        let one = json!({ "b": "1", "a": { "version": "1", "features": [] } });
        let other = json!({ "a": { "features": [], "version": "1" }, "b": "1" });
        let text = |value: &Value| sorted(value.as_object().unwrap()).to_string();
        assert_eq!(text(&one), text(&other));
    }
}
