//! Compares the references pass with mdbook-bib, which renders by hayagriva, too: what the lists
//! say, and how long it takes.
//!
//! 1. The handbook's bibliography is repeated under other keys and titles until it has as many
//!    entries as asked for. A book of one chapter cites the first of them.
//! 2. Both preprocessors read that book as mdBook would hand it over, in turn.
//! 3. Of every item in our list the text is looked for in theirs. What differs may be due to another
//!    version of hayagriva: that is for whoever asks to judge.

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What is compared, and how.
#[derive(Debug, Args)]
pub(crate) struct Refs {
    /// The program mdbook-bib
    #[arg(value_name = "MDBOOK-BIB")]
    theirs: PathBuf,
    /// The program mdbook-refs, built for release
    #[arg(value_name = "MDBOOK-REFS")]
    ours: PathBuf,
    /// How many entries the bibliography has
    #[arg(long, value_name = "N", default_value_t = 2000)]
    entries: usize,
    /// How many of them are cited
    #[arg(long, value_name = "N", default_value_t = 100)]
    cited: usize,
    /// The style, by a name that both know
    #[arg(long, value_name = "NAME", default_value = "ieee")]
    style: String,
    /// How many times each is measured
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
}

/// A side: its program and the JSON that mdBook would hand to it.
struct Side<'a> {
    program: &'a Path,
    input: String,
    times: Vec<Duration>,
    page: String,
}

#[expect(clippy::print_stdout, reason = "the result is for whoever called")]
pub(crate) fn refs(root: &Path, options: &Refs) -> anyhow::Result<()> {
    let book = TempDir::new()?;
    let source = fs::read_to_string(root.join("book/references.bib"))?;
    let (bibliography, keys) = repeated(&source, options.entries)?;
    fs::create_dir(book.path().join("src"))?;
    // Theirs is looked for in the source folder, ours beside it.
    fs::write(book.path().join("src/references.bib"), &bibliography)?;
    fs::write(book.path().join("references.bib"), &bibliography)?;
    let keys = &keys[..options.cited.min(keys.len())];
    let cite = |open: &str, close: &str| {
        keys.iter().map(|key| format!("{open}{key}{close}\n")).collect::<String>()
    };
    let [mut ours, mut theirs] = [
        Side::new(
            &options.ours,
            &input(
                book.path(),
                &format!("# A\n\n{}\n{{{{#references}}}}\n", cite("[@", "]")),
                &json!({"refs": {"bibliography": ["references.bib"], "style": options.style}}),
            ),
        ),
        Side::new(
            &options.theirs,
            &input(
                book.path(),
                &format!("# A\n\n{}", cite("{{#cite ", "}}")),
                &json!({"bib": {
                    "bibliography": "references.bib",
                    "backend": "csl",
                    "csl-style": options.style,
                }}),
            ),
        ),
    ];
    for _ in 0..options.rounds.max(1) {
        ours.run(book.path())?;
        theirs.run(book.path())?;
    }
    let (ours_took, theirs_took) = (ours.median(), theirs.median());
    println!("{} entries, {} cited, {}", options.entries, keys.len(), options.style);
    println!("mdbook-refs {ours_took:.1?}, mdbook-bib {theirs_took:.1?} (medians)");
    println!("theirs / ours: {:.2}", theirs_took.as_secs_f64() / ours_took.as_secs_f64());
    compare(&ours.page, &theirs.page, keys.len())
}

impl<'a> Side<'a> {
    fn new(program: &'a Path, input: &Value) -> Self {
        Self { program, input: input.to_string(), times: Vec::new(), page: String::new() }
    }

    /// Runs the program once.
    fn run(&mut self, directory: &Path) -> anyhow::Result<()> {
        let start = Instant::now();
        #[expect(clippy::disallowed_methods, reason = "this is no part of the suite")]
        let mut child = Command::new(self.program)
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        child.stdin.take().context("no input")?.write_all(self.input.as_bytes())?;
        let output = child.wait_with_output()?;
        self.times.push(start.elapsed());
        let book: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} gave no book", self.program.display()))?;
        self.page = contents(&book["items"]);
        Ok(())
    }

    fn median(&mut self) -> Duration {
        self.times.sort();
        self.times[self.times.len() / 2]
    }
}

