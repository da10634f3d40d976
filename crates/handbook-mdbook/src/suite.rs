use crate::BookConfig;
use crate::config::key_span;
use crate::exceptions::{self, SUPPRESS};
use crate::rules;
use handbook_book::Host;
use handbook_engine::{Engine, Exceptions, Located};
use handbook_pass::{Environment, FileFinding, Recipe, Rule, SettingProblem, Setup};
use handbook_text::include::ReadFiles;
use handbook_text::{Finding, did_you_mean};
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

/// The table of the preprocessor that holds all passes.
const UMBRELLA: &str = "handbook";

/// Keys of a preprocessor's table that are mdBook's.
const MDBOOK_KEYS: &[&str] = &["after", "before", "command", "optional", "renderers"];

/// A book as far as passes are made for it, and what they are made with.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// Its configuration.
    pub config: &'a BookConfig,
    /// Whether somebody put the suite to work on it, even if no table says so; otherwise a book
    /// without a table of ours is one that has never heard of the suite.
    pub configured: bool,
    /// Its root folder.
    pub root: &'a Path,
    /// The mdBook that renders it.
    pub host: Host,
    /// How its files are read.
    pub files: &'a dyn ReadFiles,
    /// The world outside.
    pub environment: &'a Environment,
    /// The text of its `book.toml`, in which problems are shown.
    pub book_toml: Option<&'a Arc<str>>,
}

/// Which passes there are, and where their configuration stands.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// The passes in registry order.
    pub recipes: &'static [Recipe],
    /// Whether these are all passes of the suite.
    pub complete: bool,
}

impl Suite {
    /// Makes the passes for a book, with what is wrong before any chapter is looked at.
    pub fn engine(&self, site: &Site<'_>) -> (Engine, Vec<Located>) {
        let Site { config, configured, root, .. } = *site;
        let mut problems = self.table_problems(config);
        let (mut passes, mut findings) = (Vec::new(), Vec::new());
        for recipe in self.recipes {
            let (path, table) = match self.table(config, recipe.name) {
                Some((path, table)) => (path, Some(table)),
                None => (Vec::new(), configured.then(|| Value::Object(Map::new()))),
            };
            let setup = Setup {
                table: table.as_ref(),
                config: &config.value,
                has_others: self.has_others(config),
                root,
                host: site.host,
                files: site.files,
                environment: site.environment,
            };
            let made = (recipe.make)(&setup);
            passes.push(made.pass);
            findings.extend(made.findings);
            problems.extend(made.problems.into_iter().map(|problem| {
                let keys = problem.key.split('.').map(str::to_owned);
                let path = path.iter().cloned().chain(keys).collect();
                Problem::setting(path, problem)
            }));
        }
        let foreign = !configured && !self.is_configured(config);
        let exceptions = Exceptions::default();
        let mut engine = Engine { passes, all_passes: self.complete, foreign, exceptions };
        let (exceptions, wrong, broken) = exceptions::read(site, &self.tables(config), &engine);
        engine.exceptions = exceptions;
        problems.extend(wrong);

        let file = root.join("book.toml");
        let problems = problems.into_iter().map(|problem| problem.located(&file, site.book_toml));
        let findings = findings
            .into_iter()
            .map(|FileFinding { file, text, finding }| Located::of_file(finding, Some(file), text));
        (engine, problems.chain(findings).chain(broken).collect())
    }

    /// Whether a table of `config` puts the suite to work.
    fn is_configured(&self, config: &BookConfig) -> bool {
        let names = self.recipes.iter().map(|recipe| recipe.name).chain([UMBRELLA]);
        names.into_iter().any(|name| config.get(&["preprocessor", name]).is_some())
    }

