//! Additions to a `book.toml` that leave the rest of it as it is.

use anyhow::{Context, bail};
use handbook_mdbook::BookConfig;
use toml_edit::{Array, DocumentMut, Item, Value};

/// A `book.toml` that is being added to.
pub(super) struct BookToml {
    document: DocumentMut,
    config: BookConfig,
    /// Tables that go behind all others.
    tables: Vec<String>,
    byte_order_mark: bool,
    crlf: bool,
}

impl BookToml {
    pub(super) fn new(text: &str) -> anyhow::Result<Self> {
        let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self {
            document: plain.parse().context("cannot read book.toml")?,
            config: BookConfig::parse(plain)?,
            tables: Vec::new(),
            byte_order_mark: plain.len() < text.len(),
            crlf: plain.contains("\r\n"),
        })
    }

    /// Whether something stands at this path of keys.
    pub(super) fn has(&self, path: &[&str]) -> bool {
        self.config.get(path).is_some()
    }

    /// Adds a table, header included, behind all others.
    pub(super) fn append(&mut self, table: &str) {
        self.tables.push(table.to_owned());
    }

    /// Adds a style sheet before those that the book has, so that these come later and win.
    pub(super) fn add_style_sheet(&mut self, path: &str) -> anyhow::Result<()> {
        const KEY: &str = "additional-css";
        let html = self.document.get_mut("output").and_then(|output| output.get_mut("html"));
        let Some(html) = html else {
            self.append(&format!("[output.html]\n{KEY} = [\"{path}\"]\n"));
            return Ok(());
        };
        let html = html.as_table_like_mut().context("`output.html` in book.toml is no table")?;
        match html.get_mut(KEY).map(Item::as_array_mut) {
            None => _ = html.insert(KEY, Item::Value([path].into_iter().collect::<Array>().into())),
            Some(Some(sheets)) => add_first(sheets, path),
            Some(None) => bail!("`{KEY}` in book.toml is no list"),
        }
        Ok(())
    }

    /// The text with all that was added.
    ///
    /// # Errors
    ///
    /// If tables cannot be added behind what stands there.
    pub(super) fn text(&self) -> anyhow::Result<String> {
        let mut text = self.document.to_string();
        for table in &self.tables {
            if !text.is_empty() {
                text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
            }
            text.push_str(table);
        }
        if self.crlf {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        BookConfig::parse(&text).context(
            "cannot add tables to book.toml; write `preprocessor` and `output` in it as tables \
             with a header each",
        )?;
        Ok(if self.byte_order_mark { format!("\u{feff}{text}") } else { text })
    }
}

/// Adds `path` before all other elements, laid out as they are, unless it is among them.
fn add_first(sheets: &mut Array, path: &str) {
    if sheets.iter().any(|sheet| sheet.as_str() == Some(path)) {
        return;
    }
    let prefix = |sheet: &Value| {
        let prefix = sheet.decor().prefix().and_then(|prefix| prefix.as_str());
        prefix.unwrap_or_default().to_owned()
    };
    let old = sheets.get(0).map(prefix);
    sheets.insert(0, path);
    let Some(old) = old else { return };
    // Comments before the first stay with it; of the layout, the new one needs line and indentation.
    let own = old.rfind('\n').map_or("", |at| &old[at..]);
    let behind = if own.is_empty() && old.is_empty() { " " } else { &old };
    for (index, prefix) in [own, behind].into_iter().enumerate() {
        if let Some(sheet) = sheets.get_mut(index) {
            sheet.decor_mut().set_prefix(prefix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styled(text: &str) -> String {
        let mut toml = BookToml::new(text).unwrap();
        toml.add_style_sheet("new.css").unwrap();
        toml.text().unwrap()
    }

    #[test]
    fn a_style_sheet_is_added_as_the_others_are_written() {
        let text = |sheets: &str| format!("[output.html] # pages\nadditional-css = {sheets}\n");
        for (before, after) in [
            ("[]", r#"["new.css"]"#),
            (r#"["a.css"] # ours"#, r#"["new.css", "a.css"] # ours"#),
            (r#"['a.css', "b.css"]"#, r#"["new.css", 'a.css', "b.css"]"#),
            ("[\n  \"a.css\",\n]", "[\n  \"new.css\",\n  \"a.css\",\n]"),
            (
                "[\n  # first\n  \"a.css\" # last\n]",
                "[\n  \"new.css\",\n  # first\n  \"a.css\" # last\n]",
            ),
            (r#"["a.css", "new.css"]"#, r#"["a.css", "new.css"]"#),
        ] {
            assert_eq!(styled(&text(before)), text(after));
        }
    }

    #[test]
    fn whatever_the_tables_look_like_they_stay() {
        let html = "additional-css = [\"new.css\"]\n";
        assert_eq!(styled(""), format!("[output.html]\n{html}"));
        assert_eq!(
            styled("[book]\r\ntitle = \"A\""),
            format!("[book]\r\ntitle = \"A\"\r\n\r\n[output.html]\r\n{}\r\n", html.trim_end())
        );
        let dotted = "[output]\nhtml.mathjax-support = true\n";
        assert_eq!(styled(dotted), format!("{dotted}html.{html}"));
        let later = "[output.html.fold]\nenable = true\n\n[output.html]\nno-section-label = true\n";
        assert_eq!(styled(later), format!("{later}{html}"));
        let inline = styled("output = { html = { mathjax-support = true } }\n");
        assert!(inline.contains("additional-css = [\"new.css\"] }"), "{inline}");
    }

    #[test]
    fn tables_that_cannot_be_added_are_an_error() {
        let mut toml = BookToml::new("preprocessor = {}\n").unwrap();
        toml.append("[preprocessor.handbook]\n");
        assert!(toml.text().is_err());
    }
}
