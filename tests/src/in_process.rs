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

/// Whether the suite finds anything in a chapter on its own, whichever mdBook renders it.
pub fn is_faultless(chapter: &str) -> bool {
    let chapter = [chapter.to_owned()];
    [HostVersion::V0_4, HostVersion::V0_5]
        .iter()
        .all(|version| analyse(&chapter, *version).findings.is_empty())
}
