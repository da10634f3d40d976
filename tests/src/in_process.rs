//! The real passes in this process, with nothing executed: for properties over very many books.

use handbook_book::{Host, HostVersion};
use handbook_engine::{Analysis, ChapterInput, Engine, Input, Located};
use handbook_mdbook::{BookConfig, Site, World};
use handbook_pass::{Environment, Rule};
use handbook_text::include::{ReadError, ReadFiles};
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

/// Whether the suite finds anything in a chapter on its own, whichever mdBook renders it.
pub fn is_faultless(chapter: &str) -> bool {
    let chapter = [chapter.to_owned()];
    [HostVersion::V0_4, HostVersion::V0_5]
        .iter()
        .all(|version| analyse(&chapter, *version).findings.is_empty())
}
