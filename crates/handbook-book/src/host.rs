use mdbook_markdown::MarkdownOptions;

/// The mdBook that will render the book, as far as it changes what Markdown means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    /// Which generation of mdBook it is.
    pub version: HostVersion,
    /// `output.html.smart-punctuation`.
    pub smart_punctuation: bool,
    /// `output.html.definition-lists`; 0.4 has none.
    pub definition_lists: bool,
    /// `output.html.admonitions`; 0.4 has none.
    pub admonitions: bool,
    /// Whether YAML at a chapter's start is taken out of the page. mdBook itself prints it.
    pub front_matter: bool,
}

/// The generations of mdBook that differ in how they read Markdown and name headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostVersion {
    /// 0.4: pulldown-cmark 0.10, neither definition lists nor admonitions.
    V0_4,
    /// 0.5 and, until one is known to differ, everything after it.
    V0_5,
}

impl Host {
    /// A host of `version` with that version's default options.
    pub fn new(version: HostVersion) -> Self {
        let modern = version >= HostVersion::V0_5;
        Self {
            version,
            smart_punctuation: modern,
            definition_lists: modern,
            admonitions: modern,
            front_matter: false,
        }
    }

    pub(crate) fn options(self) -> MarkdownOptions {
        let mut options = MarkdownOptions::default();
        options.smart_punctuation = self.smart_punctuation;
        options.definition_lists = self.definition_lists;
        options.admonitions = self.admonitions;
        options
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new(HostVersion::V0_5)
    }
}
