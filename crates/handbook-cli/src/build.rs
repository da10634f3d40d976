//! mdBook inside this program: its renderers and other preprocessors run as ever, ours in process.

use crate::Outcome;
use crate::arguments::{Build, Format, Shared};
use crate::open::OpenBook;
use crate::report::{line, report};
use anyhow::{Context, bail};
use handbook_engine::{Analysis, Located, counts};
use handbook_mdbook::{Caller, DiskFiles, Handed, preprocess};
use handbook_pass::Environment;
use mdbook_driver::MDBook;
use mdbook_driver::book::Book;
use mdbook_driver::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex};

/// The name under which our passes take their place among mdBook's preprocessors.
const NAME: &str = "handbook";

/// Checks and renders a book.
pub(crate) fn build(shared: &Shared, build: &Build) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, build.folder.as_deref(), &DiskFiles)?;
    book.environment.execute = !build.no_run;
    // Whoever has no SUMMARY gets our message instead of mdBook's.
    let mut input = book.input(&DiskFiles)?;
    let mut config = mdbook_config(&book)?;
    if !input.findings.is_empty() {
        // Where chapters cannot be read mdBook writes empty ones, or stops at the first.
        let (engine, problems) = book.engine(&DiskFiles);
        input.findings.splice(0..0, problems);
        let analysis = engine.analyse(&input, &DiskFiles);
        let findings: Vec<&Located> = analysis.findings.iter().collect();
        return report(shared, Format::Text, &findings, &book.root);
    }
    if let Some(folder) = &build.dest_dir {
        config.build.build_dir = book.environment.directory.join(folder);
    }
    let found = Arc::new(Mutex::new(None));
    let passes = Passes {
        environment: book.environment.clone(),
        config: book.config.value.clone(),
        found: Arc::clone(&found),
    };
    let mut mdbook = MDBook::load_with_config(&book.root, config)?;
    // The configuration holds a table of this name, so the passes take the place that mdBook has
    // worked out for it, before `links`.
    mdbook.with_preprocessor(passes);
    let built = mdbook.build();

    let found = found.lock().ok().and_then(|mut found| found.take());
    let findings = found.map(|analysis: Analysis| analysis.findings).unwrap_or_default();
    let findings: Vec<&Located> = findings.iter().collect();
    let outcome = report(shared, Format::Text, &findings, &book.root)?;
    match built {
        Err(_) if counts(findings.iter().copied()).errors > 0 => {}
        Err(error) => return Err(error).context("mdBook could not build the book"),
        Ok(()) => line(&format!("the book is in `{}`", shown_output(&mdbook, &book)))?,
    }
    Ok(outcome)
}

/// mdBook's configuration with one table of ours, and none of our single preprocessors'.
fn mdbook_config(book: &OpenBook) -> anyhow::Result<Config> {
    let mut value = book.config.value.clone();
    if let Some(preprocessors) = value.get_mut("preprocessor").and_then(Value::as_object_mut) {
        let recipes = mdbook_handbook::SUITE.recipes;
        preprocessors.retain(|name, _| recipes.iter().all(|recipe| recipe.name != name));
    }
    let mut before = vec!["links".to_owned()];
    if let Some(more) = value.pointer("/preprocessor/handbook/before").and_then(Value::as_array) {
        before.extend(more.iter().filter_map(Value::as_str).map(str::to_owned));
        before.dedup();
    }
    match table(&mut value, "preprocessor").and_then(|tables| table(tables, NAME)) {
        Some(Value::Object(ours)) => ours.insert("before".to_owned(), before.into()),
        _ => bail!("`[preprocessor.{NAME}]` in book.toml has to be a table"),
    };
    let text = toml::to_string(&value).context("the configuration does not survive as TOML")?;
    let mut config: Config = match text.parse() {
        Ok(config) => config,
        // mdBook's own message about the file as it stands is the better one.
        Err(error) => match Config::from_disk(book.root.join("book.toml")) {
            Err(better) => return Err(better),
            Ok(_) => bail!("mdBook does not accept the configuration: {error}"),
        },
    };
    config.update_from_env()?;
    Ok(config)
}

/// What stands under `key` in a table; an empty table if nothing does.
fn table<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    Some(value.as_object_mut()?.entry(key).or_insert_with(|| Value::Object(Map::new())))
}

fn shown_output(mdbook: &MDBook, book: &OpenBook) -> String {
    let output = mdbook.build_dir_for("html");
    output.strip_prefix(&book.environment.directory).unwrap_or(&output).display().to_string()
}

/// The passes as a preprocessor of mdBook's.
struct Passes {
    environment: Environment,
    /// The configuration as written, with the tables that mdBook is not shown.
    config: Value,
    /// What the first renderer's turn brought; the others bring the same.
    found: Arc<Mutex<Option<Analysis>>>,
}

impl Preprocessor for Passes {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> anyhow::Result<Book> {
        let mut context = serde_json::to_value(context)?;
        context["config"]["preprocessor"] =
            self.config.get("preprocessor").cloned().unwrap_or_default();
        let book = serde_json::to_value(book)?;
        let handed = Handed { context, book, by: Caller::Command };
        let done = preprocess(&mdbook_handbook::SUITE, &self.environment, handed)?;
        let errors = counts(&done.analysis.findings).errors;
        if let Ok(mut found) = self.found.lock() {
            found.get_or_insert(done.analysis);
        }
        if errors > 0 {
            bail!("the book has errors");
        }
        Ok(serde_json::from_value(done.book)?)
    }
}