/// The texts of all chapters.
fn contents(items: &Value) -> String {
    let chapters = items.as_array().into_iter().flatten().filter_map(|item| item.get("Chapter"));
    let texts = chapters.map(|chapter| {
        format!(
            "{}\n{}",
            chapter["content"].as_str().unwrap_or_default(),
            contents(&chapter["sub_items"])
        )
    });
    texts.collect()
}

/// What mdBook 0.5 hands to a preprocessor.
fn input(root: &Path, text: &str, preprocessor: &Value) -> Value {
    json!([
        {
            "root": root,
            "config": {"book": {"title": "Test", "src": "src"}, "preprocessor": preprocessor},
            "renderer": "html",
            "mdbook_version": "0.5.4",
        },
        {"items": [{"Chapter": {
            "name": "A",
            "content": text,
            "number": [1],
            "sub_items": [],
            "path": "a.md",
            "source_path": "a.md",
            "parent_names": [],
        }}]},
    ])
}

/// A bibliography of `count` entries made from those of `source`, and their keys.
fn repeated(source: &str, count: usize) -> anyhow::Result<(String, Vec<String>)> {
    let entries: Vec<&str> = source
        .split("\n@")
        .skip(1)
        .filter_map(|entry| Some(&entry[..entry.find("\n}")? + 2]))
        .collect();
    ensure!(!entries.is_empty(), "the handbook has no bibliography");
    let (mut text, mut keys) = (String::new(), Vec::new());
    for index in 0..count {
        let entry = entries[index % entries.len()];
        let (kind, rest) = entry.split_once('{').context("an entry without a key")?;
        let (key, fields) = rest.split_once(',').context("an entry without fields")?;
        let turn = index / entries.len();
        let (key, fields) = match turn {
            0 => (key.to_owned(), fields.to_owned()),
            _ => (format!("{key}x{turn}"), as_another_work(fields, turn)),
        };
        writeln!(text, "@{kind}{{{key},{fields}\n")?;
        keys.push(key);
    }
    Ok((text, keys))
}

/// The fields of an entry with another title and without a DOI, or it would be the same work.
fn as_another_work(fields: &str, turn: usize) -> String {
    let lines = fields.lines().filter(|line| !line.trim_start().starts_with("doi"));
    let lines = lines.map(|line| match line.trim_start().starts_with("title") {
        true => line.replacen("= {", &format!("= {{{turn} "), 1),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The items of our list stand in their page, as far as letters and digits go.
#[expect(clippy::print_stdout, reason = "the result is for whoever called")]
fn compare(ours: &str, theirs: &str, count: usize) -> anyhow::Result<()> {
    let theirs = letters(theirs);
    let items: Vec<String> = ours
        .lines()
        .filter_map(|line| line.strip_prefix("- <span id=\"ref:"))
        .filter_map(|item| Some(letters(item.split_once('>')?.1.split("</span>").next()?)))
        .collect();
    ensure!(items.len() == count, "our list has {} items instead of {count}", items.len());
    let lacking: Vec<&String> = items.iter().filter(|item| !theirs.contains(*item)).collect();
    println!("{} of {count} items are the same", count - lacking.len());
    lacking.iter().for_each(|item| println!("differs: {item}"));
    Ok(())
}

/// The letters and digits of what readers see of HTML in Markdown.
fn letters(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (end, longest) = if rest.starts_with('<') { ('>', usize::MAX) } else { (';', 8) };
        let length = rest.find(end).filter(|length| *length <= longest).unwrap_or(0);
        rest = &rest[length + 1..];
    }
    text.push_str(rest);
    text.chars().filter(|ch| ch.is_alphanumeric()).collect()
}
