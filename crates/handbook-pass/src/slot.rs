use handbook_book::{Document, Span};

/// A place where a block can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The block's name, by which its provider is found.
    pub name: String,
    /// What stands there now.
    pub state: SlotState,
    /// What the directive or region says after its name.
    pub args: String,
    /// The part of the text that the block is about, such as the snippet of an output.
    pub subject: Option<Span>,
    /// The place in the template, which orders blocks that stand at one offset.
    pub order: usize,
}

/// What stands in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotState {
    /// Nothing; a block goes into the gap.
    Missing(Gap),
    /// A directive, which the page replaces.
    Directive {
        /// The directive, or the block that is treated as one.
        span: Span,
        /// Whether a block can replace it.
        block: bool,
    },
    /// Text that was derived once and is compared with what would be derived now.
    Region {
        /// What is compared and rewritten.
        body: Span,
    },
    /// The author's own block, which only rules look at.
    Written {
        /// The block.
        span: Span,
    },
}

/// A place between two blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where to insert: the first byte of a line, or the end of the text.
    pub at: usize,
    /// What each line inside the surrounding list item or quote starts with.
    pub prefix: String,
    /// Markdown that introduces the block, such as the heading that the template gives it.
    pub heading: String,
}

/// A slot that a pass fills.
#[derive(Clone, Copy, Debug)]
pub struct Provides {
    /// The slot's name.
    pub slot: &'static str,
    /// The rule that a region breaks which says something else than would be derived.
    pub stale: &'static str,
    /// Whether `fix` writes the block down where nothing stands.
    pub written_down: bool,
    /// Whether words behind the name say what to build, in directives and regions; the pass judges
    /// them itself.
    pub takes_words: bool,
}

/// How a region differs from what would be derived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stale {
    /// What is wrong; the engine has a sentence of its own.
    pub message: Option<String>,
    /// The first place that differs; otherwise the first line that does.
    pub span: Option<Span>,
    /// Why the region must not be rewritten: it may hold something of the author's.
    pub doubt: Option<String>,
}

impl Gap {
    /// The gap between top-level blocks at `at`.
    pub fn top_level(at: usize) -> Self {
        Self { at, prefix: String::new(), heading: String::new() }
    }

    /// The gap after the block at `span`, inside the list item or quote that holds it.
    pub fn after(document: &Document, span: Span) -> Self {
        let text = &document.text;
        let line = text[..span.start()].rfind('\n').map_or(0, |newline| newline + 1);
        // List markers open an item once; on the lines that follow blanks hold their place.
        let hold = |ch: char| if ch == '>' || ch.is_whitespace() { ch } else { ' ' };
        let prefix = text[line..span.start()].chars().map(hold).collect();
        let rest = &text[span.end()..];
        let ends_line = span.end() == 0 || text[..span.end()].ends_with('\n');
        let to_line_end =
            if ends_line { 0 } else { rest.find('\n').map_or(rest.len(), |at| at + 1) };
        Self { at: span.end() + to_line_end, prefix, heading: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    #[test]
    fn a_gap_in_a_list_or_quote_carries_its_prefix() {
        let gap = |text: &str| {
            let document = Document::parse(text, Host::default());
            let (_, span) = document.code_blocks().next().unwrap();
            let gap = Gap::after(&document, span);
            (gap.prefix, text[gap.at..].to_owned())
        };
        assert_eq!(gap("> - ```\n>   x\n>   ```\n> - b\n"), (">   ".into(), "> - b\n".into()));
        assert_eq!(gap("```\nx\n```\nb\n"), (String::new(), "b\n".into()));
    }
}
