//! The files that a build depends on, and what they say.
//!
//! Not all that lies in a package's folder: a book may lie there too, with its chapters and pages.
//! cargo tells which files rustc has read. Build scripts tell what they look at, or else may look
//! at everything in their package; macros do not tell, and may do so, too.
//!
//! What is told counts only inside of a package: there is nothing else that a build can read and
//! that could change, and a stranger who names a file elsewhere wants it read by us.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Component, Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::{
    DependencyProblem,
    build::Script,
    file,
    package::Package,
    place::{self, Place},
    resolve::Graph,
};

/// The files that a build depends on.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// Manifests and the lockfile; some may not exist, and would matter if they did.
    own: BTreeSet<PathBuf>,
    /// What the build says it has read, and what cargo looks for unasked.
    told: BTreeSet<PathBuf>,
    /// Folders, with everything in them.
    trees: BTreeSet<PathBuf>,
    /// Folders in these that do not matter.
    ignored: Vec<PathBuf>,
    /// What a build makes, which follows from the rest, lies in here.
    made: PathBuf,
    /// The folders of the packages, in which all but `own` lies. As in the others, there are no
    /// links on the way.
    packages: Vec<PathBuf>,
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
    ///
    /// # Errors
    ///
    /// [`DependencyProblem::Strange`] if the build left something else than cargo does.
    pub(super) fn find(
        graph: &Graph,
        package: &Package,
        scripts: &[Script],
        place: &Place,
        ignored: &[PathBuf],
    ) -> Result<Self, DependencyProblem> {
        let is_made = package.kept_lockfile.is_some();
        let lockfile = package.kept_lockfile.clone();
        let mut own = BTreeSet::from([lockfile.unwrap_or(graph.workspace.join("Cargo.lock"))]);
        let locals = graph.locals.iter();
        let locals = locals.filter(|local| !(is_made && local.manifest == package.manifest));
        let locals: Vec<_> = locals.collect();
        for local in &locals {
            // One of them further up may make a workspace of it.
            own.extend(local.folder().ancestors().map(|folder| folder.join("Cargo.toml")));
        }
        let packages = locals.iter().filter_map(|local| real(local.folder())).collect();
        let ignored = ignored.iter().filter_map(|path| real(path)).collect();
        let made = place.path("build");
        let made = real(&made).unwrap_or(made);
        let mut inputs = Inputs { own, ignored, made, packages, ..Inputs::default() };
        for local in locals {
            ["build.rs", "src/lib.rs"]
                .iter()
                .for_each(|name| inputs.tell(&local.folder().join(name)));
            let of_local = scripts.iter().filter(|script| script.package == local.id);
            let looks_at: Vec<_> = of_local.map(|script| script.looks_at.as_deref()).collect();
            if local.has_macros || looks_at.contains(&None) {
                inputs.tell(local.folder());
            }
            // A script may say that it looks at everything there is.
            let paths = looks_at.into_iter().flatten().flatten();
            paths.for_each(|path| inputs.tell(&local.folder().join(path)));
        }
        dep_info(place, &graph.host)?.iter().for_each(|path| inputs.tell(path));
        Ok(inputs)
    }

    /// Notes that a file or folder was read.
    fn tell(&mut self, path: &Path) {
        let Some(target) = real(path) else { return };
        if target.is_dir() && self.counts(&target) {
            self.trees.insert(target);
        }
        // The links on the way, too, for they may lead elsewhere one day.
        let names = path.ancestors();
        let names = names.filter(|&name| name.is_symlink() || (name == path && !name.is_dir()));
        let names = names.filter_map(|name| Some(real(name.parent()?)?.join(name.file_name()?)));
        let names: Vec<PathBuf> = names.filter(|name| self.counts(name)).collect();
        self.told.extend(names);
    }

    /// Returns whether cargo, too, knows of a file.
    pub(super) fn is_told(&self, path: &Path) -> bool {
        (self.told.contains(path) || self.own.contains(path)) && !path.is_symlink()
    }

    /// Returns whether a path, without links on the way, lies where inputs do.
    fn counts(&self, path: &Path) -> bool {
        let mut packages = self.packages.iter();
        packages.any(|folder| path.starts_with(folder)) && !path.starts_with(&self.made)
    }

    /// Reads what the files say now.
    pub(super) fn now(&self) -> Contents {
        // What stands on the way may have become a link since.
        let is_real = |path: &Path| path.canonicalize().is_ok_and(|real| real == path);
        let mut found = self.own.clone();
        for tree in self.trees.iter().filter(|tree| is_real(tree)) {
            self.walk(tree, &mut found);
        }
        let is_there = |path: &PathBuf| path.parent().is_some_and(is_real);
        let (there, missing): (Vec<_>, Vec<_>) = self.told.iter().cloned().partition(is_there);
        found.extend(there);
        let found = found.into_iter().map(|path| {
            let content = self.hash(&path).map_or(Content::Missing, Content::Hashed);
            (path, content)
        });
        let missing = missing.into_iter().map(|path| (path, Content::Missing));
        let pairs = found.chain(missing);
        Contents(pairs.map(|(path, one)| (path.to_string_lossy().into_owned(), one)).collect())
    }

    /// Hashes what a file says. A link says where it leads, and what lies there if that counts.
    fn hash(&self, path: &Path) -> io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        if fs::symlink_metadata(path)?.is_symlink() {
            hasher.update(fs::read_link(path)?.as_os_str().as_encoded_bytes());
            let target = path.canonicalize().ok().filter(|target| self.counts(target));
            if let Some(Ok(file)) = target.map(|target| file::open(&target)) {
                hasher.update_reader(file)?;
            }
        } else {
            hasher.update_reader(file::open(path)?)?;
        }
        Ok(hasher.finalize().to_hex().to_string())
    }

    /// Collects the files and links in a folder. Hidden folders are the tools', and no link is
    /// followed.
    fn walk(&self, folder: &Path, found: &mut BTreeSet<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            if !kind.is_dir() {
                found.insert(path);
                continue;
            }
            let is_hidden = name.to_string_lossy().starts_with('.');
            let is_ignored = self.ignored.contains(&path) || path == self.made;
            if !is_hidden && !is_ignored && name != "target" {
                self.walk(&path, found);
            }
        }
    }
}

