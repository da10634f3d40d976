//! The book that is measured: a copy, which may be changed.

use anyhow::Context;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that belong to no book, and may be large.
const NOT_COPIED: &[&str] = &[".git", "node_modules", "target"];

/// The preprocessors that both sides have.
const BUILT_IN: &[&str] = &["links", "index"];

/// Copies a book.
pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))? {
        let (entry, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let to = to.join(&name);
        if !entry.is_dir() {
            fs::copy(&entry, to).with_context(|| format!("cannot copy `{}`", entry.display()))?;
        } else if NOT_COPIED.iter().all(|other| name != *other) {
            copy(&entry, &to)?;
        }
    }
    Ok(())
}

/// Takes foreign preprocessors out of a book's configuration: a program that is not installed
/// stops mdBook, and one that is would change the text on one side only. Sets the edition, if one
/// is given.
pub(crate) fn configure(book: &Path, edition: Option<&str>) -> anyhow::Result<()> {
    let path = book.join("book.toml");
    let text = fs::read_to_string(&path).context("no book.toml")?;
    let mut configuration: toml::Table = text.parse()?;
    if let Some(toml::Value::Table(tables)) = configuration.get_mut("preprocessor") {
        tables.retain(|name, _| BUILT_IN.contains(&name));
    }
    if let Some(edition) = edition {
        let rust = configuration.entry("rust").or_insert_with(|| toml::Table::new().into());
        let rust = rust.as_table_mut().context("`rust` in book.toml is no table")?;
        rust.insert("edition".to_owned(), edition.into());
    }
    Ok(fs::write(path, configuration.to_string())?)
}

/// The edition that a book is written in; mdBook's default is that of rustdoc.
pub(crate) fn edition(book: &Path) -> anyhow::Result<String> {
    let configuration: toml::Table = fs::read_to_string(book.join("book.toml"))?.parse()?;
    let edition = configuration.get("rust").and_then(|rust| rust.get("edition"));
    Ok(edition.and_then(toml::Value::as_str).unwrap_or("2015").to_owned())
}

/// Whether any file of a book lets a program sleep.
pub(crate) fn sleeps(folder: &Path) -> anyhow::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_text = path.extension().is_some_and(|kind| kind == "md" || kind == "rs");
        if path.is_dir() && sleeps(&path)?
            || is_text && fs::read_to_string(&path)?.contains("sleep(")
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A snippet that can be changed.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    file: PathBuf,
    page: String,
    /// Where in the page a statement can be put.
    at: usize,
    /// The program, before and after that statement.
    program: [String; 2],
}

impl Example {
    /// The programs of a book, as mdBook's JSON gives it, which can be changed; those of middling
    /// length first.
    pub(crate) fn all(src: &Path, json: &Value) -> anyhow::Result<Vec<Self>> {
        let mut examples = Vec::new();
        for path in chapters(&json[1]["items"]) {
            let file = src.join(path);
            let page = fs::read_to_string(&file)?;
            examples.extend(Self::of_page(&file, &page));
        }
        examples.sort_by_key(|example| example.program[0].len() + example.program[1].len());
        let middle = examples.len() / 2;
        examples.rotate_left(middle);
        Ok(examples)
    }

    /// The snippets of a page with a `main` of their own, nothing included, and no words but those
    /// that say how they are shown.
    fn of_page(file: &Path, page: &str) -> Vec<Self> {
        const MAIN: &str = "\nfn main() {\n";
        let mut examples = Vec::new();
        let mut lines = page.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some((*end, line))
        });
        while let Some((start, fence)) = lines.next() {
            let Some(info) = fence.strip_prefix("```") else { continue };
            let end = lines.find(|(_, line)| line.starts_with("```"));
            let Some((end, closing)) = end else { break };
            let block = &page[start..end - closing.len()];
            let words = info.split([',', ' ']).map(str::trim);
            let is_plain = words.clone().any(|word| word == "rust")
                && words.into_iter().all(|word| ["rust", "editable", ""].contains(&word));
            let has_marks = ["{{#", "#!["].iter().any(|mark| block.contains(mark));
            if let Some(main) = block.find(MAIN).filter(|_| is_plain && !has_marks) {
                let at = main + MAIN.len();
                examples.push(Self {
                    file: file.to_owned(),
                    page: page.to_owned(),
                    at: start + at,
                    program: [unhidden(&block[..at]), unhidden(&block[at..])],
                });
            }
        }
        examples
    }

    /// Changes the snippet on disk, always to something new; returns the program.
    pub(crate) fn change(&self, number: usize) -> anyhow::Result<String> {
        let statement = format!("    println!(\"change {number}\");\n");
        let mut page = self.page.clone();
        page.insert_str(self.at, &statement);
        fs::write(&self.file, page)?;
        let [before, after] = &self.program;
        Ok(format!("{before}{statement}{after}"))
    }

    /// Undoes the last change.
    pub(crate) fn restore(&self) -> anyhow::Result<()> {
        Ok(fs::write(&self.file, &self.page)?)
    }
}

/// The files of chapters and the chapters below them.
fn chapters(items: &Value) -> Vec<String> {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    let chapters = items.iter().filter_map(|item| item.get("Chapter"));
    chapters
        .flat_map(|chapter| {
            let path = chapter["path"].as_str().map(str::to_owned);
            path.into_iter().chain(chapters_below(chapter))
        })
        .collect()
}

fn chapters_below(chapter: &Value) -> Vec<String> {
    chapters(&chapter["sub_items"])
}

/// The lines of a program without the marks that hide them from the page.
fn unhidden(text: &str) -> String {
    let line = |line: &str| {
        let code = line.trim_start();
        let shown = if code.trim_end() == "#" { "\n" } else { line };
        code.strip_prefix("# ").unwrap_or(shown).to_owned()
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_found_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.md");
        let page = "# A\n\n```rust,ignore\nfn main() {\n}\n```\n\n```rust,editable\n\
                    # use std::fmt;\nfn main() {\n    one();\n}\n```\n";
        let [example] = &Example::of_page(&file, page)[..] else { panic!("not one") };
        let program = example.change(7).unwrap();
        assert_eq!(
            program,
            "use std::fmt;\nfn main() {\n    println!(\"change 7\");\n    one();\n}\n"
        );
        let changed = fs::read_to_string(&file).unwrap();
        assert!(changed.contains("fn main() {\n    println!(\"change 7\");\n    one();"));
        example.restore().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), page);
    }

    #[test]
    fn foreign_preprocessors_go_and_the_edition_comes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.toml");
        fs::write(&path, "[preprocessor.links]\n[preprocessor.toc]\ncommand = \"toc\"\n").unwrap();
        assert_eq!(edition(folder.path()).unwrap(), "2015");
        configure(folder.path(), Some("2024")).unwrap();
        assert_eq!(edition(folder.path()).unwrap(), "2024");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("links") && !text.contains("toc"));
    }
}
