//! What a book has and is not told of: files that may break rules, and its baseline.

use crate::config::key_span;
use crate::suite::Problem;
use crate::{Site, rules};
use handbook_engine::{Baseline, Engine, Exceptions, Located, PathSuppression, path_patterns};
use handbook_pass::read_settings;
use handbook_text::Finding;
use handbook_text::include::ReadError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The key of a table of ours that says which files may break which rules.
pub(crate) const SUPPRESS: &str = "suppress";

/// The file, beside `book.toml`, with the findings that the book has had before.
pub const BASELINE: &str = "handbook-baseline.toml";

/// An entry of [`SUPPRESS`].
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Entry {
    rules: Vec<String>,
    paths: Vec<String>,
    reason: String,
}

/// Reads what stands under [`SUPPRESS`] in the tables at `tables`, and what is wrong with it.
/// `engine` knows which rules there are.
fn paths(
    site: &Site<'_>,
    tables: &[Vec<String>],
    engine: &Engine,
) -> (Vec<PathSuppression>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for table in tables {
        let path: Vec<String> = table.iter().cloned().chain([SUPPRESS.to_owned()]).collect();
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        match site.config.get(&keys) {
            None => {}
            Some(Value::Array(entries)) => {
                for (index, entry) in entries.iter().enumerate() {
                    let path = path.iter().cloned().chain([index.to_string()]).collect();
                    let mut reader = Reader { site, engine, path, problems: &mut problems };
                    found.extend(reader.read(entry));
                }
            }
            Some(_) => {
                let message = format!("`{SUPPRESS}` is a list of tables");
                let help = format!("head each with `[[{}]]`", path.join("."));
                let rule = &rules::UNKNOWN_SETTING;
                problems.push(Problem { rule, path, message, help: Some(help) });
            }
        }
    }
    (found, problems)
}

/// Reads one entry.
struct Reader<'a> {
    site: &'a Site<'a>,
    engine: &'a Engine,
    path: Vec<String>,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, key: &str, message: String, help: String) {
        let path = self.path.iter().cloned().chain([key.to_owned()]).collect();
        let rule = &rules::UNKNOWN_SETTING;
        self.problems.push(Problem { rule, path, message, help: Some(help) });
    }

    /// The suppression of an entry that says all that it has to.
    fn read(&mut self, entry: &Value) -> Option<PathSuppression> {
        let (Entry { rules, paths, reason }, wrong) = read_settings(entry);
        for problem in wrong {
            self.problem(&problem.key, problem.message, problem.help.unwrap_or_default());
        }
        let lacks = [
            ("rules", rules.is_empty(), "name the rules, as in `rules = [\"adr/*\"]`"),
            ("paths", paths.is_empty(), "name the files, as in `paths = [\"src/old/*.md\"]`"),
            ("reason", reason.trim().is_empty(), "say why these files may break the rules"),
        ];
        let lack = lacks.into_iter().find(|(_, is_lacking, _)| *is_lacking);
        if let Some((key, _, help)) = lack {
            self.problem(key, format!("this has no `{key}`, and allows nothing"), help.to_owned());
            return None;
        }
        let wrong: Vec<_> =
            rules.iter().filter_map(|rule| self.engine.rule_problem(rule)).collect();
        for (message, help) in wrong {
            self.problem("rules", message, help);
        }
        let paths = match path_patterns(&paths) {
            Ok(paths) => paths,
            Err((pattern, reason)) => {
                let message = format!("`{pattern}` is no pattern: {reason}");
                let help = "write paths from the book's folder, as in `src/old/*.md`";
                self.problem("paths", message, help.to_owned());
                return None;
            }
        };
        let text = self.site.book_toml.cloned();
        let keys: Vec<&str> = self.path.iter().map(String::as_str).chain(["rules"]).collect();
        let span = text.as_ref().and_then(|text| key_span(text, &keys));
        let said_in = (self.site.root.join("book.toml"), text);
        Some(PathSuppression { rules, paths, said_in, span })
    }
}

/// The baseline of a book that has one, or what is wrong with it.
fn baseline(site: &Site<'_>) -> (Option<Baseline>, Option<Located>) {
    let file = site.root.join(BASELINE);
    let rule = rules::BROKEN_BASELINE;
    let broken = |message: String| {
        Finding::new(rule.id, rule.level, message)
            .help("take back what changed it, or remove it and write it anew: `handbook baseline`")
    };
    match site.files.read(&file) {
        Err(ReadError::NotFound) => (None, None),
        Err(error) => (None, Some(Located::of_file(broken(error.to_string()), Some(file), None))),
        Ok(text) => match Baseline::parse(&text) {
            Ok(baseline) => (Some(baseline), None),
            Err(error) => {
                let mut finding = broken(error.message);
                finding.span = error.span;
                (None, Some(Located::of_file(finding, Some(file), Some(text))))
            }
        },
    }
}

/// All that a book is not told of, and what is wrong with how it says so.
pub(crate) fn read(
    site: &Site<'_>,
    tables: &[Vec<String>],
    engine: &Engine,
) -> (Exceptions, Vec<Problem>, Option<Located>) {
    let (paths, problems) = paths(site, tables, engine);
    let (baseline, broken) = baseline(site);
    (Exceptions { paths, baseline }, problems, broken)
}
