//! What the configuration says of the crates that snippets may use.

use crate::Settings;
use handbook_pass::SettingProblem;
use handbook_text::did_you_mean;
use serde_json::{Map, Value};
use snippet_runner::Wanted;
use std::path::Path;

/// The keys of a dependency that mean something here, as in a Cargo manifest.
const KEYS: &[&str] = &[
    "branch",
    "default-features",
    "features",
    "git",
    "package",
    "path",
    "registry",
    "rev",
    "tag",
    "version",
];

/// The crates that are wanted, if any are.
pub(crate) fn wanted(settings: &Settings, root: &Path) -> Option<Wanted> {
    if !settings.manifest.as_os_str().is_empty() {
        return Some(Wanted::Manifest(root.join(&settings.manifest)));
    }
    let table = settings.dependencies.clone();
    (!table.is_empty()).then(|| Wanted::Table { table, root: root.to_owned() })
}

/// Takes out of the settings what makes no sense, and says so.
pub(crate) fn problems(settings: &mut Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    if !settings.manifest.as_os_str().is_empty() && !settings.dependencies.is_empty() {
        settings.dependencies.clear();
        problems.push(problem(
            "dependencies",
            "`manifest` and `dependencies` are both given, and only the manifest is used",
            "write the dependencies into the manifest, or leave `manifest` out",
        ));
    }
    settings.dependencies.retain(|name, wanted| match wanted {
        Value::String(_) => true,
        Value::Object(table) => {
            problems.extend(unknown_keys(name, table));
            true
        }
        _ => {
            let message = format!("the dependency `{name}` is neither a version nor a table");
            let help = format!("write `{name} = \"1\"`, or a table as in a Cargo manifest");
            problems.push(problem(&format!("dependencies.{name}"), &message, &help));
            false
        }
    });
    problems
}

/// Takes the keys that mean nothing out of a dependency.
fn unknown_keys(name: &str, table: &mut Map<String, Value>) -> Vec<SettingProblem> {
    let unknown = table.keys().filter(|key| !KEYS.contains(&key.as_str()));
    let unknown: Vec<String> = unknown.cloned().collect();
    table.retain(|key, _| !unknown.contains(key));
    let problems = unknown.iter().map(|key| {
        let near = did_you_mean(key, KEYS.iter().copied());
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let known = || format!("known are `{}`", KEYS.join("`, `"));
        problem(
            &format!("dependencies.{name}.{key}"),
            &format!("unknown key `{key}` of the dependency `{name}`"),
            &help.unwrap_or_else(known),
        )
    });
    problems.collect()
}

fn problem(key: &str, message: &str, help: &str) -> SettingProblem {
    SettingProblem { key: key.to_owned(), message: message.to_owned(), help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(table: Value) -> (Settings, Vec<(String, String)>) {
        let mut settings: Settings = serde_json::from_value(table).unwrap();
        let problems = problems(&mut settings).into_iter();
        (settings, problems.map(|one| (one.key, one.help.unwrap())).collect())
    }

    #[test]
    fn what_makes_no_sense_is_said_and_left_out() {
        let (settings, problems) = read(json!({
            "dependencies": { "a": "1", "b": 1, "c": { "version": "1", "feature": [] } }
        }));
        let keys: Vec<&str> = problems.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["dependencies.b", "dependencies.c.feature"]);
        assert_eq!(problems[1].1, "did you mean `features`?");
        assert_eq!(
            Value::Object(settings.dependencies),
            json!({ "a": "1", "c": { "version": "1" } })
        );
    }

    #[test]
    fn a_manifest_comes_before_a_table() {
        let (settings, problems) =
            read(json!({ "manifest": "Cargo.toml", "dependencies": { "a": "1" } }));
        assert_eq!(problems[0].0, "dependencies");
        let root = Path::new("/book");
        assert_eq!(wanted(&settings, root), Some(Wanted::Manifest(root.join("Cargo.toml"))));
        assert_eq!(wanted(&Settings::default(), root), None);
    }
}
