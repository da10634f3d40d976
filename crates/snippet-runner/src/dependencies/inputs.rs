//! The files that a build depends on, and what they say.
//!
//! Not all that lies in a package's folder: a book may lie there too, with its chapters and pages.
//! cargo tells which files rustc has read. Build scripts tell what they look at, or else may look
//! at everything in their package.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::{build::Script, package::Package, place::Place, resolve::Graph};

/// The files that a build depends on.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// Files; some may not exist, and would matter if they did.
    files: BTreeSet<PathBuf>,
    /// Folders, with everything in them.
    trees: BTreeSet<PathBuf>,
    /// Folders in these that do not matter.
    ignored: Vec<PathBuf>,
}

/// What the files of a build say.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contents(BTreeMap<String, Content>);

/// What a file says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Content {
    /// There is no such file.
    Missing,
    /// The hash of what it says.
    Hashed(String),
    /// It changed while it was looked at.
    Unknown,
}

impl Inputs {
    /// Finds what a build depended on that has just taken place.
    pub(super) fn find(
        graph: &Graph,
        package: &Package,
        scripts: &[Script],
        place: &Place,
        ignored: &[PathBuf],
    ) -> Self {
        let mut files = BTreeSet::new();
        let mut trees = BTreeSet::new();
        let is_made = package.kept_lockfile.is_some();
        files.insert(match &package.kept_lockfile {
            Some(lockfile) => lockfile.clone(),
            None => graph.workspace.join("Cargo.lock"),
        });
        for local in &graph.locals {
            if is_made && local.manifest == package.manifest {
                continue;
            }
            // One of them further up may make a workspace of it.
            let folders = local.manifest.parent().into_iter().flat_map(Path::ancestors);
            files.extend(folders.map(|folder| folder.join("Cargo.toml")));
            // cargo looks for these unasked.
            files.extend(["build.rs", "src/lib.rs"].map(|name| local.folder().join(name)));
        }
        for folder in [place.target().join(&graph.host), place.target()] {
            files.extend(dep_info(&folder.join("debug")));
        }
        for script in scripts {
            let Some(local) = graph.locals.iter().find(|local| local.id == script.package) else {
                continue;
            };
            match &script.looks_at {
                None => {
                    trees.insert(local.folder().to_owned());
                }
                Some(paths) => {
                    for path in paths.iter().map(|path| local.folder().join(path)) {
                        // A script may say that it looks at everything there is.
                        let is_tree = path.is_dir() && path.starts_with(local.folder());
                        if is_tree {
                            trees.insert(path)
                        } else {
                            files.insert(path)
                        };
                    }
                }
            }
        }
        // Whatever a script has made follows from the rest.
        let build = place.build();
        files.retain(|file| !file.starts_with(&build));
        Inputs { files, trees, ignored: ignored.to_owned() }
    }

    /// Reads what the files say now.
    pub(super) fn now(&self) -> Contents {
        let mut found: BTreeSet<PathBuf> = self.files.clone();
        for tree in &self.trees {
            self.walk(tree, &mut found);
        }
        let pairs = found.into_iter().map(|path| {
            let content = match fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => fs::read(&path).ok(),
                _ => None,
            };
            let content = content.map_or(Content::Missing, |bytes| {
                Content::Hashed(blake3::hash(&bytes).to_hex().to_string())
            });
            (path.to_string_lossy().into_owned(), content)
        });
        Contents(pairs.collect())
    }

    /// Collects the files in a folder. What is hidden is the tools', and no link is followed.
    fn walk(&self, folder: &Path, found: &mut BTreeSet<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            let is_hidden = name.to_string_lossy().starts_with('.');
            if is_hidden || name == "target" || self.ignored.contains(&path) {
                continue;
            }
            if kind.is_dir() {
                self.walk(&path, found);
            } else if kind.is_file() {
                found.insert(path);
            }
        }
    }
}

impl Contents {
    /// Returns the files that say something else now.
    pub(super) fn changed<'a>(&'a self, now: &'a Contents) -> impl Iterator<Item = &'a Path> {
        let pairs = self.0.iter().filter(|(path, content)| now.0.get(*path) != Some(*content));
        pairs.map(|(path, _)| Path::new(path))
    }

    /// Takes nothing for known of those that have changed since then.
    pub(super) fn doubted_since(mut self, time: SystemTime) -> Self {
        for (path, content) in &mut self.0 {
            let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
            if changed.is_ok_and(|changed| changed > time) {
                *content = Content::Unknown;
            }
        }
        self
    }
}

/// Returns the files that rustc has read, those of path dependencies included, from the files in
/// which cargo says so.
fn dep_info(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "d"));
    let texts = paths.filter_map(|path| fs::read_to_string(path).ok());
    texts.flat_map(|text| read_dep_info(&text)).collect()
}

/// Reads a rule of make: `output: input input`, with blanks escaped.
fn read_dep_info(text: &str) -> Vec<PathBuf> {
    let inputs = text.lines().filter_map(|line| Some(line.split_once(": ")?.1));
    let words = inputs.flat_map(|inputs| {
        let marked = inputs.replace("\\ ", "\0");
        let words = marked.split_whitespace().map(|word| word.replace('\0', " "));
        words.map(PathBuf::from).collect::<Vec<_>>()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dep_info_is_read() {
        let text = "/t/libmine.rlib: /a/src/lib.rs /a/a\\ b.txt\n";
        assert_eq!(read_dep_info(text), ["/a/src/lib.rs", "/a/a b.txt"].map(PathBuf::from));
    }

    #[test]
    fn contents_count_and_times_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("target")).unwrap();
        fs::create_dir_all(root.join("pages")).unwrap();
        let [file, tree] = ["single", "tree"].map(|name| root.join(name));
        for path in [&file, &tree, &root.join("target/x"), &root.join("pages/x")] {
            fs::write(path, "a").unwrap();
        }
        let inputs = Inputs {
            files: [file, root.join("missing")].into(),
            trees: [root.to_owned()].into(),
            ignored: vec![root.join("pages")],
        };
        let before = inputs.now();
        assert_eq!(before.0.len(), 3);
        let later = SystemTime::now() + std::time::Duration::from_secs(100);
        fs::File::options().write(true).open(&tree).unwrap().set_modified(later).unwrap();
        fs::write(root.join("target/x"), "b").unwrap();
        fs::write(root.join("pages/x"), "b").unwrap();
        assert_eq!(inputs.now(), before);
        fs::write(&tree, "b").unwrap();
        fs::write(root.join("missing"), "").unwrap();
        let now = inputs.now();
        let changed: Vec<_> = before.changed(&now).collect();
        assert_eq!(changed, [root.join("missing"), tree]);
        assert_ne!(now.doubted_since(SystemTime::UNIX_EPOCH), inputs.now());
    }
}
