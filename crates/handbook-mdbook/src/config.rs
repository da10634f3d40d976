use handbook_book::{Host, HostVersion};
use handbook_text::{Disk, Span};
use serde_json::Value;
use std::path::PathBuf;

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
        self.get(&["book", "src"]).and_then(Value::as_str).unwrap_or("src").into()
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
/// there.
pub(crate) fn key_span(text: &str, path: &[&str]) -> Option<Span<Disk>> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let mut table = table.get_ref();
    let mut found = None;
    for key in path {
        let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == key) else {
            break;
        };
        found = Some(Span::from(name.span()));
        match value.get_ref() {
            toml::de::DeValue::Table(inner) => table = inner,
            _ => break,
        }
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
    }

    #[test]
    fn options_follow_the_generation() {
        let config = BookConfig::parse("[output.html]\nsmart-punctuation = false").unwrap();
        let host = config.host(HostVersion::V0_5);
        assert!(!host.smart_punctuation && host.definition_lists);
        assert!(!config.host(HostVersion::V0_4).admonitions);
    }
}
