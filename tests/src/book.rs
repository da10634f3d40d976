//! Books in temporary folders.

use crate::programs::{Output, Start, program};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The configuration of a book that uses the suite. `$HANDBOOK` and `$SNIPPETS` stand for the
/// commands of our preprocessors in every configuration that the harness is given.
pub const OURS: &str = "\
[book]
title = \"Test\"

[preprocessor.handbook]
command = \"$HANDBOOK\"
before = [\"links\"]
";

/// A book on disk, gone when it is dropped. It uses the suite unless [`Book::config`] or
/// [`Book::foreign`] says otherwise.
pub struct Book {
    folder: TempDir,
    /// The paths of the chapters that SUMMARY names.
    chapters: RefCell<Vec<String>>,
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

impl Book {
    /// A book that uses the suite, without chapters.
    pub fn new() -> Self {
        Self::foreign().config(OURS)
    }

    /// A book that has never heard of the suite, without chapters.
    pub fn foreign() -> Self {
        let folder = tempfile::Builder::new().prefix("handbook-test-").tempdir();
        let folder = folder.expect("a temporary folder");
        let book = Self { folder, chapters: RefCell::default() };
        fs::create_dir_all(book.root().join("src")).expect("a folder for the book");
        book.config("[book]\ntitle = \"Test\"\n").summary("# Summary\n")
    }

    /// Adds a chapter: a file below `src` and a line in SUMMARY.
    #[must_use]
    pub fn chapter(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.chapters.borrow_mut().push(path.to_owned());
        let links: String =
            self.chapters.borrow().iter().map(|path| format!("- [{path}]({path})\n")).collect();
        self.file(&format!("src/{path}"), text).summary(&format!("# Summary\n\n{links}"))
    }

    /// Adds the files of an example that is a whole book, SUMMARY included: a line
    /// `<!-- file: NAME -->` opens each. `None` if the example is a chapter.
    pub fn example(mut self, example: &str) -> Option<Self> {
        const FILE: &str = "<!-- file: ";
        if !example.starts_with(FILE) {
            return None;
        }
        for file in example.split(FILE).skip(1) {
            let (name, text) = file.split_once(" -->\n").expect("a name and a text");
            self = self.file(&format!("src/{name}"), text);
        }
        Some(self)
    }

    /// Adds or replaces a file, named from the book's root.
    #[must_use]
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Replaces SUMMARY.
    #[must_use]
    pub fn summary(self, text: &str) -> Self {
        self.file("src/SUMMARY.md", text)
    }

    /// Replaces `book.toml`.
    #[must_use]
    pub fn config(self, text: &str) -> Self {
        let text = self.with_commands(text);
        self.file("book.toml", text)
    }

    /// Adds or replaces a file of a book that stands already.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("its folder");
        fs::write(file, text).expect("a file of the book");
    }

    /// The text of a file, named from the book's root.
    pub fn read(&self, path: &str) -> String {
        let bytes = fs::read(self.root().join(path));
        let bytes = bytes.unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"));
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// The book's folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("book")
    }

    /// A folder beside the book, for what is not part of it. It may not exist yet.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Every file and folder of the book with its contents.
    pub fn tree(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        tree(&self.root())
    }

    /// Runs `handbook` with these arguments in the book's folder.
    pub fn handbook<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.start("handbook").args(args).output()
    }

    /// One of our programs, to be started in the book's folder with a cache of the book's own.
    pub fn start(&self, name: &str) -> Start {
        self.start_other(program(name))
    }

    /// Any program, to be started likewise.
    pub fn start_other(&self, program: impl AsRef<OsStr>) -> Start {
        Start::new(program, &self.root(), &self.beside("cache"))
    }

    /// The path of one of our programs.
    pub fn program(&self, name: &str) -> &'static Path {
        program(name)
    }

    /// What our preprocessors wrote to standard error since the last call, under real hosts.
    pub(crate) fn take_log(&self) -> String {
        let log = self.beside("preprocessor.log");
        let text = fs::read_to_string(&log).unwrap_or_default();
        // There is none if no preprocessor of ours was started.
        let _ = fs::remove_file(log);
        text.replace(&self.root().display().to_string(), "[BOOK]")
    }

    /// The JSON that a real host handed to our preprocessor last.
    pub fn handed(&self) -> String {
        fs::read_to_string(self.beside("handed.json"))
            .expect("a host has run a preprocessor of ours")
    }

    pub(crate) fn with_commands(&self, config: &str) -> String {
        let commands = [("$HANDBOOK", "mdbook-handbook"), ("$SNIPPETS", "mdbook-snippets")];
        commands.into_iter().fold(config.to_owned(), |config, (mark, name)| {
            if !config.contains(mark) {
                return config;
            }
            config.replace(mark, &self.launcher(name).display().to_string())
        })
    }

    /// A script that starts one of our programs with the book's own cache. Hosts hand their own
    /// surroundings to preprocessors, and let them write to the test's standard error.
    fn launcher(&self, name: &str) -> PathBuf {
        let script = self.beside(name);
        let (program, cache) = (program(name).display(), self.beside("cache"));
        let (log, handed) = (self.beside("preprocessor.log"), self.beside("handed.json"));
        let text = format!(
            "#!/bin/sh\n\
             export XDG_CACHE_HOME='{cache}'\n\
             [ \"$1\" = supports ] && exec '{program}' \"$@\"\n\
             cat > '{handed}'\n\
             exec '{program}' \"$@\" < '{handed}' 2>> '{log}'\n",
            cache = cache.display(),
            handed = handed.display(),
            log = log.display(),
        );
        write_script(&script, &text);
        script
    }
}

/// Writes a program that the shell runs.
pub fn write_script(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("its folder");
    fs::write(path, text).expect("a script");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("its permissions");
    }
}

/// Every file below a folder with its contents, and every folder.
pub(crate) fn tree(root: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry"))
        {
            let path = entry.path();
            let name = path.strip_prefix(root).expect("an entry of the folder").to_owned();
            if path.is_dir() {
                found.insert(name, None);
                folders.push(path);
            } else {
                found.insert(name, Some(fs::read(&path).expect("a file")));
            }
        }
    }
    found
}
