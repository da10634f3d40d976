use handbook_pass::Rule;
use handbook_text::Level;

/// What the engine itself can find, sorted by id.
pub const RULES: &[Rule] = &[
    BROKEN_SUPPRESSION,
    CONFLICTING_FIXES,
    CONTESTED_TEXT,
    DIRECTIVE_INSIDE_TEXT,
    INCLUDE,
    OPEN_BLOCK,
    OPEN_REGION,
    UNESCAPABLE,
    UNKNOWN_ARGUMENT,
    UNKNOWN_REGION,
    UNUSED_SUPPRESSION,
];

pub(crate) const BROKEN_SUPPRESSION: Rule = Rule {
    id: "book/broken-suppression",
    level: Level::Warning,
    summary: "a comment that allows findings names no rule, an unknown one, or no reason",
    explanation: include_str!("rules/broken-suppression.md"),
};

pub(crate) const CONFLICTING_FIXES: Rule = Rule {
    id: "book/conflicting-fixes",
    level: Level::Warning,
    summary: "two chapters that include one file ask for different fixes in it",
    explanation: "What is derived for a file that several chapters include can depend on the \
                  chapter. Neither version is written. Move the block out of the shared file.",
};

pub(crate) const CONTESTED_TEXT: Rule = Rule {
    id: "book/contested-text",
    level: Level::Error,
    summary: "two passes want to change the same text",
    explanation: "This is a defect of the suite, not of the book. The second change is left out.",
};

pub(crate) const DIRECTIVE_INSIDE_TEXT: Rule = Rule {
    id: "book/directive-inside-text",
    level: Level::Error,
    summary: "a directive that becomes a block stands inside a paragraph",
    explanation: "A table or list cannot stand inside a sentence. Give the directive a paragraph \
                  of its own.",
};

pub(crate) const INCLUDE: Rule = Rule {
    id: "book/broken-include",
    level: Level::Error,
    summary: "an include cannot be expanded, or expands to nothing",
    explanation: "mdBook leaves the directive in the page and carries on. Here it is an error: \
                  what should stand there is missing.",
};

pub(crate) const OPEN_BLOCK: Rule = Rule {
    id: "book/open-block",
    level: Level::Error,
    summary: "a code fence or HTML block is never closed",
    explanation: "Everything up to the end of the chapter belongs to the open block, so nothing \
                  behind it is read as Markdown and nothing can be added. Close it.",
};

pub(crate) const OPEN_REGION: Rule = Rule {
    id: "book/open-region",
    level: Level::Error,
    summary: "a mark opens a region that nothing closes, or closes one that nothing opens",
    explanation: "A region stands between `<!-- handbook:NAME -->` and `<!-- /handbook:NAME -->`, \
                  each a block of its own. Regions do not nest.",
};

pub(crate) const UNESCAPABLE: Rule = Rule {
    id: "book/unescapable-text",
    level: Level::Error,
    summary: "text cannot be kept from being read as an include",
    explanation: "mdBook expands `{{ #include … }}` wherever it stands and offers no escape for \
                  the form with a blank before the hash. The page keeps what the author wrote.",
};

pub(crate) const UNKNOWN_ARGUMENT: Rule = Rule {
    id: "book/unknown-argument",
    level: Level::Warning,
    summary: "words stand behind the name of a block that takes none",
    explanation: include_str!("rules/unknown-argument.md"),
};

pub(crate) const UNKNOWN_REGION: Rule = Rule {
    id: "book/unknown-region",
    level: Level::Warning,
    summary: "a marked region has a name that nothing fills",
    explanation: "Marks that start with `handbook:` belong to the suite. Correct the name or \
                  remove the marks.",
};

pub(crate) const UNUSED_SUPPRESSION: Rule = Rule {
    id: "book/unused-suppression",
    level: Level::Warning,
    summary: "findings are allowed that there are not",
    explanation: include_str!("rules/unused-suppression.md"),
};