    /// Whether `config` has preprocessors beside ours and mdBook's.
    fn has_others(&self, config: &BookConfig) -> bool {
        let Some(tables) = config.get(&["preprocessor"]).and_then(Value::as_object) else {
            return false;
        };
        let names = self.recipes.iter().map(|recipe| recipe.name);
        let known: Vec<&str> = names.chain([UMBRELLA, "index", "links"]).collect();
        tables.keys().any(|name| !known.contains(&name.as_str()))
    }

    /// The paths of the tables that speak of all passes: the umbrella's or, without it, each one's.
    fn tables(&self, config: &BookConfig) -> Vec<Vec<String>> {
        let path = |name: &str| vec!["preprocessor".to_owned(), name.to_owned()];
        if self.complete && config.get(&["preprocessor", UMBRELLA]).is_some() {
            return vec![path(UMBRELLA)];
        }
        self.recipes.iter().map(|recipe| path(recipe.name)).collect()
    }

    /// The table of one pass, without mdBook's keys and those of the whole suite, and the path to it.
    pub fn table(&self, config: &BookConfig, name: &str) -> Option<(Vec<String>, Value)> {
        let own = |path: &[&str]| {
            let mut table = config.get(path)?.clone();
            if let Some(map) = table.as_object_mut() {
                map.retain(|key, _| !MDBOOK_KEYS.contains(&key.as_str()) && key != SUPPRESS);
            }
            Some((path.iter().map(|key| (*key).to_owned()).collect(), table))
        };
        let umbrella = ["preprocessor", UMBRELLA];
        if !self.complete || config.get(&umbrella).is_none() {
            return own(&["preprocessor", name]);
        }
        let path = ["preprocessor", UMBRELLA, name];
        own(&path).or_else(|| {
            let path = path.iter().map(|key| (*key).to_owned()).collect();
            Some((path, Value::Object(Map::new())))
        })
    }

    /// What is wrong with the tables as such.
    fn table_problems(&self, config: &BookConfig) -> Vec<Problem> {
        let Some(umbrella) = config.get(&["preprocessor", UMBRELLA]).and_then(Value::as_object)
        else {
            return Vec::new();
        };
        let names = || self.recipes.iter().map(|recipe| recipe.name);
        let mut problems = Vec::new();
        let keys = || names().chain(MDBOOK_KEYS.iter().copied()).chain([SUPPRESS]);
        for key in umbrella.keys().filter(|key| self.complete && keys().all(|known| known != *key))
        {
            let near = did_you_mean(key, keys());
            problems.push(Problem {
                rule: &rules::UNKNOWN_SETTING,
                path: vec!["preprocessor".into(), UMBRELLA.into(), key.clone()],
                message: format!("unknown key `{key}`"),
                help: near.map(|near| format!("did you mean `{near}`?")),
            });
        }
        let doubled = names().filter(|name| config.get(&["preprocessor", name]).is_some());
        problems.extend(doubled.map(|name| Problem {
            rule: &rules::DOUBLED_PREPROCESSOR,
            path: vec!["preprocessor".into(), name.into()],
            message: format!("`{name}` is part of `{UMBRELLA}`, which is configured too"),
            help: Some(format!("move its keys to `[preprocessor.{UMBRELLA}.{name}]`")),
        }));
        problems
    }
}

/// Something wrong at a key of `book.toml`.
pub(crate) struct Problem {
    pub(crate) rule: &'static Rule,
    pub(crate) path: Vec<String>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Problem {
    fn setting(path: Vec<String>, problem: SettingProblem) -> Self {
        let SettingProblem { message, help, .. } = problem;
        Self { rule: &rules::UNKNOWN_SETTING, path, message, help }
    }

    /// The problem at its key in the text of `book.toml`, as far as there is one.
    pub(crate) fn located(self, file: &Path, text: Option<&Arc<str>>) -> Located {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let mut finding = Finding::new(self.rule.id, self.rule.level, self.message);
        finding.span = text.and_then(|text| key_span(text, &path));
        finding.help = self.help;
        Located::of_file(finding, Some(file.to_owned()), text.cloned())
    }
}
