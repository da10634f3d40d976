use handbook_text::did_you_mean;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// Something wrong with a configuration table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingProblem {
    /// The key inside the table, dotted.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Reads a configuration table into `T`, whose default stands for what is not given.
///
/// All unknown keys are problems, with a suggestion where one is near, and so are all values of the
/// wrong type, which count as not given.
pub fn read_settings<T>(table: &Value) -> (T, Vec<SettingProblem>)
where
    T: DeserializeOwned + Serialize + Default,
{
    let defaults = serde_json::to_value(T::default()).unwrap_or_default();
    let known: Vec<&str> =
        defaults.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
    let mut given = table.as_object().cloned().unwrap_or_default();
    let unknown: Vec<String> =
        given.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
    let mut problems: Vec<_> = unknown.iter().map(|key| unknown_key(key, &known)).collect();
    given.retain(|key, _| !unknown.contains(key));
    loop {
        let read = serde_path_to_error::deserialize(Value::Object(given.clone()));
        let error = match read {
            Ok(settings) => return (settings, problems),
            Err(error) => error,
        };
        let key = error.path().to_string();
        let keys: Vec<&str> = error.path().iter().map_while(map_key).collect();
        let top = keys.first().copied().unwrap_or_default();
        problems.push(SettingProblem {
            message: format!("`{key}`: {}", error.inner()),
            help: defaults.get(top).map(|default| format!("the default is `{default}`")),
            key: key.clone(),
        });
        // Of a table of tables only the one goes that is wrong: the others mean what they say.
        let inner = given.get_mut(top).and_then(Value::as_object_mut);
        let removed = match (inner, keys.get(1)) {
            (Some(inner), Some(key)) if inner.contains_key(*key) => inner.remove(*key),
            _ => given.remove(top),
        };
        if removed.is_none() {
            return (T::default(), problems);
        }
    }
}

fn map_key(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Map { key } => Some(key),
        _ => None,
    }
}

fn unknown_key(key: &str, known: &[&str]) -> SettingProblem {
    SettingProblem {
        key: key.to_owned(),
        message: format!("unknown key `{key}`"),
        help: Some(match did_you_mean(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", list(known)),
        }),
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default, rename_all = "kebab-case")]
    struct Sample {
        timeout: u64,
        shown_lines: u64,
    }

    fn read(json: &str) -> (Sample, Vec<SettingProblem>) {
        read_settings(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn every_unknown_key_is_a_problem_and_the_rest_is_read() {
        let (sample, problems) = read(r#"{"timeout": 3, "shown-line": 2, "xyz": 1}"#);
        assert_eq!(sample, Sample { timeout: 3, shown_lines: 0 });
        let helps: Vec<_> = problems.iter().map(|problem| problem.help.clone().unwrap()).collect();
        assert_eq!(helps, ["did you mean `shown-lines`?", "known are `timeout`, `shown-lines`"]);
    }

    #[test]
    fn a_value_of_the_wrong_type_names_its_key() {
        let (sample, problems) = read(r#"{"timeout": "x", "shown-lines": 4, "typo": 1}"#);
        assert_eq!(sample, Sample { timeout: 0, shown_lines: 4 });
        let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, ["typo", "timeout"]);
    }
}
