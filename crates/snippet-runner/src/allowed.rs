//! Files that a book lets its snippets read.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use crate::cache::Key;

/// Returns the hash of what [`Config::allow`](crate::Config::allow) would let snippets read, which is
/// the same wherever the book lies.
///
/// # Errors
///
/// If it is not there, or cannot be read.
pub fn contents_of(root: &Path, name: &Path) -> io::Result<String> {
    Ok(Allowed::read(root, name)?.contents)
}

/// A file or folder that snippets may read, beside what every one may.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    /// Where it is, without links on the way.
    path: PathBuf,
    /// Where a program finds it below its working folder: under the name that the book gives it.
    place: Option<PathBuf>,
    /// The hash of what is in it.
    contents: String,
}

impl Allowed {
    /// Reads what lies at `name`, which may be relative to `root`. A name that stays below it may not
    /// lead out of it by a link: the name is the configuration's, the link may be anybody's.
    pub(crate) fn read(root: &Path, name: &Path) -> io::Result<Self> {
        let path = root.join(name).canonicalize()?;
        let is_below = name.components().all(|part| matches!(part, Component::Normal(_)));
        if is_below && !path.starts_with(root.canonicalize()?) {
            return Err(io::Error::other("a link leads out of the book"));
        }
        let mut files = Vec::new();
        collect(&path, Path::new(""), &mut files)?;
        let place = is_below.then(|| name.to_owned());
        Ok(Allowed { path, place, contents: Key::hash(&files).hex() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what a report depends on: what is there, and where it is found.
    pub(crate) fn key(&self) -> (String, &str) {
        let place = self.place.as_ref().unwrap_or(&self.path);
        (place.to_string_lossy().into_owned(), &self.contents)
    }

    /// Puts a link to it into a working folder.
    pub(crate) fn link_into(&self, folder: &Path) -> io::Result<()> {
        let Some(place) = &self.place else { return Ok(()) };
        let mut parent = folder.to_owned();
        for part in place.parent().into_iter().flat_map(Path::components) {
            parent.push(part);
            // An entry further up has brought it.
            if parent.is_symlink() {
                return Ok(());
            }
        }
        fs::create_dir_all(parent)?;
        link(&self.path, &folder.join(place))
    }
}

/// Makes a link, or, where there is a folder of our own, links to all that is in it.
fn link(target: &Path, place: &Path) -> io::Result<()> {
    match fs::symlink_metadata(place) {
        Err(_) => symlink(target, place),
        Ok(metadata) if metadata.is_dir() && target.is_dir() => {
            fs::read_dir(target)?.try_for_each(|entry| {
                let entry = entry?;
                link(&entry.path(), &place.join(entry.file_name()))
            })
        }
        // What the work itself needs comes first.
        Ok(_) => Ok(()),
    }
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    if target.is_dir() {
        std::os::windows::fs::symlink_dir(target, link)
    } else {
        std::os::windows::fs::symlink_file(target, link)
    }
}

/// Collects names and hashes of all files, sorted. A link counts as what it says: where it leads is
/// not allowed with it.
fn collect(path: &Path, name: &Path, into: &mut Vec<(String, String)>) -> io::Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    let mut add = |text: String| into.push((name.to_string_lossy().into_owned(), text));
    if kind.is_symlink() {
        add(fs::read_link(path)?.to_string_lossy().into_owned());
    } else if kind.is_file() {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(path)?)?;
        add(hasher.finalize().to_hex().to_string());
    } else if kind.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            collect(&entry.path(), &name.join(entry.file_name()), into)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_count_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        fs::create_dir_all(data.join("deep")).unwrap();
        fs::write(data.join("deep/file"), "a").unwrap();
        let contents = || Allowed::read(root.path(), Path::new("data")).unwrap().contents;
        let first = contents();
        fs::write(data.join("deep/file"), "a").unwrap();
        assert_eq!(contents(), first);
        fs::write(data.join("deep/file"), "b").unwrap();
        assert_ne!(contents(), first);
        fs::write(data.join("deep/file"), "a").unwrap();
        fs::rename(data.join("deep/file"), data.join("deep/other")).unwrap();
        assert_ne!(contents(), first);
    }

    #[test]
    fn only_names_below_have_a_place() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("book");
        fs::create_dir_all(inner.join("data")).unwrap();
        let place = |name: &Path| Allowed::read(&inner, name).unwrap().place;
        assert_eq!(place(Path::new("data")), Some("data".into()));
        assert_eq!(place(Path::new("../book/data")), None);
        assert_eq!(place(&inner.join("data")), None);
        assert!(Allowed::read(&inner, Path::new("no")).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_link_leads_nowhere_else() {
        let root = tempfile::tempdir().unwrap();
        let book = root.path().join("book");
        fs::create_dir_all(root.path().join("secret")).unwrap();
        fs::create_dir_all(book.join("inside")).unwrap();
        std::os::unix::fs::symlink("../secret", book.join("data")).unwrap();
        std::os::unix::fs::symlink("inside", book.join("fine")).unwrap();
        assert!(Allowed::read(&book, Path::new("data")).is_err());
        assert!(Allowed::read(&book, Path::new("fine")).is_ok());
        // Whoever writes it down may name anything.
        assert!(Allowed::read(&book, Path::new("../secret")).is_ok());
    }

    #[test]
    fn a_folder_of_our_own_gets_what_is_in_theirs() {
        let root = tempfile::tempdir().unwrap();
        let working = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("src/deep")).unwrap();
        for file in ["src/main.rs", "src/words.txt", "src/deep/more.txt"] {
            fs::write(root.path().join(file), "theirs").unwrap();
        }
        fs::create_dir(working.path().join("src")).unwrap();
        fs::write(working.path().join("src/main.rs"), "ours").unwrap();
        for name in ["src", "src/deep", "src/words.txt"] {
            let allowed = Allowed::read(root.path(), Path::new(name)).unwrap();
            allowed.link_into(working.path()).unwrap();
            allowed.link_into(working.path()).unwrap();
        }
        let read = |file: &str| fs::read_to_string(working.path().join(file)).unwrap();
        assert_eq!(read("src/main.rs"), "ours");
        assert_eq!(
            (read("src/words.txt"), read("src/deep/more.txt")),
            ("theirs".into(), "theirs".into())
        );
        assert_eq!(fs::read_dir(root.path().join("src/deep")).unwrap().count(), 1);
    }
}
