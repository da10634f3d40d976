use handbook_text::did_you_mean;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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
/// All unknown keys are problems, with a suggestion where one is near. A value of the wrong type is
/// a problem too; the whole table then takes its default.
pub fn read_settings<T>(table: &Value) -> (T, Vec<SettingProblem>)
where
    T: DeserializeOwned + Serialize + Default,
{
    let mut unknown = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let read = serde_ignored::deserialize(
        serde_path_to_error::Deserializer::new(table, &mut track),
        |path| unknown.push(path.to_string()),
    );
    let defaults = serde_json::to_value(T::default()).unwrap_or_default();
    let known = defaults.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str));
    let known: Vec<&str> = known.collect();
    let mut problems: Vec<SettingProblem> = unknown
        .into_iter()
        .map(|key| SettingProblem {
            message: format!("unknown key `{key}`"),
            help: Some(match did_you_mean(&key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", list(&known)),
            }),
            key,
        })
        .collect();
    let settings = read.unwrap_or_else(|error: serde_json::Error| {
        let key = track.path().to_string();
        problems.push(SettingProblem { message: format!("`{key}`: {error}"), help: None, key });
        T::default()
    });
    (settings, problems)
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
        let (sample, problems) = read(r#"{"timeout": "x"}"#);
        assert_eq!(sample, Sample::default());
        assert_eq!(problems[0].key, "timeout");
    }
}
