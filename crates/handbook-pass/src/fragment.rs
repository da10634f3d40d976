/// Markdown that a pass derived, to stand between an author's blocks.
///
/// It may hold directives and fences for other passes, but neither link reference definitions nor
/// footnotes, no indented code (which is read differently behind a prefix), no first line that
/// starts with `:`, and no fence or HTML block that stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Without blank lines at either end.
    markdown: String,
}

/// A derived block in its two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the page shows.
    pub page: Fragment,
    /// What `fix` writes into the author's text.
    pub source: Fragment,
}

/// What a pass answers when asked to fill a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// What it would take is unknown. The page shows nothing for it.
    Unknown,
    /// There is nothing to show.
    Nothing,
    /// A block.
    Block(Block),
    /// A block that would be another each time: the page shows nothing for it, so that the same
    /// book gives the same pages, and `fix` writes it down.
    Once(Fragment),
    /// Text within a line, for a directive that does not stand alone. Without line breaks.
    Inline(String),
}

impl Fragment {
    /// A fragment of `markdown`, blank lines at either end removed.
    pub fn new(markdown: &str) -> Self {
        let start = markdown.len() - markdown.trim_start().len();
        // The first line keeps its indentation, which says what block it opens.
        let start = markdown[..start].rfind('\n').map_or(0, |newline| newline + 1);
        Self { markdown: markdown[start..].trim_end().to_owned() }
    }

    /// The Markdown, without a final newline.
    pub fn markdown(&self) -> &str {
        &self.markdown
    }
}

impl Block {
    /// A block that looks the same on the page and in the source.
    pub fn new(markdown: &str) -> Self {
        let fragment = Fragment::new(markdown);
        Self { page: fragment.clone(), source: fragment }
    }
}

#[cfg(test)]
mod tests {
    use super::Fragment;

    #[test]
    fn blank_lines_go_and_indentation_stays() {
        assert_eq!(Fragment::new("\n \n    code\n\n").markdown(), "    code");
        assert_eq!(Fragment::new("  \n").markdown(), "");
    }
}