impl Contents {
    /// Returns the files that say something else now, or are new.
    pub(super) fn changed<'a>(&'a self, now: &'a Contents) -> impl Iterator<Item = &'a Path> {
        let pairs = self.0.iter().filter(|(path, content)| now.0.get(*path) != Some(*content));
        let new = now.0.iter().filter(|(path, _)| !self.0.contains_key(*path));
        pairs.chain(new).map(|(path, _)| Path::new(path))
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
fn dep_info(place: &Place, host: &str) -> Result<BTreeSet<PathBuf>, DependencyProblem> {
    let mut found = BTreeSet::new();
    let mut budget = place::LONGEST;
    for folder in [place.target().join(host), place.target()] {
        let Ok(entries) = fs::read_dir(folder.join("debug")) else { continue };
        let paths = entries.flatten().map(|entry| entry.path());
        for path in paths.filter(|path| path.extension().is_some_and(|end| end == "d")) {
            let text = place.read_left(&path, &mut budget)?;
            found.extend(text.iter().flat_map(|text| read_dep_info(text)));
        }
    }
    Ok(found)
}

/// Returns where a path leads, with all links resolved. Its end need not exist.
fn real(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
    let (part, real) = there.filter(|_| path.is_absolute())?;
    let rest = path.strip_prefix(part).ok()?;
    let is_plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
    // Nothing is joined where nothing is missing: it would end with a separator.
    let joined = if rest.as_os_str().is_empty() { real } else { real.join(rest) };
    is_plain.then_some(joined)
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

    /// Inputs in the package of a folder, and nothing that is told.
    fn inputs(root: &Path) -> Inputs {
        Inputs {
            ignored: vec![root.join("pages")],
            made: root.join("made"),
            packages: vec![root.to_owned()],
            ..Inputs::default()
        }
    }

    /// An empty folder, and its name without links.
    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        (folder, root)
    }

    #[test]
    fn contents_count_and_times_do_not() {
        let (_folder, root) = folder();
        let outside = ["target/x", "pages/x", ".git/x", "made/x"];
        let write = |name: &str, text: &str| {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        };
        ["single", "tree", ".version"].iter().chain(&outside).for_each(|name| write(name, "a"));
        let mut inputs = inputs(&root);
        ["single", "missing", "."].iter().for_each(|name| inputs.tell(&root.join(name)));
        let before = inputs.now();
        assert_eq!(before.0.len(), 4, "{before:?}");
        let later = SystemTime::now() + std::time::Duration::from_secs(100);
        let file = fs::File::options().write(true).open(root.join("tree")).unwrap();
        file.set_modified(later).unwrap();
        outside.iter().for_each(|name| write(name, "b"));
        assert_eq!(inputs.now(), before);
        ["tree", "missing", ".version"].iter().for_each(|name| write(name, "b"));
        let now = inputs.now();
        let changed: Vec<_> = before.changed(&now).collect();
        assert_eq!(changed, [".version", "missing", "tree"].map(|name| root.join(name)));
        assert_ne!(now.doubted_since(SystemTime::UNIX_EPOCH), inputs.now());
    }

    #[test]
    fn what_a_build_names_elsewhere_is_not_read() {
        let (_folder, root) = folder();
        let book = root.join("book");
        fs::create_dir_all(book.join("made")).unwrap();
        fs::write(root.join("secret"), "a").unwrap();
        let mut inputs = inputs(&book);
        let near = ["../secret", "a/../../secret", "..", "made/x"].map(|name| book.join(name));
        let far = ["/proc/self/pagemap", "/proc/kmsg", "secret", "/"].map(PathBuf::from);
        near.iter().chain(&far).for_each(|path| inputs.tell(path));
        assert!(inputs.told.is_empty() && inputs.trees.is_empty(), "{inputs:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_count_as_what_they_say() {
        use std::os::unix::fs::symlink;

        let (_folder, root) = folder();
        let book = root.join("book");
        fs::create_dir_all(book.join("data")).unwrap();
        ["secret", "book/data/a", "book/data/b"].iter().for_each(|name| {
            fs::write(root.join(name), "a").unwrap();
        });
        let relink = |target: &str, name: &str| {
            let _ = fs::remove_file(book.join(name));
            symlink(target, book.join(name)).unwrap();
        };
        relink("data/a", "data/link");
        relink("../secret", "out");
        relink("data", "folder");
        let mut inputs = inputs(&book);
        ["data", "out", "folder/b"].iter().for_each(|name| inputs.tell(&book.join(name)));
        let told: Vec<_> = inputs.told.iter().cloned().collect();
        assert_eq!(told, ["data/b", "folder", "out"].map(|name| book.join(name)));
        let mut last = inputs.now();
        let mut has_changed = || std::mem::replace(&mut last, inputs.now()) != inputs.now();
        assert!(!has_changed());
        relink("b", "data/link");
        assert!(has_changed());
        // Nothing is opened out there.
        fs::write(root.join("secret"), "b").unwrap();
        assert!(!has_changed());
        relink("data/a", "out");
        assert!(has_changed());
        relink("..", "folder");
        assert!(has_changed());
        // Nor behind what becomes a link later.
        fs::rename(book.join("data"), root.join("data")).unwrap();
        relink("../data", "data");
        assert!(has_changed());
        fs::write(root.join("data/b"), "b").unwrap();
        assert!(!has_changed());
        // Nobody writes to it.
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, book.join("pipe"), mode).unwrap();
        inputs.tell(&book.join("pipe"));
        assert_eq!(inputs.now().0[&book.join("pipe").display().to_string()], Content::Missing);
    }
}
