use handbook_book::{Host, HostVersion};
use handbook_text::{Disk, Span};
use serde_json::Value;
use std::path::PathBuf;
use toml::de::DeValue;

/// A book's configuration: `book.toml`, or what mdBook made of it and of the environment.
#[derive(Clone, Debug, Default)]
pub struct BookConfig {
    /// The whole, as JSON.
    pub value: Value,
}

impl BookConfig {
    /// Reads the text of a `book.toml`.
    ///
    /// # Errors
    ///
    /// If it is not TOML; the error shows the place.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let table: toml::Table = text.parse()?;
        Ok(Self { value: serde_json::to_value(table).unwrap_or_default() })
    }

    /// The value at a path of keys.
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.value, |value, key| value.get(key))
    }

    /// The folder of the chapters below the root.
    pub fn src(&self) -> PathBuf {
        handbook_pass::source_folder(&self.value).to_owned()
    }

    /// The options of a host of `version`, as configured for HTML.
    pub fn host(&self, version: HostVersion) -> Host {
        let mut host = Host::new(version);
        let option = |keys: &[&str]| {
            keys.iter().find_map(|key| self.get(&["output", "html", key])).and_then(Value::as_bool)
        };
        let smart = option(&["smart-punctuation", "curly-quotes"]);
        host.smart_punctuation = smart.unwrap_or(host.smart_punctuation);
        if version >= HostVersion::V0_5 {
            host.definition_lists = option(&["definition-lists"]).unwrap_or(host.definition_lists);
            host.admonitions = option(&["admonitions"]).unwrap_or(host.admonitions);
        }
        host
    }

    /// Whether `mdbook serve` is at work, which must never stop over a finding.
    pub fn is_served(&self) -> bool {
        self.get(&["output", "html", "live-reload-endpoint"]).is_some()
    }
}

/// Where the key at `path` stands in the text of a `book.toml`; the deepest part of the path that is
/// there. In a list, a number from zero is the key.
pub(crate) fn key_span(text: &str, path: &[&str]) -> Option<Span<Disk>> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let root = DeValue::Table(table.into_inner());
    let (mut value, mut found) = (&root, None);
    for key in path {
        let (span, inner) = match value {
            DeValue::Table(table) => {
                let Some((name, inner)) = table.iter().find(|(name, _)| name.get_ref() == key)
                else {
                    break;
                };
                (name.span(), inner)
            }
            DeValue::Array(list) => {
                let Some(inner) = key.parse().ok().and_then(|at: usize| list.get(at)) else {
                    break;
                };
                (inner.span(), inner)
            }
            _ => break,
        };
        found = Some(Span::from(span));
        value = inner.get_ref();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[preprocessor.handbook.snippets]\ntimout = 3\n";

    #[test]
    fn a_key_is_found_where_it_stands() {
        let at = |path: &[&str]| key_span(TEXT, path).map(|span| &TEXT[span.range()]);
        let path = ["preprocessor", "handbook", "snippets", "timout"];
        assert_eq!(at(&path), Some("timout"));
        assert_eq!(at(&["preprocessor", "handbook", "gone"]), Some("handbook"));
        assert_eq!(at(&["gone"]), None);
        let list = "[[a.b]]\nx = 1\n\n[[a.b]]\nxy = 2\n";
        let at = |path: &[&str]| key_span(list, path).map(|span| &list[span.range()]);
        assert_eq!(at(&["a", "b", "1", "xy"]), Some("xy"));
        assert_eq!(at(&["a", "b", "1", "z"]), Some("[[a.b]]"));
    }

    #[test]
    fn options_follow_the_generation() {
        let config = BookConfig::parse("[output.html]\nsmart-punctuation = false").unwrap();
        let host = config.host(HostVersion::V0_5);
        assert!(!host.smart_punctuation && host.definition_lists);
        assert!(!config.host(HostVersion::V0_4).admonitions);
    }
}
