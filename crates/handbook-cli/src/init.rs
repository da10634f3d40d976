//! Makes a book use the suite.
//!
//! Three things are added, each only if the book has nothing of its own in its place: the
//! preprocessor's table, kinds of chapters with their templates, a style sheet. `presets/` holds
//! the table as it is written; templates and style sheet are the handbook's own.

mod book_toml;

use crate::Outcome;
use crate::arguments::{Init, Shared};
use crate::journal::Journal;
use crate::lock::Lock;
use crate::open::{environment, lock};
use crate::report::line;
use anyhow::{Context, anyhow, bail};
use book_toml::BookToml;
use handbook_engine::normalised;
use handbook_mdbook::{DiskFiles, read_config};
use handbook_text::include::{ReadError, ReadFiles};
use std::path::{Path, PathBuf};

/// The table that puts the suite to work.
const PREPROCESSOR: &str = include_str!("../presets/preprocessor.toml");

/// Looks of what the suite adds to pages: the handbook's own, which holds nothing for it alone.
const STYLE_SHEET: &str = include_str!("../../../book/theme/handbook.css");

/// A kind of chapters that a book is given.
struct Preset {
    kind: &'static str,
    template: &'static str,
    /// Which chapters are of the kind whatever their titles, if there are such.
    chapters: Option<&'static str>,
}

/// A template of the handbook.
macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("../../../book/templates/", $name, ".md"))
    };
}

const KINDS: &[Preset] = &[
    Preset { kind: "case-study", template: template!("case-study"), chapters: None },
    Preset { kind: "deep-dive", template: template!("deep-dive"), chapters: None },
    Preset { kind: "hub", template: template!("hub"), chapters: None },
    Preset { kind: "madr", template: template!("madr"), chapters: Some("decisions/*.md") },
];

/// Adds to a book what the suite needs, and overwrites nothing.
pub(crate) fn init(shared: &Shared, init: &Init) -> anyhow::Result<Outcome> {
    let directory = environment(shared)?.directory;
    let folder = init.folder.as_deref().or(shared.dir.as_deref()).unwrap_or(Path::new("."));
    let root = normalised(&directory.join(folder));
    if !root.join("book.toml").exists() {
        return Err(no_book(&root));
    }
    let lock = lock(&root)?;
    let mut start = Start::at(root, &lock)?;
    start.preprocessor()?;
    start.kinds()?;
    start.style_sheet()?;
    let Start { root, before, toml, mut journal, left, .. } = start;
    journal.add(&root, &root.join("book.toml"), Some(&before), Some(&toml.text()?))?;
    let changes = !journal.steps.is_empty();
    if init.dry_run {
        journal.show()?;
    } else if changes {
        journal.perform(&root, &lock)?;
        journal.tell()?;
    }
    left.iter().try_for_each(|left| line(&format!("left alone: {left}")))?;
    match (changes, init.dry_run) {
        (false, _) => line("nothing to do")?,
        (true, true) => {}
        (true, false) => line(
            "\nNext:\n\
             - `handbook check` says what it finds in the book as it is\n\
             - `handbook new deep-dive TITLE` writes a chapter\n\
             - `mdbook build` checks the book from now on; it needs the program `mdbook-handbook`",
        )?,
    }
    Ok(Outcome::Clean)
}

/// A book that is about to use the suite.
struct Start {
    root: PathBuf,
    /// The folder that holds the source folder, from the root.
    beside_src: PathBuf,
    /// The text of `book.toml` as it is.
    before: std::sync::Arc<str>,
    toml: BookToml,
    journal: Journal,
    /// What the book has of its own.
    left: Vec<String>,
}

impl Start {
    fn at(root: PathBuf, _: &Lock) -> anyhow::Result<Self> {
        let (config, text) = read_config(&root, &DiskFiles)?;
        let before = text.ok_or_else(|| no_book(&root))?;
        let src = normalised(&config.src());
        let beside_src = src.parent().map(Path::to_owned).unwrap_or_default();
        let toml = BookToml::new(&before)?;
        let journal = Journal::new("putting the suite to work".to_owned());
        Ok(Self { root, beside_src, before, toml, journal, left: Vec::new() })
    }

    fn preprocessor(&mut self) -> anyhow::Result<()> {
        for recipe in mdbook_handbook::SUITE.recipes {
            let name = recipe.name;
            if self.toml.has(&["preprocessor", name]) {
                bail!(
                    "book.toml has `[preprocessor.{name}]`, which `mdbook-handbook` contains; \
                     move its keys to `[preprocessor.handbook.{name}]`, and add the rest by hand"
                );
            }
        }
        if self.toml.has(&["preprocessor", "handbook"]) {
            self.left.push("`[preprocessor.handbook]` in book.toml".to_owned());
        } else {
            self.toml.append(PREPROCESSOR);
        }
        Ok(())
    }

    fn kinds(&mut self) -> anyhow::Result<()> {
        if self.toml.has(&["preprocessor", "handbook", "adr", "kinds"]) {
            self.left.push("the kinds of chapters in book.toml, and their templates".to_owned());
            return Ok(());
        }
        for Preset { kind, template, chapters } in KINDS {
            let path = self.beside_src.join("templates").join(format!("{kind}.md"));
            if !self.file(&path, template)? {
                continue;
            }
            let path = shown(&path);
            let chapters = chapters.map(|chapters| format!("chapters = [\"{chapters}\"]\n"));
            let chapters = chapters.unwrap_or_default();
            self.toml.append(&format!(
                "[preprocessor.handbook.adr.kinds.{kind}]\ntemplate = \"{path}\"\n{chapters}"
            ));
        }
        Ok(())
    }

    fn style_sheet(&mut self) -> anyhow::Result<()> {
        if self.toml.has(&["output"]) && !self.toml.has(&["output", "html"]) {
            self.left.push("the style sheet: the book is no web page".to_owned());
            return Ok(());
        }
        let path = self.beside_src.join("theme").join("handbook.css");
        if self.file(&path, STYLE_SHEET)? {
            self.toml.add_style_sheet(&shown(&path))?;
        }
        Ok(())
    }

    /// Adds a file. Says whether the book has it, with this text, afterwards.
    fn file(&mut self, path: &Path, text: &str) -> anyhow::Result<bool> {
        let file = self.root.join(path);
        match DiskFiles.read(&file) {
            Ok(there) if *there == *text => Ok(true),
            Ok(_) => {
                self.left.push(format!("{}, which is there already", shown(path)));
                Ok(false)
            }
            Err(ReadError::NotFound) => {
                self.journal.add(&self.root, &file, None, Some(text))?;
                Ok(true)
            }
            Err(error) => Err(error).with_context(|| format!("cannot read `{}`", shown(path))),
        }
    }
}

fn no_book(root: &Path) -> anyhow::Error {
    anyhow!(
        "there is no `book.toml` in `{}`; make a book first, with `mdbook init`",
        root.display()
    )
}

/// A path as book.toml has it.
fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
