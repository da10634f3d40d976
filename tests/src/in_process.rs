//! The real passes in this process, with nothing executed: for properties over very many books.

use handbook_book::{Host, HostVersion};
use handbook_engine::{Analysis, ChapterInput, Engine, FixError, Input, Located};
use handbook_mdbook::{BookConfig, Site, World};
use handbook_pass::{Environment, Rule};
use handbook_text::include::{ReadError, ReadFiles};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The text of the one file beside the chapters that [`analyse`] looks at, `part.md`.
pub const PART: &str = "first\nsecond line of the part\n\nthird\n";

/// A folder that holds `part.md` and nothing else.
struct OnlyPart;

impl ReadFiles for OnlyPart {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        if path.ends_with("part.md") { Ok(PART.into()) } else { Err(ReadError::NotFound) }
    }
}

/// Surroundings in which nothing is executed.
pub fn idle_environment() -> Environment {
    let mut environment = World::default().environment();
    environment.execute = false;
    environment
}

/// Every rule that the suite knows, by id.
pub fn rules() -> Vec<Rule> {
    let (engine, _) = engine(HostVersion::V0_5);
    let mut rules: Vec<Rule> = engine.rules().chain(handbook_mdbook::RULES).copied().collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

fn engine(version: HostVersion) -> (Engine, Vec<Located>) {
    mdbook_handbook::SUITE.engine(&Site {
        config: &BookConfig::default(),
        configured: true,
        root: Path::new("/book"),
        host: Host::new(version),
        files: &OnlyPart,
        environment: &idle_environment(),
        book_toml: None,
    })
}

/// Takes chapters through all passes of the suite, as a host of `version` would.
pub fn analyse(chapters: &[String], version: HostVersion) -> Analysis {
    let root = PathBuf::from("/book");
    let (engine, _) = engine(version);
    let chapters = chapters.iter().enumerate().map(|(index, text)| ChapterInput {
        path: format!("{index}.md").into(),
        name: index.to_string(),
        parent: None,
        received: text.strip_prefix('\u{feff}').unwrap_or(text).into(),
        disk: Some(text.as_str().into()),
    });
    let input = Input {
        src: root.join("src"),
        root,
        host: Host::new(version),
        chapters: chapters.collect(),
        findings: Vec::new(),
    };
    engine.analyse(&input, &OnlyPart)
}

/// Files that are nowhere but here, by path below the book's root.
#[derive(Clone, Debug, Default)]
pub struct Files(pub BTreeMap<PathBuf, String>);

impl ReadFiles for Files {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let path = path.strip_prefix("/book").unwrap_or(path);
        self.0.get(path).map(|text| text.as_str().into()).ok_or(ReadError::NotFound)
    }
}

/// A book of one chapter, `chapter.md`, with its configuration and other files.
#[derive(Clone, Debug, Default)]
pub struct OneChapter {
    /// The text of `book.toml`.
    pub config: String,
    /// Files that the passes are made from.
    pub files: Files,
}

impl OneChapter {
    /// What the suite finds if the chapter has this text; what is wrong beside it comes first.
    pub fn analyse(&self, text: &str) -> Analysis {
        let (engine, findings) = self.engine();
        engine.analyse(&Self::input(text, findings), &self.files)
    }

    /// What all fixes together make of the text, unsafe ones too; `None` if they leave it as it is.
    ///
    /// # Errors
    ///
    /// If they go on asking for each other.
    pub fn fix(&self, text: &str) -> Result<Option<String>, FixError> {
        let file = Path::new("/book/src/chapter.md");
        let mut files = self.files.clone();
        files.0.insert("src/chapter.md".into(), text.to_owned());
        let (engine, findings) = self.engine();
        let load = |files: &dyn ReadFiles| {
            Self::input(&files.read(file).expect("the chapter"), findings.clone())
        };
        let fixed = handbook_engine::fix(&engine, &files, &load, &|_| true)?;
        let change = fixed.changes.into_iter().find(|change| change.file == file);
        Ok(change.map(|change| change.after.to_string()))
    }

    fn engine(&self) -> (Engine, Vec<Located>) {
        mdbook_handbook::SUITE.engine(&Site {
            config: &BookConfig::parse(&self.config).expect("a configuration"),
            configured: true,
            root: Path::new("/book"),
            host: Host::default(),
            files: &self.files,
            environment: &idle_environment(),
            book_toml: None,
        })
    }

