//! The style in which works are cited and listed: CSL, by name or from a file.

use crate::usable;
use handbook_pass::SettingProblem;
use handbook_text::did_you_mean;
use handbook_text::include::ReadFiles;
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{IndependentStyle, Locale, LocaleCode, Style as Csl};
use std::path::Path;
use std::sync::LazyLock;

/// The name of the style that a book has without choosing one.
pub(crate) const SHORT: &str = "short";

/// A style, and the language in which it speaks.
pub(crate) struct Style {
    pub(crate) csl: IndependentStyle,
    /// The book's language, if it names one.
    pub(crate) locale: Option<LocaleCode>,
    /// The words that the style may need, those of its language and of English.
    pub(crate) locales: Vec<Locale>,
}

/// The words of all languages, which take longer to read than most books to render.
static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(locales);

impl Style {
    /// The style `name`, or that of the file `name` below `root`.
    ///
    /// # Errors
    ///
    /// What is wrong with the setting.
    pub(crate) fn read(
        name: &str,
        language: Option<&str>,
        root: &Path,
        files: &dyn ReadFiles,
    ) -> Result<Self, SettingProblem> {
        let csl = if name == SHORT {
            Ok(short())
        } else if Path::new(name).extension().is_some_and(|extension| extension == "csl") {
            from_file(name, root, files)
        } else {
            named(name)
        };
        let csl = csl.and_then(|csl| match usable::fault(&csl) {
            Some((fault, help)) => Err((format!("the style `{name}` {fault}"), help)),
            None => Ok(csl),
        });
        let csl = csl.map_err(|(message, help)| SettingProblem {
            key: "style".to_owned(),
            message,
            help: Some(help),
        })?;
        Ok(Self::new(csl, language.filter(|language| !language.is_empty())))
    }

    /// The style that a book has without choosing one.
    pub(crate) fn short(language: Option<&str>) -> Self {
        Self::new(short(), language)
    }

    fn new(csl: IndependentStyle, language: Option<&str>) -> Self {
        let locale = language.map(locale_code);
        let spoken = [locale.as_ref(), csl.default_locale.as_ref(), Some(&LocaleCode::en_us())]
            .into_iter()
            .flatten()
            .map(|code| base(code).to_owned())
            .collect::<Vec<_>>();
        let is_spoken = |one: &&Locale| {
            one.lang.as_ref().is_none_or(|code| spoken.iter().any(|spoken| spoken == base(code)))
        };
        let locales = LOCALES.iter().filter(is_spoken).cloned().collect();
        Self { csl, locale, locales }
    }
}

/// The language of a locale, whatever the country.
fn base(code: &LocaleCode) -> &str {
    code.0.split('-').next().unwrap_or_default()
}

fn short() -> IndependentStyle {
    IndependentStyle::from_xml(include_str!("short.csl")).expect("our own style is CSL")
}

fn from_file(
    name: &str,
    root: &Path,
    files: &dyn ReadFiles,
) -> Result<IndependentStyle, (String, String)> {
    let help = "name a CSL file, from the book's root";
    let text = files
        .read(&root.join(name))
        .map_err(|error| (format!("cannot read the style `{name}`: {error}"), help.to_owned()))?;
    if usable::is_nested_too_deep(&text) {
        let fault = format!("the elements of the style `{name}` are nested too deep");
        return Err((fault, help.to_owned()));
    }
    match Csl::from_xml(&text) {
        Ok(Csl::Independent(style)) => Ok(style),
        Ok(Csl::Dependent(style)) => {
            let parent = &style.parent_link.href;
            let named = ArchivedStyle::by_id(parent).and_then(|style| style.names().first());
            let help = named.map_or_else(
                || format!("use the style that it depends on, <{parent}>"),
                |name| format!("use the style that it depends on, `{name}`"),
            );
            Err((format!("the style `{name}` only refers to another one"), help))
        }
        Err(error) => Err((format!("`{name}` is no CSL style: {error}"), help.to_owned())),
    }
}

fn named(name: &str) -> Result<IndependentStyle, (String, String)> {
    let style = ArchivedStyle::by_name(name).map(ArchivedStyle::get);
    if let Some(Csl::Independent(style)) = style {
        return Ok(style);
    }
    let names = ArchivedStyle::all().iter().flat_map(|style| style.names().iter().copied());
    let help = match did_you_mean(name, names.chain([SHORT])) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "take `{SHORT}`, a name from Hayagriva's list of styles such as `ieee`, or a `.csl` file"
        ),
    };
    Err((format!("there is no style `{name}`"), help))
}

/// The locale of a book's language: `en` is written `en-US` in CSL, other languages as they are.
fn locale_code(language: &str) -> LocaleCode {
    if language == "en" { LocaleCode::en_us() } else { LocaleCode(language.to_owned()) }
}