    fn input(text: &str, findings: Vec<Located>) -> Input {
        let received: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(text).into();
        let chapter = ChapterInput {
            path: "chapter.md".into(),
            name: "Chapter".to_owned(),
            parent: None,
            disk: Some(text.into()),
            received,
        };
        let root = PathBuf::from("/book");
        let (src, host) = (root.join("src"), Host::default());
        Input { src, root, host, chapters: vec![chapter], findings }
    }

    /// The same, as rule and line from one; findings without a place stand in line zero.
    pub fn findings(&self, text: &str) -> Vec<(&'static str, usize)> {
        let analysis = self.analyse(text);
        let line = |located: &Located| {
            let span = located.finding.span?;
            Some(1 + located.text.as_ref()?[..span.start()].matches('\n').count())
        };
        let findings = analysis.findings.iter();
        findings.map(|located| (located.finding.rule, line(located).unwrap_or(0))).collect()
    }
}

/// A book that is nowhere but here: `book.toml`, `src/SUMMARY.md` and chapters.
#[derive(Clone, Debug, Default)]
pub struct WholeBook(pub Files);

impl WholeBook {
    /// A book that uses the suite, with nothing but a SUMMARY.
    pub fn new(summary: &str) -> Self {
        let book = Self::default().file("book.toml", "[preprocessor.handbook]\n");
        book.file("src/SUMMARY.md", &format!("# Summary\n\n{summary}"))
    }

    /// Adds or replaces a file, named from the book's root.
    #[must_use]
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.0.0.insert(path.into(), text.to_owned());
        self
    }

    /// What the suite finds; what is wrong beside the chapters comes first.
    pub fn analyse(&self) -> Analysis {
        let (engine, findings) = self.engine();
        engine.analyse(&self.input(&self.0, findings), &self.0)
    }

    /// The same, as file below the source folder, rule and line from one.
    pub fn findings(&self) -> Vec<(String, &'static str, usize)> {
        let analysis = self.analyse();
        let findings = analysis.findings.iter().map(|located| {
            let file = located.file.as_deref().unwrap_or(Path::new(""));
            let file = file.strip_prefix("/book/src").unwrap_or(file).display().to_string();
            let text = located.text.as_deref().unwrap_or_default();
            let before = located.finding.span.map(|span| &text[..span.start()]);
            let line = before.map_or(0, |before| 1 + before.matches('\n').count());
            (file, located.finding.rule, line)
        });
        findings.collect()
    }

    /// The book after all fixes, unsafe ones too.
    ///
    /// # Errors
    ///
    /// If they go on asking for each other.
    pub fn fixed(&self) -> Result<Self, FixError> {
        let (engine, findings) = self.engine();
        let load = |files: &dyn ReadFiles| self.input(files, findings.clone());
        let fixed = handbook_engine::fix(&engine, &self.0, &load, &|_| true)?;
        let mut book = self.clone();
        for change in fixed.changes {
            let path = change.file.strip_prefix("/book").expect("a file of the book").to_owned();
            book.0.0.insert(path, change.after.to_string());
        }
        Ok(book)
    }

    fn config(&self) -> BookConfig {
        BookConfig::parse(&self.0.0[Path::new("book.toml")]).expect("a configuration")
    }

    fn engine(&self) -> (Engine, Vec<Located>) {
        mdbook_handbook::SUITE.engine(&Site {
            config: &self.config(),
            configured: false,
            root: Path::new("/book"),
            host: Host::default(),
            files: &self.0,
            environment: &idle_environment(),
            book_toml: None,
        })
    }

    fn input(&self, files: &dyn ReadFiles, findings: Vec<Located>) -> Input {
        let input = handbook_mdbook::load(Path::new("/book"), &self.config(), files);
        let mut input = input.expect("a book");
        input.findings.splice(0..0, findings);
        input
    }
}

/// Whether the suite finds anything in a chapter on its own, whichever mdBook renders it.
pub fn is_faultless(chapter: &str) -> bool {
    let chapter = [chapter.to_owned()];
    [HostVersion::V0_4, HostVersion::V0_5]
        .iter()
        .all(|version| analyse(&chapter, *version).findings.is_empty())
}
